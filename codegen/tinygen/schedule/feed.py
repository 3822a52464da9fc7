"""A model input that comes row by row, as an op: its steps wait for rows instead of computing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from tinygen.errors import UnsupportedModelError
from tinygen.ir.dtype import Array
from tinygen.ir.graph import Graph
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op


@dataclass(frozen=True, eq=False)
class Feed(Op):
    """The caller's rows; the generated code copies them into the ring."""

    output: Tensor

    KIND = "FEED"
    BY_ROWS = True
    ONE_ROW = True  # the caller may bring a single one, and a step that waited for more would lose it
    RULES = ()

    @classmethod
    def read(cls, node: Node) -> Self:
        raise NotImplementedError("no file has this operator")

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return ()

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        raise NotImplementedError("the caller has the value")

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return ()


def fed_by_rows(graph: Graph) -> Graph:
    """The graph with its only input as a Feed; raises UnsupportedModelError where rows can't be pushed."""
    problem = ""
    if len(graph.inputs) != 1:
        problem = f"it has {len(graph.inputs)} inputs"
    elif graph.inputs[0].rows < 2:
        problem = f"its input {graph.inputs[0]} has one row"
    elif graph.inputs[0] in graph.outputs:
        problem = "its input is also an output"
    elif not any(graph.inputs[0] in op.activations for op in graph.ops):
        problem = f"nothing reads its input {graph.inputs[0]}"
    if problem:
        raise UnsupportedModelError(
            f"{graph.name} can't be fed row by row: {problem}, and what is accepted is one input of several rows that"
            " is read.",
            "Leave out --push.",
        )
    return replace(graph, inputs=(), ops=(Feed(-1, graph.inputs[0]), *graph.ops))
