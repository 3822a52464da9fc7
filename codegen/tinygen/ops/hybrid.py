"""Floats quantized to int8 on the fly, for operators whose weights are int8 and whose activations are float."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Constant, Field
from tinygen.ir.tensor import Tensor
from tinygen.ops.float_range import Floats
from tinygen.ops.rule import Rule
from tinygen.quant import Int64s

ONE, INT8_MIN, INT8_MAX = np.float32(1), -128, 127


def _rounded(values: Floats) -> Int64s:
    """Halves away from zero."""
    exact = values.astype(np.float64)
    return np.trunc(exact + np.copysign(0.5, exact)).astype(np.int64)


def quantize_floats(values: Floats, symmetric: bool) -> tuple[Int64s, np.float32, int]:
    """(stored, scale, zero point) of finite values; float32 arithmetic throughout.

    Source: TFLite's AsymmetricQuantizeFloats and SymmetricQuantizeFloats, which compute the scale in float64.
    """
    low = np.float32(min(values.min(initial=np.float32(0)), 0))
    high = np.float32(max(values.max(initial=np.float32(0)), 0))
    if low == high:
        return np.zeros(values.shape, np.int64), ONE, 0
    if symmetric:
        largest = max(-low, high)
        stored = _rounded(values * np.float32(np.float32(127) / largest))
        return np.clip(stored, -127, INT8_MAX), np.float32(largest / np.float32(127)), 0
    scale = np.float32((high - low) / np.float32(255))
    below, above = np.float32(low / scale), np.float32(high / scale)
    from_low = np.float32(128) - below < np.float32(127) + above
    real = np.float32(np.float32(-128) - below if from_low else np.float32(127) - above)
    zero_point = int(np.clip(_rounded(np.array(real)), INT8_MIN, INT8_MAX))
    scaled = np.float32(zero_point) + values * np.float32(ONE / scale)
    return np.clip(_rounded(scaled), INT8_MIN, INT8_MAX), scale, zero_point


def hybrid_sums(
    parts: Iterable[Floats], sums: Callable[[Int64s], Int64s], scales: Sequence[float], symmetric: bool
) -> Floats:
    """[..., channels], the sums of all parts one behind the other; sums: of a part's integers, zeros being 0."""
    made = []
    for part in parts:
        stored, scale, zero_point = quantize_floats(part, symmetric)
        factors = scale * np.array(scales, np.float32)
        made.append(sums(stored - zero_point).astype(np.float32) * factors)
    return np.concatenate(made)


def hybrid_fields(bank: Array, weights: Tensor, bias: Tensor | None, symmetric: bool) -> dict[str, Field]:
    """The first members of the kernels' params; bank: the weights as [channels, depth]."""
    scales = weights.params.scales
    if len(set(scales)) == 1:
        scales = scales[:1]
    return {
        "weights": Constant.of(bank),
        "bias": bias_constant(bias, len(bank)),
        "scale": Constant.of(np.array(scales, np.float32)),
        "scale_step": int(len(scales) > 1),
        "symmetric": int(symmetric),
    }


def bias_constant(bias: Tensor | None, count: int) -> Constant:
    values: Array = np.zeros(count, np.float32) if bias is None else bias.value.astype(np.float32)
    return Constant.of(values)


def _weights_have_scales(op: Any) -> str:
    weights: Tensor = op.weights
    if weights.quantization is None:
        return f"{weights} has none"
    others = sorted(set(weights.quantization.zero_points) - {0})
    return f"{weights} has zero point {others[0]}" if others else ""


WEIGHTS_HAVE_SCALES = Rule("weights have one scale, or one per channel, and zero point 0", _weights_have_scales)
