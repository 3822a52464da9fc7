"""MEAN: the average along some axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ops.reduction import INT16_IS_SYMMETRIC, IS_PER_TENSOR, REDUCE_MEAN, Reduction, integers_call
from tinygen.ops.rule import SAME_DTYPE, Rule, dtype_is
from tinygen.ops.sequential import sum_in_order
from tinygen.ops.sum_rows import sum_rows_fields
from tinygen.quant import multiply_by_quantized_multiplier, quantize_multiplier, wrap_int32


def _has_no_elements(op: Mean) -> str:
    return "" if op.count else f"{op.input} has none"


@dataclass(frozen=True, eq=False)
class Mean(Reduction):
    """int8, int16: requantized sum of (input - zero_point), with 1 / count in the multiplier; float32: sum / count.

    int32, int64: the sum of 64 bits / count, cut off towards 0.
    """

    KIND = "MEAN"
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32),
        SAME_DTYPE,
        IS_PER_TENSOR,
        INT16_IS_SYMMETRIC,
        *Reduction.RULES,
        Rule("a mean is made of at least one element", _has_no_elements),
    )

    def requant(self, rounding: Rounding) -> tuple[int, int]:
        """(multiplier, shift) with 1 / count folded in, as TFLite's QuantizedMeanOrSum does."""
        multiplier, shift = quantize_multiplier(self.input.scale / self.output.scale, rounding)
        extra = min(self.count.bit_length() - 1, 32, 31 + shift)
        return (multiplier << extra) // self.count, shift - extra

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        terms = self.terms(values[0])
        if self.input.dtype is DType.FLOAT32:
            with np.errstate(all="ignore"):
                return self.shaped(sum_in_order(terms) / np.float32(self.count))
        if self.input.dtype in (DType.INT32, DType.INT64):
            with np.errstate(all="ignore"):
                total = terms.astype(np.int64).sum(axis=1)
                return self.shaped(total // self.count + ((total % self.count != 0) & (total < 0)))
        return self.shaped(quantized_mean(self, terms, self.requant(rounding), rounding))

    @property
    def accumulates(self) -> bool:
        """The rows of one map are averaged, its columns too or not at all."""
        shape = self.input.shape
        is_map = self.input.dtype is DType.INT8 and len(shape) == 4 and shape[0] == 1
        return is_map and self.reduced in ((1,), (1, 2), (0, 1), (0, 1, 2)) and shape[1] > 1

    def scratch_bytes(self, target: Target) -> int:
        return 4 * self.output.elements if self.accumulates else 0

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype is DType.FLOAT32:
            return self.call("tg_reduce_f32", {"operation": REDUCE_MEAN, "start": 0.0})
        if self.input.dtype in (DType.INT32, DType.INT64):
            return integers_call(self, REDUCE_MEAN, 0)
        multiplier, shift = self.requant(place.target.rounding)
        if not self.accumulates:
            return quantized_call(self, (multiplier, shift))
        fields: dict[str, Field] = {
            "sum": sum_rows_fields(place, self.input, self.output.elements),
            "zero_point_sum": self.input.zero_point * self.count,
            "requant": {"multiplier": multiplier, "shift": shift},
            "output_zero_point": self.output.zero_point,
        }
        return (KernelCall("tg_mean_rows_s8", fields, (self.input,), self.output, scratch=True),)


def quantized_mean(
    op: Reduction, terms: npt.NDArray[Any], requant: tuple[int, int], rounding: Rounding
) -> npt.NDArray[np.int64]:
    """The stored outputs of a requantized sum."""
    total = wrap_int32((terms.astype(np.int64) - op.input.zero_point).sum(axis=1))
    scaled = multiply_by_quantized_multiplier(total, *requant, rounding)
    return np.clip(scaled + op.output.zero_point, *op.output.dtype.limits)


def quantized_call(op: Reduction, requant: tuple[int, int]) -> tuple[KernelCall, ...]:
    """The call that computes a requantized sum of int8 or int16."""
    fields: dict[str, Field] = {
        "requant": {"multiplier": requant[0], "shift": requant[1]},
        "output_zero_point": op.output.zero_point,
    }
    if op.input.dtype is DType.INT16:
        return op.call("tg_mean_s16", fields)
    kept, reduced = op.geometry["kept"], op.geometry["reduced"]
    assert isinstance(kept, Mapping)
    assert isinstance(reduced, Mapping)
    flat: dict[str, Field] = {
        "kept": kept["sizes"],
        "kept_stride": kept["strides"],
        "reduced": reduced["sizes"],
        "reduced_stride": reduced["strides"],
        # |zero point * count| < 2**31: count elements fit in memory
        "zero_point_sum": op.input.zero_point * op.count,
        **fields,
    }
    return (KernelCall("tg_mean_s8", flat, (op.input,), op.output, whole=True),)
