"""EXPAND_DIMS: the same bytes with one more dimension, of size 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tinygen.ops.node import Node
from tinygen.ops.reshape import Reshape


@dataclass(frozen=True, eq=False)
class ExpandDims(Reshape):
    """Where the dimension is seen in the output's shape."""

    KIND = "EXPAND_DIMS"

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), None, node.outputs[0])
