"""The least and the greatest value that every channel of every tensor can hold, whatever the model is given.

A channel is an index of a tensor's last dimension. Every step of an op's arithmetic is monotone as long as nothing
wraps, so the ends of the inputs' ranges lead to the ends of the output's; a channel whose ends meet is constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import singledispatch

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import DType
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.add import Add
from tinygen.ops.average_pool_2d import AveragePool2D
from tinygen.ops.concatenation import Concatenation
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.max_pool_2d import MaxPool2D
from tinygen.ops.mean import Mean
from tinygen.ops.op import Op
from tinygen.ops.pad import Pad
from tinygen.ops.requantization import Requantization
from tinygen.ops.table_op import TableOp
from tinygen.passes.readers import given_to
from tinygen.quant import INT32_MAX, INT32_MIN, Int64s, wrap_int32


@dataclass(frozen=True, eq=False)
class Range:
    """Stored values, both ends included, per channel."""

    low: Int64s
    high: Int64s

    @property
    def constant(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.low == self.high)

    def with_value(self, value: int) -> Range:
        """Wide enough for `value` too."""
        return Range(np.minimum(self.low, value), np.maximum(self.high, value))

    def minus(self, value: int) -> Range:
        return Range(self.low - value, self.high - value)

    def clipped(self, clamp: tuple[int, int]) -> Range:
        return Range(np.clip(self.low, *clamp), np.clip(self.high, *clamp))

    def spread(self, channels: int) -> Range:
        """Of a tensor with other channels over the same elements: repeated if a channel stays a channel."""
        if self.low.size and channels % self.low.size == 0:
            return Range(np.tile(self.low, channels // self.low.size), np.tile(self.high, channels // self.low.size))
        return Range(np.full(channels, self.low.min(initial=0)), np.full(channels, self.high.max(initial=0)))


Ranges = Mapping[Tensor, Range]


def channels_of(tensor: Tensor) -> int:
    return tensor.shape[-1] if tensor.shape else 1


def any_value(tensor: Tensor) -> Range:
    """What a tensor can hold by its dtype alone; never constant."""
    low, high = tensor.dtype.limits if tensor.dtype is DType.INT8 else (INT32_MIN, INT32_MAX)
    return Range(np.full(channels_of(tensor), low), np.full(channels_of(tensor), high))


def channel_ranges(graph: Graph, rounding: Rounding) -> dict[Tensor, Range]:
    """For every tensor of the graph."""
    ranges = {tensor: any_value(tensor) for tensor in given_to(graph)}
    for op in graph.ops:
        for tensor in op.inputs:
            if tensor.is_constant and tensor not in ranges:
                ranges[tensor] = _of_constant(tensor)
        found = None
        if all(tensor.elements for tensor in (*op.inputs, *op.outputs)):
            found = range_of(op, ranges, rounding)
        for tensor in op.outputs:
            ranges[tensor] = any_value(tensor) if found is None else found
    return ranges


def _of_constant(tensor: Tensor) -> Range:
    if tensor.dtype is not DType.INT8 or not tensor.elements:
        return any_value(tensor)
    values = tensor.value.astype(np.int64).reshape(-1, channels_of(tensor))
    return Range(values.min(axis=0), values.max(axis=0))


@singledispatch
def range_of(op: Op, ranges: Ranges, rounding: Rounding) -> Range | None:
    """The range of the op's only output; None when nothing is known of it, as for every op without a rule here."""
    if op.IS_ALIAS:
        return ranges[op.inputs[0]].spread(channels_of(op.outputs[0]))
    return None


@range_of.register
def _(op: Conv2D, ranges: Ranges, rounding: Rounding) -> Range | None:
    if op.groups != 1:
        return None
    weights = op.weights.value.astype(np.int64).reshape(op.weights.shape[0], -1, op.weights.shape[3])
    return _weighted(op, weights, _under_window(op, ranges), rounding)


@range_of.register
def _(op: DepthwiseConv2D, ranges: Ranges, rounding: Rounding) -> Range | None:
    weights = op.weights.value.astype(np.int64).reshape(-1, op.weights.shape[3]).T[:, :, None]
    taps = _under_window(op, ranges)
    per_filter = Range(np.repeat(taps.low, op.multiplier), np.repeat(taps.high, op.multiplier))
    return _weighted(op, weights, per_filter, rounding)


@range_of.register
def _(op: FullyConnected, ranges: Ranges, rounding: Rounding) -> Range | None:
    filters, depth = op.weights.shape
    if op.output.shape[-1:] != (filters,):
        return None
    weights = op.weights.value.astype(np.int64) - op.weights.zero_point
    taps = ranges[op.input].minus(op.input.zero_point)
    if depth % taps.low.size:
        taps = taps.spread(1)
    return _weighted(op, weights.reshape(filters, -1, taps.low.size), taps, rounding)


def _under_window(op: Conv2D | DepthwiseConv2D, ranges: Ranges) -> Range:
    """What a tap meets, less the zero point: the input or, outside the image, 0."""
    taps = ranges[op.input].minus(op.input.zero_point)
    return taps if op.window.stays_inside else taps.with_value(0)


def _weighted(op: Conv2D | DepthwiseConv2D | FullyConnected, weights: Int64s, taps: Range, rounding: Rounding) -> Range:
    """weights: [filters, taps, channels], where `taps` has an entry per channel, or per filter for one channel."""
    positive = np.maximum(weights, 0).sum(axis=1)
    negative = np.minimum(weights, 0).sum(axis=1)
    low = (positive * _rows(taps.low, weights) + negative * _rows(taps.high, weights)).sum(axis=1)
    high = (positive * _rows(taps.high, weights) + negative * _rows(taps.low, weights)).sum(axis=1)
    bias = 0 if op.bias is None else op.bias.value.astype(np.int64).reshape(-1)
    return _requantized(
        Range(low + bias, high + bias), op.requantization(rounding), op.output.zero_point, op.clamp, rounding
    )


def _rows(values: Int64s, weights: Int64s) -> Int64s:
    return values[:, None] if weights.shape[2] == 1 and values.size == weights.shape[0] else values[None, :]


def _requantized(
    acc: Range, requantization: Requantization, zero_point: int, clamp: tuple[int, int], rounding: Rounding
) -> Range:
    """Of accumulators: monotone while neither they nor their left shift leave int32; anything otherwise."""
    low = requantization.apply(wrap_int32(acc.low), zero_point, clamp, rounding)
    high = requantization.apply(wrap_int32(acc.high), zero_point, clamp, rounding)
    left = np.maximum(np.array(requantization.shifts, np.int64), 0)
    orderly = (acc.low >= INT32_MIN >> left) & (acc.high <= INT32_MAX >> left)
    return Range(np.where(orderly, low, clamp[0]), np.where(orderly, high, clamp[1]))


@range_of.register
def _(op: Add, ranges: Ranges, rounding: Rounding) -> Range | None:
    """The op's own arithmetic on the ends; |sum| <= 2**28, so a left shift by 2 does not wrap."""
    if type(op) is not Add or op.output.dtype is not DType.INT8:
        return None  # another function of two operands need not grow with both
    if op.multipliers(rounding)[2][1] > 2 or not (op.input1.shape and op.input2.shape):
        return None
    small = replace(op, input1=_flat(op.input1), input2=_flat(op.input2), output=_flat(op.output))
    first, second = ranges[op.input1], ranges[op.input2]
    (low,) = small.evaluate([first.low, second.low], rounding)
    (high,) = small.evaluate([first.high, second.high], rounding)
    return Range(low.astype(np.int64), high.astype(np.int64))


def _flat(tensor: Tensor) -> Tensor:
    return replace(tensor, shape=tensor.shape[-1:], data=None)


@range_of.register
def _(op: TableOp, ranges: Ranges, rounding: Rounding) -> Range | None:
    if op.input.dtype is not DType.INT8:
        return None
    table = op.answers(np.arange(-128, 128), rounding)
    source = ranges[op.input]
    ends = {(low, high): table[low + 128 : high + 129] for low, high in zip(source.low, source.high, strict=True)}
    answers = {key: (answer.min(), answer.max()) for key, answer in ends.items()}
    both = np.array([answers[key] for key in zip(source.low, source.high, strict=True)], np.int64)
    return Range(both[:, 0], both[:, 1])


@range_of.register(AveragePool2D)
@range_of.register(MaxPool2D)
def _(op: AveragePool2D | MaxPool2D, ranges: Ranges, rounding: Rounding) -> Range | None:
    """A mean, rounded, and a maximum both lie between the least and the greatest of what they are made from."""
    return ranges[op.input].clipped(op.clamp)


@range_of.register
def _(op: Mean, ranges: Ranges, rounding: Rounding) -> Range | None:
    if type(op) is not Mean or not keeps_channels(op):
        return None
    centred = ranges[op.input].minus(op.input.zero_point)
    multiplier, shift = op.requant(rounding)
    sums = Range(centred.low * op.count, centred.high * op.count)
    requantization = Requantization((multiplier,), (shift,))
    return _requantized(sums, requantization, op.output.zero_point, op.output.dtype.limits, rounding)


def keeps_channels(op: Mean) -> bool:
    """The channels are not averaged."""
    return len(op.input.shape) > 1 and len(op.input.shape) - 1 not in op.reduced


@range_of.register
def _(op: Pad, ranges: Ranges, rounding: Rounding) -> Range | None:
    around = op.paddings.value.reshape(-1, 2)
    if not len(around) or around[-1].any():
        return None
    source = ranges[op.input]
    return source.with_value(op.fill) if around.any() else source


@range_of.register
def _(op: Concatenation, ranges: Ranges, rounding: Rounding) -> Range | None:
    lows, highs = [ranges[part].low for part in op.parts], [ranges[part].high for part in op.parts]
    if op.axis == len(op.output.shape) - 1:
        return Range(np.concatenate(lows), np.concatenate(highs))
    return Range(np.min(lows, axis=0), np.max(highs, axis=0))
