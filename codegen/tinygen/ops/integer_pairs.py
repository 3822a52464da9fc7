"""Binary ops on integers of any one type, by two kernels that are told type and operation."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field
from tinygen.ops.element import ELEMENTS, element_type
from tinygen.quant import INT32_MAX, INT32_MIN

ANY_INTEGER = tuple(dtype for dtype in ELEMENTS if dtype not in (DType.FLOAT32, DType.BOOL))


class Operation(IntEnum):
    """What tg_integer_pairs computes."""

    SUM = 0
    DIFFERENCE = 1
    PRODUCT = 2
    EXCLUSIVE_OR = 3
    RIGHT_SHIFT = 4
    GREATEST = 5
    LEAST = 6


NO_ENDS = (INT32_MIN, INT32_MAX)


def integer_pairs(operation: Operation, dtype: DType, clamp: tuple[int, int] = NO_ENDS) -> Mapping[str, Field]:
    """The params of tg_integer_pairs, beside where the elements lie; an end that is int32's own is none."""
    return {
        "type": element_type(dtype),
        "operation": int(operation),
        "output_min": clamp[0],
        "output_max": clamp[1],
    }
