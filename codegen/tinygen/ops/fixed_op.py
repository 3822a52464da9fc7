"""Ops whose output is known from shapes alone; constant folding takes them out of the graph."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.ops.reshape import copy_blocks


@dataclass(frozen=True, eq=False)
class FixedOp(Op):
    """The input counts for its shape only, so it is none of `inputs`."""

    input: Tensor
    output: Tensor

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return ()

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    @abstractmethod
    def answer(self) -> object:
        """The output's value."""

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (np.array(self.answer, self.output.dtype.numpy).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        (value,) = self.evaluate((), place.target.rounding)
        known = replace(self.output, data=value)
        return (copy_blocks(known, self.output, 1, known.bytes, known.bytes, 0),)
