"""Re-proves a schedule from nothing: replays every step on a model of the arena that knows who wrote each byte."""

from __future__ import annotations

import numpy as np

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Rows, Schedule, Step
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op


class ScheduleError(AssertionError):
    """A schedule that would compute wrong bytes: a bug of the scheduler, never of the user."""


class _Arena:
    """For every byte of the arena, which byte of which tensor it holds, as one number; -1 for nothing."""

    def __init__(self, graph: Graph, schedule: Schedule) -> None:
        self.schedule = schedule
        self.bytes = np.full(schedule.arena_bytes, -1, np.int64)
        self.base: dict[Tensor, int] = {}
        self.next_base = 0
        self.aliases = {op.outputs[0]: op.inputs[0] for op in graph.ops if op.IS_ALIAS}
        self.stepped = {step.op for step in schedule.steps}
        self.copied = {op.outputs[0] for op in self.stepped}

    def identity(self, tensor: Tensor) -> Tensor:
        """The tensor whose bytes these are: an alias that no step computes is its input."""
        while tensor in self.aliases and tensor not in self.copied:
            tensor = self.aliases[tensor]
        return tensor

    def numbers(self, tensor: Tensor, row: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The numbers that a row of the tensor must have in the arena."""
        identity = self.identity(tensor)
        if identity not in self.base:
            self.base[identity] = self.next_base
            self.next_base += identity.bytes
        start = self.base[identity] + row * tensor.row_bytes
        return np.arange(start, start + tensor.row_bytes)

    def span(self, tensor: Tensor, row: int) -> slice:
        ring = self.schedule.rings[tensor]
        start = ring.offset + (row % ring.height) * ring.stride
        if start < 0 or start + tensor.row_bytes > self.schedule.arena_bytes:
            raise ScheduleError(f"row {row} of {tensor} lies outside the arena")
        return slice(start, start + tensor.row_bytes)

    def write(self, tensor: Tensor, rows: Rows) -> None:
        for row in range(rows.first, rows.end):
            self.bytes[self.span(tensor, row)] = self.numbers(tensor, row)

    def expect(self, tensor: Tensor, rows: Rows, reader: str) -> None:
        if tensor.is_constant:
            return
        for row in range(rows.first, rows.end):
            if not np.array_equal(self.bytes[self.span(tensor, row)], self.numbers(tensor, row)):
                raise ScheduleError(f"{reader} reads row {row} of {tensor}, which is not there")


def check(graph: Graph, schedule: Schedule, target: Target) -> None:
    """Raises ScheduleError if a row is read that is not there, or is overwritten while it is still needed.

    Writing happens before the read is complete, as far as this replay knows, so an output that shares bytes with an
    input of the same step is caught: inputs are expected both before and after the step's write.
    """
    arena = _Arena(graph, schedule)
    for tensor in graph.inputs:
        arena.write(tensor, _all(tensor))
    done: dict[Op, int] = {}
    for step in schedule.steps:
        _replay(arena, step, schedule, target)
        if done.get(step.op, 0) != step.rows.first:
            raise ScheduleError(f"{step.op}: rows from {step.rows.first} are computed out of order")
        done[step.op] = step.rows.end
    for op in schedule.steps:
        if done[op.op] != max(op.op.outputs[0].rows, 1):
            raise ScheduleError(f"{op.op}: only {done[op.op]} of {op.op.outputs[0].rows} rows are computed")
    for tensor in graph.outputs:
        arena.expect(tensor, _all(tensor), "the caller")


def _replay(arena: _Arena, step: Step, schedule: Schedule, target: Target) -> None:
    op = step.op
    needed = [(tensor, op.needs(step.rows, tensor)) for tensor in op.activations]
    for tensor, rows in needed:
        arena.expect(tensor, rows, str(op))
    scratch = op.scratch_bytes(target)
    if scratch:
        offset = schedule.scratch[op]
        if offset < 0 or offset + scratch > schedule.arena_bytes:
            raise ScheduleError(f"{op}: scratch lies outside the arena")
        arena.bytes[offset : offset + scratch] = -1
    for tensor in op.outputs:
        arena.write(tensor, step.rows)
    for tensor, rows in needed:
        arena.expect(tensor, rows, f"{op}, while it writes,")
    for tensor in op.outputs:
        arena.expect(tensor, step.rows, f"{op}, when it is done,")


def _all(tensor: Tensor) -> Rows:
    return Rows(0, max(tensor.rows, 1))
