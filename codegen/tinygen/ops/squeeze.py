"""SQUEEZE: the same bytes without dimensions of size 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tinygen.ops.node import Node
from tinygen.ops.reshape import Reshape


@dataclass(frozen=True, eq=False)
class Squeeze(Reshape):
    """Which dimensions go is seen in the output's shape."""

    KIND = "SQUEEZE"

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), None, node.outputs[0])
