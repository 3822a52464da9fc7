"""Steps by pulling from the outputs: a row is computed when a consumer needs it, a few rows at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Forms, Rows, Step
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.schedule.places import Places, all_rows, given, places


@dataclass(frozen=True)
class Choices:
    """A point between whole tensors and single rows, and what else a schedule may differ in."""

    rows_per_step: Mapping[Op, int] = field(default_factory=dict)
    """How many rows an op computes at a time; ops that are not in it compute all at once."""
    complete: frozenset[Op] = frozenset()
    """Ops whose output is computed to the end before anyone reads it, so that what came before is over."""
    first: Mapping[Op, int] = field(default_factory=dict)
    """Which of an op's operands is pulled before the others; the first if the op is not in it."""
    first_output: int = 0
    """Which of the model's outputs is pulled before the others."""
    copied: frozenset[Op] = frozenset()
    """Ops that copy what could also lie in place: a ring may then be shorter than what it is a part of."""
    forms: Forms = field(default_factory=Forms)


def pull_steps(graph: Graph, choices: Choices, where: Places | None = None) -> list[Step]:
    """The steps that compute every output of the graph, each op's rows in order and each row once.

    where: the places under these choices, if they are known already.
    """
    return _Puller(graph, choices, where or places(graph, choices.copied)).steps()


class _Puller:
    """How far every tensor is, while steps are added."""

    def __init__(self, graph: Graph, choices: Choices, where: Places) -> None:
        self.graph = graph
        self.choices = choices
        self.where = where
        self.producer = {tensor: op for op in graph.ops if op not in where.idle for tensor in op.outputs}
        self.ready: dict[Tensor, int] = {tensor: all_rows(tensor).end for tensor in given(graph)}
        self.awaited = self.old_values_read()
        self.done: dict[Op, int] = {}
        self.added: list[Step] = []

    def steps(self) -> list[Step]:
        wanted = [tensor for tensor in self.graph.outputs if not tensor.is_constant]
        if wanted:
            wanted.insert(0, wanted.pop(self.choices.first_output % len(wanted)))
        for tensor in (*wanted, *(state.next for state in self.graph.states)):
            for piece, rows in self.where.written(tensor, all_rows(tensor)):
                self.pull(piece, rows.end)
        # rows that nobody reads, such as the last ones under a stride
        for op in self.graph.ops:
            if 0 < self.done.get(op, 0) < op.step_rows:
                self.pull(op.outputs[0], all_rows(op.outputs[0]).end)
        return self.added

    def old_values_read(self) -> dict[Op, list[Tensor]]:
        """What must be complete before an op writes a state: the outputs of whoever reads the old value."""
        found: dict[Op, list[Tensor]] = {}
        for state in self.graph.states:
            writer = self.producer[state.next]
            for op in self.graph.ops:
                if op is writer or op in self.where.idle:
                    continue
                read = {piece for t in op.activations for piece, _ in self.where.written(t, all_rows(t))}
                if state.tensor in read:
                    found.setdefault(writer, []).append(op.outputs[0])
        return found

    def pull(self, tensor: Tensor, end: int) -> None:
        """Makes rows [0, end) ready; a stack instead of recursion, for graphs of any depth."""
        wanted = [(tensor, end)]
        while wanted:
            tensor, end = wanted[-1]
            if self.ready.get(tensor, 0) >= end:
                wanted.pop()
                continue
            op = self.producer[tensor]
            rows = self.next_rows(op)
            missing = [need for need in self.needs(op, rows) if self.ready.get(need[0], 0) < need[1]]
            if missing:
                operand, row = missing[0]
                if self.producer.get(operand) in self.choices.complete:
                    row = all_rows(operand).end
                wanted.append((operand, row))
            else:
                self.add(op, rows)

    def next_rows(self, op: Op) -> Rows:
        first = self.done.get(op, 0)
        if not op.is_divisible:
            return Rows(first, op.step_rows)
        count = 1 if op.ONE_ROW else self.choices.rows_per_step.get(op, op.step_rows)
        return Rows(first, min(first + count, op.step_rows))

    def needs(self, op: Op, rows: Rows) -> list[tuple[Tensor, int]]:
        """(written tensor, rows that must be ready) of a step."""
        operands = [
            (piece, needed.end)
            for operand in op.activations
            for piece, needed in self.where.written(operand, rows_read(op, rows, operand))
        ]
        awaited = [(tensor, all_rows(tensor).end) for tensor in self.awaited.get(op, ())]
        first = self.choices.first.get(op, 0) % max(len(operands), 1)
        return [*operands[first:], *operands[:first], *awaited]

    def add(self, op: Op, rows: Rows) -> None:
        self.added.append(Step(op, rows))
        self.done[op] = rows.end
        if op.writes_rows:
            self.ready.update((tensor, rows.end) for tensor in op.outputs)
        elif rows.end == op.step_rows:
            self.ready.update((tensor, all_rows(tensor).end) for tensor in op.outputs)


def rows_read(op: Op, rows: Rows, operand: Tensor) -> Rows:
    """The rows of an operand that a step for `rows` reads."""
    if op.accumulates:
        return rows
    return op.needs(rows, operand)
