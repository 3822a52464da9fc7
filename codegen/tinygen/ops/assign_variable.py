"""ASSIGN_VARIABLE: puts a tensor where the next inference will look for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.dtype import Array
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.reshape import copy_blocks


@dataclass(frozen=True, eq=False)
class AssignVariable(Op):
    """next = value; made by the importer from the file's operators on variables."""

    value: Tensor
    next: Tensor
    """What a state becomes when the inference is over."""

    KIND = "ASSIGN_VARIABLE"
    RULES = ()

    @classmethod
    def read(cls, node: Node) -> Self:
        raise NotImplementedError("variables are resolved when the model is imported")

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.value,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.next,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (values[0].reshape(self.next.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (copy_blocks(self.value, self.next, 1, self.value.bytes, self.value.bytes, 0),)
