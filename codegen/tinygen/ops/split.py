"""SPLIT: equal parts of a tensor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tinygen.ops.copy_op import COPY_RULES
from tinygen.ops.node import Node
from tinygen.ops.rule import is_constant
from tinygen.ops.split_op import SplitOp


@dataclass(frozen=True, eq=False)
class Split(SplitOp):
    KIND = "SPLIT"
    RULES = (is_constant("axis"), *COPY_RULES)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(1), node.input(0), tuple(node.outputs))
