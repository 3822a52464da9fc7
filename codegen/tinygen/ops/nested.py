"""Ops that run graphs of their own: what a graph of theirs is, and how numpy runs it."""

from __future__ import annotations

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
    graph: Graph, operands: Sequence[Array], before: Sequence[Array], rounding: Rounding
) -> tuple[Array, ...]:
    """What the states of a nested graph are in the end; before: what they are in the beginning, if that is read."""
    values = dict(zip(graph.inputs, operands, strict=True))
    values |= dict(zip((state.tensor for state in graph.states), before, strict=False))
    run_ops(graph.ops, values, rounding)
    return tuple(values[state.next] for state in graph.states)


def run_ops(ops: Iterable[Op], values: dict[Tensor, Array], rounding: Rounding) -> None:
    """Adds to `values` what the ops compute, one after the other."""
    for op in ops:
        operands = [tensor.value if tensor.is_constant else values[tensor] for tensor in op.inputs]
        values.update(zip(op.outputs, op.evaluate(operands, rounding), strict=True))


def is_true(condition: Array) -> bool:
    return bool(np.asarray(condition).reshape(-1)[0])
