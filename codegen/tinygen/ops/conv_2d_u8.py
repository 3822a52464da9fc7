"""CONV_2D and DEPTHWISE_CONV_2D of legacy uint8 models, held as int8: the weights have a zero point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ops.blocked_convolution import BlockedConvolution
from tinygen.ops.doubled_channels import BLOCK, doubled, pack_taps, sums_fit
from tinygen.ops.filter_blocks import FilterBlocks, filter_blocks, padded_rows, word_multiple
from tinygen.ops.linear import OPERANDS_ARE_CONSTANT, LinearU8
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, is_per_tensor
from tinygen.ops.window import WINDOW_FITS

MOST_SUMMED = 1024
"""Bytes of a patch of which every fourth is added up in 16 bits."""


@dataclass(frozen=True, eq=False)
class Conv2DU8(LinearU8, BlockedConvolution):
    KIND = "CONV_2D"
    RULES = (
        *LinearU8.NO_INT4,
        *OPERANDS_ARE_CONSTANT,
        is_per_tensor("input", "weights", "output"),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    def in_blocks(self, rounding: Rounding) -> FilterBlocks | None:
        """As tg_conv_2d_blocks_u8 reads them; None also for a single pixel, which has no partner."""
        zero_point, height = self.weights.zero_point, self.window.kernel_h
        rows = self.bank(self.weights.value).reshape(self.filters * height, -1)
        patches = padded_rows(rows, word_multiple(rows.shape[1]), zero_point).reshape(self.filters, -1)
        if patches.shape[1] > MOST_SUMMED or zero_point == -128 or self.output.elements == self.filters:
            return None
        return filter_blocks(
            padded_rows(patches, patches.shape[1] + 4, -zero_point),
            self.bias_folded,
            self.requantization(rounding),
            self.output.zero_point,
            self.clamp,
            rounding,
            reach=128 * np.abs(patches.astype(np.int64) - zero_point).sum(axis=1),
        )

    def scratch_bytes(self, target: Target) -> int:
        blocks = self.blocks(target)
        return self.depth if blocks is None else 4 * blocks.depth

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        blocks = self.blocks(place.target)
        if blocks is not None:
            packed = {**self.geometry(place), "input_zero_point": self.input.zero_point, "filters": blocks.fields()}
            kernel = "tg_conv_2d_blocks_u8"
            return (KernelCall(kernel, packed | {"is_staged": 0}, (self.input,), self.output, scratch=True),)
        fields = {
            **self.weight_fields(place.target.rounding, self.bank(self.weights.value)),
            **self.grouped(place),
            "input_zero_point": self.input.zero_point,
            "weights_zero_point": self.weights.zero_point,
            **self.output_fields,
        }
        return (KernelCall("tg_conv_2d_u8", fields, (self.input,), self.output, scratch=True),)


@dataclass(frozen=True, eq=False)
class DepthwiseConv2DU8(Conv2DU8):
    """Weights less their zero point have room where a faster kernel takes 16 bits."""

    KIND = "DEPTHWISE_CONV_2D"

    def taps(self, target: Target) -> Constant | None:
        """The filters as tg_depthwise_conv_2d_taps_s8 reads them; None if it can't compute this op."""
        channels = self.input.shape[3]
        if target.kernels[0] != "dsp" or self.filters != channels or channels < BLOCK:
            return None
        if target.rounding not in self._taps:
            weights = self.bank(self.weights.value).T.astype(np.int64) - self.weights.zero_point
            by = doubled(self.requantization(target.rounding), channels, self.output.zero_point, self.clamp)
            fits = by is not None and sums_fit(weights, self.bias_folded)
            packed = Constant.of(pack_taps(weights, self.bias_folded, by)) if by is not None and fits else None
            self._taps[target.rounding] = packed
        return self._taps[target.rounding]

    @cached_property
    def _taps(self) -> dict[Rounding, Constant | None]:
        """Packed once: scratch sizes are asked for again and again."""
        return {}

    def scratch_bytes(self, target: Target) -> int:
        even = self.depth + self.depth % 2
        return 4 * even + self.input.shape[3] if self.taps(target) is not None else super().scratch_bytes(target)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        taps = self.taps(place.target)
        if taps is None:
            return super().lower(place)
        fields = self.geometry(place)
        params = {name: fields[name] for name in ("input", "output", "window", "input_c")}
        params |= {
            "channels": taps,
            "input_zero_point": self.input.zero_point,
            "rounding": 2 * self.output.zero_point + 1,
        }
        return (KernelCall("tg_depthwise_conv_2d_taps_s8", params, (self.input,), self.output, scratch=True),)
