"""Makes small graphs whose weights hold what passes look for: dead filters, unread channels, clamps that saturate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ops.nodes import integers, slid, tensor, window_options
from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import Graph, State
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops import OP_BY_KIND
from tinygen.ops.assign_variable import AssignVariable
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.passes import PASSES
from tinygen.reference import Memory, evaluate, evaluate_all

Shape = tuple[int, ...]
SCALE = 0.1
ACTIVATIONS = ("NONE", "RELU", "RELU6", "RELU_N1_TO_1")


class Planter:
    """Appends ops; what is random about them depends on the seed alone."""

    def __init__(self, seed: int = 0, dead: float = 0.4) -> None:
        """dead: the share of channels that something is wrong with."""
        self.random = np.random.default_rng(seed)
        self.dead = dead
        self.inputs: list[Tensor] = []
        self.ops: list[Op] = []
        self.states: list[State] = []

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def zero_point(self) -> int:
        return int(self.random.choice([-128, -128, 0, 5, 127]))

    def input(self, shape: Shape, zero_point: int = 3) -> Tensor:
        self.inputs.append(tensor(f"input{len(self.inputs)}", shape, SCALE, zero_point))
        return self.inputs[-1]

    def op(self, kind: str, inputs: Sequence[Tensor | None], output: Tensor, **options: object) -> Tensor:
        made = OP_BY_KIND[kind].read(Node(len(self.ops), kind, tuple(inputs), (output,), options))
        broken = [rule.sentence for rule in made.RULES if rule.broken_by(made)]
        assert not broken, broken
        self.ops.append(made)
        return output

    def made(self, kind: str, shape: Shape, zero_point: int, scale: float = SCALE) -> Tensor:
        return tensor(f"{kind.lower()}_{len(self.ops)}", shape, scale, zero_point)

    def weights(self, filters: int, taps: Shape, channels: int) -> Array:
        """[filters, *taps, channels] with dead filters and unread channels."""
        data = self.random.integers(-127, 128, (filters, *taps, channels))
        data[self.random.random(filters) < self.dead] = 0
        data[..., self.random.random(channels) < self.dead] = 0
        return data

    def bias(self, filters: int) -> Tensor | None:
        """Zeros, so that a dead filter gives the zero point; values; values that saturate the clamp or wrap."""
        if self.chance(0.2):
            return None
        values = self.random.integers(-9000, 9000, filters)
        values[self.random.random(filters) < 0.4] = 0
        extreme = self.random.choice([-(2**30), 2**30, 2**31 - 1, -(2**31)], filters)
        values = np.where(self.random.random(filters) < 0.3 * self.dead, extreme, values)
        return tensor("bias", (filters,), 2.0**-9, dtype=DType.INT32, data=values)

    def scales(self, filters: int, depth: int) -> list[float]:
        spread = 60 / (np.sqrt(depth) * 90 * 75)
        one = self.chance(0.3)
        return [float(spread * 2 ** self.random.uniform(-1, 1)) for _ in range(1 if one else filters)]

    def activation(self) -> str:
        return str(self.random.choice(ACTIVATIONS))

    def conv(
        self, read: Tensor, filters: int, kernel: int = 3, stride: int = 1, padding: str = "SAME", depthwise: int = 0
    ) -> Tensor:
        """depthwise: the multiplier of a depthwise convolution, 0 for any other."""
        batch, height, width, channels = read.shape
        kind = "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D"
        filters = channels * depthwise if depthwise else filters
        data = self.weights(filters, (kernel, kernel), 1 if depthwise else channels)
        depth, axis = data[0].size, 0
        if depthwise:
            data, axis = data[..., 0].transpose(1, 2, 0)[None], 3
        out = (batch, slid(height, kernel, stride, 1, padding), slid(width, kernel, stride, 1, padding), filters)
        return self.op(
            kind,
            [
                read,
                tensor("weights", data.shape, self.scales(filters, depth), 0, axis=axis, data=data),
                self.bias(filters),
            ],
            self.made(kind, out, self.zero_point()),
            **window_options((stride, stride), (1, 1), padding, self.activation()),
        )

    def dense(self, read: Tensor, units: int, depth: int = 0, zero_point: int = 0) -> Tensor:
        depth = depth or read.elements
        channels = read.shape[-1] if depth % read.shape[-1] == 0 else depth
        data = self.weights(units, (depth // channels,), channels).reshape(units, depth)
        scale = self.scales(1, depth)
        return self.op(
            "FULLY_CONNECTED",
            [read, tensor("weights", data.shape, scale, zero_point, data=data + zero_point), self.bias(units)],
            self.made("dense", (read.elements // depth, units), self.zero_point()),
            fused_activation_function=self.activation(),
        )

    def add(self, one: Tensor, other: Tensor) -> Tensor:
        shape = np.broadcast_shapes(one.shape, other.shape)
        return self.op(
            "ADD", [one, other], self.made("add", shape, self.zero_point()), fused_activation_function=self.activation()
        )

    def constant(self, shape: Shape) -> Tensor:
        return tensor("constant", shape, SCALE, 3, data=self.random.integers(-128, 128, shape))

    def table(self, read: Tensor, kind: str, zero_point: int | None = None, scale: float = SCALE) -> Tensor:
        zero_point = self.zero_point() if zero_point is None else zero_point
        if kind == "LOGISTIC":
            scale, zero_point = 1 / 256, -128
        return self.op(kind, [read], self.made(kind, read.shape, zero_point, scale))

    def pool(self, read: Tensor, kind: str, padding: str = "SAME") -> Tensor:
        batch, height, width, channels = read.shape
        out = (batch, slid(height, 2, 2, 1, padding), slid(width, 2, 2, 1, padding), channels)
        options = {"stride_h": 2, "stride_w": 2, "filter_height": 2, "filter_width": 2, "padding": padding}
        made = self.made(kind, out, read.zero_point, read.scale)
        return self.op(kind, [read], made, fused_activation_function=self.activation(), **options)

    def pad(self, read: Tensor, around: Sequence[tuple[int, int]]) -> Tensor:
        shape = tuple(before + size + after for size, (before, after) in zip(read.shape, around, strict=True))
        paddings = tensor("paddings", (len(around), 2), dtype=DType.INT32, data=np.array(around))
        return self.op("PAD", [read, paddings], self.made("pad", shape, read.zero_point, read.scale))

    def mean(self, read: Tensor, axes: Sequence[int] = (1, 2)) -> Tensor:
        kept = tuple(size for axis, size in enumerate(read.shape) if axis not in axes)
        made = self.made("mean", kept, self.zero_point())
        return self.op("MEAN", [read, integers("axes", list(axes))], made, keep_dims=False)

    def reshape(self, read: Tensor, shape: Shape) -> Tensor:
        inputs = [read, integers("shape", list(shape))]
        return self.op("RESHAPE", inputs, self.made("reshape", shape, read.zero_point, read.scale))

    def concatenation(self, parts: Sequence[Tensor], axis: int) -> Tensor:
        shape = list(parts[0].shape)
        shape[axis] = sum(part.shape[axis] for part in parts)
        made = self.made("concatenation", tuple(shape), parts[0].zero_point, parts[0].scale)
        return self.op("CONCATENATION", parts, made, axis=axis, fused_activation_function="NONE")

    def softmax(self, read: Tensor) -> Tensor:
        return self.op("SOFTMAX", [read], self.made("softmax", read.shape, -128, 1 / 256), beta=1.0)

    def remembered(self, like: Tensor) -> Tensor:
        """What the last inference left, on the scale of a tensor."""
        tensors = (tensor(name, like.shape, like.scale, like.zero_point) for name in ("remembered", "following"))
        state = State(next(tensors), self.random.integers(-128, 128, like.shape).astype(np.int8), next(tensors))
        self.states.append(state)
        return state.tensor

    def graph(self, *outputs: Tensor, remember: Tensor | None = None) -> Graph:
        """remember: what goes into the memory when the inference is over."""
        stores = [AssignVariable(99, remember, state.next) for state in self.states if remember is not None]
        return Graph("planted", 0, tuple(self.inputs), outputs, (*self.ops, *stores), tuple(self.states))


def random_graph(seed: int) -> Graph:
    """A few maps that come from each other, flattened or averaged at the end, or not."""
    make = Planter(seed)
    maps = [make.input((1, 5, 4, int(make.random.integers(1, 6))), make.zero_point())]
    for _ in range(int(make.random.integers(2, 8))):
        read = maps[-1] if make.chance(0.7) else maps[int(make.random.integers(len(maps)))]
        maps.append(_grown(make, read, maps))
    if make.chance(0.2):
        kept = maps[int(make.random.integers(len(maps)))]
        memory = make.remembered(kept)
        return make.graph(make.conv(make.add(memory, kept), 3), remember=kept)
    last = maps[-1]
    ending = int(make.random.integers(5))
    if ending == 0:
        return make.graph(last)
    if ending == 1:
        return make.graph(make.dense(make.mean(last), 3, zero_point=int(make.random.integers(-3, 4))), maps[-2])
    if ending == 2:
        return make.graph(make.softmax(make.dense(make.reshape(last, (1, last.elements)), 3)))
    if ending == 3:
        depth = last.shape[2] * last.shape[3]
        return make.graph(make.dense(make.dense(last, 4, depth), 3, 4))
    return make.graph(make.softmax(make.reshape(last, (last.elements,))))


def _grown(make: Planter, read: Tensor, maps: Sequence[Tensor]) -> Tensor:
    """The output of one more op that reads `read`."""
    alike = [one for one in maps if one.shape == read.shape]
    mergeable = [one for one in alike if one.quantization == read.quantization]
    side = min(read.shape[1:3])
    kinds = ["conv", "conv", "pointwise", "depthwise", "multiplied", "add", "add", "table", "pool", "pad", "beside"]
    kind = kinds[int(make.random.integers(len(kinds)))]
    padding = "VALID" if side >= 3 and make.chance(0.5) else "SAME"
    filters = int(make.random.integers(1, 7))
    stride = 2 if side > 3 and make.chance(0.3) else 1
    if kind == "conv":
        return make.conv(read, filters, 3, stride, padding)
    if kind == "pointwise":
        return make.conv(read, filters, 1, stride, padding)
    if kind in ("depthwise", "multiplied"):
        return make.conv(read, 0, 3, stride, padding, depthwise=1 if kind == "depthwise" else 2)
    if kind == "add":
        others = [alike[0], make.conv(read, read.shape[3], 1), make.constant((read.shape[3],)), make.constant((1,))]
        return make.add(read, others[int(make.random.integers(len(others)))])
    if kind == "table":
        return make.table(read, str(make.random.choice(["RELU", "RELU6", "LOGISTIC", "QUANTIZE"])))
    if kind == "pool":
        return make.pool(read, str(make.random.choice(["AVERAGE_POOL_2D", "MAX_POOL_2D"])))
    if kind == "pad":
        return make.pad(read, [(0, 0), (1, 0), (0, 2), (0, int(make.chance(0.2)))])
    parts = [read, mergeable[0]] + ([] if make.chance(0.5) else [constant_like(make, read)])
    return make.concatenation(parts, int(make.random.choice([1, 3, 3])))


def constant_like(make: Planter, read: Tensor) -> Tensor:
    data = make.random.integers(-128, 128, read.shape)
    return tensor("constant", read.shape, read.scale, read.zero_point, data=data)


def inputs_of(graph: Graph, count: int = 4) -> list[list[Array]]:
    """Random inputs, the least and the greatest ones."""
    random = np.random.default_rng(7)
    values: list[list[Array]] = []
    for _ in range(count):
        values.append([random.integers(-128, 128, t.shape).astype(np.int8) for t in graph.inputs])
    for end in (-128, 127):
        values.append([np.full(t.shape, end, np.int8) for t in graph.inputs])
    return values


def assert_same(before: Graph, after: Graph, rounding: Rounding, count: int = 4) -> None:
    """Both graphs have the same interface and give the same bytes."""
    assert after.inputs == before.inputs
    assert [t.shape for t in after.outputs] == [t.shape for t in before.outputs]
    memories: tuple[Memory, Memory] = ({}, {})
    for values in inputs_of(before, count):
        for expected, found in zip(
            evaluate(before, values, rounding, memories[0]),
            evaluate(after, values, rounding, memories[1]),
            strict=True,
        ):
            assert found.tobytes() == expected.tobytes()


def assert_sound(graph: Graph) -> None:
    """Every op keeps its rules and gives what its tensors promise."""
    for op in graph.ops:
        assert not [rule.sentence for rule in op.RULES if rule.broken_by(op)], op
    for rounding in Rounding:
        for tensor_, value in evaluate_all(graph, inputs_of(graph, 1)[0], rounding).items():
            assert value.shape == tensor_.shape, tensor_
            assert value.dtype == tensor_.dtype.numpy, tensor_


def kinds_of(graph: Graph) -> list[str]:
    return [op.KIND for op in graph.ops]


def after_each_pass(graph: Graph, rounding: Rounding) -> list[tuple[str, Graph, Graph]]:
    """(name of the pass, the graph before it, the graph after it), in order."""
    stages = []
    for rewrite in PASSES:
        after = rewrite(graph, rounding)
        stages.append((rewrite.__name__, graph, after))
        graph = after
    return stages
