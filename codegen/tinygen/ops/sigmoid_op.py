"""LOGISTIC and TANH: fixed point for int8, a table of the logistic for int16, floats as they are."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import CENTRED, SAME_DTYPE, SCALED
from tinygen.ops.float_range import Floats
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s, input_radius, multiply_by_quantized_multiplier, quantize_multiplier

INPUT_INTEGER_BITS = 4
POINTS_PER_UNIT = 24
"""Of the table for int16."""
LARGEST_WORD_MULTIPLIER = 32767


def logistic_table() -> Array:
    """logistic(i / 24) in Q0.16 for i = 0 .. 255, each moved by half of what a straight line to the next misses.

    The last entry is 1. Equal to TFLite's table, entry by entry.
    """
    points = [65536 / (1 + math.exp(-i / (2 * POINTS_PER_UNIT))) for i in range(512)]
    rounded = [
        math.floor(point - ((point + after) / 2 - middle) / 2 + 0.5)
        for point, middle, after in zip(points[::2], points[1::2], points[2::2], strict=False)
    ]
    return np.array([*rounded, 65535], np.uint16)


def power_of_two(scale: float) -> int | None:
    """log2 of a scale that is nearly a power of two; CheckedLog2."""
    exponent = math.log2(scale)
    return round(exponent) if abs(exponent - round(exponent)) < 1e-3 else None


def _output_is_another(op: SigmoidOp) -> str:
    dtype, output = op.input.dtype, op.output
    if dtype is DType.INT8 and (output.scale, output.zero_point) != op.BYTE_OUTPUT:
        return f"{output} has {output.scale:g} and {output.zero_point}"
    if dtype is DType.INT16 and power_of_two(output.scale) != -15:
        return f"{output} has {output.scale:g}"
    return ""


def _input_scale_is_huge(op: SigmoidOp) -> str:
    if op.input.dtype is not DType.INT16 or op.word_factor[0] <= LARGEST_WORD_MULTIPLIER:
        return ""
    return f"it is {op.input.scale:g}"


def sigmoid_rules(output: str) -> tuple[Rule, ...]:
    return (
        dtype_is("input", DType.INT8, DType.INT16, DType.FLOAT32),
        SAME_DTYPE,
        SCALED,
        CENTRED,
        Rule(f"int8 output has {output}, int16 output has scale 1/32768", _output_is_another),
        Rule("the scale of an int16 input is below 8/3", _input_scale_is_huge),
    )


@dataclass(frozen=True, eq=False)
class SigmoidOp(TableOp):
    """reference_integer_ops::Logistic and Tanh: int8 by Q4.27, int16 by interpolation."""

    BYTE_OUTPUT: ClassVar[tuple[float, int]]
    """The scale and zero point of an int8 output."""
    POWERS: ClassVar[tuple[int, ...]]
    """Which powers of two times 2**-12 are taken as exact scales of an int16 input."""

    @abstractmethod
    def byte(self, x: Int64s) -> Int64s:
        """The stored int8 output, without limits, for x in Q4.27."""

    @abstractmethod
    def word(self, x: Int64s) -> Int64s:
        """The stored int16 output for x in units of 1 / (3 * 2**12)."""

    @abstractmethod
    def real(self, x: Floats) -> Floats:
        """The float output."""

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        multiplier, shift = quantize_multiplier(self.input.scale * 2.0 ** (31 - INPUT_INTEGER_BITS))
        radius = input_radius(INPUT_INTEGER_BITS, shift)
        x = stored - self.input.zero_point
        inside = np.clip(x, -radius + 1, radius - 1)
        result = self.byte(multiply_by_quantized_multiplier(inside, multiplier, shift, rounding))
        result = np.where(x <= -radius, -128, np.where(x >= radius, 127, result))
        return np.clip(result, -128, 127)

    @property
    def word_factor(self) -> tuple[int, int]:
        """(multiplier, right shift) that bring an int16 input to units of 1 / (3 * 2**12)."""
        exponent = power_of_two(self.input.scale)
        if exponent is not None and exponent + 12 in self.POWERS:
            return 3 << (exponent + 12), 0
        real, shift = self.input.scale * 3 * 2**12, 0
        while real <= LARGEST_WORD_MULTIPLIER / 2 and shift <= 30:
            real, shift = real * 2, shift + 1
        return int(real), shift

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if self.input.dtype.is_float:
            with np.errstate(all="ignore"):
                return (self.real(values[0].astype(np.float32)),)
        if self.input.dtype is DType.INT8:
            return super().evaluate(values, rounding)
        multiplier, shift = self.word_factor
        half = (1 << shift) >> 1
        return (self.word((values[0].astype(np.int64) * multiplier + half) >> shift).astype(np.int16),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        word = self.KIND.lower()
        if self.input.dtype.is_float:
            return self.call(place, f"tg_{word}_f32", {})
        if self.input.dtype is DType.INT8:
            return super().lower(place)
        multiplier, shift = self.word_factor
        table = Constant.of(logistic_table())
        return self.call(place, f"tg_{word}_s16", {"table": table, "multiplier": multiplier, "shift": shift})


def between_points(x: Int64s, bits: int, end: int) -> Int64s:
    """logistic(|x|) in Q0.(16 + bits), `bits` of |x| lying between two points; `end` beyond the table."""
    table = logistic_table().astype(np.int64)
    size = np.abs(x)
    at = np.minimum(size >> bits, 254)
    inside = (table[at] << bits) + (size & ((1 << bits) - 1)) * (table[at + 1] - table[at])
    return np.where(size >> bits >= 255, end, inside)
