"""Maps of one row stand up: [N, 1, W, C] becomes [N, W, 1, C], the same bytes, so that rows run along the long axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.concatenation import Concatenation
from tinygen.ops.convolution import Convolution
from tinygen.ops.elementwise import Elementwise
from tinygen.ops.elementwise_binary import ElementwiseBinary
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.op import Op
from tinygen.ops.pad import Pad
from tinygen.ops.padv2 import PadV2
from tinygen.ops.pool_2d import Pool2D
from tinygen.ops.reduction import Reduction
from tinygen.ops.reshape import Reshape
from tinygen.ops.window import Window
from tinygen.passes.readers import given_to, wanted_from

Windowed = Convolution | Pool2D
"""Ops whose meaning stays the same when height and width change places in all that they have."""
Pointwise = Elementwise | ElementwiseBinary
"""Ops to which shapes only matter for broadcasting."""
AXES = {3: (0, 1, 3), 4: (0, 2, 1, 3)}
"""By rank: where each axis of a tensor is once it stands."""


def stand_upright(graph: Graph, rounding: Rounding) -> Graph:
    """Turns connected ops of which one has a window over a long row; all others see the shapes that they know.

    [N, W, C], as 1-D networks write their maps between convolutions, becomes [N, W, 1, C] as well. Between a turned op
    and another, and at the model's inputs and outputs, stands a RESHAPE, for which nothing runs.
    """
    turned = _worth_turning(graph)
    if not turned:
        return graph
    turning = _Turning(graph)
    for op in graph.ops:
        turning.add(op, op in turned)
    for tensor in wanted_from(graph):
        turning.lay_down(tensor, -1)
    return replace(graph, ops=tuple(turning.ops))


class _Turning:
    """The new graph's ops, in order."""

    def __init__(self, graph: Graph) -> None:
        self.ops: list[Op] = []
        self.lying = set(given_to(graph))
        """Tensors of the old graph that are in the new one."""
        self.standing: dict[Tensor, Tensor] = {}

    def add(self, op: Op, is_turned: bool) -> None:
        if is_turned:
            for tensor in op.activations:
                self.stand_up(tensor, op.index)
            self.standing.update((tensor, _upright(tensor)) for tensor in op.outputs if _stands(op, tensor))
            self.ops.append(_turn(op, self.standing))
        elif op.IS_ALIAS and op.activations and op.inputs[0] in self.standing:
            self.ops.append(Reshape(op.index, self.standing[op.inputs[0]], None, op.outputs[0]))
        else:
            for tensor in op.activations:
                self.lay_down(tensor, op.index)
            self.ops.append(op)
        self.lying.update(tensor for tensor in op.outputs if tensor not in self.standing)

    def stand_up(self, tensor: Tensor, index: int) -> None:
        if tensor not in self.standing and _is_low(tensor):
            self.standing[tensor] = _upright(tensor)
            self.ops.append(Reshape(index, tensor, None, self.standing[tensor]))

    def lay_down(self, tensor: Tensor, index: int) -> None:
        if tensor in self.standing and tensor not in self.lying:
            self.ops.append(Reshape(index, self.standing[tensor], None, tensor))
            self.lying.add(tensor)


def _worth_turning(graph: Graph) -> set[Op]:
    """The ops that can be turned and are connected, over others that can, to one with a window over a long row."""
    remembered = {tensor for state in graph.states for tensor in (state.tensor, state.next)}
    can = [op for op in graph.ops if _can_turn(op) and not remembered & {*op.activations, *op.outputs}]
    touching: dict[Tensor, list[Op]] = {}
    for op in can:
        for tensor in (*op.activations, *op.outputs):
            touching.setdefault(tensor, []).append(op)
    found: set[Op] = set()
    front: list[Op] = [op for op in can if isinstance(op, Windowed) and op.window.input_w > 1]
    while front:
        op = front.pop()
        if op not in found:
            found.add(op)
            front += [other for tensor in (*op.activations, *op.outputs) for other in touching[tensor]]
    return found


def _can_turn(op: Op) -> bool:
    """Whether `_turn` keeps every byte that the op computes."""
    tensors = (*op.activations, *op.outputs)
    if not op.activations or not all(_is_low(t) or len(t.shape) < 2 for t in op.activations):
        return False
    first, last = op.activations[0], op.outputs[0]
    if isinstance(op, Windowed):
        fixed = isinstance(op, Pool2D) or op.weights.is_constant
        return fixed and all(len(t.shape) == 4 and _is_low(t) for t in tensors)
    if op.IS_ALIAS:
        return _is_low(first) and _is_low(last) and _upright(first).shape == _upright(last).shape
    if isinstance(op, Reduction):
        return _is_low(first)
    if isinstance(op, FullyConnected):
        # the weights must take all of a map: rows of its output are then no rows of the input
        return _is_low(first) and first.elements == op.weights.elements // op.weights.shape[0]
    if isinstance(op, Pointwise):
        same_rank = all(len(t.shape) in (0, 1, len(last.shape)) for t in op.activations)
        return _is_low(last) and same_rank and all(len(t.shape) <= len(last.shape) for t in op.inputs)
    if isinstance(op, Pad | PadV2):
        return _is_low(first) and _is_low(last) and len(first.shape) == len(last.shape)
    if isinstance(op, Concatenation):
        return _is_low(last) and all(len(t.shape) == len(last.shape) and _is_low(t) for t in op.inputs)
    return False


def _is_low(tensor: Tensor) -> bool:
    return len(tensor.shape) == 3 or (len(tensor.shape) == 4 and tensor.shape[1] == 1)


def _stands(op: Op, output: Tensor) -> bool:
    """Whether the op's output is turned with it: what is left of a map after a sum is not one."""
    return not isinstance(op, Reduction | FullyConnected) and _is_low(output)


def _upright(tensor: Tensor) -> Tensor:
    """[N, 1, W, C] or [N, W, C] as [N, W, 1, C]."""
    images, channels = tensor.shape[0], tensor.shape[-1]
    return replace(tensor, shape=(images, tensor.shape[-2], 1, channels), index=-1)


def _turn(op: Op, standing: Mapping[Tensor, Tensor]) -> Op:
    """The op over the tensors that stand, with all else that has a height and a width."""
    changes: dict[str, object] = {}
    for field in fields(op):
        value = getattr(op, field.name)
        if isinstance(value, Tensor):
            changes[field.name] = standing.get(value, value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Tensor):
            changes[field.name] = tuple(_turned_operand(t, 4, standing) for t in value)
    rank = len(op.activations[0].shape)
    if op.IS_ALIAS:
        return Reshape(op.index, standing[op.inputs[0]], None, standing[op.outputs[0]])
    if isinstance(op, Windowed):
        changes["window"] = _turned_window(op.window)
        if not isinstance(op, Pool2D):
            weights = op.weights
            changes["weights"] = _constant(weights, np.swapaxes(weights.value, 1, 2))
    elif isinstance(op, Reduction):
        changes["axes"] = _constant(op.axes, np.array([AXES[rank][axis] for axis in op.reduced], np.int32))
    elif isinstance(op, Pad | PadV2):
        around = np.zeros((4, 2), op.paddings.value.dtype)
        around[list(AXES[rank])] = op.paddings.value.reshape(-1, 2)
        changes["paddings"] = _constant(op.paddings, around)
    elif isinstance(op, Concatenation):
        changes["axis"] = AXES[rank][op.axis]
    elif isinstance(op, ElementwiseBinary):
        rank = len(op.output.shape)
        changes |= {name: _turned_operand(getattr(op, name), rank, standing) for name in ("input1", "input2")}
    return replace(op, **changes)  # type: ignore[arg-type]


def _turned_operand(tensor: Tensor, rank: int, standing: Mapping[Tensor, Tensor]) -> Tensor:
    """What is broadcast to tensors of a rank; vectors and numbers meet the channels as before."""
    if not tensor.is_constant or len(tensor.shape) < 2:
        return standing.get(tensor, tensor)
    value = tensor.value.reshape((1,) * (rank - len(tensor.shape)) + tensor.shape)
    return _constant(tensor, np.swapaxes(value, 1, 2) if rank == 4 else value[:, :, None])


def _constant(tensor: Tensor, value: Array) -> Tensor:
    return replace(tensor, shape=value.shape, data=np.ascontiguousarray(value), index=-1)


def _turned_window(window: Window) -> Window:
    return Window(
        input_h=window.input_w,
        input_w=window.input_h,
        output_h=window.output_w,
        output_w=window.output_h,
        kernel_h=window.kernel_w,
        kernel_w=window.kernel_h,
        stride_h=window.stride_w,
        stride_w=window.stride_h,
        dilation_h=window.dilation_w,
        dilation_w=window.dilation_h,
        pad_top=window.pad_left,
        pad_left=window.pad_top,
    )
