"""How indices are read: from a tensor of int32 or int64, made safe where they are only known at run time."""

from __future__ import annotations

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.tensor import Tensor
from tinygen.ops.rule import Rule, dtype_is
from tinygen.quant import Int64s

INDEX = (DType.INT32, DType.INT64)


def index_rule(field: str) -> Rule:
    return dtype_is(field, *INDEX)


def is_wide(indices: Tensor) -> int:
    """What kernels are told: 1 for int64."""
    return int(indices.dtype is DType.INT64)


def safe(indices: Array, size: int) -> Int64s:
    """Indices outside of a dimension are taken for the nearest one inside; TFLite leaves open what they do."""
    return np.clip(indices.astype(np.int64), 0, size - 1)


def _several(op: object) -> str:
    tensor: Tensor = op.input  # type: ignore[attr-defined]
    return f"{tensor} has none" if tensor.elements == 0 else ""


HAS_ELEMENTS = Rule("input has elements", _several)
