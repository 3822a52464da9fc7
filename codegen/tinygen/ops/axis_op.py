"""Ops along one axis, which a constant names."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tinygen.ir.program import Field
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op


@dataclass(frozen=True, eq=False)
class AxisOp(Op):
    """What the rows of the axis give, one after the other."""

    input: Tensor
    axis: Tensor
    """one integer; a negative one counts from the end"""
    output: Tensor

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.axis)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def place(self) -> int:
        """The axis, counted from 0."""
        return int(self.axis.value.reshape(-1)[0]) % len(self.input.shape)

    @property
    def loops(self) -> dict[str, Field]:
        """Of the kernel: around the axis, along it, and within."""
        shape = self.input.shape
        return {
            "outer": math.prod(shape[: self.place]),
            "size": shape[self.place],
            "inner": math.prod(shape[self.place + 1 :]),
        }
