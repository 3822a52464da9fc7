"""3x3 filters transformed as firmware/kernels/include/tg_conv_2d_winograd_s8.h says, where that is exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Constant
from tinygen.ir.target import Rounding
from tinygen.ops.filter_blocks import BLOCK, INT8_RANGE, right_shifts
from tinygen.ops.requantization import Requantization

CHANNELS = 16
"""The kernel takes so many channels at a time."""
_DOUBLED_G = np.array([[2, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 2]])


@dataclass(frozen=True)
class WinogradFilters:
    """Some members of tg_conv_2d_winograd_s8_params."""

    weights: Constant
    bias: Constant
    requant: Constant
    requant_step: int

    @property
    def bytes(self) -> int:
        """Of the arrays; one requant for all filters is not counted."""
        return self.weights.bytes + self.bias.bytes + (self.requant.bytes if self.requant_step else 0)


def winograd_filters(
    weights: Array, bias: Array, requantization: Requantization, clamp: tuple[int, int], rounding: Rounding
) -> WinogradFilters | None:
    """weights [filters, 3, 3, channels] int8, bias [filters] int32. None where the kernel can't compute them."""
    filters, height, width, channels = weights.shape
    shifts = right_shifts(requantization, rounding)
    if (height, width) != (3, 3) or filters % BLOCK or channels % CHANNELS or shifts is None or clamp != INT8_RANGE:
        return None
    largest = np.abs(bias.astype(np.int64)) + 128 * np.abs(weights.astype(np.int64)).sum(axis=(1, 2, 3))
    if largest.max() >= 2**29:
        return None
    transformed = np.einsum("ia,fabc,jb->fijc", _DOUBLED_G, weights.astype(np.int64), _DOUBLED_G)
    # [block, filter, position, group of 4 channels, channel pair, odd]: SXTB16 pairs channels 0 and 2, 1 and 3
    split = transformed.reshape(filters // BLOCK, BLOCK, 16, channels // 4, 2, 2)
    packed = split.transpose(0, 2, 3, 5, 1, 4)
    pairs = np.array([requantization.multipliers, shifts], np.int64).T
    return WinogradFilters(
        Constant.of(packed.astype(np.int16)),
        Constant.of(bias),
        Constant.structs("tg_requant", pairs, 8),
        requantization.step,
    )
