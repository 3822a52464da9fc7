"""Ops that cut a tensor into outputs along one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import Copy, CopyOp, along


@dataclass(frozen=True, eq=False)
class SplitOp(CopyOp):
    """The outputs side by side are the input; their shapes say how long each is."""

    input: Tensor
    axis: Tensor
    """One number; negative ones count from the end."""
    parts: tuple[Tensor, ...]

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.axis)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return self.parts

    def copies(self) -> Sequence[Copy]:
        axis = int(self.axis.value.reshape(())) % max(len(self.input.shape), 1)
        copies, first = [], 0
        for part in self.parts:
            end = first + part.shape[axis]
            copies.append(Copy(self.input, part, along(axis, slice(first, end))))
            first = end
        return copies
