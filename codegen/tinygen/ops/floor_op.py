"""FLOOR_DIV and FLOOR_MOD: the quotient rounded down, and what it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field
from tinygen.ir.target import Rounding
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.element import element_type
from tinygen.ops.elementwise import SAME_DTYPE
from tinygen.ops.plain_binary import SUFFIXES, PlainBinary
from tinygen.ops.rule import Rule, dtype_is


@dataclass(frozen=True, eq=False)
class FloorOp(PlainBinary):
    """Stored integers are divided, whatever their scales; integers divided by 0 are 0, where TFLite refuses to run."""

    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input1", DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32),
        SAME_DTYPE,
        RANK_FITS,
    )
    IS_REST: ClassVar[bool]

    @property
    def kernel(self) -> str:
        return super().kernel if self.input1.dtype in SUFFIXES else "tg_floor_pairs"

    def fields(self, rounding: Rounding) -> Mapping[str, Field]:
        if self.input1.dtype in SUFFIXES:
            return {}
        return {"type": element_type(self.input1.dtype), "is_rest": int(self.IS_REST)}
