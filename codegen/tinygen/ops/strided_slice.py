"""STRIDED_SLICE: every so-manieth element of a box, as numpy's basic indexing picks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, Copy, CopyOp, indexed
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, is_constant


def _offset(op: StridedSlice) -> str:
    return "end is" if op.end_is_offset else ""


@dataclass(frozen=True, eq=False)
class StridedSlice(CopyOp):
    """output = input[begin:end:strides, ...]; the masks say by bits which entries mean something else."""

    input: Tensor
    begin: Tensor
    end: Tensor
    strides: Tensor
    output: Tensor
    begin_mask: int
    """Entries that begin at the very start."""
    end_mask: int
    """Entries that end at the very end."""
    ellipsis_mask: int
    """The entry that stands for all dimensions which no other entry is for."""
    new_axis_mask: int
    """Entries that are a new dimension of size 1."""
    shrink_axis_mask: int
    """Entries that are a single index, so that their dimension goes."""
    end_is_offset: bool

    KIND = "STRIDED_SLICE"
    RULES = (
        is_constant("begin"),
        is_constant("end"),
        is_constant("strides"),
        Rule("end is no offset from begin", _offset),
        *COPY_RULES,
        FEW_LOOPS,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(
            node.index,
            node.input(0),
            node.input(1),
            node.input(2),
            node.input(3),
            node.outputs[0],
            node.integer("begin_mask"),
            node.integer("end_mask"),
            node.integer("ellipsis_mask"),
            node.integer("new_axis_mask"),
            node.integer("shrink_axis_mask"),
            node.flag("offset"),
        )

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.begin, self.end, self.strides)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def key(self) -> tuple[slice | int | EllipsisType | None, ...]:
        """The entries as an index of numpy; what an ellipsis or a new axis says wins over the rest."""
        begins, ends, strides = (t.value.reshape(-1).tolist() for t in (self.begin, self.end, self.strides))
        key: list[slice | int | EllipsisType | None] = []
        for i, (begin, end, stride) in enumerate(zip(begins, ends, strides, strict=True)):
            if self.ellipsis_mask >> i & 1:
                key.append(...)
            elif self.new_axis_mask >> i & 1:
                key.append(None)
            elif self.shrink_axis_mask >> i & 1:
                key.append(0 if self.begin_mask >> i & 1 else begin)
            else:
                first = None if self.begin_mask >> i & 1 else begin
                key.append(slice(first, None if self.end_mask >> i & 1 else end, stride))
        return tuple(key)

    def copies(self) -> Sequence[Copy]:
        return (Copy(self.input, self.output, indexed(*self.key)),)
