"""FULLY_CONNECTED: every row of the input times a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.schedule import Ring
from tinygen.ir.target import Optimize, Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.filter_blocks import BLOCK, FilterBlocks, filter_blocks, word_multiple
from tinygen.ops.filter_quads import WeightLanes, weight_lanes
from tinygen.ops.fully_connected_blockwise import FullyConnectedBlockwise
from tinygen.ops.fully_connected_f32 import FullyConnectedF32
from tinygen.ops.fully_connected_hybrid import FullyConnectedHybrid
from tinygen.ops.fully_connected_run_time import FullyConnectedRunTime
from tinygen.ops.fully_connected_s16 import FullyConnectedS16
from tinygen.ops.fully_connected_u8 import FullyConnectedU8
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.requantization import Requantization, float_matmul, folded_bias, requantization_of
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, dtype_is, is_per_tensor
from tinygen.ops.window import Window
from tinygen.quant import activation_range, wrap_int32

MOST_PIXEL_CHANNELS = 512
"""Inputs above which a row expanded to int16 would take too much scratch."""
LARGEST_ACCUMULATOR = 64
"""Outputs above which int32 sums would take more RAM than the map's rows are worth."""


def _format_is_default(op: FullyConnected) -> str:
    return "" if op.weights_format == "DEFAULT" else f"it is {op.weights_format}"


def _zero_points_agree(op: FullyConnected) -> str:
    if op.weights.quantization is None:
        return f"{op.weights} has no scale"
    distinct = set(op.weights.params.zero_points)
    return f"{op.weights} has {len(distinct)} different ones" if len(distinct) > 1 else ""


@dataclass(frozen=True, eq=False)
class FullyConnected(Op):
    """output[b, o] = activation(sum(input[b, i] * weights[o, i]) + bias[o]), the input read as [batches, depth]."""

    input: Tensor
    """int8, any shape of batches * depth elements"""
    weights: Tensor
    """[outputs, depth] int8"""
    bias: Tensor | None
    """[outputs] int32"""
    output: Tensor
    """int8, any shape of batches * outputs elements"""
    activation: str
    weights_format: str
    as_pixels: bool = False
    """Computed as so many pixels by the kernel of a pointwise CONV_2D."""

    KIND = "FULLY_CONNECTED"
    FORMS = (
        FullyConnectedBlockwise,
        FullyConnectedU8,
        FullyConnectedRunTime,
        FullyConnectedS16,
        FullyConnectedF32,
        FullyConnectedHybrid,
    )
    RULES = (
        dtype_is("input", DType.INT8),
        dtype_is("weights", DType.INT8, DType.INT4),
        dtype_is("bias", DType.INT32),
        dtype_is("output", DType.INT8),
        is_per_tensor("input", "output"),
        Rule("all zero points of the weights are equal", _zero_points_agree),
        Rule("the weights' format is DEFAULT", _format_is_default),
        ACTIVATION_IS_CLAMP,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(
            node.index,
            node.input(0),
            node.input(1),
            node.optional_input(2),
            node.outputs[0],
            node.text("fused_activation_function"),
            node.text("weights_format", "DEFAULT"),
        )

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.weights) if self.bias is None else (self.input, self.weights, self.bias)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def depth(self) -> int:
        return self.weights.shape[1]

    @property
    def batches(self) -> int:
        return self.input.elements // self.depth

    @property
    def macs(self) -> int:
        return self.batches * self.weights.elements

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    def requantization(self, rounding: Rounding) -> Requantization:
        return requantization_of(self.input, self.weights, self.output, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = values[0].astype(np.int64).reshape(self.batches, self.depth) - self.input.zero_point
        acc = float_matmul(rows, (values[1].astype(np.int64) - self.weights.zero_point).T)
        if self.bias is not None:
            acc = acc + values[2].astype(np.int64).reshape(-1)
        stored = self.requantization(rounding).apply(wrap_int32(acc), self.output.zero_point, self.clamp, rounding)
        return (stored.reshape(self.output.shape).astype(np.int8),)

    @property
    def accumulates(self) -> bool:
        """A map is flattened: its rows can be taken as they come, at the cost of one sum per output."""
        return self.batches == 1 and self.input.rows > 1 and self.weights.shape[0] <= LARGEST_ACCUMULATOR

    def scratch_bytes(self, target: Target) -> int:
        if self.as_pixels:
            return 4 * word_multiple(self.depth)
        if self.accumulates:
            return 4 * word_multiple(self.weights.shape[0])
        return 0

    def weights_stride(self, target: Target) -> int:
        """Bytes from one output's weights to the next: whole words where the kernels read words."""
        return word_multiple(self.depth) if "dsp" in target.kernels else self.depth

    @cached_property
    def bias_folded(self) -> Array:
        centred = self.weights.value.astype(np.int64) - self.weights.zero_point
        return folded_bias(self.bias, centred.sum(axis=1), self.input.zero_point)

    def blocks(self, target: Target) -> FilterBlocks | None:
        """The weights as the DSP kernels read them, if they can compute this op."""
        if target.kernels[0] != "dsp" or self.weights.zero_point != 0:
            return None
        if self.accumulates and self.input.row_elements % 4:
            return None
        packed = np.zeros((self.weights.shape[0], word_multiple(self.depth)), np.int8)
        packed[:, : self.depth] = self.weights.value
        requantization = self.requantization(target.rounding)
        zero_point = self.output.zero_point
        alike = BLOCK if self.as_pixels else 1
        return filter_blocks(packed, self.bias_folded, requantization, zero_point, self.clamp, target.rounding, alike)

    def can_be_pixels(self, target: Target) -> bool:
        """CONV_2D's kernel expands a row at a time, in its scratch."""
        is_small = self.depth <= MOST_PIXEL_CHANNELS and self.batches == self.output.rows
        return is_small and not self.accumulates and self.blocks(target) is not None

    def _pixels_call(self, blocks: FilterBlocks) -> KernelCall:
        rows, channels = self.batches, self.depth
        window = Window(rows, 1, rows, 1, 1, 1, 1, 1, 1, 1, pad_top=0, pad_left=0)
        return KernelCall(
            "tg_conv_2d_blocks_s8",
            {
                "filters": blocks.fields(),
                "input": Ring(0, rows, channels),
                "output": Ring(0, rows, self.weights.shape[0]),
                "window": window.fields(),
                "input_c": channels,
                "input_zero_point": self.input.zero_point,
                "is_staged": 0,
            },
            (self.input,),
            self.output,
            scratch=True,
        )

    def lanes(self, target: Target) -> WeightLanes | None:
        """The weights as the kernel for cores without DSP instructions reads them, if it can compute this op."""
        if target.kernels[0] != "swar" or target.optimize is Optimize.SIZE or self.accumulates:
            return None
        if self.weights.zero_point != 0:
            return None
        if target.rounding not in self._lanes:
            self._lanes[target.rounding] = weight_lanes(
                self.weights.value,
                self.bias_folded,
                self.requantization(target.rounding),
                self.output.zero_point,
                self.clamp,
            )
        return self._lanes[target.rounding]

    @cached_property
    def _lanes(self) -> dict[Rounding, WeightLanes | None]:
        """Packed once: scratch sizes are asked for again and again."""
        return {}

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        lanes = self.lanes(place.target)
        if lanes is not None:
            sizes: dict[str, Field] = {"batches": self.batches, "depth": self.depth, "outputs": self.weights.shape[0]}
            name = "tg_fully_connected_lanes_s8"
            return (KernelCall(name, {**vars(lanes), **sizes}, (self.input,), self.output, whole=True),)
        blocks = self.blocks(place.target)
        if blocks is not None and self.as_pixels:
            return (self._pixels_call(blocks),)
        if blocks is not None:
            kernel = "blocks_s8"
            weights: dict[str, Field] = {"filters": blocks.fields()}
            whole: dict[str, Field] = {**weights, "batches": self.batches, "depth": self.depth}
        else:
            kernel, weights = "s8", {"dense": self._dense(place.target)}
            whole = self._dense(place.target)
        if not self.accumulates:
            return (KernelCall(f"tg_fully_connected_{kernel}", whole, (self.input,), self.output, whole=True),)
        fields: dict[str, Field] = {
            **weights,
            "input": place.ring(self.input),
            "rows": self.input.rows,
            "row_elements": self.input.row_elements,
        }
        return (KernelCall(f"tg_fully_connected_rows_{kernel}", fields, (self.input,), self.output, scratch=True),)

    def _dense(self, target: Target) -> dict[str, Field]:
        """The members of tg_fully_connected_s8_params."""
        outputs, stride = self.weights.shape[0], self.weights_stride(target)
        packed = np.zeros((outputs, stride), np.int8)
        packed[:, : self.depth] = self.weights.value
        requantization = self.requantization(target.rounding)
        low, high = self.clamp
        return {
            "weights": Constant.of(packed),
            "bias": Constant.of(self.bias_folded),
            "requant": requantization.constant,
            "requant_step": requantization.step,
            "batches": self.batches,
            "depth": self.depth,
            "outputs": outputs,
            "weights_stride": stride,
            "weights_zero_point": self.weights.zero_point,
            "output_zero_point": self.output.zero_point,
            "output_min": low,
            "output_max": high,
        }
