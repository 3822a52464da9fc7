"""TRANSPOSE_CONV: every input pixel adds its multiple of a window of weights to the output; int8, int16 or float."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.tensor import Tensor
from tinygen.ops.convolution import Sliding
from tinygen.ops.linear import NARROW_BIAS_IS_CONSTANT, LinearF32, LinearS8, LinearS16
from tinygen.ops.node import Node
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, is_per_tensor
from tinygen.ops.wide import zero_points_are_zero
from tinygen.ops.window import WINDOW_FITS, Window


@dataclass(frozen=True, eq=False)
class Transposed(Sliding):
    """output[n, y * stride + i - pad, x * stride + j - pad, f] += input[n, y, x, c] * weights[f, i, j, c], then + bias.

    weights: [F, kernel_h, kernel_w, C]. The window's padding is cut off the output.
    The first operand, the output's shape, is what the output tensor's shape says too, so it is not kept.
    """

    KIND = "TRANSPOSE_CONV"
    INPUT = 2

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
        return cls(node.index, input_, weights, node.optional_input(3), output, activation, window)

    @property
    def macs(self) -> int:
        return self.input.elements // self.input.shape[3] * self.weights.elements

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

    def sums(self, image: Array, weights: Array) -> Any:
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
        return total[:, w.pad_top : w.pad_top + w.output_h, w.pad_left : w.pad_left + w.output_w]


@dataclass(frozen=True, eq=False)
class TransposeConvS16(LinearS16, Transposed):
    """Weights and bias may be computed at run time."""

    RULES = (*LinearS16.TYPES, NARROW_BIAS_IS_CONSTANT, *LinearS16.SCALES, ACTIVATION_IS_CLAMP, WINDOW_FITS)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields = {
            **self.weight_fields(place.target.rounding, self.known_weights),
            **self.geometry(place),
            "output_c": self.filters,
            "narrow": self.narrow,
            **self.output_fields,
        }
        kernels = "tg_transpose_conv_s16", "tg_transpose_conv_run_time_s16"
        return self.call(*kernels, fields)


@dataclass(frozen=True, eq=False)
class TransposeConvF32(LinearF32, Transposed):
    """Weights and bias may be computed at run time."""

    RULES = (*LinearF32.TYPES, ACTIVATION_IS_CLAMP, WINDOW_FITS)

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(cls.INPUT).dtype is DType.FLOAT32

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return self.float_call("tg_transpose_conv_f32", {**self.geometry(place), "output_c": self.filters})


@dataclass(frozen=True, eq=False)
class TransposeConv(LinearS8, Transposed):
    FORMS = (TransposeConvS16, TransposeConvF32)
    RULES = (
        *LinearS8.NO_INT4,
        is_per_tensor("input", "output"),
        zero_points_are_zero("weights"),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @property
    def stored_bias(self) -> Array:
        # a tap outside the image adds nothing, not the zero point
        return self.bias_operand(self.BIAS).value

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields = {
            **self.weight_fields(place.target.rounding, self.known_weights),
            **self.geometry(place),
            "output_c": self.filters,
            "input_zero_point": self.input.zero_point,
            **self.output_fields,
        }
        kernels = "tg_transpose_conv_s8", "tg_transpose_conv_run_time_s8"
        return self.call(*kernels, fields)
