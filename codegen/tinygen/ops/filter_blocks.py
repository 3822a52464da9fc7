"""Filters packed in blocks of four, as firmware/kernels/include/tg_filter_blocks.h says, where that is exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Constant, Field
from tinygen.ir.target import Rounding
from tinygen.ops.requantization import Requantization
from tinygen.quant import Int64s

BLOCK = 4
"""Filters."""
INT8_RANGE = (-128, 127)
FURTHEST_SHIFT = 21
"""So that a zero point shifted left leaves room for the sum."""
_ORDER = (0, 2, 1, 3)
"""Bytes of a patch word as SXTB16 splits them: (0, 2), then (1, 3)."""


@dataclass(frozen=True)
class FilterBlocks:
    """The members of tg_filter_blocks."""

    weights: Constant
    sums: Constant
    requant: Constant
    requant_step: int
    filters: int
    depth: int
    rounding: int

    def fields(self) -> dict[str, Field]:
        return dict(vars(self))

    @property
    def bytes(self) -> int:
        return self.weights.bytes + self.sums.bytes + self.requant.bytes


def word_multiple(size: int) -> int:
    """The bytes of the words that hold `size` bytes."""
    return -(-size // 4) * 4


def padded_rows(rows: Array, stride: int, fill: int = 0) -> Array:
    """rows [count, size] with the same number behind each up to `stride`, int8."""
    padded = np.full((len(rows), stride), fill, np.int8)
    padded[:, : rows.shape[1]] = rows
    return padded


def filter_blocks(
    weights: Array,
    bias: Array,
    requantization: Requantization,
    zero_point: int,
    clamp: tuple[int, int],
    rounding: Rounding,
    alike: int = BLOCK,
    reach: Int64s | None = None,
) -> FilterBlocks | None:
    """weights [filters, depth] int8, depth a multiple of 4; bias [filters] int32. None where kernels would overflow.

    alike: how often the kernel wants to find a requantization that all filters share.
    reach: [filters], what each one's sum can be without its bias, if it isn't that of any input of int8.
    """
    filters, depth = weights.shape
    padded = -(-filters // BLOCK) * BLOCK
    bank, starts = np.zeros((padded, depth), np.int64), np.zeros(padded, np.int64)
    bank[:filters], starts[:filters] = weights, bias
    shifts = right_shifts(requantization, rounding)
    reach = 128 * np.abs(weights.astype(np.int64)).sum(axis=1) if reach is None else reach
    if clamp != INT8_RANGE or shifts is None or not _sums_fit(np.abs(bias.astype(np.int64)) + reach):
        return None
    halves = bank[0::2] + 256 * bank[1::2]
    if np.abs(2 * halves + 1).max() > 2**16 - 1:
        return None
    # [block, pair, word, byte] -> [block, word, (0, 2) or (1, 3), pair, which of the two]
    split = halves.reshape(padded // BLOCK, 2, depth // 4, 4)[..., _ORDER].reshape(padded // BLOCK, 2, depth // 4, 2, 2)
    packed = np.ascontiguousarray(split.transpose(0, 2, 3, 1, 4), "<i2").view(np.int8)
    sums = np.where(np.arange(padded) % 2, np.roll(starts, 1) + 256 * starts, starts)
    pairs = np.array([requantization.multipliers, shifts], np.int64).T
    if requantization.step:
        pairs = np.concatenate([pairs, np.zeros((padded - filters, 2), np.int64)])
    else:
        pairs = np.repeat(pairs, alike, axis=0)
    return FilterBlocks(
        Constant.of(packed),
        Constant.of(((sums + 2**31) % 2**32 - 2**31).astype(np.int32)),
        Constant.structs("tg_requant", pairs, 8),
        requantization.step,
        filters,
        depth,
        2 * zero_point + 1,
    )


def right_shifts(requantization: Requantization, rounding: Rounding) -> list[int] | None:
    """How far a tg_requant shifts right before it halves; None if one is out of range."""
    halved = 1 if rounding is Rounding.DOUBLE else 2
    pairs = zip(requantization.multipliers, requantization.shifts, strict=True)
    shifts = [-shift - halved if multiplier else 0 for multiplier, shift in pairs]  # a multiplier of 0 needs none
    return shifts if all(0 <= shift <= FURTHEST_SHIFT for shift in shifts) else None


def _sums_fit(largest: Int64s) -> bool:
    """|bias + sum(x * w)| leaves room for 1 bit in the even filters, for 8 in the odd."""
    return bool((largest[0::2] < 2**30).all() and (largest[1::2] < 2**23).all())
