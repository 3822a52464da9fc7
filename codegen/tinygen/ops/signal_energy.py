"""SignalEnergy: the squared magnitudes of a spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.unary import Unary


def _shapes_fit(op: SignalEnergy) -> str:
    return "" if op.input.elements == 2 * op.output.elements else f"they are {op.input} and {op.output}"


def _range_is_possible(op: SignalEnergy) -> str:
    return "" if 0 <= op.start <= op.end <= op.output.elements else f"they are {op.start} and {op.end}"


@dataclass(frozen=True, eq=False)
class SignalEnergy(Unary):
    """output[k] = input[2k]**2 + input[2k + 1]**2 for start <= k < end, uint32.

    TFLite Micro leaves the others as they are; here they are 0.
    """

    start: int
    end: int

    KIND = "SignalEnergy"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.INT16),
        dtype_is("output", DType.UINT32),
        Rule("input has two numbers for each of output", _shapes_fit),
        Rule("start_index and end_index are places of output, in this order", _range_is_possible),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0], node.integer("start_index"), node.integer("end_index"))

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def macs(self) -> int:
        return 2 * (self.end - self.start)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        squares = np.square(values[0].astype(np.int64)).reshape(-1, 2).sum(axis=1)
        places = np.arange(self.output.elements)
        counted = np.where((places >= self.start) & (places < self.end), squares, 0)
        return (counted.astype(np.uint32).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (
            KernelCall(
                "tg_signal_energy_s16",
                {"elements": self.output.elements, "start": self.start, "end": self.end},
                (self.input,),
                self.output,
                whole=True,
            ),
        )
