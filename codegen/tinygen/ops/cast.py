"""CAST: values as another element type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.element import ELEMENTS, element_type
from tinygen.ops.rule import dtype_is
from tinygen.ops.unary import Unary


@dataclass(frozen=True, eq=False)
class Cast(Unary):
    """output[i] = input[i] in C's way: integers wrap, floats are cut off towards 0, bool is whether it is not 0.

    What C leaves open is saturated: floats beyond the integer type's limits; not-a-number becomes 0.
    """

    KIND = "CAST"
    BY_ROWS = True
    RULES = (dtype_is("input", *ELEMENTS), dtype_is("output", *ELEMENTS))

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return rows

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        value, dtype = values[0], self.output.dtype
        if not self.input.dtype.is_float or dtype.is_float or dtype is DType.BOOL:
            return (value.astype(dtype.numpy),)
        low, high = dtype.limits
        whole = [min(max(int(v), low), high) if np.isfinite(v) else _end(v, low, high) for v in value.reshape(-1)]
        return (np.array(whole, dtype.numpy).reshape(value.shape),)

    @property
    def keeps_bytes(self) -> bool:
        """Between signed and unsigned the bytes stay."""
        types = (self.input.dtype, self.output.dtype)
        return types[0].size == types[1].size and not any(t.is_float or t is DType.BOOL for t in types)

    def _copy(self, place: Placement) -> KernelCall:
        """Rows as one part of a concatenation."""
        row_bytes = self.output.row_elements * self.output.dtype.size
        part: dict[str, Field] = {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "period": 1,
            "begin": 0,
            "rows": 1,
            "blocks": 1,
            "block_bytes": row_bytes,
            "output_stride": row_bytes,
            "output_offset": 0,
        }
        return KernelCall("tg_concatenation", {"part": part}, (self.input,), self.output)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "row_elements": self.output.row_elements,
            "input_type": element_type(self.input.dtype),
            "output_type": element_type(self.output.dtype),
        }
        if self.keeps_bytes:
            return (self._copy(place),)
        # integers among themselves link no code for floats
        kernel = "tg_cast_f32" if self.input.dtype.is_float or self.output.dtype.is_float else "tg_cast"
        return (KernelCall(kernel, fields, (self.input,), self.output),)


def _end(value: np.generic, low: int, high: int) -> int:
    """For an infinity or no number."""
    if np.isnan(value):
        return 0
    return high if bool(np.greater(value, 0)) else low
