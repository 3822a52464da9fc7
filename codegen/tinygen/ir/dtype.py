"""Element types: what TFLite calls them, how numpy holds them, how C spells them."""

from __future__ import annotations

from enum import Enum

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.generic]


class DType(Enum):
    """(TFLite's name, numpy's name, the C type, bytes per element in RAM)."""

    INT4 = ("int4", "int8", "int8_t", 1)
    INT8 = ("int8", "int8", "int8_t", 1)
    UINT8 = ("uint8", "uint8", "uint8_t", 1)
    INT16 = ("int16", "int16", "int16_t", 2)
    UINT16 = ("uint16", "uint16", "uint16_t", 2)
    INT32 = ("int32", "int32", "int32_t", 4)
    UINT32 = ("uint32", "uint32", "uint32_t", 4)
    INT64 = ("int64", "int64", "int64_t", 8)
    UINT64 = ("uint64", "uint64", "uint64_t", 8)
    FLOAT16 = ("float16", "float16", "uint16_t", 2)
    FLOAT32 = ("float32", "float32", "float", 4)
    FLOAT64 = ("float64", "float64", "double", 8)
    BOOL = ("bool", "bool", "bool", 1)

    def __init__(self, label: str, numpy_name: str, c_type: str, size: int) -> None:
        self.label = label
        self.numpy = np.dtype(numpy_name)
        self.c_type = c_type
        self.size = size

    @property
    def is_float(self) -> bool:
        return self in (DType.FLOAT16, DType.FLOAT32, DType.FLOAT64)

    @property
    def limits(self) -> tuple[int, int]:
        """Least and greatest value of an integer type."""
        if self is DType.INT4:
            return -8, 7
        info = np.iinfo(self.numpy)
        return int(info.min), int(info.max)


DTYPES = {d.label: d for d in DType}
