"""Steps by pulling from the outputs: a row is computed when a consumer needs it, a few rows at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Rows, Step
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op


@dataclass(frozen=True)
class Choices:
    """A point between whole tensors and single rows."""

    rows_per_step: Mapping[Op, int] = field(default_factory=dict)
    """How many rows an op computes at a time; ops that are not in it compute all at once."""
    complete: frozenset[Op] = frozenset()
    """Ops whose output is computed to the end before anyone reads it, so that what came before is over."""


def pull_steps(graph: Graph, choices: Choices) -> list[Step]:
    """The steps that compute every output of the graph, each op's rows in order and each row once."""
    return _Puller(graph, choices).steps()


class _Puller:
    """How far every tensor is, while steps are added."""

    def __init__(self, graph: Graph, choices: Choices) -> None:
        self.graph = graph
        self.choices = choices
        self.homes = homes(graph)
        self.producer = {tensor: op for op in graph.ops for tensor in op.outputs}
        self.ready: dict[Tensor, int] = {tensor: max(tensor.rows, 1) for tensor in given(graph)}
        self.awaited = self.old_values_read()
        self.done: dict[Op, int] = {}
        self.added: list[Step] = []

    def steps(self) -> list[Step]:
        for output in self.graph.outputs:
            if not output.is_constant:
                home = self.homes[output]
                self.pull(home, max(home.rows, 1))
        for state in self.graph.states:
            self.pull(state.next, max(state.next.rows, 1))
        # rows that nobody reads, such as the last ones under a stride
        for op in self.graph.ops:
            if 0 < self.done.get(op, 0) < op.step_rows:
                self.pull(op.outputs[0], max(op.outputs[0].rows, 1))
        return self.added

    def old_values_read(self) -> dict[Op, list[Tensor]]:
        """What must be complete before an op writes a state: the outputs of whoever reads the old value."""
        found: dict[Op, list[Tensor]] = {}
        for state in self.graph.states:
            writer = self.producer[state.next]
            for op in self.graph.ops:
                reads = any(self.homes[t] is state.tensor for t in op.activations)
                if reads and op is not writer and op.outputs[0] in self.producer and not op.IS_ALIAS:
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
                    row = max(operand.rows, 1)
                wanted.append((operand, row))
            else:
                self.add(op, rows)

    def next_rows(self, op: Op) -> Rows:
        first = self.done.get(op, 0)
        if not op.is_divisible:
            return Rows(first, op.step_rows)
        return Rows(first, min(first + self.choices.rows_per_step.get(op, op.step_rows), op.step_rows))

    def needs(self, op: Op, rows: Rows) -> list[tuple[Tensor, int]]:
        """(operand, rows that must be ready) of a step."""
        operands = [
            (self.homes[operand], rows_of_home(operand, rows_read(op, rows, operand), self.homes[operand]).end)
            for operand in op.activations
        ]
        return operands + [(tensor, max(tensor.rows, 1)) for tensor in self.awaited.get(op, ())]

    def add(self, op: Op, rows: Rows) -> None:
        self.added.append(Step(op, rows))
        self.done[op] = rows.end
        if op.writes_rows:
            self.ready.update((tensor, rows.end) for tensor in op.outputs)
        elif rows.end == op.step_rows:
            self.ready.update((tensor, max(tensor.rows, 1)) for tensor in op.outputs)


def given(graph: Graph) -> tuple[Tensor, ...]:
    """The tensors that are there before the first step."""
    return (*graph.inputs, *(state.tensor for state in graph.states))


def homes(graph: Graph) -> dict[Tensor, Tensor]:
    """The tensor in whose bytes each run-time tensor lives: itself, or the input of the alias that made it.

    An output of the model that aliases an input of the model is a copy, so that both can be read by the caller; and so
    is what is remembered, which has its own place.
    """
    found: dict[Tensor, Tensor] = {tensor: tensor for tensor in given(graph)}
    fixed = set(given(graph))
    outputs = set(graph.outputs)
    next_values = {state.next for state in graph.states}
    for op in graph.ops:
        found.update((tensor, tensor) for tensor in op.outputs)
        if op.IS_ALIAS and op.outputs[0] not in next_values:
            home = found[op.inputs[0]]
            if not (op.outputs[0] in outputs and home in fixed):
                found[op.outputs[0]] = home
    return found


def rows_of_home(tensor: Tensor, rows: Rows, home: Tensor) -> Rows:
    """The rows of `home` that hold the bytes of some rows of an alias."""
    if tensor is home or home.row_bytes == 0:
        return rows
    return Rows(rows.first * tensor.row_bytes // home.row_bytes, -(-rows.end * tensor.row_bytes // home.row_bytes))


def rows_read(op: Op, rows: Rows, operand: Tensor) -> Rows:
    """The rows of an operand that a step for `rows` reads."""
    if op.accumulates:
        return rows
    return op.needs(rows, operand)
