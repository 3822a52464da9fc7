"""Which channels of which tensors somebody needs, counted back from the model's outputs."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import singledispatch

import numpy as np
import numpy.typing as npt

from tinygen.ir.graph import Graph
from tinygen.ir.tensor import Tensor
from tinygen.ops.add import Add
from tinygen.ops.concatenation import Concatenation
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.mean import Mean
from tinygen.ops.op import Op
from tinygen.ops.pad import Pad
from tinygen.ops.pool_2d import Pool2D
from tinygen.ops.table_op import TableOp
from tinygen.passes.channel_ranges import Range, Ranges, channels_of, keeps_channels
from tinygen.passes.readers import given_to, wanted_from

Bools = npt.NDArray[np.bool_]
Needs = dict[Tensor, Bools]


@dataclass(frozen=True, eq=False)
class Link:
    """Channels of an operand and of the op's output that stay or go together, because the op has no weights."""

    operand: Tensor
    first: int
    """The output's channel that belongs to the operand's channel 0."""
    times: int
    """How often all the operand's channels follow each other in the output."""
    each: int
    """How many neighbouring channels of the output each of them makes."""

    def from_output(self, needed: Bools) -> Bools:
        size = channels_of(self.operand) * self.times * self.each
        part = needed[self.first : self.first + size].reshape(self.times, -1, self.each)
        return np.asarray(part.any(axis=(0, 2)))

    def from_operand(self, needed: Bools, channels: int) -> Bools:
        """channels: of the output."""
        made = np.zeros(channels, np.bool_)
        each = np.tile(np.repeat(needed, self.each), self.times)
        made[self.first : self.first + each.size] = each
        return made


@singledispatch
def links_of(op: Op) -> tuple[Link, ...] | None:
    """For an op whose output's channels come each from one channel of each operand; None for any other."""
    if not op.IS_ALIAS:
        return None
    before, after = channels_of(op.inputs[0]), channels_of(op.outputs[0])
    return None if after % before else (Link(op.inputs[0], 0, after // before, 1),)


@links_of.register
def _(op: Add) -> tuple[Link, ...] | None:
    """An operand with one channel is read by all of the output's, and is no part of the bargain."""
    channels = channels_of(op.output)
    return tuple(Link(tensor, 0, 1, 1) for tensor in op.inputs if channels_of(tensor) == channels)


@links_of.register
def _(op: DepthwiseConv2D) -> tuple[Link, ...] | None:
    return (Link(op.input, 0, 1, op.multiplier),)


@links_of.register(TableOp)
@links_of.register(Pool2D)
def _(op: TableOp | Pool2D) -> tuple[Link, ...] | None:
    return (Link(op.input, 0, 1, 1),)


@links_of.register
def _(op: Mean) -> tuple[Link, ...] | None:
    return (Link(op.input, 0, 1, 1),) if keeps_channels(op) else None


@links_of.register
def _(op: Pad) -> tuple[Link, ...] | None:
    around = op.paddings.value.reshape(-1, 2)
    return None if not len(around) or around[-1].any() else (Link(op.input, 0, 1, 1),)


@links_of.register
def _(op: Concatenation) -> tuple[Link, ...] | None:
    if op.axis != len(op.output.shape) - 1:
        return tuple(Link(part, 0, 1, 1) for part in op.parts)
    ends = np.cumsum([channels_of(part) for part in op.parts]).tolist()
    return tuple(Link(part, end - channels_of(part), 1, 1) for part, end in zip(op.parts, ends, strict=True))


@singledispatch
def reads_of(op: Op, ranges: Ranges) -> Bools | None:
    """[output channels, input channels]: which ones an op with weights depends on; None for any other op.

    It does not depend on a channel whose weights are zero, nor on one that is constant and can move into the bias.
    """
    return None


@reads_of.register
def _(op: Conv2D, ranges: Ranges) -> Bools | None:
    if op.groups != 1:
        return None
    return np.asarray((op.weights.value != 0).any(axis=(1, 2)) & ~_in_bias(op, ranges[op.input]))


@reads_of.register
def _(op: DepthwiseConv2D, ranges: Ranges) -> Bools | None:
    # filters of a single channel are as free as those of a convolution; any others are linked to theirs
    if op.input.shape[3] != 1:
        return None
    return np.asarray((op.weights.value != 0).any(axis=(0, 1, 2))[:, None] & ~_in_bias(op, ranges[op.input]))


@reads_of.register
def _(op: FullyConnected, ranges: Ranges) -> Bools | None:
    filters, depth = op.weights.shape
    channels = channels_of(op.input)
    if op.output.shape[-1:] != (filters,):
        return None
    if depth % channels:
        return np.ones((filters, channels), np.bool_)
    used = (op.weights.value != op.weights.zero_point).reshape(filters, -1, channels).any(axis=1)
    return np.asarray(used & ~ranges[op.input].constant)


def _in_bias(op: Conv2D | DepthwiseConv2D, source: Range) -> Bools:
    """Constant channels that contribute the same everywhere: outside the image there are only zero points."""
    return np.asarray(source.constant & (op.window.stays_inside | (source.low == op.input.zero_point)))


def needed_channels(graph: Graph, ranges: Ranges) -> Needs:
    """For every tensor with channels; at least one channel of each, since no tensor can have none."""
    search = _Search(graph, ranges)
    for tensor in (*given_to(graph), *wanted_from(graph)):
        search.mark(tensor, np.ones(channels_of(tensor), np.bool_))
    search.run()
    # readers first, since what they come to need may be all that a tensor before them keeps
    for tensor in reversed(list(search.needs)):
        needed = search.needs[tensor]
        if needed.size and not needed.any():
            search.mark(tensor, np.arange(needed.size) == 0)
            search.run()
    return search.needs


class _Search:
    """Marks channels as needed until nothing follows any more."""

    def __init__(self, graph: Graph, ranges: Ranges) -> None:
        self.needs: Needs = {tensor: np.zeros(channels_of(tensor), np.bool_) for tensor in given_to(graph)}
        self.touching: dict[Tensor, list[Op]] = {}
        self.links: dict[Op, tuple[Link, ...]] = {}
        self.reads: dict[Op, Bools] = {}
        self.waiting: deque[Op] = deque()
        self.queued: set[Op] = set()
        barriers = [op for op in graph.ops if not self._add(op, ranges)]
        for op in reversed(graph.ops):
            self._enqueue(op)
        for op in barriers:
            for tensor in (*op.inputs, *op.outputs):
                self.mark(tensor, np.ones(channels_of(tensor), np.bool_))

    def _add(self, op: Op, ranges: Ranges) -> bool:
        """Whether the op's channels can be told apart."""
        reads = links = None
        if all(tensor.elements and tensor.shape for tensor in (*op.activations, *op.outputs)):
            reads, links = reads_of(op, ranges), links_of(op)
        operands = (op.inputs[0],) if reads is not None else op.inputs
        for tensor in (*operands, *op.outputs):
            self.needs.setdefault(tensor, np.zeros(channels_of(tensor), np.bool_))
            self.touching.setdefault(tensor, []).append(op)
        if reads is not None:  # before links: reading is the looser of the two
            self.reads[op] = reads
        elif links is not None:
            self.links[op] = links
            linked = {link.operand for link in links}
            for tensor in op.inputs:
                if tensor not in linked:
                    self.mark(tensor, np.ones(channels_of(tensor), np.bool_))
        return reads is not None or links is not None

    def _enqueue(self, op: Op) -> None:
        if op not in self.queued:
            self.queued.add(op)
            self.waiting.append(op)

    def mark(self, tensor: Tensor, needed: Bools) -> None:
        known = self.needs.get(tensor)
        if known is None or known[needed].all():
            return
        self.needs[tensor] = known | needed
        for op in self.touching.get(tensor, ()):
            self._enqueue(op)

    def run(self) -> None:
        while self.waiting:
            op = self.waiting.popleft()
            self.queued.discard(op)
            output = op.outputs[0]
            needed = self.needs[output]
            if op in self.reads:
                self.mark(op.inputs[0], np.asarray(self.reads[op][needed].any(axis=0)))
            for link in self.links.get(op, ()):
                self.mark(link.operand, link.from_output(self.needs[output]))
                self.mark(output, link.from_operand(self.needs[link.operand], needed.size))
