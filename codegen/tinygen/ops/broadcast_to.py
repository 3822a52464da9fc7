"""BROADCAST_TO: a tensor repeated along its dimensions of size 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, Copy, CopyOp
from tinygen.ops.node import Node


@dataclass(frozen=True, eq=False)
class BroadcastTo(CopyOp):
    """output[i, j, ...] = input[i or 0, j or 0, ...]"""

    input: Tensor
    shape: Tensor
    """Redundant with the output's."""
    output: Tensor

    KIND = "BROADCAST_TO"
    RULES = (*COPY_RULES, FEW_LOOPS)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.shape)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def copies(self) -> Sequence[Copy]:
        return (Copy(self.input, self.output, lambda array: np.broadcast_to(array, self.output.shape)),)
