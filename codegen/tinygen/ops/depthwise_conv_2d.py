"""DEPTHWISE_CONV_2D: each input channel has its own `depth_multiplier` filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Optimize, Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.conv_2d import Conv2D, weights_are_symmetric
from tinygen.ops.conv_2d_f32 import DepthwiseConv2DF32
from tinygen.ops.conv_2d_hybrid import DepthwiseConv2DHybrid
from tinygen.ops.conv_2d_s16 import DepthwiseConv2DS16
from tinygen.ops.conv_2d_u8 import DepthwiseConv2DU8
from tinygen.ops.doubled_channels import BLOCK, HALVES_BITS, doubled, pack_3x3, pack_quads, pack_taps, sums_fit
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.requantization import Requantization, folded_bias, requantization_of
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, dtype_is, is_constant, is_per_tensor
from tinygen.ops.window import WINDOW_FITS, Window
from tinygen.quant import activation_range, wrap_int32

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
class DepthwiseConv2D(Op):
    """output[n, y, x, c * multiplier + k] = activation(sum(input[n, y', x', c] * weights[i, j, c, k]) + bias)."""

    input: Tensor
    """[N, H, W, C] int8"""
    weights: Tensor
    """[1, kernel_h, kernel_w, C * multiplier] int8, per-tensor or per-channel along the last"""
    bias: Tensor | None
    """[C * multiplier] int32"""
    output: Tensor
    """[N, output_h, output_w, C * multiplier] int8"""
    window: Window
    activation: str

    KIND = "DEPTHWISE_CONV_2D"
    FORMS = (DepthwiseConv2DU8, DepthwiseConv2DS16, DepthwiseConv2DF32, DepthwiseConv2DHybrid)
    BY_ROWS = True
    RULES = (
        dtype_is("input", DType.INT8),
        dtype_is("weights", DType.INT8, DType.INT4),
        dtype_is("bias", DType.INT32),
        dtype_is("output", DType.INT8),
        is_constant("weights"),
        is_constant("bias"),
        is_per_tensor("input", "output"),
        Rule("the weights' zero points are 0", weights_are_symmetric),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        input_, weights, output = node.input(0), node.input(1), node.outputs[0]
        window = Window.of(node, input_, output, weights.shape[1], weights.shape[2])
        activation = node.text("fused_activation_function")
        return cls(node.index, input_, weights, node.optional_input(2), output, window, activation)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.weights) if self.bias is None else (self.input, self.weights, self.bias)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def multiplier(self) -> int:
        """Filters per input channel; the option in the file is redundant and may be 0."""
        return self.output.shape[3] // self.input.shape[3]

    @property
    def macs(self) -> int:
        return self.output.elements * self.window.kernel_h * self.window.kernel_w

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    def requantization(self, rounding: Rounding) -> Requantization:
        return requantization_of(self.input, self.weights, self.output, rounding)

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return self.window.needs(rows)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        image, weights = values[0].astype(np.int64) - self.input.zero_point, values[1].astype(np.int64)
        patches = np.repeat(self.window.patches(image, 0), self.multiplier, axis=-1)
        acc = np.einsum("nyxijc,ijc->nyxc", patches.astype(np.int64), weights[0])
        if self.bias is not None:
            acc = acc + values[2].astype(np.int64)
        stored = self.requantization(rounding).apply(wrap_int32(acc), self.output.zero_point, self.clamp, rounding)
        return (stored.astype(np.int8),)

    @cached_property
    def as_conv_2d(self) -> Conv2D | None:
        """The same as a CONV_2D: one input channel has all the filters."""
        if self.input.shape[3] != 1:
            return None
        bank = self.weights.value.transpose(3, 1, 2, 0)
        weights = replace(self.weights, shape=bank.shape, data=bank)
        return Conv2D(self.index, self.input, weights, self.bias, self.output, self.window, self.activation)

    @cached_property
    def bias_folded(self) -> Array:
        return folded_bias(self.bias, self.weights.value.sum(axis=(0, 1, 2), dtype=np.int64), self.input.zero_point)

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
        if not is_small and _is_3x3(self.window):
            words = pack_3x3(weights.reshape(3, 3, channels), self.bias_folded, by)
            strip, scratch = _strip(self.window, strip_bytes)
            staged = 4 * BLOCK * words.size // channels
            fields: dict[str, Field] = {
                "channels": Constant.of(words),
                "rounding": 2 * self.output.zero_point + 1,
                "strip": strip,
            }
            return Packed("3x3", fields, scratch, staged)
        words = pack_taps(weights, self.bias_folded, by)
        scratch = 4 * (len(weights) + len(weights) % 2) + channels
        return Packed("taps", {"channels": Constant.of(words)}, scratch)

    def _pack_quads(self, rounding: Rounding) -> Packed | None:
        channels = self.input.shape[3]
        by = doubled(self.requantization(rounding), channels, self.output.zero_point, self.clamp)
        weights = self.weights.value.reshape(-1, channels)
        if by is None or not sums_fit(weights, self.bias_folded, HALVES_BITS):
            return None
        words = np.column_stack([self.bias_folded, by]).astype(np.int32)
        fields = {"weights": Constant.of(pack_quads(weights)), "channels": Constant.of(words)}
        return Packed("quads", fields, POINTER_BYTES * len(weights) + channels)

    def scratch_bytes(self, target: Target) -> int:
        if self.as_conv_2d is not None:
            return self.as_conv_2d.scratch_bytes(target)
        packed = self.packed(target)
        if packed is not None:
            return packed.scratch_bytes
        zeros = self.input.shape[3] if target.kernels[0] == "mve" else 0
        return 4 * self.window.kernel_h * self.window.kernel_w + zeros

    def staged_bytes(self, target: Target) -> int:
        if self.as_conv_2d is not None:
            return self.as_conv_2d.staged_bytes(target)
        packed = self.packed(target)
        return packed.staged_bytes if packed is not None else 0

    def strips(self, target: Target) -> int:
        """How many parts of a row the kernel for 3 x 3 takes one after the other."""
        packed = self.packed(target)
        strip = packed.fields.get("strip", 0) if packed is not None else 0
        return -(-self.window.output_w // strip) if isinstance(strip, int) and strip else 1

    def flash_reads(self, target: Target, rows: int, is_staged: bool) -> int:
        if self.as_conv_2d is not None:
            return self.as_conv_2d.flash_reads(target, rows, is_staged)
        # a channel's words for every strip; otherwise weighed as if weights were read for every row and the rest for
        # every two columns, so that little scratch is spared by reading slow flash again
        words, columns = self.staged_bytes(target) // 4 // BLOCK, self.window.output_w
        strips = self.strips(target)
        times = words * strips if is_staged else min(words, 1) * rows * (6 * strips + 4 * ((columns + 1) // 2))
        return self.output.shape[3] * times

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if self.as_conv_2d is not None:
            return self.as_conv_2d.lower(place)
        packed = self.packed(place.target)
        return (self._call(place) if packed is None else self._packed_call(place, packed),)

    def _packed_call(self, place: Placement, packed: Packed) -> KernelCall:
        return KernelCall(
            f"tg_depthwise_conv_2d_{packed.variant}_s8",
            {
                "input": place.ring(self.input),
                "output": place.ring(self.output),
                "window": self.window.fields(),
                "input_c": self.input.shape[3],
                "input_zero_point": self.input.zero_point,
                **packed.fields,
                **({"is_staged": int(place.is_staged)} if packed.staged_bytes else {}),
            },
            (self.input,),
            self.output,
            scratch=True,
        )

    def _call(self, place: Placement) -> KernelCall:
        requantization = self.requantization(place.target.rounding)
        low, high = self.clamp
        return KernelCall(
            "tg_depthwise_conv_2d_s8",
            {
                "weights": Constant.of(self.weights.value),
                "bias": Constant.of(self.bias_folded),
                "requant": requantization.constant,
                "requant_step": requantization.step,
                "input": place.ring(self.input),
                "output": place.ring(self.output),
                "window": self.window.fields(),
                "input_c": self.input.shape[3],
                "multiplier": self.multiplier,
                "input_zero_point": self.input.zero_point,
                "output_zero_point": self.output.zero_point,
                "output_min": low,
                "output_max": high,
            },
            (self.input,),
            self.output,
            scratch=True,
        )
