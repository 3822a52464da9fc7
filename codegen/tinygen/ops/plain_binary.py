"""Binary ops whose kernels need to know nothing but where the elements lie: one kernel per element type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field
from tinygen.ir.target import Rounding
from tinygen.ops.broadcast import RANK_FITS
from tinygen.ops.elementwise import SAME_DTYPE
from tinygen.ops.elementwise_binary import ElementwiseBinary
from tinygen.ops.integer_pairs import ANY_INTEGER, Operation, integer_pairs
from tinygen.ops.rule import Rule, dtype_is

SUFFIXES = {DType.INT32: "s32", DType.FLOAT32: "f32", DType.BOOL: "b"}


@dataclass(frozen=True, eq=False)
class PlainBinary(ElementwiseBinary):
    """Its kernels are tg_<op>_<type>."""

    RULES: ClassVar[tuple[Rule, ...]] = (dtype_is("input1", DType.INT32, DType.FLOAT32), SAME_DTYPE, RANK_FITS)

    @property
    def kernel(self) -> str:
        return f"tg_{self.KIND.lower()}_{SUFFIXES[self.input1.dtype]}"

    def fields(self, rounding: Rounding) -> Mapping[str, Field]:
        return {}


@dataclass(frozen=True, eq=False)
class IntegerBinary(ElementwiseBinary):
    """Of integers only, whose scales do not matter."""

    RULES: ClassVar[tuple[Rule, ...]] = (dtype_is("input1", *ANY_INTEGER), SAME_DTYPE, RANK_FITS)
    OPERATION: ClassVar[Operation]

    @property
    def kernel(self) -> str:
        return "tg_integer_pairs"

    def fields(self, rounding: Rounding) -> Mapping[str, Field]:
        return integer_pairs(self.OPERATION, self.input1.dtype)
