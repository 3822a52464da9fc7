"""Numbers by which kernels that serve many element types are told which one; they stand in tg_element.h."""

from __future__ import annotations

from tinygen.ir.dtype import DType

ELEMENTS = (
    DType.INT8,
    DType.UINT8,
    DType.INT16,
    DType.UINT16,
    DType.INT32,
    DType.UINT32,
    DType.INT64,
    DType.FLOAT32,
    DType.BOOL,
)


def element_type(dtype: DType) -> int:
    return ELEMENTS.index(dtype)
