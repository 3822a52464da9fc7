"""Ops that run graphs of their own: what a graph of theirs is, and how numpy runs it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.graph import Graph
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.schedule import Schedule
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op

MOST_TURNS = 20_000
"""After so many, those of loops inside loops included, numpy gives up: a second or two of small ops."""


@dataclass
class Turns:
    """Those that numpy may still take."""

    left: int = MOST_TURNS


@dataclass(frozen=True, eq=False)
class Nested(Op):
    """An op that decides at run time which graph of its own it runs, or how often.

    A graph's inputs are the op's `operands`, in order: they are read where they lie, and left as they are. Its states
    are what the op gives: each `next` lies in the place of an output of the op, in order, and so does its `tensor`.
    """

    condition: Tensor
    """One bool."""
    operands: tuple[Tensor, ...]
    results: tuple[Tensor, ...]
    graphs: tuple[Graph, ...]
    schedules: tuple[Schedule, ...]
    """One for each graph; none before the model is scheduled."""

    RULES = ()
    ROLES: ClassVar[tuple[str, ...]]
    """What each graph is to the op, in one word."""

    @classmethod
    def read(cls, node: Node) -> Self:
        raise NotImplementedError("calls of subgraphs are resolved when the model is imported")

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return self.results

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        """Raises TinygenError for a loop that does not come to an end."""
        return self.run(values, rounding, Turns())

    @abstractmethod
    def run(self, values: Sequence[Array], rounding: Rounding, turns: Turns) -> tuple[Array, ...]:
        """The outputs' values, for which no more turns may be taken than are left."""

    def scratch_bytes(self, target: Target) -> int:
        """One graph runs at a time, and leaves nothing behind."""
        return max((schedule.arena_bytes for schedule in self.schedules), default=0)

    @property
    def decides(self) -> Tensor:
        """Where the condition is looked at."""
        return self.condition

    @property
    def macs(self) -> int:
        """Of the graph that has most, once."""
        return max(graph.macs for graph in self.graphs)

    @property
    def weight_bytes(self) -> int:
        return sum(op.weight_bytes for graph in self.graphs for op in graph.ops)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        """What is done before the first graph runs."""
        return ()


def run_graph(
    graph: Graph, operands: Sequence[Array], before: Sequence[Array], rounding: Rounding, turns: Turns
) -> tuple[Array, ...]:
    """What the states of a nested graph are in the end; before: what they are in the beginning, if that is read."""
    values = dict(zip(graph.inputs, operands, strict=True))
    values |= dict(zip((state.tensor for state in graph.states), before, strict=False))
    run_ops(graph.ops, values, rounding, turns)
    return tuple(values[state.next] for state in graph.states)


def run_ops(ops: Iterable[Op], values: dict[Tensor, Array], rounding: Rounding, turns: Turns | None = None) -> None:
    """Adds to `values` what the ops compute, one after the other; turns: that loops may take together."""
    for op in ops:
        operands = [tensor.value if tensor.is_constant else values[tensor] for tensor in op.inputs]
        if isinstance(op, Nested) and turns is not None:
            made = op.run(operands, rounding, turns)
        else:
            made = op.evaluate(operands, rounding)
        values.update(zip(op.outputs, made, strict=True))


def is_true(condition: Array) -> bool:
    return bool(np.asarray(condition).reshape(-1)[0])
