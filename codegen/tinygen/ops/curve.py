"""Functions of reals that TFLite tabulates: 256 answers for int8, 513 points for int16, and floats as they are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.elementwise import SAME_DTYPE, SCALED
from tinygen.ops.float_range import Floats
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s

STEPS = 512
"""Between the points of an int16 curve lie 2**7 inputs."""

Function = Callable[[Floats], Floats]


def rounded(values: Floats) -> Floats:
    """C's roundf(): halves away from zero."""
    return np.asarray(np.trunc(values + np.copysign(np.float32(0.5), values)), np.float32)


def stored_integers(reals: Floats, low: int, high: int) -> Int64s:
    """Whole floats as integers within limits; what is not a number becomes 0."""
    bounded = np.nan_to_num(reals.astype(np.float64), nan=0.0, posinf=2.0**40, neginf=-(2.0**40))
    return np.clip(bounded, low, high).astype(np.int64)


def real_inputs(stored: Int64s, tensor: Tensor) -> Floats:
    """scale * (stored - zero_point), rounded to float32."""
    return np.asarray(np.float32(tensor.scale) * (stored - tensor.zero_point).astype(np.float32), np.float32)


def tabulated(function: Function, stored: Int64s, input_: Tensor, output: Tensor) -> Int64s:
    """The answers to stored int8 inputs. Source: LUTPopulateInt8, in float32 as there."""
    with np.errstate(all="ignore"):
        reals = function(real_inputs(stored, input_))
        whole = rounded(reals * (np.float32(1) / np.float32(output.scale)))
    return stored_integers(whole + np.float32(output.zero_point), *output.dtype.limits)


def curve_points(function: Function, input_: Tensor, output: Tensor) -> Array:
    """513 points, moved so that the middles between them err less. Source: LUTPopulateInt16, in float32 as there."""
    low, high = DType.INT16.limits
    one = np.float32(1)
    first, last = (one * np.float32(input_.scale) * np.float32(s - input_.zero_point) for s in (low, high))
    bottom, top = (np.float32(output.scale) * np.float32(s - output.zero_point) for s in (low, high))
    step = (last - first) / np.float32(STEPS)
    scale = np.float32(high - low + 1) / (top - bottom)
    at = first + np.arange(STEPS + 1, dtype=np.float32) * step
    with np.errstate(all="ignore"):
        values = function(at)
        samples = rounded(values[:-1] * scale)
        between = rounded((values[1:] * scale + samples) / np.float32(2))
        middles = rounded(function(at[:-1] + step / np.float32(2)) * scale)
        points = samples - rounded((between - middles) / np.float32(2))
        end = rounded(function(np.array([last], np.float32)) * scale)
    return stored_integers(np.concatenate([points, end]), low, high).astype(np.int16)


def interpolated(points: Array, stored: Int64s) -> Int64s:
    """What the curve is at stored int16 inputs; the slope wraps as an int16 does. Source: LUTLookup."""
    table = points.astype(np.int64)
    at = (STEPS // 2) + (stored >> 7)
    slope = (table[at + 1] - table[at] + 2**15) % 2**16 - 2**15
    value: Int64s = table[at] + ((slope * (stored & 127) + 64) >> 7)
    return (value + 2**15) % 2**16 - 2**15


@dataclass(frozen=True, eq=False)
class CurveOp(TableOp):
    """output = f(input); integers by TFLite's tables, floats within the bound that tg_math.h states."""

    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT8, DType.INT16, DType.FLOAT32),
        SAME_DTYPE,
        SCALED,
    )

    @abstractmethod
    def function(self, x: Floats) -> Floats:
        """The function in float32."""

    @property
    def float_fields(self) -> dict[str, Field]:
        """What the float kernel wants to know."""
        return {}

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        return tabulated(self.function, stored, self.input, self.output)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if self.input.dtype.is_float:
            with np.errstate(all="ignore"):
                return (np.asarray(self.function(values[0].astype(np.float32)), np.float32),)
        if self.input.dtype is DType.INT16:
            points = curve_points(self.function, self.input, self.output)
            return (interpolated(points, values[0].astype(np.int64)).astype(np.int16),)
        return super().evaluate(values, rounding)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.input.dtype.is_float:
            return self.call(place, f"tg_{self.KIND.lower()}_f32", self.float_fields)
        if self.input.dtype is DType.INT16:
            points = Constant.of(curve_points(self.function, self.input, self.output))
            return self.call(place, "tg_curve_s16", {"table": points})
        return super().lower(place)
