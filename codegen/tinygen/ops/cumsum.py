"""CUMSUM: running sums along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.axis_op import AxisOp
from tinygen.ops.node import Node
from tinygen.ops.rule import SAME_DTYPE, Rule, dtype_is, is_constant, is_per_tensor
from tinygen.quant import Int64s, multiply_by_quantized_multiplier, quantize_multiplier, wrap_int32

KERNELS = {
    DType.INT8: "tg_cumsum_s8",
    DType.INT32: "tg_cumsum_s32",
    DType.INT64: "tg_cumsum_s64",
    DType.FLOAT32: "tg_cumsum_f32",
}
SUM_SHIFT = 19
"""int8: sums are widened by this much before they are scaled."""


def _has_no_quantization(op: Cumsum) -> str:
    return is_per_tensor("input", "output").broken_by(op) if op.input.dtype is DType.INT8 else ""


def _multiplier_is_large(op: Cumsum) -> str:
    if op.input.dtype is not DType.INT8:
        return ""
    ratio = op.input.scale / op.output.scale
    return "" if ratio < 2.0**SUM_SHIFT else f"it is {ratio:g}"


def _has_no_axis(op: Cumsum) -> str:
    return "" if op.input.shape else f"{op.input} has none"


@dataclass(frozen=True, eq=False)
class Cumsum(AxisOp):
    """output[i] = the sum of input[0] .. input[i], in reverse of what comes after, exclusive without input[i].

    int8: TFLite Micro begins with minus the zero point. int32 and int64 wrap. float32: in the order of the sum.
    """

    exclusive: bool
    reverse: bool

    KIND = "CUMSUM"
    RULES = (
        dtype_is("input", *KERNELS),
        dtype_is("axis", DType.INT32),
        is_constant("axis"),
        SAME_DTYPE,
        Rule("int8 tensors have one scale and one zero point", _has_no_quantization),
        Rule("the input has an axis", _has_no_axis),
        Rule("the input's scale is less than 2**19 times the output's", _multiplier_is_large),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        exclusive, reverse = node.flag("exclusive"), node.flag("reverse")
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], exclusive, reverse)

    def requant(self, rounding: Rounding) -> tuple[int, int]:
        """From a widened sum to the output; TFLite's 2 * input scale / (2**20 * output scale)."""
        real = 2 * self.input.scale / (2.0 ** (SUM_SHIFT + 1) * self.output.scale)
        return quantize_multiplier(real, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        is_float = self.input.dtype is DType.FLOAT32
        rows = np.moveaxis(values[0], self.place, -1).astype(np.float32 if is_float else np.int64)
        start = 0
        if self.input.dtype is DType.INT8:
            rows, start = rows - self.input.zero_point, -self.input.zero_point
        if self.reverse:
            rows = rows[..., ::-1]
        begun = np.concatenate([np.full((*rows.shape[:-1], 1), start, rows.dtype), rows], axis=-1)
        with np.errstate(all="ignore"):
            sums = np.cumsum(begun, axis=-1, dtype=begun.dtype)
        sums = sums[..., :-1] if self.exclusive else sums[..., 1:]
        if self.reverse:
            sums = sums[..., ::-1]
        stored = np.moveaxis(sums if is_float else self._stored(sums, rounding), -1, self.place)
        return (stored.astype(self.output.dtype.numpy).reshape(self.output.shape),)

    def _stored(self, sums: Int64s, rounding: Rounding) -> Int64s:
        if self.input.dtype in (DType.INT32, DType.INT64):
            return wrap_int32(sums) if self.input.dtype is DType.INT32 else sums
        scaled = multiply_by_quantized_multiplier(wrap_int32(sums << SUM_SHIFT), *self.requant(rounding), rounding)
        return np.clip(scaled + self.output.zero_point, *self.output.dtype.limits)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        axis: dict[str, Field] = {
            **self.loops,
            "exclusive": int(self.exclusive),
            "reverse": int(self.reverse),
        }
        fields = axis
        if self.input.dtype is DType.INT8:
            multiplier, shift = self.requant(place.target.rounding)
            fields = {
                "axis": axis,
                "requant": {"multiplier": multiplier, "shift": shift},
                "input_zero_point": self.input.zero_point,
                "output_zero_point": self.output.zero_point,
            }
        return (KernelCall(KERNELS[self.input.dtype], fields, (self.input,), self.output, whole=True),)
