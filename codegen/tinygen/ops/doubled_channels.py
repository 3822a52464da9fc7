"""Depthwise filters packed as the faster kernels read them, with ready-made requantizations."""

from __future__ import annotations

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ops.requantization import Requantization
from tinygen.quant import Int64s

INT8_RANGE = (-128, 127)
BLOCK = 4
"""Channels that a kernel takes at a time."""
HALVES_BITS = 29
"""Of sums that tg_halves_store takes, and their sign."""
FURTHEST_SHIFT = 22
"""So that a zero point shifted left leaves room for the sum."""


def doubled(requantization: Requantization, channels: int, zero_point: int, clamp: tuple[int, int]) -> Array | None:
    """[channels, 3] members of tg_doubled, for either rounding; None if SSAT is not the clamp or a shift is too far."""
    multipliers = np.array(requantization.multipliers, np.int64)
    shifts = np.where(multipliers == 0, 1, -np.array(requantization.shifts, np.int64))
    if clamp != INT8_RANGE or shifts.min() < 1 or shifts.max() > FURTHEST_SHIFT:
        return None
    addends = (2 * zero_point + 1) * 2 ** (shifts - 1)
    members = np.stack([multipliers, addends, shifts], axis=1)
    return np.broadcast_to(members, (channels, 3))


def sums_fit(weights: Array, bias: Array, bits: int = 30) -> bool:
    """|bias + sum(x * w)| < 2**bits for any x of int8; weights [taps, channels]."""
    largest = np.abs(bias.astype(np.int64)) + 128 * np.abs(weights.astype(np.int64)).sum(axis=0)
    return bool((largest < 2**bits).all())


def pack_3x3(weights: Array, bias: Array, by: Array) -> Array:
    """weights [3, 3, channels] -> [channels, 6] int32, as tg_depthwise_conv_2d_3x3_s8.h says."""
    multipliers, _, shifts = by.T
    third = np.column_stack([shifts - 1, *weights[2]]).astype(np.int8).view("<i4")[:, 0]
    first, second = 2 * weights[:2].astype(np.int64)
    pairs = _pair(second, first)
    return np.stack([third, 2 * bias.astype(np.int64), *pairs, multipliers], axis=1).astype(np.int32)


def pack_taps(weights: Array, bias: Array, by: Array) -> Array:
    """weights [taps, channels] -> [blocks, words] int32, as tg_depthwise_conv_2d_taps_s8.h says."""
    taps, channels = weights.shape
    twice = np.zeros((taps + taps % 2, channels), np.int64)
    twice[:taps] = 2 * weights.astype(np.int64)
    pairs = _pair(twice[0::2], twice[1::2])
    multipliers, _, shifts = by.T
    requants = np.stack([multipliers, shifts - 1], axis=1)
    blocks = []
    for first in range(0, channels, BLOCK):
        four = np.arange(BLOCK) + min(first, channels - BLOCK)
        blocks.append(
            np.concatenate([2 * bias.astype(np.int64)[four], pairs[:, four].reshape(-1), requants[four].reshape(-1)])
        )
    return np.array(blocks).astype(np.int32)


def pack_quads(weights: Array) -> Array:
    """weights [taps, channels] -> [blocks, taps, 4] int8, as tg_depthwise_conv_2d_quads_s8.h says."""
    channels = weights.shape[1]
    firsts = [min(first, channels - BLOCK) for first in range(0, channels, BLOCK)]
    return np.stack([weights[:, first : first + BLOCK] for first in firsts])


def _pair(low: Int64s, high: Int64s) -> Int64s:
    """Two int16 in an int32, element by element."""
    return (low & 0xFFFF) | (high << 16)
