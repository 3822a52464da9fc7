"""REVERSE_V2: some dimensions backwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, Copy, CopyOp
from tinygen.ops.node import Node
from tinygen.ops.rule import is_constant


@dataclass(frozen=True, eq=False)
class ReverseV2(CopyOp):
    """output[..., i, ...] = input[..., size - 1 - i, ...] along the axes"""

    input: Tensor
    axes: Tensor
    """int32; negative ones count from the end"""
    output: Tensor

    KIND = "REVERSE_V2"
    RULES = (is_constant("axes"), *COPY_RULES, FEW_LOOPS)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.axes)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def copies(self) -> Sequence[Copy]:
        axes = tuple(self.axes.value.reshape(-1).tolist())
        return (Copy(self.input, self.output, lambda array: np.flip(array, axes)),)
