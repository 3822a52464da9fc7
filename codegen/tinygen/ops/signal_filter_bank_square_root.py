"""SignalFilterBankSquareRoot: rounded square roots, shifted back by what the samples were shifted up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is


def _shapes_fit(op: SignalFilterBankSquareRoot) -> str:
    if op.input.elements != op.output.elements:
        return f"output is {op.output}, input {op.input}"
    return "" if op.scale_bits.elements == 1 else f"scale_bits is {op.scale_bits}"


@dataclass(frozen=True, eq=False)
class SignalFilterBankSquareRoot(Op):
    """output[i] = round(sqrt(input[i])) >> scale_bits, from uint64 to uint32.

    Of an input below 2**32 the root is at most 2**16 - 1, as TFLite Micro computes it in 32 bits, and never more than
    2**32 - 1.
    """

    input: Tensor
    scale_bits: Tensor
    """One number, whose lowest five bits count."""
    output: Tensor

    KIND = "SignalFilterBankSquareRoot"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.UINT64),
        dtype_is("scale_bits", DType.INT32),
        dtype_is("output", DType.UINT32),
        Rule("output has the size of input, and scale_bits is one number", _shapes_fit),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.scale_bits)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        bits = int(values[1].reshape(-1)[0]) & 31
        roots = [_root(int(x)) >> bits for x in values[0].reshape(-1)]
        return (np.array(roots, np.uint32).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (
            KernelCall(
                "tg_signal_filter_bank_square_root_u64",
                {"elements": self.input.elements},
                (self.input, self.scale_bits),
                self.output,
                whole=True,
            ),
        )


def _root(x: int) -> int:
    root = math.isqrt(x)
    greatest = 0xFFFF if x < 1 << 32 else 0xFFFFFFFF
    return root + (x - root * root > root and root != greatest)
