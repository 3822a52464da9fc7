"""Channels that are constant or that nobody reads are not computed; constants move into the readers' biases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TypeVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.op import Op
from tinygen.ops.reshape import Reshape
from tinygen.passes.channel_needs import Bools, Needs, needed_channels
from tinygen.passes.channel_ranges import Ranges, channel_ranges
from tinygen.passes.fold_constants import substitute
from tinygen.quant import Int64s, wrap_int32

Weighted = Conv2D | DepthwiseConv2D | FullyConnected
WeightedOp = TypeVar("WeightedOp", Conv2D, DepthwiseConv2D, FullyConnected)


def remove_dead_channels(graph: Graph, rounding: Rounding) -> Graph:
    """A channel goes if every op that touches it can do without, until nothing more goes.

    A second round finds something only where a depthwise convolution is left with one input channel.
    """
    smaller = _without_dead_channels(graph, rounding)
    while smaller is not graph:
        graph, smaller = smaller, _without_dead_channels(smaller, rounding)
    return graph


def _without_dead_channels(graph: Graph, rounding: Rounding) -> Graph:
    if not any(isinstance(op, Weighted) for op in graph.ops):
        return graph
    ranges = channel_ranges(graph, rounding)
    needs = needed_channels(graph, ranges)
    shrunk = {tensor: _shrunk(tensor, needed) for tensor, needed in needs.items() if not needed.all()}
    if not shrunk:
        return graph
    cut = Cut(shrunk, needs, ranges)
    return replace(graph, ops=tuple(shrink(op, cut) for op in graph.ops))


@dataclass(frozen=True)
class Cut:
    """What is removed."""

    shrunk: Mapping[Tensor, Tensor]
    """The tensors that lose channels, and what is left of them."""
    needs: Needs
    ranges: Ranges

    def needed(self, tensor: Tensor) -> Bools:
        return self.needs[tensor]


def _shrunk(tensor: Tensor, needed: Bools) -> Tensor:
    data = None if tensor.data is None else np.ascontiguousarray(tensor.data[..., needed])
    return replace(tensor, shape=(*tensor.shape[:-1], int(needed.sum())), data=data, index=-1)


@singledispatch
def shrink(op: Op, cut: Cut) -> Op:
    """The op on what is left of its tensors."""
    return substitute(op, dict(cut.shrunk))


@shrink.register
def _(op: Reshape, cut: Cut) -> Op:
    if op.output not in cut.shrunk:
        return op
    return replace(op, input=cut.shrunk[op.input], shape=None, output=cut.shrunk[op.output])


@shrink.register
def _(op: Conv2D, cut: Cut) -> Op:
    filters, _, _, channels = op.weights.shape
    if op.groups != 1:
        return op
    weights = op.weights.value[cut.needed(op.output)][..., cut.needed(op.input)]
    sums = op.weights.value.astype(np.int64).reshape(filters, -1, channels).sum(axis=1)
    return _rebuilt(op, cut, weights, sums)


@shrink.register
def _(op: FullyConnected, cut: Cut) -> Op:
    filters = op.weights.shape[0]
    if op.output.shape[-1:] != (filters,):
        return op
    weights = op.weights.value[cut.needed(op.output)]
    kept = cut.needed(op.input)
    if kept.all():
        return _rebuilt(op, cut, weights, np.zeros((filters, kept.size), np.int64))
    weights = weights.reshape(len(weights), -1, kept.size)[..., kept]
    centred = op.weights.value.astype(np.int64) - op.weights.zero_point
    return _rebuilt(op, cut, weights.reshape(len(weights), -1), centred.reshape(filters, -1, kept.size).sum(axis=1))


@shrink.register
def _(op: DepthwiseConv2D, cut: Cut) -> Op:
    filters = op.weights.shape[3]
    weights = op.weights.value[..., cut.needed(op.output)]
    return _rebuilt(op, cut, weights, np.zeros((filters, op.input.shape[3]), np.int64))


def _rebuilt(op: WeightedOp, cut: Cut, weights: Array, sums: Int64s) -> WeightedOp:
    """weights: what is left of them. sums: [filters, input channels], of the weights of all taps.

    A channel that goes is constant, or has no weights in any filter that stays, and then adds nothing.
    """
    if op.input not in cut.shrunk and op.output not in cut.shrunk:
        return op
    filters, gone = cut.needed(op.output), ~cut.needed(op.input)
    moved = sums[:, gone] @ (cut.ranges[op.input].low[gone] - op.input.zero_point)
    quantization = op.weights.params
    if quantization.per_channel:
        quantization = replace(
            quantization,
            scales=tuple(np.array(quantization.scales)[filters].tolist()),
            zero_points=tuple(np.array(quantization.zero_points)[filters].tolist()),
        )
    return replace(
        op,
        input=cut.shrunk.get(op.input, op.input),
        weights=replace(op.weights, shape=weights.shape, data=weights, quantization=quantization, index=-1),
        bias=_bias(op, moved, filters),
        output=cut.shrunk.get(op.output, op.output),
    )


def _bias(op: Weighted, moved: Int64s, filters: Bools) -> Tensor | None:
    """The bias of the filters that stay, plus what constant inputs add; wraps as the accumulator does."""
    if op.bias is None:
        if not moved[filters].any():
            return None
        values = np.zeros(len(filters), np.int64)
        bias = Tensor(f"{op.weights.name}/bias", (), DType.INT32)
    else:
        values = op.bias.value.astype(np.int64).reshape(-1)
        bias = op.bias
    data = wrap_int32((values + moved)[filters]).astype(np.int32)
    return replace(bias, shape=data.shape, data=data, quantization=None, index=-1)
