"""STRIDED_SLICE: every so-manieth element of a box, as numpy's basic indexing picks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, SAME_DTYPE, Copy, CopyOp, indexed
from tinygen.ops.index import index_rule
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, is_constant
from tinygen.ops.run_time_box import SIDES_FIT, RunTimeBox, Side


def _offset(op: StridedSlice) -> str:
    return "end is" if op.end_is_offset else ""


@dataclass(frozen=True, eq=False)
class RunTimeStridedSlice(RunTimeBox):
    """`begin` or `end` is known at run time only; the output's shape says where the box ends."""

    strides: Tensor
    begin_mask: int
    ellipsis_mask: int
    new_axis_mask: int
    shrink_axis_mask: int

    KIND = "STRIDED_SLICE"
    RULES = (is_constant("strides"), SAME_DTYPE, index_rule("begin"), SIDES_FIT)
    RELATIVE = True

    @classmethod
    def takes(cls, node: Node) -> bool:
        return not (node.input(1).is_constant and node.input(2).is_constant)

    @classmethod
    def read(cls, node: Node) -> Self:
        masks = ("begin_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
        begin, strides = node.input(1), node.input(3)
        return cls(node.index, node.input(0), begin, node.outputs[0], strides, *(node.integer(m) for m in masks))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.begin, self.strides)

    def sides_of(self, limits: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[Side, ...]:
        strides = self.strides.value.reshape(-1).tolist()
        plain = [not (self.ellipsis_mask | self.new_axis_mask) >> i & 1 for i in range(len(strides))]
        untouched = len(limits) - sum(plain)
        left, sides = list(sizes), list[Side]()
        for entry, stride in enumerate(strides):
            if self.ellipsis_mask >> entry & 1:
                sides += [Side(-1, 0, 1, left.pop(0)) for _ in range(untouched)]
                untouched = 0
            elif self.new_axis_mask >> entry & 1:
                left = left[1:]
            else:
                shrinks, begins = self.shrink_axis_mask >> entry & 1, self.begin_mask >> entry & 1
                first = 0 if stride > 0 or len(sides) >= len(limits) else limits[len(sides)] - 1
                size = 1 if shrinks or not left else left.pop(0)
                sides.append(Side(-1 if begins else entry, first, stride, size))
        return (*sides, *(Side(-1, 0, 1, size) for size in left))


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
    FORMS = (RunTimeStridedSlice,)
    RULES = (
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
