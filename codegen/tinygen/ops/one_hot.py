"""ONE_HOT: indices as rows in which one place is marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import SAME_DTYPE
from tinygen.ops.index import index_rule, is_wide
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule


def _shape(op: OneHot) -> str:
    shape, made = op.indices.shape, op.output.shape
    fits = len(made) == len(shape) + 1 and 0 <= op.place < len(made)
    fits = fits and (*made[: op.place], *made[op.place + 1 :]) == shape
    return "" if fits else f"{op.indices} makes {op.output} along axis {op.axis}"


@dataclass(frozen=True, eq=False)
class OneHot(Op):
    """output[i, d, j] = on_value if indices[i, j] is d, else off_value; an index that lies outside marks nothing."""

    indices: Tensor
    depth: Tensor
    """Redundant with the output's size along the axis."""
    on_value: Tensor
    off_value: Tensor
    output: Tensor
    axis: int
    """Where the output has one dimension more; -1 for the last."""

    KIND = "ONE_HOT"
    RULES = (
        index_rule("indices"),
        SAME_DTYPE,
        Rule("the output has the shape of the indices, and one dimension more at the axis", _shape),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        inputs = (node.input(0), node.input(1), node.input(2), node.input(3))
        return cls(node.index, *inputs, node.outputs[0], node.integer("axis"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.indices, self.depth, self.on_value, self.off_value)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.on_value, self.off_value)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def place(self) -> int:
        """The axis, counted from 0."""
        return len(self.indices.shape) if self.axis == -1 else self.axis

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        places = np.arange(self.output.shape[self.place])
        marked = np.expand_dims(values[0], -1) == places
        chosen = np.where(np.moveaxis(marked, -1, self.place), values[2].reshape(()), values[3].reshape(()))
        return (chosen.astype(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        shape = self.output.shape
        fields: dict[str, Field] = {
            "outer": math.prod(shape[: self.place]),
            "depth": shape[self.place],
            "inner": math.prod(shape[self.place + 1 :]),
            "element_bytes": self.output.dtype.size,
            "wide": is_wide(self.indices),
        }
        inputs = (self.indices, self.on_value, self.off_value)
        return (KernelCall("tg_one_hot", fields, inputs, self.output, whole=True),)
