"""DEPTHWISE_CONV_2D: each input channel has its own `depth_multiplier` filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.conv_2d import weights_are_symmetric
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.requantization import Requantization, folded_bias, requantization_of
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, dtype_is, is_constant, is_per_tensor
from tinygen.ops.window import WINDOW_FITS, Window
from tinygen.quant import activation_range, wrap_int32


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
    BY_ROWS = True
    RULES = (
        dtype_is("input", DType.INT8),
        dtype_is("weights", DType.INT8),
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

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        requantization = self.requantization(place.target.rounding)
        weights = self.weights.value
        bias = folded_bias(self.bias, weights.sum(axis=(0, 1, 2), dtype=np.int64), self.input.zero_point)
        low, high = self.clamp
        return (
            KernelCall(
                "tg_depthwise_conv_2d_s8",
                {
                    "weights": Constant.of(weights),
                    "bias": Constant.of(bias),
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
            ),
        )
