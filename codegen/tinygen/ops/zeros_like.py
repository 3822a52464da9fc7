"""ZEROS_LIKE: as many zeros as a tensor has elements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ops.copy_op import MOVABLE
from tinygen.ops.fixed_op import FixedOp
from tinygen.ops.node import Node
from tinygen.ops.rule import dtype_is


@dataclass(frozen=True, eq=False)
class ZerosLike(FixedOp):
    """Stored zeros, whatever the zero point."""

    KIND = "ZEROS_LIKE"
    RULES = (dtype_is("output", *MOVABLE),)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0])

    @property
    def answer(self) -> object:
        return np.zeros(self.output.shape)
