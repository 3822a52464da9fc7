"""CONV_2D: a filter bank moved over an image, with groups, strides and dilation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Optimize, Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.blocked_convolution import BlockedConvolution
from tinygen.ops.conv_2d_f32 import Conv2DF32
from tinygen.ops.conv_2d_hybrid import Conv2DHybrid
from tinygen.ops.conv_2d_s16 import Conv2DS16
from tinygen.ops.conv_2d_u8 import Conv2DU8
from tinygen.ops.convolution import PLAIN_RULES
from tinygen.ops.filter_blocks import FilterBlocks, filter_blocks, padded_rows, word_multiple
from tinygen.ops.filter_quads import FilterQuads, filter_quads, is_affordable
from tinygen.ops.linear import LinearS8
from tinygen.ops.plain_conv_2d import PlainConv2D
from tinygen.ops.winograd import WinogradFilters, winograd_filters

LARGE_WEIGHTS = (Optimize.SPEED, Optimize.RAM)
"""Where weights may take several times their bytes in the file, if that is faster."""


@dataclass(frozen=True, eq=False)
class Conv2D(BlockedConvolution, PlainConv2D):
    """With constant filters, for which faster kernels have forms of their own."""

    FORMS = (Conv2DU8, PlainConv2D, Conv2DS16, Conv2DF32, Conv2DHybrid)
    RULES = (*LinearS8.TYPES, *PLAIN_RULES)

    def in_place_on(self, target: Target) -> tuple[Tensor, ...]:
        """Pointwise: the DSP kernel copies pixels before it stores theirs."""
        w = self.window
        is_pointwise = w.kernel_h == w.kernel_w == w.stride_h == w.stride_w == 1
        is_alike = is_pointwise and self.input.shape == self.output.shape
        return (self.input,) if is_alike and self.blocks(target) is not None else ()

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        transformed = self.winograd(place.target)
        if transformed is not None:
            fields: dict[str, Field] = {
                **vars(transformed),
                **self.geometry(place),
                "filters": self.filters,
                "input_zero_point": self.input.zero_point,
                "rounding": 2 * self.output.zero_point + 1,
                "is_staged": int(place.is_staged),
            }
            return (self._packed_call("tg_conv_2d_winograd_s8", fields),)
        packed = self.quads(place.target) or self.blocks(place.target)
        if packed is None:
            return super().lower(place)
        fields = {
            "filters": packed.fields(),
            **self.geometry(place),
            "input_zero_point": self.input.zero_point,
        }
        if isinstance(packed, FilterQuads):
            return (self._packed_call("tg_conv_2d_quads_s8", fields),)
        return (self._packed_call("tg_conv_2d_blocks_s8", fields | {"is_staged": int(place.is_staged)}),)

    def _packed_call(self, kernel: str, fields: dict[str, Field]) -> KernelCall:
        return KernelCall(kernel, fields, (self.input,), self.output, scratch=True)

    def in_blocks(self, rounding: Rounding) -> FilterBlocks | None:
        filters, height, width, channels = self.weights.shape
        kernel_rows = self.weights.value.reshape(filters * height, -1)
        return filter_blocks(
            padded_rows(kernel_rows, word_multiple(width * channels)).reshape(filters, -1),
            self.bias_folded,
            self.requantization(rounding),
            self.output.zero_point,
            self.clamp,
            rounding,
        )

    def winograd(self, target: Target) -> WinogradFilters | None:
        """The filters transformed, if that is faster, possible, and the 3.6 times larger weights are welcome."""
        w = self.window
        is_plain = self.groups == w.stride_h == w.stride_w == w.dilation_h == w.dilation_w == 1
        if target.kernels[0] != "dsp" or target.optimize not in LARGE_WEIGHTS or target.is_lean or not is_plain:
            return None
        if target.rounding not in self._winograd:
            self._winograd[target.rounding] = winograd_filters(
                self.weights.value,
                self.bias_folded,
                self.requantization(target.rounding),
                self.clamp,
                target.rounding,
            )
        return self._winograd[target.rounding]

    def quads(self, target: Target) -> FilterQuads | None:
        """The filters as the kernel for cores without DSP instructions reads them, if it can compute this op."""
        if target.kernels[0] != "swar" or target.optimize is Optimize.SIZE or self.groups > 1:
            return None
        if target.rounding not in self._quads:
            self._quads[target.rounding] = filter_quads(
                self.bank(self.weights.value),
                self.bias_folded,
                self.requantization(target.rounding),
                self.output.zero_point,
                self.clamp,
            )
        quads, pixels = self._quads[target.rounding], self.window.output_w
        if quads is None or not is_affordable(quads.scratch_bytes(self.input.shape[3]), target, pixels):
            return None
        return quads

    @cached_property
    def _quads(self) -> dict[Rounding, FilterQuads | None]:
        return {}

    @cached_property
    def _winograd(self) -> dict[Rounding, WinogradFilters | None]:
        return {}

    def scratch_bytes(self, target: Target) -> int:
        if self.winograd(target) is not None:
            return 65 * self.input.shape[3] + 512
        blocks = self.blocks(target)
        if blocks is not None:
            return 4 * blocks.depth
        quads = self.quads(target)
        if quads is not None:
            return quads.scratch_bytes(self.input.shape[3])
        return super().scratch_bytes(target)

    def staged_bytes(self, target: Target) -> int:
        filters = self.winograd(target) or self.blocks(target)
        return 0 if filters is None or target.optimize is Optimize.SIZE else filters.bytes

    def flash_reads(self, target: Target, rows: int, is_staged: bool) -> int:
        # otherwise all for every two pixels, or two tiles of 2 x 2
        columns = self.window.output_w
        places = rows * columns if self.winograd(target) is None else -(-rows // 2) * -(-columns // 2)
        return self.staged_bytes(target) // 4 * (1 if is_staged else -(-places // 2))
