"""CONV_2D: a filter bank moved over an image, with groups, strides and dilation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Optimize, Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.conv_2d_f32 import Conv2DF32
from tinygen.ops.conv_2d_hybrid import Conv2DHybrid
from tinygen.ops.conv_2d_s16 import Conv2DS16
from tinygen.ops.conv_2d_u8 import Conv2DU8
from tinygen.ops.filter_blocks import FilterBlocks, filter_blocks, word_multiple
from tinygen.ops.filter_quads import FilterQuads, filter_quads, is_affordable
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.requantization import Requantization, float_matmul, folded_bias, requantization_of
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, dtype_is, is_constant, is_per_tensor
from tinygen.ops.window import WINDOW_FITS, Window
from tinygen.ops.winograd import WinogradFilters, winograd_filters
from tinygen.quant import activation_range, wrap_int32

LARGE_WEIGHTS = (Optimize.SPEED, Optimize.RAM)
"""Where weights may take several times their bytes in the file, if that is faster."""


def weights_are_symmetric(op: Conv2D) -> str:
    """What the zero points of the weights are, if not 0."""
    if op.weights.quantization is None:
        return f"{op.weights} has no scale"
    others = sorted(set(op.weights.params.zero_points) - {0})
    return f"{op.weights} has {others[0]}" if others else ""


@dataclass(frozen=True, eq=False)
class Conv2D(Op):
    """output[n, y, x, f] = activation(sum(input[n, y', x', c] * weights[f, i, j, c]) + bias[f])."""

    input: Tensor
    """[N, H, W, C] int8"""
    weights: Tensor
    """[F, kernel_h, kernel_w, C / groups] int8, per-tensor or per-channel along F"""
    bias: Tensor | None
    """[F] int32"""
    output: Tensor
    """[N, output_h, output_w, F] int8"""
    window: Window
    activation: str

    KIND = "CONV_2D"
    FORMS = (Conv2DU8, Conv2DS16, Conv2DF32, Conv2DHybrid)
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
    def groups(self) -> int:
        return self.input.shape[3] // self.weights.shape[3]

    @property
    def depth(self) -> int:
        """Weights per filter."""
        return self.weights.elements // self.weights.shape[0]

    @property
    def macs(self) -> int:
        return self.output.elements * self.depth

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    def requantization(self, rounding: Rounding) -> Requantization:
        return requantization_of(self.input, self.weights, self.output, rounding)

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return self.window.needs(rows)

    def in_place_on(self, target: Target) -> tuple[Tensor, ...]:
        """Pointwise: the DSP kernel copies pixels before it stores theirs."""
        w = self.window
        is_pointwise = w.kernel_h == w.kernel_w == w.stride_h == w.stride_w == 1
        is_alike = is_pointwise and self.input.shape == self.output.shape
        return (self.input,) if is_alike and self.blocks(target) is not None else ()

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        image, weights = values[0].astype(np.int64) - self.input.zero_point, values[1]
        patches = self.window.patches(image, 0)
        filters = weights.shape[0] // self.groups
        parts = []
        for group, part in enumerate(np.split(patches, self.groups, axis=-1)):
            bank = weights[group * filters : (group + 1) * filters]
            parts.append(float_matmul(part.reshape(-1, self.depth), bank.reshape(filters, -1).T))
        acc = np.concatenate(parts, axis=1)
        if self.bias is not None:
            acc = acc + values[2].astype(np.int64)
        stored = self.requantization(rounding).apply(wrap_int32(acc), self.output.zero_point, self.clamp, rounding)
        return (stored.reshape(self.output.shape).astype(np.int8),)

    def filter_stride(self, target: Target) -> int:
        """Bytes from one filter to the next: whole words where the kernels read words."""
        return -(-self.depth // 4) * 4 if "dsp" in target.kernels else self.depth

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        winograd = self.winograd(place.target)
        if winograd is not None:
            return (self._winograd_call(place, winograd),)
        quads = self.quads(place.target)
        if quads is not None:
            return (self._quads_call(place, quads),)
        blocks = self.blocks(place.target)
        return (self._call(place) if blocks is None else self._blocks_call(place, blocks),)

    def _call(self, place: Placement) -> KernelCall:
        filters = self.weights.shape[0]
        stride = self.filter_stride(place.target)
        packed = np.zeros((filters, stride), np.int8)
        packed[:, : self.depth] = self.weights.value.reshape(filters, -1)
        requantization = self.requantization(place.target.rounding)
        low, high = self.clamp
        return KernelCall(
            "tg_conv_2d_s8",
            {
                "weights": Constant.of(packed),
                "bias": Constant.of(self.bias_folded),
                "requant": requantization.constant,
                "requant_step": requantization.step,
                "input": place.ring(self.input),
                "output": place.ring(self.output),
                "window": self.window.fields(),
                "input_c": self.input.shape[3],
                "output_c": filters,
                "groups": self.groups,
                "filter_stride": stride,
                "input_zero_point": self.input.zero_point,
                "output_zero_point": self.output.zero_point,
                "output_min": low,
                "output_max": high,
            },
            (self.input,),
            self.output,
            scratch=self.scratch_bytes(place.target) > 0,
        )

    def _blocks_call(self, place: Placement, blocks: FilterBlocks) -> KernelCall:
        return KernelCall(
            "tg_conv_2d_blocks_s8",
            {
                "filters": blocks.fields(),
                "input": place.ring(self.input),
                "output": place.ring(self.output),
                "window": self.window.fields(),
                "input_c": self.input.shape[3],
                "input_zero_point": self.input.zero_point,
                "is_staged": int(place.is_staged),
            },
            (self.input,),
            self.output,
            scratch=True,
        )

    def _quads_call(self, place: Placement, quads: FilterQuads) -> KernelCall:
        return KernelCall(
            "tg_conv_2d_quads_s8",
            {
                "filters": quads.fields(),
                "input": place.ring(self.input),
                "output": place.ring(self.output),
                "window": self.window.fields(),
                "input_c": self.input.shape[3],
                "input_zero_point": self.input.zero_point,
            },
            (self.input,),
            self.output,
            scratch=True,
        )

    def _winograd_call(self, place: Placement, filters: WinogradFilters) -> KernelCall:
        return KernelCall(
            "tg_conv_2d_winograd_s8",
            {
                **vars(filters),
                "input": place.ring(self.input),
                "output": place.ring(self.output),
                "window": self.window.fields(),
                "input_c": self.input.shape[3],
                "filters": self.weights.shape[0],
                "input_zero_point": self.input.zero_point,
                "rounding": 2 * self.output.zero_point + 1,
                "is_staged": int(place.is_staged),
            },
            (self.input,),
            self.output,
            scratch=True,
        )

    @cached_property
    def bias_folded(self) -> Array:
        sums = self.weights.value.reshape(self.weights.shape[0], -1).sum(axis=1, dtype=np.int64)
        return folded_bias(self.bias, sums, self.input.zero_point)

    def blocks(self, target: Target) -> FilterBlocks | None:
        """The filters as the DSP kernel reads them, if it can compute this op."""
        if target.kernels[0] != "dsp" or self.groups > 1 or self.window.dilation_w > 1:
            return None
        if target.rounding not in self._blocks:
            filters, height, width, channels = self.weights.shape
            rows = np.zeros((filters, height, word_multiple(width * channels)), np.int8)
            rows[:, :, : width * channels] = self.weights.value.reshape(filters, height, -1)
            self._blocks[target.rounding] = filter_blocks(
                rows.reshape(filters, -1),
                self.bias_folded,
                self.requantization(target.rounding),
                self.output.zero_point,
                self.clamp,
                target.rounding,
            )
        return self._blocks[target.rounding]

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
                self.weights.value.reshape(self.weights.shape[0], -1),
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

    @cached_property
    def _blocks(self) -> dict[Rounding, FilterBlocks | None]:
        """Packed once: scratch sizes are asked for again and again."""
        return {}

    def scratch_bytes(self, target: Target) -> int:
        # dsp and mve expand two pixels' patches to int16; scalar gathers them as they are
        if self.winograd(target) is not None:
            return 65 * self.input.shape[3] + 512
        blocks = self.blocks(target)
        if blocks is not None:
            return 4 * blocks.depth
        quads = self.quads(target)
        if quads is not None:
            return quads.scratch_bytes(self.input.shape[3])
        return self.filter_stride(target) * (4 if "dsp" in target.kernels else 2)

    def staged_bytes(self, target: Target) -> int:
        filters = self.winograd(target) or self.blocks(target)
        return 0 if filters is None or target.optimize is Optimize.SIZE else filters.bytes

    def flash_reads(self, target: Target, rows: int, is_staged: bool) -> int:
        # otherwise all for every two pixels, or two tiles of 2 x 2
        columns = self.window.output_w
        places = rows * columns if self.winograd(target) is None else -(-rows // 2) * -(-columns // 2)
        return self.staged_bytes(target) // 4 * (1 if is_staged else -(-places // 2))
