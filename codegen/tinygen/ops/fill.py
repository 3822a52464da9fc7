"""FILL: a tensor with one value everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import SAME_DTYPE, fill_call
from tinygen.ops.node import Node
from tinygen.ops.op import Op


@dataclass(frozen=True, eq=False)
class Fill(Op):
    """output[i] = value"""

    shape: Tensor
    """Redundant with the output's."""
    value: Tensor
    """One element."""
    output: Tensor

    KIND = "FILL"
    RULES = (SAME_DTYPE,)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.shape, self.value)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.value,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (np.full(self.output.shape, values[1].reshape(()), self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (fill_call(self.value, self.output),)
