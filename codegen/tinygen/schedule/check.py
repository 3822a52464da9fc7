"""Re-proves a schedule from nothing: replays every step on a model of the arena that knows what each byte holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import DType
from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Ring, Rows, Schedule, Step
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import Copy, CopyOp
from tinygen.ops.nested import Nested
from tinygen.ops.op import Op

Numbers = npt.NDArray[np.int64]


class ScheduleError(AssertionError):
    """A schedule that would compute wrong bytes: a bug of the scheduler, never of the user."""


def check(graph: Graph, schedule: Schedule, target: Target) -> None:
    """Raises ScheduleError if a row is read that is not there, overwritten while it is needed, or never computed.

    The graphs of ops are replayed by themselves. One that leaves its inputs as they were, and what it carries where it
    began, can run any number of times.
    """
    _Replay(graph, schedule, target).run()
    for op in graph.ops:
        if isinstance(op, Nested):
            for inner, planned in zip(op.graphs, op.schedules, strict=True):
                _check_borrowed(op, inner, planned)
                check(inner, planned, target)


def _check_borrowed(op: Nested, graph: Graph, schedule: Schedule) -> None:
    """What belongs to the op's operands and outputs is whole; all else has room in the op's scratch."""
    windows = [range(schedule.arena_bytes)]
    for tensor in (*graph.inputs, *(state.tensor for state in graph.states)):
        ring = schedule.rings[tensor]
        if ring.offset < schedule.arena_bytes or ring != Ring(ring.offset, _all_rows(tensor).end, tensor.row_bytes):
            raise ScheduleError(f"{op}: {tensor} does not lie whole outside the scratch")
        windows.append(range(ring.offset, ring.offset + ring.bytes))
    for tensor, ring in schedule.rings.items():
        if not any(place.start <= ring.offset and ring.offset + ring.bytes <= place.stop for place in windows):
            raise ScheduleError(f"{op}: {tensor} lies in several places at once")


class _Replay:
    """The arena while steps run: for every byte the number of the byte that it holds, -1 for nothing of use.

    Every byte of every tensor and of every accumulator has a number of its own. A step writes before it has read all,
    as far as the replay knows, so inputs must still be there after its writes, except where an op says that its output
    may replace an operand, and does so in the very same place.
    """

    def __init__(self, graph: Graph, schedule: Schedule, target: Target) -> None:
        self.graph = graph
        self.schedule = schedule
        self.target = target
        self.bytes: Numbers = np.full(schedule.arena_bytes + schedule.borrowed_bytes, -1, np.int64)
        self.first_number: dict[Tensor | Op, int] = {}
        self.numbers_given = 0
        self.done: dict[Op, int] = {}
        stepped = {step.op for step in schedule.steps}
        self.held: dict[Tensor, Numbers] = {}
        for op in graph.ops:
            if op not in stepped and op.activations:
                self.hold(op)

    def run(self) -> None:
        for tensor in (*self.graph.inputs, *(state.tensor for state in self.graph.states)):
            self.write(tensor, _all_rows(tensor))
        for step in self.schedule.steps:
            if self.done.get(step.op, 0) != step.rows.first:
                raise ScheduleError(f"{step.op}: the rows from {step.rows.first} on are computed out of order")
            self.replay(step)
            self.done[step.op] = step.rows.end
        for op, rows in self.done.items():
            if rows != op.step_rows:
                raise ScheduleError(f"{op}: only {rows} of {op.step_rows} rows are computed")
        for tensor in self.graph.outputs:
            self.expect(tensor, _all_rows(tensor), "the caller")
        for state in self.graph.states:
            self.expect(state.next, _all_rows(state.next), "the next inference")
            if self.schedule.rings[state.next] != self.schedule.rings[state.tensor]:
                raise ScheduleError(f"{state.next} does not lie where the next inference looks for {state.tensor}")

    def replay(self, step: Step) -> None:
        op = step.op
        if not op.is_divisible:
            self.expect_whole(step)
        reads = [(t, step.rows if op.accumulates else op.needs(step.rows, t)) for t in op.activations]
        for tensor, rows in reads:
            self.expect(tensor, rows, str(op))
        self.use_scratch(step)
        writes = self.written_rows(step)
        if writes is None:
            for tensor, rows in reads:
                self.expect(tensor, rows, f"{op}, while it uses its scratch,")
            return
        for tensor in op.outputs:
            self.write(tensor, writes(tensor))
        for tensor, rows in reads:
            if not self.is_replaced(step, tensor):
                self.expect(tensor, rows, f"{op}, while it writes,")
        for tensor in op.outputs:
            self.expect(tensor, writes(tensor), f"{op}, when it is done,")
        self.expect_scratch(step)

    def expect_whole(self, step: Step) -> None:
        """The op's kernels work on whole tensors, which must then be there in one piece."""
        if step.rows != Rows(0, step.op.step_rows):
            raise ScheduleError(f"{step.op}: its rows can't be computed one by one")
        for tensor in (*step.op.activations, *step.op.outputs):
            ring = self.schedule.rings[tensor]
            if ring.height < tensor.rows or ring.stride != tensor.row_bytes:
                raise ScheduleError(f"{step.op}: {tensor} does not lie whole and without gaps")

    @staticmethod
    def written_rows(step: Step) -> Callable[[Tensor], Rows] | None:
        """The rows of an output that a step writes; None if it only accumulates."""
        if step.op.writes_rows:
            return lambda tensor: step.rows
        return _all_rows if step.rows.end == step.op.step_rows else None

    def use_scratch(self, step: Step) -> None:
        """Scratch is garbage afterwards, but an accumulator must still hold what the step before left in it."""
        size = self.schedule.forms.scratch_bytes(step.op, self.target)
        if size == 0:
            return
        offset = self.schedule.scratch[step.op]
        if offset < 0 or offset + size > self.schedule.arena_bytes:
            raise ScheduleError(f"{step.op}: its scratch lies outside the arena")
        if step.op.accumulates and step.rows.first > 0:
            self.expect_scratch(step)
        self.bytes[offset : offset + size] = np.arange(size) + self.number(step.op, size)

    def expect_scratch(self, step: Step) -> None:
        """What a step leaves in its scratch is still there: neither its output nor another step lies over it."""
        size = self.schedule.forms.scratch_bytes(step.op, self.target)
        if size == 0:
            return
        offset = self.schedule.scratch[step.op]
        numbers = np.arange(size) + self.number(step.op, size)
        if not np.array_equal(self.bytes[offset : offset + size], numbers):
            raise ScheduleError(f"{step.op}: its scratch was overwritten while it was needed")

    def is_replaced(self, step: Step, operand: Tensor) -> bool:
        """The op allows an output to lie where the operand lies, and every row of this step does."""
        pairs = self.schedule.forms.replaceable(step.op, self.target)
        outputs = [output for replaced, output in pairs if replaced is operand]
        rows = range(step.rows.first, step.rows.end) if step.op.is_divisible else range(_all_rows(operand).end)
        return any(all(self.span(operand, row) == self.span(output, row) for row in rows) for output in outputs)

    def hold(self, op: Op) -> None:
        """An op without steps: its outputs are bytes of its inputs, so they hold the numbers that those hold."""
        if op.IS_ALIAS:
            self.held[op.outputs[0]] = self.all_numbers(op.inputs[0])
            return
        copies = op.copies() if isinstance(op, CopyOp) and op.background is None else ()
        for copy in copies:
            if copy.source.is_constant or _rescales(copy):
                return
        for tensor in op.outputs:
            numbers = np.full(tensor.bytes, -2, np.int64)
            for copy in copies:
                if copy.target is tensor:
                    source = self.all_numbers(copy.source).reshape(*copy.source.shape, tensor.dtype.size)
                    target = numbers.reshape(*tensor.shape, tensor.dtype.size)
                    for byte in range(tensor.dtype.size):
                        copy.apply(source[..., byte], target[..., byte])
            self.held[tensor] = numbers

    def number(self, owner: Tensor | Op, size: int) -> int:
        if owner not in self.first_number:
            self.first_number[owner] = self.numbers_given
            self.numbers_given += size
        return self.first_number[owner]

    def all_numbers(self, tensor: Tensor) -> Numbers:
        if tensor not in self.held:
            first = self.number(tensor, tensor.bytes)
            self.held[tensor] = np.arange(first, first + tensor.bytes)
        return self.held[tensor]

    def span(self, tensor: Tensor, row: int) -> slice:
        ring = self.schedule.rings[tensor]
        start = ring.offset + (row % ring.height) * ring.stride
        if start < 0 or start + tensor.row_bytes > len(self.bytes):
            raise ScheduleError(f"row {row} of {tensor} lies outside the arena")
        return slice(start, start + tensor.row_bytes)

    def places(self, tensor: Tensor, rows: Rows) -> Iterator[tuple[slice, Numbers, int]]:
        """Where rows lie and what they hold, one by one, or all at once where they lie without gaps; the first row."""
        if not rows.count:
            return
        ring, numbers, size = self.schedule.rings[tensor], self.all_numbers(tensor), tensor.row_bytes
        if rows.end <= min(ring.height, _all_rows(tensor).end) and ring.stride == size:
            first, last = self.span(tensor, rows.first), self.span(tensor, rows.end - 1)
            yield slice(first.start, last.stop), numbers[rows.first * size : rows.end * size], rows.first
            return
        for row in range(rows.first, rows.end):
            yield self.span(tensor, row), numbers[row * size : (row + 1) * size], row

    def write(self, tensor: Tensor, rows: Rows) -> None:
        for place, numbers, _ in self.places(tensor, rows):
            self.bytes[place] = numbers

    def expect(self, tensor: Tensor, rows: Rows, reader: str) -> None:
        if tensor.is_constant:
            return
        for place, numbers, row in self.places(tensor, rows):
            found = self.bytes[place]
            if not np.array_equal(found, numbers):
                # a row that the tensor does not have has no numbers
                wrong = int((found != numbers).argmax()) // tensor.row_bytes if len(found) == len(numbers) else 0
                raise ScheduleError(f"{reader} reads row {row + wrong} of {tensor}, which is not there")


def _all_rows(tensor: Tensor) -> Rows:
    return Rows(0, max(tensor.rows, 1))


def _rescales(copy: Copy) -> bool:
    """CONCATENATION brings parts of uint8 to its own scale, so what it makes are not their bytes."""
    return copy.source.dtype is DType.UINT8 and copy.source.quantization != copy.target.quantization
