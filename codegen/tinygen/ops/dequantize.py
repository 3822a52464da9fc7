"""DEQUANTIZE: int8 to float32."""

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
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import dtype_is, is_per_tensor


@dataclass(frozen=True, eq=False)
class Dequantize(Op):
    """output = scale * (input - zero_point).

    The difference is exact in float32, so one float32 product is the correctly rounded result that TFLite's float64
    product, rounded to float32, gives too.
    """

    input: Tensor
    output: Tensor

    KIND = "DEQUANTIZE"
    BY_ROWS = True
    RULES = (dtype_is("input", DType.INT8), dtype_is("output", DType.FLOAT32), is_per_tensor("input"))

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return rows

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        centred = (values[0].astype(np.int64) - self.input.zero_point).astype(np.float32)
        return (centred * np.float32(self.input.scale),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (
            KernelCall(
                "tg_dequantize_s8_f32",
                {
                    "input": place.ring(self.input),
                    "output": place.ring(self.output),
                    "row_elements": self.output.row_elements,
                    "scale": self.input.scale,
                    "zero_point": self.input.zero_point,
                },
                (self.input,),
                self.output,
            ),
        )
