"""An op that maps every int8 to an int8 by itself: 256 answers, made here, looked up on the chip."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is, is_per_tensor
from tinygen.quant import Int64s


@dataclass(frozen=True, eq=False)
class TableOp(Op):
    """output[i] = table[input[i] + 128]"""

    input: Tensor
    output: Tensor

    BY_ROWS = True
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT8),
        dtype_is("output", DType.INT8),
        is_per_tensor("input", "output"),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.input,) if self.input.dtype.size == self.output.dtype.size else ()

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return rows

    @abstractmethod
    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        """The stored outputs for stored inputs."""

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (self.answers(values[0].astype(np.int64), rounding).astype(np.int8),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        table = self.answers(np.arange(-128, 128), place.target.rounding).astype(np.int8)
        return (
            KernelCall(
                "tg_table_s8",
                {
                    "table": Constant.of(table),
                    "input": place.ring(self.input),
                    "output": place.ring(self.output),
                    "row_elements": self.output.row_elements,
                },
                (self.input,),
                self.output,
            ),
        )
