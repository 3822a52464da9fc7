"""An op that maps every int8 to an int8 by itself: 256 answers, made here, looked up on the chip."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import Elementwise
from tinygen.ops.rule import Rule, dtype_is, is_per_tensor
from tinygen.quant import Int64s


@dataclass(frozen=True, eq=False)
class TableOp(Elementwise):
    """output[i] = table[input[i] + 128] where both are int8; an op may have other forms beside this one."""

    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT8),
        dtype_is("output", DType.INT8),
        is_per_tensor("input", "output"),
    )

    @property
    def is_table(self) -> bool:
        """The op is a table in this form."""
        return self.input.dtype is DType.INT8 and self.output.dtype is DType.INT8

    @abstractmethod
    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        """The stored outputs for stored int8 inputs."""

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (self.answers(values[0].astype(np.int64), rounding).astype(np.int8),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        table = self.answers(np.arange(-128, 128), place.target.rounding).astype(np.int8)
        return (
            KernelCall(
                "tg_table_s8",
                {
                    "table": Constant.of(table),
                    "input": place.ring(self.input),
                    "output": place.ring(self.output),
                    "row_elements": self.output.row_elements,
                },
                (self.input,),
                self.output,
            ),
        )
