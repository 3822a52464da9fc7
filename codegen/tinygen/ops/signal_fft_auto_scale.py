"""SignalFftAutoScale: samples shifted up as far as the greatest of them allows."""

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
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is


def _shapes_fit(op: SignalFftAutoScale) -> str:
    if op.input.elements != op.output.elements:
        return f"output is {op.output}, input {op.input}"
    return "" if op.scale_bits.elements == 1 else f"scale_bits is {op.scale_bits}"


@dataclass(frozen=True, eq=False)
class SignalFftAutoScale(Op):
    """output[i] = input[i] << scale_bits, where scale_bits is how often the greatest magnitude can be doubled.

    The magnitude is kept in an int16, as in TFLite Micro: -32768 has none there, it makes all samples before it
    forgotten, and those after it are compared with a negative number.
    """

    input: Tensor
    output: Tensor
    scale_bits: Tensor
    """One number, 0 to 14."""

    KIND = "SignalFftAutoScale"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.INT16),
        dtype_is("output", DType.INT16),
        dtype_is("scale_bits", DType.INT32),
        Rule("output has the size of input, and scale_bits is one number", _shapes_fit),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), *node.outputs)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output, self.scale_bits)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.input,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        samples = [int(x) for x in values[0].reshape(-1)]
        greatest = 0
        for x in samples:
            greatest = x if x > greatest else -x if -x > greatest else greatest
            greatest = -32768 if greatest == 32768 else greatest
        bits = 15 - greatest.bit_length() if greatest > 0 else 0
        output = (values[0].astype(np.int64) << bits).astype(np.int16)
        return output.reshape(self.output.shape), np.full(self.scale_bits.shape, bits, np.int32)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (
            KernelCall(
                "tg_signal_fft_auto_scale_s16",
                {"elements": self.input.elements},
                (self.input,),
                self.output,
                whole=True,
                also=(self.scale_bits,),
            ),
        )
