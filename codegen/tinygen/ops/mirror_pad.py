"""MIRROR_PAD: a tensor between mirror images of its borders."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, Copy, CopyOp, indexed, inside
from tinygen.ops.node import Node
from tinygen.ops.rule import is_constant

Piece = tuple[slice, slice]
"""Of one dimension: what is read of the input, and where it goes in the output."""


@dataclass(frozen=True, eq=False)
class MirrorPad(CopyOp):
    """Beyond its borders the input is read backwards: without the border itself (REFLECT) or with it (SYMMETRIC)."""

    input: Tensor
    paddings: Tensor
    """[rank, 2] int32 or int64: before and after"""
    output: Tensor
    mode: str

    KIND = "MIRROR_PAD"
    RULES = (is_constant("paddings"), *COPY_RULES, FEW_LOOPS)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], node.text("mode", "REFLECT"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.paddings)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def pieces(self, size: int, before: int, after: int) -> list[Piece]:
        """The middle of one dimension and what there is of its two images."""
        border = 1 if self.mode == "REFLECT" else 0
        pieces = [(slice(0, size), slice(before, before + size))]
        if before:
            first = before + border
            pieces.append((slice(first - 1, border - 1 if border else None, -1), slice(0, before)))
        if after:
            last = size - border
            end = last - after
            pieces.append((slice(last - 1, end - 1 if end else None, -1), slice(before + size, before + size + after)))
        return pieces

    def copies(self) -> Sequence[Copy]:
        paddings = self.paddings.value.reshape(-1, 2).tolist()
        inside(self.paddings.value, self.input.shape, self.output.shape)
        dimensions = [self.pieces(size, *pair) for size, pair in zip(self.input.shape, paddings, strict=True)]
        return [
            Copy(
                self.input,
                self.output,
                indexed(*(read for read, _ in pieces)),
                indexed(*(written for _, written in pieces)),
            )
            for pieces in itertools.product(*dimensions)
        ]
