"""PADV2: a given value around a tensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, Copy, CopyOp, inside, keeps_scale
from tinygen.ops.node import Node
from tinygen.ops.rule import is_constant


@dataclass(frozen=True, eq=False)
class PadV2(CopyOp):
    """output = input with `before` and `after` elements of the constant along every dimension."""

    input: Tensor
    paddings: Tensor
    """[rank, 2] int32 or int64: before and after"""
    constant: Tensor
    """One element, maybe known at run time only; on the output's scale, if it is quantized."""
    output: Tensor

    KIND = "PADV2"
    RULES = (
        is_constant("paddings"),
        keeps_scale("input", "output"),
        keeps_scale("constant", "output"),
        *COPY_RULES,
        FEW_LOOPS,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.input(2), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.paddings, self.constant)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.input, self.constant)

    @property
    def background(self) -> Tensor:
        return self.constant

    def copies(self) -> Sequence[Copy]:
        return (Copy(self.input, self.output, place=inside(self.paddings.value, self.input.shape, self.output.shape)),)
