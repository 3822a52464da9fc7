"""SHAPE: the sizes of a tensor's dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tinygen.ir.dtype import DType
from tinygen.ops.fixed_op import FixedOp
from tinygen.ops.node import Node
from tinygen.ops.rule import dtype_is


@dataclass(frozen=True, eq=False)
class Shape(FixedOp):
    KIND = "SHAPE"
    RULES = (dtype_is("output", DType.INT32, DType.INT64),)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0])

    @property
    def answer(self) -> object:
        return self.input.shape
