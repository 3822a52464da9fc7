"""RANK: how many dimensions a tensor has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tinygen.ir.dtype import DType
from tinygen.ops.fixed_op import FixedOp
from tinygen.ops.node import Node
from tinygen.ops.rule import dtype_is


@dataclass(frozen=True, eq=False)
class Rank(FixedOp):
    KIND = "RANK"
    RULES = (dtype_is("output", DType.INT32),)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0])

    @property
    def answer(self) -> object:
        return len(self.input.shape)
