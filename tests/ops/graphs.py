"""Small graphs with branches, and a run of all their kernels on one arena."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from kernels.bench import Bench, Caller, Guarded, same
from ops import nodes
from ops.nodes import op_of, tensor
from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import Graph
from tinygen.ir.program import Placement
from tinygen.ir.schedule import Ring, Rows, Schedule, Step
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.reference import evaluate

SCALE, ZERO_POINT = 0.1, 3


class GraphMaker:
    """Makes ops in order; every tensor has the same scale."""

    def __init__(self, *shapes: tuple[int, ...]) -> None:
        self.inputs = tuple(self._tensor(f"input{i}", shape) for i, shape in enumerate(shapes))
        self.ops: list[Op] = []

    @property
    def input(self) -> Tensor:
        return self.inputs[0]

    def _tensor(self, name: str, shape: tuple[int, ...]) -> Tensor:
        return tensor(name, shape, SCALE, ZERO_POINT)

    def op(self, kind: str, inputs: list[Tensor], shape: tuple[int, ...], **options: object) -> Tensor:
        made = self._tensor(f"{kind.lower()}_{len(self.ops)}", shape)
        self.ops.append(op_of(nodes.node(kind, inputs, [made], **options)))
        return made

    def relu(self, read: Tensor) -> Tensor:
        return self.op("RELU", [read], read.shape)

    def add(self, one: Tensor, other: Tensor) -> Tensor:
        shape = np.broadcast_shapes(one.shape, other.shape)
        return self.op("ADD", [one, other], shape, fused_activation_function="NONE")

    def conv(self, read: Tensor) -> Tensor:
        """3x3, as many filters as channels."""
        channels = read.shape[3]
        data = nodes.chance("graph", len(self.ops)).integers(-127, 128, (channels, 3, 3, channels))
        weights = tensor("weights", data.shape, nodes.spread_multiplier(9 * channels), data=data)
        options = nodes.window_options((1, 1), (1, 1), "SAME", "NONE")
        return self.op("CONV_2D", [read, weights], read.shape, **options)

    def depthwise(self, read: Tensor) -> Tensor:
        """3x3."""
        data = nodes.chance("depthwise", len(self.ops)).integers(-127, 128, (1, 3, 3, read.shape[3]))
        weights = tensor("weights", data.shape, nodes.spread_multiplier(9), data=data)
        options = nodes.window_options((1, 1), (1, 1), "SAME", "NONE")
        return self.op("DEPTHWISE_CONV_2D", [read, weights], read.shape, depth_multiplier=1, **options)

    def mean(self, read: Tensor) -> Tensor:
        """Over the whole map."""
        axes = nodes.integers("axes", [1, 2])
        return self.op("MEAN", [read, axes], (1, read.shape[3]), keep_dims=False)

    def pool(self, read: Tensor) -> Tensor:
        """The average of the whole map."""
        _, height, width, channels = read.shape
        options = {"stride_h": 1, "stride_w": 1, "filter_height": height, "filter_width": width, "padding": "VALID"}
        return self.op("AVERAGE_POOL_2D", [read], (1, 1, 1, channels), fused_activation_function="NONE", **options)

    def every_second_pixel(self, read: Tensor) -> Tensor:
        """Of an even height and width, so that the last row is not read."""
        node = nodes.pool_2d("MAX_POOL_2D", read.shape, (1, 1), (2, 2), "VALID")
        return self.op("MAX_POOL_2D", [read], node.outputs[0].shape, **node.options)

    def pad(self, read: Tensor) -> Tensor:
        """One row above, two columns to the right."""
        widths = [(0, 0), (1, 0), (0, 2), (0, 0)]
        _, height, width, channels = read.shape
        return self.op("PAD", [read, nodes.integers("paddings", widths)], (1, height + 1, width + 2, channels))

    def dense(self, read: Tensor, units: int) -> Tensor:
        """Of the flattened input."""
        data = nodes.chance("dense", len(self.ops)).integers(-127, 128, (units, read.elements))
        weights = tensor("weights", data.shape, nodes.spread_multiplier(read.elements), data=data)
        return self.op("FULLY_CONNECTED", [read, weights], (1, units), fused_activation_function="NONE")

    def softmax(self, read: Tensor) -> Tensor:
        made = tensor("probabilities", read.shape, 1 / 256, -128)
        self.ops.append(op_of(nodes.node("SOFTMAX", [read], [made], beta=1.0)))
        return made

    def reshape(self, read: Tensor, shape: tuple[int, ...]) -> Tensor:
        return self.op("RESHAPE", [read], shape)

    def concatenation(self, parts: list[Tensor], axis: int) -> Tensor:
        shape = list(parts[0].shape)
        shape[axis] = sum(part.shape[axis] for part in parts)
        return self.op("CONCATENATION", parts, tuple(shape), axis=axis, fused_activation_function="NONE")

    def graph(self, *outputs: Tensor) -> Graph:
        return Graph("small", 0, self.inputs, outputs, tuple(self.ops))


def chain() -> Graph:
    make = GraphMaker((1, 5, 4, 4))
    return make.graph(make.relu(make.conv(make.relu(make.input))))


def residual() -> Graph:
    make = GraphMaker((1, 4, 4, 4))
    first = make.conv(make.input)
    return make.graph(make.relu(make.add(make.conv(make.conv(first)), first)))


def diamond() -> Graph:
    make = GraphMaker((1, 3, 3, 2))
    first = make.relu(make.input)
    left, right = make.conv(first), make.conv(first)
    return make.graph(make.concatenation([left, first, right], 3))


def two_outputs() -> Graph:
    make = GraphMaker((1, 3, 3, 2))
    early = make.conv(make.input)
    return make.graph(early, make.relu(make.conv(early)))


def the_same_output_twice() -> Graph:
    make = GraphMaker((1, 3, 3, 2))
    made = make.conv(make.input)
    return make.graph(made, made)


def an_input_as_output() -> Graph:
    make = GraphMaker((1, 3, 3, 2))
    return make.graph(make.input, make.relu(make.input))


def two_inputs() -> Graph:
    make = GraphMaker((1, 3, 3, 2), (2,))
    return make.graph(make.add(make.conv(make.input), make.inputs[1]))


def an_unread_input() -> Graph:
    make = GraphMaker((1, 3, 3, 2), (7,))
    return make.graph(make.conv(make.input))


def reshapes() -> Graph:
    make = GraphMaker((1, 4, 4, 2))
    flat = make.reshape(make.conv(make.input), (1, 32))
    return make.graph(make.reshape(make.relu(make.reshape(flat, (8, 4))), (4, 8)), flat)


def a_reshaped_input_as_output() -> Graph:
    make = GraphMaker((2, 6))
    return make.graph(make.reshape(make.reshape(make.input, (3, 4)), (12,)))


def a_reshape_of_what_lives_on() -> Graph:
    make = GraphMaker((1, 4, 4, 2))
    first = make.relu(make.input)
    flat = make.relu(make.reshape(first, (1, 32)))
    return make.graph(make.add(make.reshape(flat, (1, 4, 4, 2)), first))


def nothing() -> Graph:
    make = GraphMaker((2, 6))
    return make.graph(make.input)


def ladder() -> Graph:
    """Every tensor is read by the next two ops."""
    make = GraphMaker((1, 3, 3, 4))
    tensors = [make.input, make.conv(make.input)]
    for _ in range(6):
        tensors.append(make.add(*tensors[-2:]))
    assert all(one is not other for one, other in pairwise(tensors))
    return make.graph(tensors[-1])


def pooled() -> Graph:
    make = GraphMaker((1, 6, 5, 4))
    return make.graph(make.softmax(make.dense(make.pool(make.conv(make.conv(make.input))), 3)))


def averaged() -> Graph:
    make = GraphMaker((1, 6, 5, 4))
    return make.graph(make.dense(make.mean(make.relu(make.conv(make.input))), 3))


def flattened() -> Graph:
    make = GraphMaker((1, 6, 5, 4))
    first = make.conv(make.input)
    return make.graph(make.add(make.dense(make.conv(first), 5), make.dense(make.reshape(first, (1, 120)), 5)))


def an_unread_row() -> Graph:
    make = GraphMaker((1, 6, 4, 2))
    return make.graph(make.every_second_pixel(make.relu(make.conv(make.input))))


def whole_tensors_between_rows() -> Graph:
    """Kernels that take no row range, with row by row ones before and after."""
    make = GraphMaker((1, 6, 4, 2))
    padded = make.pad(make.conv(make.input))
    joined = make.concatenation([make.conv(padded), padded], 1)
    return make.graph(make.softmax(make.relu(make.conv(joined))))


def a_batch_of_dense() -> Graph:
    make = GraphMaker((1, 6, 4, 2))
    first = make.reshape(make.relu(make.input), (8, 6))
    weights = tensor("weights", (5, 6), 0.01, data=nodes.chance("batch").integers(-127, 128, (5, 6)))
    made = make.op("FULLY_CONNECTED", [make.relu(first), weights], (8, 5), fused_activation_function="NONE")
    return make.graph(make.relu(make.relu(made)))


GRAPHS: dict[str, Callable[[], Graph]] = {
    made.__name__: made
    for made in (
        chain, residual, diamond, two_outputs, the_same_output_twice, an_input_as_output, two_inputs, an_unread_input,
        reshapes, a_reshaped_input_as_output, a_reshape_of_what_lives_on, nothing, ladder, pooled,
        averaged, flattened, an_unread_row, whole_tensors_between_rows, a_batch_of_dense,
    )
}  # fmt: skip


def inputs_of(graph: Graph, seed: int = 0) -> list[Array]:
    random = np.random.default_rng(seed)
    return [random.integers(-128, 128, t.shape).astype(t.dtype.numpy) for t in graph.inputs]


def run_in_arena(bench: Bench, graph: Graph, schedule: Schedule, target: Target | None = None) -> None:
    """Runs all steps on one arena and compares the outputs, and the inputs that are outputs, with the reference.

    target: what the schedule was made for, if that is not the bench's.
    """
    random = np.random.default_rng(2)
    arena = Guarded(schedule.arena_bytes, random)
    arena.allow(0, schedule.arena_bytes)
    inputs = inputs_of(graph)
    for read, value in zip(graph.inputs, inputs, strict=True):
        arena.put(value, schedule.rings[read].offset)
    place, caller = Placement(target or bench.target, schedule.rings), Caller(bench)
    addresses = {tensor_: arena.address + ring.offset for tensor_, ring in schedule.rings.items()}
    for step in schedule.steps:
        for call in step.op.lower(place):
            if call.whole:  # else the kernel would write where no check has looked
                assert step.rows == Rows(0, step.op.step_rows), f"{step.op} computes all rows at once"
                for operand in (*call.inputs, call.output):
                    assert place.ring(operand).height >= operand.rows, f"{step.op} takes whole tensors"
            caller.call(call, step.rows, addresses, arena.address + schedule.scratch.get(step.op, 0))
    assert arena.untouched()
    for made, expected in zip(graph.outputs, evaluate(graph, inputs, bench.rounding), strict=True):
        ring = schedule.rings[made]
        found = arena.bytes[ring.offset : ring.offset + made.bytes].view(made.dtype.numpy).reshape(made.shape)
        same(found, expected, str(made))


def simple_schedule(graph: Graph, target: Target) -> Schedule:
    """One op after the other, every tensor whole and in bytes of its own; no scheduler of tinygen's has made it."""
    rings: dict[Tensor, Ring] = {}
    offset = 0
    for made in graph.tensors():
        if not made.is_constant:
            rings[made] = Ring(offset, max(made.rows, 1), made.row_bytes)
            offset += -(-made.bytes // 8) * 8
    scratch = {}
    for op in graph.ops:
        if op.scratch_bytes(target):
            scratch[op] = offset
            offset += -(-op.scratch_bytes(target) // 8) * 8
    return Schedule(tuple(Step(op, Rows(0, op.step_rows)) for op in graph.ops), rings, scratch, offset)


# Random networks, with channels that are dead or constant


class _Random:
    def __init__(self, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        size = self.chance.integers(3, 8, 2).tolist()
        self.input = self.tensor("input", (1, *size, int(self.chance.integers(1, 6))))
        self.ops: list[Op] = []
        self.made: list[Tensor] = [self.input]

    def tensor(self, name: str, shape: tuple[int, ...]) -> Tensor:
        zero_point = int(self.chance.choice([-128, 127, 0, 3, -20]))
        return tensor(name, shape, float(2.0 ** self.chance.uniform(-6, -3)), zero_point)

    def add_op(self, kind: str, inputs: list[Tensor | None], output: Tensor, **options: object) -> Tensor:
        node = nodes.node(kind, inputs, [output], **options)
        self.ops.append(op_of(replace(node, index=len(self.ops))))
        self.made.append(output)
        return output

    def name(self) -> str:
        return f"t{len(self.ops)}"

    def pick(self, *choices: object) -> object:
        return choices[int(self.chance.integers(len(choices)))]

    def activation(self) -> object:
        return self.pick("NONE", "NONE", "RELU", "RELU6", "RELU_N1_TO_1")

    def weights(self, shape: tuple[int, ...], channel_axis: int, depth: int, read: Tensor, made: Tensor) -> Tensor:
        """Some filters zero, some input channels unread, some single weights."""
        data = self.chance.integers(-127, 128, shape)
        for axis in (channel_axis, len(shape) - 1):
            gone = self.chance.random(shape[axis]) < 0.3
            data[(slice(None),) * axis + (gone,)] = 0
        real = nodes.spread_multiplier(depth) * made.scale / read.scale
        count = shape[channel_axis] if self.chance.random() < 0.7 else 1
        scales = (real * 2.0 ** self.chance.uniform(-1, 1, count)).tolist()
        return tensor("weights", shape, scales, 0, axis=channel_axis, data=data)

    def bias(self, channels: int) -> Tensor | None:
        if self.chance.random() < 0.2:
            return None
        data = self.chance.integers(-200000, 200000, channels) * (self.chance.random(channels) < 0.8)
        return tensor("bias", (channels,), 2.0**-9, dtype=DType.INT32, data=data)

    def convolution(self, read: Tensor) -> Tensor:
        _, height, width, channels = read.shape
        depthwise = bool(self.chance.random() < 0.4)
        multiplier = int(self.chance.integers(1, 3)) if depthwise else 1
        filters = channels * multiplier if depthwise else int(self.chance.integers(1, 7))
        kernel = (int(self.chance.integers(1, 4)), int(self.chance.integers(1, 4)))
        stride = (int(self.chance.integers(1, 3)), 1)
        padding = "SAME" if self.chance.random() < 0.6 or kernel[0] > height or kernel[1] > width else "VALID"
        shape = [nodes.slid(s, k, t, 1, padding) for s, k, t in zip((height, width), kernel, stride, strict=True)]
        made = self.tensor(self.name(), (1, shape[0], shape[1], filters))
        taps = kernel[0] * kernel[1]
        if depthwise:
            weights = self.weights((1, *kernel, filters), 3, taps, read, made)
        else:
            weights = self.weights((filters, *kernel, channels), 0, taps * channels, read, made)
        options = nodes.window_options(stride, (1, 1), padding, str(self.activation()))
        kind = "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D"
        return self.add_op(kind, [read, weights, self.bias(filters)], made, **options, depth_multiplier=multiplier)

    def table(self, read: Tensor) -> Tensor:
        kind = str(self.pick("RELU", "RELU6", "QUANTIZE", "LOGISTIC"))
        made = self.tensor(self.name(), read.shape)
        if kind == "LOGISTIC":
            made = tensor(made.name, read.shape, 1 / 256, -128)
        elif self.chance.random() < 0.4:
            made = replace(made, quantization=read.quantization)
        return self.add_op(kind, [read], made)

    def sum(self, read: Tensor) -> Tensor:
        same = [t for t in self.made if t.shape == read.shape]
        other = same[int(self.chance.integers(len(same)))]
        if self.chance.random() < 0.3:
            shape = (1,) if self.chance.random() < 0.5 else read.shape[-1:]
            data = self.chance.integers(-128, 128, shape)
            other = replace(self.tensor("constant", shape), data=data.astype(np.int8))
        made = self.tensor(self.name(), read.shape)
        return self.add_op("ADD", [read, other], made, fused_activation_function=self.activation())

    def joined(self, read: Tensor) -> Tensor:
        same = [t for t in self.made if t.quantization == read.quantization and t.shape[:-1] == read.shape[:-1]]
        parts: list[Tensor | None] = [read, same[int(self.chance.integers(len(same)))]]
        shape = (*read.shape[:-1], sum(part.shape[-1] for part in parts if part is not None))
        made = replace(self.tensor(self.name(), shape), quantization=read.quantization)
        axis = len(shape) - 1
        return self.add_op("CONCATENATION", parts, made, axis=axis, fused_activation_function="NONE")

    def padded(self, read: Tensor) -> Tensor:
        widths = np.array([(0, 0), *self.chance.integers(0, 3, (2, 2)).tolist(), (0, 0)])
        shape = tuple((np.array(read.shape) + widths.sum(axis=1)).tolist())
        made = replace(self.tensor(self.name(), shape), quantization=read.quantization)
        return self.add_op("PAD", [read, nodes.integers("paddings", widths)], made)

    def pool(self, read: Tensor) -> Tensor:
        kind = str(self.pick("AVERAGE_POOL_2D", "MAX_POOL_2D"))
        node = nodes.pool_2d(kind, read.shape, (2, 2), (1, 2), "SAME")
        made = replace(node.outputs[0], name=self.name(), quantization=read.quantization)
        return self.add_op(kind, [read], made, **{**node.options, "fused_activation_function": self.activation()})

    def head(self, read: Tensor) -> Tensor:
        how = self.pick("mean", "flatten", "map")
        if how == "mean":
            axes = nodes.integers("axes", [1, 2])
            read = self.add_op("MEAN", [read, axes], self.tensor(self.name(), (1, read.shape[3])), keep_dims=False)
        elif how == "flatten":
            made = replace(self.tensor(self.name(), (1, read.elements)), quantization=read.quantization)
            read = self.add_op("RESHAPE", [read], made)
        made = self.tensor(self.name(), (1, 4))
        weights = self.weights((4, read.elements), 0, read.elements, read, made)
        inputs = [read, weights, self.bias(4)]
        return self.add_op("FULLY_CONNECTED", inputs, made, fused_activation_function=self.activation())


def random_graph(seed: int) -> Graph:
    """A network of up to a dozen ops."""
    make = _Random(seed)
    layers = (make.convolution, make.convolution, make.table, make.sum, make.joined, make.padded, make.pool)
    last = make.convolution(make.input)
    for _ in range(int(make.chance.integers(2, 9))):
        last = layers[int(make.chance.integers(len(layers)))](last)
    outputs = [make.head(last)] if make.chance.random() < 0.6 else [last]
    if make.chance.random() < 0.2:
        outputs.append(make.made[int(make.chance.integers(len(make.made)))])
    return Graph("random", 0, (make.input,), tuple(outputs), tuple(make.ops))
