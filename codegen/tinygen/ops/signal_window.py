"""SignalWindow: samples weighted by a window."""

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
from tinygen.ops.rule import Rule, dtype_is


def _shapes_fit(op: SignalWindow) -> str:
    if op.input.elements != op.output.elements:
        return f"they are {op.input} and {op.output}"
    length = op.weights.elements
    return "" if length and op.input.row_elements % length == 0 else f"weights is {op.weights}, input {op.input}"


def _shift_is_possible(op: SignalWindow) -> str:
    return "" if 0 <= op.shift <= 31 else f"it is {op.shift}"


@dataclass(frozen=True, eq=False)
class SignalWindow(Op):
    """output[i] = clamp(input[i] * weights[i % length] >> shift), int16."""

    input: Tensor
    weights: Tensor
    output: Tensor
    shift: int

    KIND = "SignalWindow"
    IS_CUSTOM = True
    BY_ROWS = True
    RULES = (
        dtype_is("input", DType.INT16),
        dtype_is("weights", DType.INT16),
        dtype_is("output", DType.INT16),
        Rule("input and output have one size, of which each row is a whole number of windows", _shapes_fit),
        Rule("shift is 0 to 31", _shift_is_possible),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], node.integer("shift"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.weights)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def macs(self) -> int:
        return self.input.elements

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return rows if operand is self.input else Rows(0, operand.rows)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        samples, window = values[0].astype(np.int64), values[1].astype(np.int64)
        weighted = samples.reshape(-1, self.weights.elements) * window.reshape(-1) >> self.shift
        return (np.clip(weighted, -32768, 32767).astype(np.int16).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (
            KernelCall(
                "tg_signal_window_s16",
                {
                    "input": place.ring(self.input),
                    "output": place.ring(self.output),
                    "windows": self.input.row_elements // self.weights.elements,
                    "length": self.weights.elements,
                    "shift": self.shift,
                },
                (self.input, self.weights),
                self.output,
            ),
        )
