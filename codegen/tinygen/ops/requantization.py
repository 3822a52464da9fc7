"""Per-channel requantization of int32 accumulators: what convolutions and fully-connected layers share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Constant
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.quant import Int64s, quantize_multiplier, requantize


@dataclass(frozen=True)
class Requantization:
    """One (multiplier, shift) per output channel, or one for all."""

    multipliers: tuple[int, ...]
    shifts: tuple[int, ...]

    @property
    def constant(self) -> Constant:
        """An array of tg_requant."""
        pairs = np.array([self.multipliers, self.shifts], np.int64).T
        return Constant.structs("tg_requant", pairs, 8)

    @property
    def step(self) -> int:
        """How far the array moves per channel: 0 when one entry serves all."""
        return 1 if len(self.multipliers) > 1 else 0

    def apply(self, acc: Int64s, zero_point: int, clamp: tuple[int, int], rounding: Rounding) -> Int64s:
        """acc [..., channels] -> stored output values."""
        scaled = requantize(acc, self.multipliers, self.shifts, zero_point, rounding)
        return np.clip(scaled, *clamp)


def requantization_of(input_: Tensor, weights: Tensor, output: Tensor, rounding: Rounding) -> Requantization:
    """input * weights / output scale in float64, per channel of the weights or once.

    Source: TFLite Micro's PopulateConvolutionQuantizationParams.
    """
    reals = [input_.scale * scale / output.scale for scale in weights.params.scales]
    pairs = [quantize_multiplier(real, rounding) for real in reals]
    if len(set(pairs)) == 1:
        pairs = pairs[:1]
    return Requantization(tuple(m for m, _ in pairs), tuple(s for _, s in pairs))


def folded_bias(bias: Tensor | None, weights_sum: Array, input_zero_point: int) -> Array:
    """bias - input_zero_point * sum(weights) per channel, so that kernels multiply stored inputs as they are.

    |result| <= 2**31 is not guaranteed by the file, so it wraps, as the accumulator does.
    """
    total = -input_zero_point * weights_sum.astype(np.int64)
    if bias is not None:
        total = total + bias.value.astype(np.int64).reshape(-1)
    return ((total + 2**31) % 2**32 - 2**31).astype(np.int32)


def float_matmul(a: Array, b: Array) -> Int64s:
    """Exact integer matrix product by way of float64, which BLAS does fast.

    Exact because |partial sums| <= depth * 2**8 * 2**8 < 2**53 for any depth that fits in memory.
    """
    return np.asarray(np.rint(a.astype(np.float64) @ b.astype(np.float64)), np.int64)
