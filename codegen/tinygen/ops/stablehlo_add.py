"""STABLEHLO_ADD: the sum of two tensors."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ir.dtype import DType
from tinygen.ops.add import Add
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.elementwise import SAME_DTYPE
from tinygen.ops.rule import dtype_is


@dataclass(frozen=True, eq=False)
class StablehloAdd(Add):
    """ADD of plain numbers; int32 and int64 wrap."""

    KIND = "STABLEHLO_ADD"
    RULES = (dtype_is("input1", DType.INT32, DType.INT64, DType.FLOAT32), SAME_DTYPE, RANK_FITS)

    @classmethod
    def word(cls) -> str:
        return "add"
