"""ADD: the sum of two tensors, with broadcasting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.broadcast import RANK_FITS, operand_fields, operand_rows, output_fields
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is, is_per_tensor
from tinygen.quant import Int64s, activation_range, multiply_by_quantized_multiplier, quantize_multiplier

LEFT_SHIFT = 20
"""Inputs are widened by this much before they are scaled; TFLite's value for int8."""


@dataclass(frozen=True, eq=False)
class Add(Op):
    """output = activation(input1 + input2); both are brought to twice the larger scale first."""

    input1: Tensor
    input2: Tensor
    output: Tensor
    activation: str

    KIND = "ADD"
    BY_ROWS = True
    RULES = (
        dtype_is("input1", DType.INT8),
        dtype_is("input2", DType.INT8),
        dtype_is("output", DType.INT8),
        is_per_tensor("input1", "input2", "output"),
        ACTIVATION_IS_CLAMP,
        RANK_FITS,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], node.text("fused_activation_function"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input1, self.input2)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return tuple(t for t in (self.input1, self.input2) if t.shape == self.output.shape)

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return operand_rows(rows, operand, self.output)

    def multipliers(self, rounding: Rounding) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
        """(multiplier, shift) of input1, input2 and output, as in TFLite's add."""
        twice_largest = 2 * max(self.input1.scale, self.input2.scale)
        return (
            quantize_multiplier(self.input1.scale / twice_largest, rounding),
            quantize_multiplier(self.input2.scale / twice_largest, rounding),
            quantize_multiplier(twice_largest / ((1 << LEFT_SHIFT) * self.output.scale), rounding),
        )

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        of_input1, of_input2, of_output = self.multipliers(rounding)

        def scaled(value: Array, tensor: Tensor, multiplier: tuple[int, int]) -> Int64s:
            widened = (value.astype(np.int64) - tensor.zero_point) << LEFT_SHIFT
            return multiply_by_quantized_multiplier(widened, *multiplier, rounding)

        total = scaled(values[0], self.input1, of_input1) + scaled(values[1], self.input2, of_input2)
        stored = multiply_by_quantized_multiplier(total, *of_output, rounding) + self.output.zero_point
        return (np.clip(stored, *self.clamp).astype(np.int8).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        (m1, s1), (m2, s2), (m, s) = self.multipliers(place.target.rounding)
        low, high = self.clamp
        return (
            KernelCall(
                "tg_add_s8",
                {
                    "input1": operand_fields(place, self.input1, self.output),
                    "input2": operand_fields(place, self.input2, self.output),
                    "output": place.ring(self.output),
                    "extent": output_fields(self.output),
                    "input1_zero_point": self.input1.zero_point,
                    "input2_zero_point": self.input2.zero_point,
                    "output_zero_point": self.output.zero_point,
                    "input1_requant": {"multiplier": m1, "shift": s1},
                    "input2_requant": {"multiplier": m2, "shift": s2},
                    "output_requant": {"multiplier": m, "shift": s},
                    "output_min": low,
                    "output_max": high,
                },
                (self.input1, self.input2),
                self.output,
            ),
        )
