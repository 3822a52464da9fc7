"""IF, where the condition is known at run time: one of two graphs is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinygen.ir.dtype import Array
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.nested import Nested, Turns, is_true, run_graph


@dataclass(frozen=True, eq=False)
class Branch(Nested):
    """results = graphs[0](operands) if condition else graphs[1](operands)"""

    KIND = "IF"
    ROLES = ("then", "else")

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.condition, *self.operands)

    def run(self, values: Sequence[Array], rounding: Rounding, turns: Turns) -> tuple[Array, ...]:
        condition, *operands = values
        made = run_graph(self.graphs[0 if is_true(condition) else 1], operands, (), rounding, turns)
        return tuple(value.reshape(tensor.shape) for value, tensor in zip(made, self.results, strict=True))
