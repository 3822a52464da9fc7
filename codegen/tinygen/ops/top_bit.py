"""TOP_BIT: uint8 becomes the int8 that is 128 less, or the other way round; no file has this operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.unary import Unary


@dataclass(frozen=True, eq=False)
class TopBit(Unary):
    """Stands where the caller's uint8 meets a legacy model that is computed in int8."""

    KIND = "TOP_BIT"
    BY_ROWS = True
    RULES = ()

    @classmethod
    def read(cls, node: Node) -> Self:
        raise AssertionError("the importer makes this op; no file has it")

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.input,)

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return rows

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        flipped = np.ascontiguousarray(values[0]).view(np.uint8) ^ np.uint8(128)
        return (flipped.view(self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "row_bytes": self.output.row_bytes,
        }
        return (KernelCall("tg_top_bit_u8", fields, (self.input,), self.output),)
