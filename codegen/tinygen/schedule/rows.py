"""Steps by pulling from the outputs: a row is computed when a consumer needs it, a few rows at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Forms, Rows, Step
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.schedule.places import Places, all_rows, given, places

KEPT = 1 << 16
"""Steps of which is kept what they read: the schedules that a search tries have most of them in common."""


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
        self.begun: dict[Op, tuple[Step, list[tuple[Tensor, int]]]] = {}
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
        ready, wanted = self.ready, [(tensor, end)]
        while wanted:
            tensor, end = wanted[-1]
            if ready.get(tensor, 0) >= end:
                wanted.pop()
                continue
            op = self.producer[tensor]
            if op not in self.begun:
                step = self.next_step(op)
                self.begun[op] = step, self.needs(step)
            step, needs = self.begun[op]
            for operand, row in needs:
                if ready.get(operand, 0) < row:
                    is_complete = self.producer.get(operand) in self.choices.complete
                    wanted.append((operand, all_rows(operand).end if is_complete else row))
                    break
            else:
                del self.begun[op]
                self.add(step)

    def next_step(self, op: Op) -> Step:
        first, end = self.done.get(op, 0), op.step_rows
        if op.is_divisible:
            end = min(first + (1 if op.ONE_ROW else self.choices.rows_per_step.get(op, end)), end)
        return step_and_reads(op, first, end)[0]

    def needs(self, step: Step) -> list[tuple[Tensor, int]]:
        """(written tensor, rows that must be ready) of a step."""
        operands = [
            (piece, needed.end)
            for operand, read in rows_read(step)
            for piece, needed in self.where.written(operand, read)
        ]
        awaited = [(tensor, all_rows(tensor).end) for tensor in self.awaited.get(step.op, ())]
        first = self.choices.first.get(step.op, 0) % max(len(operands), 1)
        return [*operands[first:], *operands[:first], *awaited]

    def add(self, step: Step) -> None:
        self.added.append(step)
        op, end = step.op, step.rows.end
        self.done[op] = end
        if op.writes_rows:
            for tensor in op.outputs:
                self.ready[tensor] = end
        elif end == op.step_rows:
            self.ready.update((tensor, all_rows(tensor).end) for tensor in op.outputs)


def rows_read(step: Step) -> tuple[tuple[Tensor, Rows], ...]:
    """The operands that a step reads, and which of their rows."""
    return step_and_reads(step.op, step.rows.first, step.rows.end)[1]


@lru_cache(maxsize=KEPT)
def step_and_reads(op: Op, first: int, end: int) -> tuple[Step, tuple[tuple[Tensor, Rows], ...]]:
    """The step for rows [first, end), and what it reads."""
    rows = Rows(first, end)
    reads = tuple((operand, rows if op.accumulates else op.needs(rows, operand)) for operand in op.activations)
    return Step(op, rows), reads
