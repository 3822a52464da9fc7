"""SLICE: a box out of a tensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, SAME_DTYPE, Copy, CopyOp, indexed
from tinygen.ops.index import index_rule
from tinygen.ops.node import Node
from tinygen.ops.run_time_box import SIDES_FIT, RunTimeBox, Side


@dataclass(frozen=True, eq=False)
class RunTimeSlice(RunTimeBox):
    """`begin` or `size` is known at run time only; dimensions that `begin` has no entry for begin at 0."""

    KIND = "SLICE"
    RULES = (SAME_DTYPE, index_rule("begin"), SIDES_FIT)
    RELATIVE = False

    @classmethod
    def takes(cls, node: Node) -> bool:
        return not (node.input(1).is_constant and node.input(2).is_constant)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    def sides_of(self, limits: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[Side, ...]:
        entries = self.begin.elements
        return tuple(Side(axis if axis < entries else -1, 0, 1, size) for axis, size in enumerate(sizes))


@dataclass(frozen=True, eq=False)
class Slice(CopyOp):
    """output[i, j, ...] = input[begin[0] + i, begin[1] + j, ...]"""

    input: Tensor
    begin: Tensor
    size: Tensor
    """One per dimension; -1 for all that is left."""
    output: Tensor

    KIND = "SLICE"
    FORMS = (RunTimeSlice,)
    RULES = (*COPY_RULES, FEW_LOOPS)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.input(2), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.begin, self.size)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def copies(self) -> Sequence[Copy]:
        begins, sizes = self.begin.value.reshape(-1).tolist(), self.size.value.reshape(-1).tolist()
        box = [slice(begin, None if size == -1 else begin + size) for begin, size in zip(begins, sizes, strict=True)]
        return (Copy(self.input, self.output, indexed(*box)),)
