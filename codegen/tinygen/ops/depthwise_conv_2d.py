"""DEPTHWISE_CONV_2D: each input channel has its own `depth_multiplier` filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Optimize, Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.conv_2d_f32 import DepthwiseConv2DF32
from tinygen.ops.conv_2d_hybrid import DepthwiseConv2DHybrid
from tinygen.ops.conv_2d_s16 import DepthwiseConv2DS16
from tinygen.ops.conv_2d_u8 import DepthwiseConv2DU8
from tinygen.ops.convolution import PLAIN_RULES
from tinygen.ops.doubled_channels import BLOCK, HALVES_BITS, doubled, pack_3x3, pack_quads, pack_taps, sums_fit
from tinygen.ops.linear import LinearS8
from tinygen.ops.plain_depthwise_conv_2d import PlainDepthwiseConv2D
from tinygen.ops.window import Window

STRIP_BYTES, LEAN_STRIP_BYTES = 1600, 320
"""Of the columns that the kernel for 3 x 3 takes apart at a time: more need fewer turns, and more scratch."""
POINTER_BYTES = 8
"""On any core, as kernels run on a PC too."""


def _strip(window: Window, most_bytes: int) -> tuple[int, int]:
    """Output columns at a time, about as many in each turn and none alone, and the bytes of what is under them."""
    column_bytes, stride = 4 * BLOCK * (window.stride_w + 1), window.stride_w
    most = (most_bytes // column_bytes - 3) // stride + 1
    strip = -(-window.output_w // -(-window.output_w // most))
    while window.output_w % strip == 1:
        strip += 1
    return strip, ((strip - 1) * stride + 3) * column_bytes


def _is_3x3(window: Window) -> bool:
    """Whether the kernel for 3 x 3 can move it: in both directions alike, with a column inside the image everywhere."""
    w = window
    is_plain = w.kernel_h == w.kernel_w == 3 and w.dilation_h == w.dilation_w == 1 and w.stride_h == w.stride_w <= 2
    return is_plain and w.output_w > 1 and w.pad_left < 3 and (w.output_w - 1) * w.stride_w - w.pad_left < w.input_w


@dataclass(frozen=True)
class Packed:
    """Filters as one of the faster kernels reads them."""

    variant: str
    """What the kernel is named after."""
    fields: Mapping[str, Field]
    """The filters, and what only this kernel takes."""
    scratch_bytes: int
    staged_bytes: int = 0


@dataclass(frozen=True, eq=False)
class DepthwiseConv2D(PlainDepthwiseConv2D):
    """With constant weights, for which faster kernels have forms of their own."""

    FORMS = (DepthwiseConv2DU8, PlainDepthwiseConv2D, DepthwiseConv2DS16, DepthwiseConv2DF32, DepthwiseConv2DHybrid)
    RULES = (*LinearS8.TYPES, *PLAIN_RULES)

    @cached_property
    def as_conv_2d(self) -> Conv2D | None:
        """The same as a CONV_2D: one input channel has all the filters."""
        if self.input.shape[3] != 1:
            return None
        bank = self.weights.value.transpose(3, 1, 2, 0)
        weights = replace(self.weights, shape=bank.shape, data=bank)
        return Conv2D(self.index, self.input, weights, self.bias, self.output, self.activation, self.window)

    def packed(self, target: Target) -> Packed | None:
        """The filters as the faster kernels read them, if they can compute this op."""
        folder, is_small = target.kernels[0], target.optimize is Optimize.SIZE
        if folder not in ("dsp", "swar") or self.multiplier != 1 or self.input.shape[3] < BLOCK:
            return None
        if folder == "swar" and is_small:
            return None
        most_bytes = LEAN_STRIP_BYTES if target.is_lean else STRIP_BYTES
        key = folder, target.rounding, is_small, most_bytes
        if key not in self._packed:
            is_swar = folder == "swar"
            self._packed[key] = self._pack_quads(target.rounding) if is_swar else self._pack(*key[1:])
        return self._packed[key]

    @cached_property
    def _packed(self) -> dict[tuple[str, Rounding, bool, int], Packed | None]:
        """Packed once: scratch sizes are asked for again and again."""
        return {}

    def _pack(self, rounding: Rounding, is_small: bool, strip_bytes: int) -> Packed | None:
        """is_small: the kernel for any window serves all, as the one for 3 x 3 takes more code."""
        channels = self.weights.shape[3]
        by = doubled(self.requantization(rounding), channels, self.output.zero_point, self.clamp)
        weights = self.weights.value.reshape(-1, channels)
        if by is None or not sums_fit(weights, self.bias_folded):
            return None
        fields: dict[str, Field] = {"rounding": 2 * self.output.zero_point + 1}
        if not is_small and _is_3x3(self.window):
            words = pack_3x3(weights.reshape(3, 3, channels), self.bias_folded, by)
            strip, scratch = _strip(self.window, strip_bytes)
            staged = 4 * BLOCK * words.size // channels
            return Packed("3x3", {**fields, "channels": Constant.of(words), "strip": strip}, scratch, staged)
        words = pack_taps(weights, self.bias_folded, by)
        scratch = 4 * (len(weights) + len(weights) % 2) + channels
        return Packed("taps", {**fields, "channels": Constant.of(words)}, scratch)

    def _pack_quads(self, rounding: Rounding) -> Packed | None:
        channels = self.input.shape[3]
        by = doubled(self.requantization(rounding), channels, self.output.zero_point, self.clamp)
        weights = self.weights.value.reshape(-1, channels)
        if by is None or not sums_fit(weights, self.bias_folded, HALVES_BITS):
            return None
        words = np.column_stack([self.bias_folded, by]).astype(np.int32)
        fields = {"weights": Constant.of(pack_quads(weights)), "channels": Constant.of(words)}
        return Packed("quads", fields, POINTER_BYTES * len(weights) + channels)

    def in_place_on(self, target: Target) -> tuple[Tensor, ...]:
        """3 x 3: the DSP kernel takes rows apart before it stores what lies there, if it takes them as a whole."""
        is_alike = self.window.stride_h == 1 and self.input.shape == self.output.shape
        can = is_alike and self.input.shape[3] % BLOCK == 0 and self.strips(target) == 1
        return (self.input,) if can else ()

    def scratch_bytes(self, target: Target) -> int:
        if self.as_conv_2d is not None:
            return self.as_conv_2d.scratch_bytes(target)
        packed = self.packed(target)
        return super().scratch_bytes(target) if packed is None else packed.scratch_bytes

    def staged_bytes(self, target: Target) -> int:
        if self.as_conv_2d is not None:
            return self.as_conv_2d.staged_bytes(target)
        packed = self.packed(target)
        return packed.staged_bytes if packed is not None else 0

    def strips(self, target: Target) -> int:
        """How many parts of a row the kernel for 3 x 3 takes one after the other; 0: another kernel computes this."""
        packed = self.packed(target) if self.as_conv_2d is None else None
        strip = packed.fields.get("strip", 0) if packed is not None else 0
        return -(-self.window.output_w // strip) if isinstance(strip, int) and strip else 0

    def flash_reads(self, target: Target, rows: int, is_staged: bool) -> int:
        if self.as_conv_2d is not None:
            return self.as_conv_2d.flash_reads(target, rows, is_staged)
        # a channel's words for every strip; otherwise weighed as if the weights were read for every row and the rest
        # for every two columns, so that little scratch is spared by reading slow flash again
        words, columns = self.staged_bytes(target) // 4 // BLOCK, self.window.output_w
        strips = self.strips(target)
        times = words * strips if is_staged else min(words, 1) * rows * (6 * strips + 4 * ((columns + 1) // 2))
        return self.output.shape[3] * times

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.as_conv_2d is not None:
            return self.as_conv_2d.lower(place)
        packed = self.packed(place.target)
        return super().lower(place) if packed is None else (self._packed_call(place, packed),)

    def _packed_call(self, place: Placement, packed: Packed) -> KernelCall:
        return KernelCall(
            f"tg_depthwise_conv_2d_{packed.variant}_s8",
            {
                **self.geometry(place),
                "input_zero_point": self.input.zero_point,
                **packed.fields,
                **({"is_staged": int(place.is_staged)} if packed.staged_bytes else {}),
            },
            (self.input,),
            self.output,
            scratch=True,
        )
