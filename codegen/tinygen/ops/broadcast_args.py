"""BROADCAST_ARGS: the shape to which two shapes are broadcast."""

from __future__ import annotations

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


def _shapes(op: BroadcastArgs) -> str:
    if max(len(op.shape1.shape), len(op.shape2.shape)) > 1:
        return f"{op.shape1} and {op.shape2}"
    longest = max(op.shape1.elements, op.shape2.elements)
    return "" if op.output.elements == longest else f"{op.output} is for {longest}"


@dataclass(frozen=True, eq=False)
class BroadcastArgs(Op):
    """output[i] = shape1[i], or shape2[i] where that is 1; a shorter one begins with ones."""

    shape1: Tensor
    shape2: Tensor
    output: Tensor

    KIND = "BROADCAST_ARGS"
    RULES = (
        SAME_DTYPE,
        index_rule("output"),
        Rule("the inputs have one dimension, and the output that of the longer one", _shapes),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.shape1, self.shape2)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return self.inputs

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rank = self.output.elements
        first, second = (
            np.concatenate([np.ones(rank - value.size, value.dtype), value.reshape(-1)]) for value in values
        )
        return (np.where(first == 1, second, first).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "elements1": self.shape1.elements,
            "elements2": self.shape2.elements,
            "wide": is_wide(self.output),
        }
        return (KernelCall("tg_broadcast_args", fields, (self.shape1, self.shape2), self.output, whole=True),)
