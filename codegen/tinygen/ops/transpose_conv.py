"""TRANSPOSE_CONV: every input pixel adds its multiple of a window of weights to the output; int8, int16 or float."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.float_range import RANGES, bias_or_zeros, clamp_floats, with_bias
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.requantization import Requantization, requantization_of
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is, is_constant, is_per_tensor
from tinygen.ops.wide import FACTOR_IS_SMALL, is_narrow, stored_sums, sum_requantization, zero_points_are_zero
from tinygen.ops.window import WINDOW_FITS, Window
from tinygen.quant import activation_range, wrap_int32


@dataclass(frozen=True, eq=False)
class Transposed(Op):
    """output[n, y * stride + i - pad, x * stride + j - pad, f] += input[n, y, x, c] * weights[f, i, j, c], then + bias.

    The first operand, the output's shape, is what the output tensor's shape says too, so it is not kept.
    """

    input: Tensor
    """[N, H, W, C]"""
    weights: Tensor
    """[F, kernel_h, kernel_w, C]"""
    bias: Tensor | None
    """[F]"""
    output: Tensor
    """[N, output_h, output_w, F]"""
    window: Window
    """Its padding is cut off the output."""
    activation: str

    KIND = "TRANSPOSE_CONV"
    BY_ROWS = True

    @classmethod
    def read(cls, node: Node) -> Self:
        weights, input_, output = node.input(1), node.input(2), node.outputs[0]
        # the window as it would move over the output to make the input
        forward = Window.of(node, output, input_, weights.shape[1], weights.shape[2])
        window = Window(
            input_.shape[1], input_.shape[2], output.shape[1], output.shape[2], forward.kernel_h, forward.kernel_w,
            forward.stride_h, forward.stride_w, 1, 1, forward.pad_top, forward.pad_left,
        )  # fmt: skip
        activation = node.text("fused_activation_function")
        return cls(node.index, input_, weights, node.optional_input(3), output, window, activation)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.weights) if self.bias is None else (self.input, self.weights, self.bias)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def filters(self) -> int:
        return self.weights.shape[0]

    @property
    def macs(self) -> int:
        return self.input.elements // self.input.shape[3] * self.weights.elements

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    @abstractmethod
    def requantization(self, rounding: Rounding) -> Requantization:
        """How the sums come onto the output's scale."""

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        if operand is not self.input:
            return super().needs(rows, operand)
        w = self.window

        def reached(row: int) -> tuple[int, int]:
            """The first and last input row whose window covers an output row; any two if none does."""
            image, y = divmod(row, w.output_h)
            last = min((y + w.pad_top) // w.stride_h, w.input_h - 1)
            first = min(max(-(-(y + w.pad_top - w.kernel_h + 1) // w.stride_h), 0), last)
            return image * w.input_h + first, image * w.input_h + last

        return Rows(reached(rows.first)[0], reached(rows.end - 1)[1] + 1)

    def sums(self, image: Array, weights: Array) -> Array:
        """[N, output_h, output_w, F] in the image's type; every output adds up its inputs in their order."""
        w = self.window
        batch, height, width, channels = image.shape
        down, across = (height - 1) * w.stride_h + 1, (width - 1) * w.stride_w + 1
        whole_h = max(down + w.kernel_h, w.pad_top + w.output_h)
        whole_w = max(across + w.kernel_w, w.pad_left + w.output_w)
        total: Any = np.zeros((batch, whole_h, whole_w, weights.shape[0]), image.dtype)
        values: Any = image
        for i in reversed(range(w.kernel_h)):
            for j in reversed(range(w.kernel_w)):
                part = total[:, i : i + down : w.stride_h, j : j + across : w.stride_w]
                for c in range(channels):
                    part += values[..., c : c + 1] * weights[:, i, j, c]
        return np.asarray(total[:, w.pad_top : w.pad_top + w.output_h, w.pad_left : w.pad_left + w.output_w])

    def geometry(self, place: Placement) -> dict[str, Field]:
        return {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "window": self.window.fields(),
            "input_c": self.input.shape[3],
            "output_c": self.filters,
        }

    def weight_fields(self, rounding: Rounding, bias_type: type[np.int32] | type[np.int64]) -> dict[str, Field]:
        """The members that the params of the integer kernels have."""
        requantization = self.requantization(rounding)
        bias = np.zeros(self.filters, bias_type) if self.bias is None else self.bias.value.astype(bias_type)
        return {
            "weights": Constant.of(self.weights.value),
            "bias": Constant.of(bias),
            "requant": requantization.constant,
            "requant_step": requantization.step,
        }


@dataclass(frozen=True, eq=False)
class TransposeConvS16(Transposed):
    RULES = (
        dtype_is("input", DType.INT16),
        dtype_is("weights", DType.INT8),
        dtype_is("bias", DType.INT64, DType.INT32),
        dtype_is("output", DType.INT16),
        is_constant("weights"),
        is_constant("bias"),
        is_per_tensor("input", "output"),
        zero_points_are_zero("input", "weights", "output"),
        FACTOR_IS_SMALL,
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(2).dtype is DType.INT16

    def requantization(self, rounding: Rounding) -> Requantization:
        return sum_requantization(self.input, self.weights, self.bias, self.output, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        acc = self.sums(values[0].astype(np.int64), values[1].astype(np.int64)).astype(np.int64)
        if self.bias is not None:
            acc = acc + values[2].astype(np.int64)
        return (stored_sums(acc, self.requantization(rounding), self.bias, self.clamp, rounding),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        low, high = self.clamp
        fields = self.weight_fields(place.target.rounding, np.int64) | self.geometry(place)
        fields |= {"narrow": int(is_narrow(self.bias)), "output_min": low, "output_max": high}
        return (KernelCall("tg_transpose_conv_s16", fields, (self.input,), self.output),)


@dataclass(frozen=True, eq=False)
class TransposeConvF32(Transposed):
    """Weights and bias may be computed at run time."""

    RULES = (
        dtype_is("input", DType.FLOAT32),
        dtype_is("weights", DType.FLOAT32),
        dtype_is("bias", DType.FLOAT32),
        dtype_is("output", DType.FLOAT32),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(2).dtype is DType.FLOAT32

    @cached_property
    def is_divisible(self) -> bool:
        # weights that lie in RAM are taken as a whole
        return self.activations == (self.input,)

    def requantization(self, rounding: Rounding) -> Requantization:
        raise AssertionError("floats are not requantized")

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        with np.errstate(all="ignore"):
            sums = self.sums(values[0].astype(np.float32), values[1].astype(np.float32)).astype(np.float32)
        return (clamp_floats(with_bias(sums, values[2] if self.bias is not None else None), self.activation),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        low, high = RANGES[self.activation]
        operands = (self.input, self.weights, bias_or_zeros(self.bias, self.filters))
        fields = self.geometry(place) | {"output_min": low, "output_max": high}
        return (KernelCall("tg_transpose_conv_f32", fields, operands, self.output),)


@dataclass(frozen=True, eq=False)
class TransposeConv(Transposed):
    FORMS = (TransposeConvS16, TransposeConvF32)
    RULES = (
        dtype_is("input", DType.INT8),
        dtype_is("weights", DType.INT8),
        dtype_is("bias", DType.INT32),
        dtype_is("output", DType.INT8),
        is_constant("weights"),
        is_constant("bias"),
        is_per_tensor("input", "output"),
        zero_points_are_zero("weights"),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    def requantization(self, rounding: Rounding) -> Requantization:
        return requantization_of(self.input, self.weights, self.output, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        centred = values[0].astype(np.int64) - self.input.zero_point
        acc = self.sums(centred, values[1].astype(np.int64)).astype(np.int64)
        if self.bias is not None:
            acc = acc + values[2].astype(np.int64)
        stored = self.requantization(rounding).apply(wrap_int32(acc), self.output.zero_point, self.clamp, rounding)
        return (stored.astype(np.int8),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        low, high = self.clamp
        fields = self.weight_fields(place.target.rounding, np.int32) | self.geometry(place)
        fields |= {
            "input_zero_point": self.input.zero_point,
            "output_zero_point": self.output.zero_point,
            "output_min": low,
            "output_max": high,
        }
        return (KernelCall("tg_transpose_conv_s8", fields, (self.input,), self.output),)
