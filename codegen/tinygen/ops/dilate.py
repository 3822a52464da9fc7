"""DILATE: a value between a tensor's elements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, Copy, CopyOp, indexed
from tinygen.ops.node import Node
from tinygen.ops.rule import is_constant


@dataclass(frozen=True, eq=False)
class Dilate(CopyOp):
    """output[i * dilation] = input[i] along every dimension, and the padding's value elsewhere."""

    input: Tensor
    dilations: Tensor
    """[rank] int32"""
    padding: Tensor
    """One element."""
    output: Tensor

    KIND = "DILATE"
    RULES = (is_constant("dilations"), *COPY_RULES, FEW_LOOPS)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.input(2), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.dilations, self.padding)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.input, self.padding)

    @property
    def background(self) -> Tensor:
        return self.padding

    def copies(self) -> Sequence[Copy]:
        steps: list[int] = self.dilations.value.reshape(-1).tolist()
        if min(steps, default=1) < 1:
            raise ValueError(f"the dilations are {steps}")
        made = [(size - 1) * step + 1 for size, step in zip(self.input.shape, steps, strict=True)]
        if made != list(self.output.shape):
            raise ValueError(f"{self.input} and dilations {steps} make {self.output}")
        return (Copy(self.input, self.output, place=indexed(*(slice(None, None, step) for step in steps))),)
