"""Executes a schedule on real bytes: what a row holds is a hash of all that it was computed from.

It shares no code with the scheduler or its checker but the ops' own `needs`. A hash instead of arithmetic, since then
no wrong byte can go unnoticed by luck. While a step runs, its scratch and its output hold garbage, as a kernel may
write them in any order; only an output that lies exactly on an operand that it may replace takes its place row by row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from itertools import count

import numpy as np

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Rows, Schedule, Step
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import CopyOp
from tinygen.ops.op import Op

Read = Callable[[Tensor, int], bytes]
"""The bytes of a row."""


class OutsideError(Exception):
    """A byte outside the arena was touched."""


def is_harmful(graph: Graph, schedule: Schedule, target: Target) -> bool:
    """Whether an output or state of the model gets other bytes than from the ops in order, each tensor on its own."""
    try:
        return _Arena(graph, schedule, target).outputs() != _expected(graph, schedule, target)
    except OutsideError:
        return True


def _hash(size: int, *parts: object) -> bytes:
    made = hashlib.shake_128()
    for part in parts:
        text = part if isinstance(part, bytes) else repr(part).encode()
        made.update(len(text).to_bytes(8, "little") + text)
    return made.digest(size)


def _rows(tensor: Tensor) -> range:
    return range(max(tensor.rows, 1))


def _row_of(op: Op, number: int, output: int, row: int, read: Read) -> bytes:
    """A row of an output, from the rows that it needs."""
    parts = [
        read(operand, needed)
        for operand in op.activations
        for rows in (op.needs(Rows(row, row + 1), operand),)
        for needed in range(rows.first, rows.end)
    ]
    return _hash(op.outputs[output].row_bytes, number, output, row, *parts)


def _sums(op: Op, number: int, row: int, before: bytes, read: Read, target: Target) -> bytes:
    """An accumulator's scratch after one more row; the first row does not look at what was there."""
    return _hash(op.scratch_bytes(target), number, row, before if row else b"", read(op.activations[0], row))


def _given(graph: Graph) -> Iterator[tuple[Tensor, list[bytes]]]:
    remembered = [state.tensor for state in graph.states]
    for i, tensor in enumerate((*graph.inputs, *remembered)):
        yield tensor, [_hash(tensor.row_bytes, "input", i, row) for row in _rows(tensor)]


def _outputs(graph: Graph, read: Read) -> list[bytes]:
    return [read(t, row) for t in graph.outputs if not t.is_constant for row in _rows(t)]


def _computes(graph: Graph, schedule: Schedule) -> set[Op]:
    """The ops that steps are for; the others are aliases, copies that are there already, or nobody needs them."""
    return {op for op in graph.ops if not isinstance(op, CopyOp) and not op.IS_ALIAS} | {
        step.op for step in schedule.steps
    }


def _expected(graph: Graph, schedule: Schedule, target: Target) -> list[bytes]:
    values = {tensor: b"".join(rows) for tensor, rows in _given(graph)}
    fed = [op for op in graph.ops if not op.inputs]
    values |= {op.outputs[0]: b"".join(_fed(op.outputs[0], row) for row in _rows(op.outputs[0])) for op in fed}

    def read(tensor: Tensor, row: int) -> bytes:
        return values[tensor][row * tensor.row_bytes : (row + 1) * tensor.row_bytes]

    computed = _computes(graph, schedule)
    for number, op in enumerate(graph.ops):
        if op in fed:
            continue
        if op not in computed:
            values |= _moved(op, values)
        elif op.accumulates:
            sums = b""
            for row in range(op.step_rows):
                sums = _sums(op, number, row, sums, read, target)
            values[op.outputs[0]] = b"".join(_finished(op, number, row, sums) for row in _rows(op.outputs[0]))
        else:
            for i, output in enumerate(op.outputs):
                values[output] = b"".join(_row_of(op, number, i, row, read) for row in _rows(output))
    remembered = [read(state.next, row) for state in graph.states for row in _rows(state.next)]
    return _outputs(graph, read) + remembered


def _moved(op: Op, values: Mapping[Tensor, bytes]) -> dict[Tensor, bytes]:
    """The outputs of an op that no step computes, by its own definition, which only moves elements."""
    arrays = [
        tensor.value if tensor.is_constant else np.frombuffer(values[tensor], tensor.dtype.numpy).reshape(tensor.shape)
        for tensor in op.inputs
    ]
    made = op.evaluate(arrays, Rounding.DOUBLE)
    return {tensor: array.tobytes() for tensor, array in zip(op.outputs, made, strict=True)}


def _fed(tensor: Tensor, row: int) -> bytes:
    return _hash(tensor.row_bytes, "fed", row)


def _finished(op: Op, number: int, row: int, sums: bytes) -> bytes:
    return _hash(op.outputs[0].row_bytes, number, "output", row, sums)


class _Arena:
    """The bytes while steps run."""

    def __init__(self, graph: Graph, schedule: Schedule, target: Target) -> None:
        self.graph = graph
        self.schedule = schedule
        self.target = target
        self.bytes = bytearray(_hash(schedule.arena_bytes, "garbage"))
        self.numbers = {op: number for number, op in enumerate(graph.ops)}
        self.noise = count()

    def outputs(self) -> list[bytes]:
        for tensor, rows in _given(self.graph):
            for row, value in enumerate(rows):
                self.put(self.place(tensor, row), value)
        for step in self.schedule.steps:
            if step.op.accumulates:
                self.accumulate(step)
            else:
                self.run(step)
        # the next inference looks for what is remembered where this one found it
        remembered = [self.read(state.tensor, row) for state in self.graph.states for row in _rows(state.tensor)]
        return _outputs(self.graph, self.read) + remembered

    def place(self, tensor: Tensor, row: int) -> slice:
        ring = self.schedule.rings[tensor]
        first = ring.offset + row % ring.height * ring.stride
        return self.inside(first, tensor.row_bytes)

    def inside(self, first: int, size: int) -> slice:
        if first < 0 or first + size > len(self.bytes):
            raise OutsideError
        return slice(first, first + size)

    def scratch(self, op: Op) -> slice:
        size = self.schedule.forms.scratch_bytes(op, self.target)
        return self.inside(self.schedule.scratch[op], size) if size else slice(0, 0)

    def read(self, tensor: Tensor, row: int) -> bytes:
        return bytes(self.bytes[self.place(tensor, row)])

    def put(self, place: slice, value: bytes) -> None:
        self.bytes[place] = value

    def spoil(self, place: slice) -> None:
        self.put(place, _hash(place.stop - place.start, "noise", next(self.noise)))

    def run(self, step: Step) -> None:
        op, number = step.op, self.numbers[step.op]
        rows = range(step.rows.first, step.rows.end)
        if not op.inputs:
            for row in rows:
                self.put(self.place(op.outputs[0], row), _fed(op.outputs[0], row))
            return
        replaced = {
            operand: [self.read(operand, row) for row in rows]
            for operand in op.in_place_on(self.target)
            if any(all(self.place(operand, row) == self.place(out, row) for row in rows) for out in op.outputs)
        }
        self.spoil(self.scratch(op))
        # outputs of one step may differ in rows
        written = [(i, output, row) for i, output in enumerate(op.outputs) for row in self.rows_of(step, output)]
        for _, output, row in written:
            self.spoil(self.place(output, row))

        def read(operand: Tensor, row: int) -> bytes:
            if operand in replaced and row in rows:
                return replaced[operand][row - rows.start]
            return self.read(operand, row)

        self.spoil(self.scratch(op))
        made = [(output, row, _row_of(op, number, i, row, read)) for i, output, row in written]
        for output, row, value in made:
            self.put(self.place(output, row), value)
        self.spoil(self.scratch(op))  # which the kernel uses to the end

    @staticmethod
    def rows_of(step: Step, output: Tensor) -> range:
        return range(step.rows.first, step.rows.end) if step.op.writes_rows else _rows(output)

    def accumulate(self, step: Step) -> None:
        op, number = step.op, self.numbers[step.op]
        place = self.scratch(op)
        for row in range(step.rows.first, step.rows.end):
            before = bytes(self.bytes[place])
            self.spoil(place)  # before it has read the row
            self.put(place, _sums(op, number, row, before, self.read, self.target))
        if step.rows.end == op.step_rows:
            output = op.outputs[0]
            for row in _rows(output):
                self.spoil(self.place(output, row))
            sums = bytes(self.bytes[place])
            for row in _rows(output):
                self.put(self.place(output, row), _finished(op, number, row, sums))
            self.spoil(place)
