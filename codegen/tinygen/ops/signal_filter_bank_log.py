"""SignalFilterBankLog: natural logarithms in fixed point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.unary import Unary

SEGMENTS = 128
CURVE = np.array([round(65536 * (math.log2(1 + i / SEGMENTS) - i / SEGMENTS)) for i in range(SEGMENTS + 1)], np.int16)
"""log2(1 + x) - x in Q.16 at x = i / 128."""
LOG_2 = round(65536 * math.log(2))


def _shapes_fit(op: SignalFilterBankLog) -> str:
    return "" if op.input.elements == op.output.elements else f"they are {op.input} and {op.output}"


def _numbers_are_possible(op: SignalFilterBankLog) -> str:
    return "" if 0 <= op.bits <= 31 else f"it is {op.bits}"


@dataclass(frozen=True, eq=False)
class SignalFilterBankLog(Unary):
    """output[i] = min(output_scale * log(input[i] << input_correction_bits), 32767), from uint32 to int16.

    The shift wraps. Of 0 and 1 the logarithm is 0. The others are formed in Q.16: the place of the highest bit, what
    follows as a fraction, CURVE for it, all times log(2), rounded, times output_scale modulo 2**32, rounded.
    Between two values of CURVE, TFLite Micro goes 1/128 of the way that would be right.
    """

    bits: int
    scale: int

    KIND = "SignalFilterBankLog"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.UINT32),
        dtype_is("output", DType.INT16),
        Rule("input and output have one size", _shapes_fit),
        Rule("input_correction_bits is 0 to 31", _numbers_are_possible),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        options = (node.integer("input_correction_bits"), node.integer("output_scale"))
        return cls(node.index, node.input(0), node.outputs[0], *options)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        x = (values[0].astype(np.int64) << self.bits) & 0xFFFFFFFF
        whole = np.frexp(np.maximum(x, 1).astype(np.float64))[1].astype(np.int64) - 1
        fraction = ((np.maximum(x, 1) - (1 << whole)) << 16) >> whole
        curve, segment = CURVE.astype(np.int64), fraction >> 9
        step = curve[segment + 1] - curve[segment]
        log2 = (whole << 16) + fraction + curve[segment] + (step * (fraction & 511) >> 16)
        log = (LOG_2 * log2 + 0x8000) >> 16
        scaled = ((self.scale * log + 0x8000) & 0xFFFFFFFF) >> 16
        output = np.where(x > 1, np.minimum(scaled, 32767), 0)
        return (output.astype(np.int16).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (
            KernelCall(
                "tg_signal_filter_bank_log_u32",
                {
                    "curve": Constant.of(CURVE),
                    "elements": self.input.elements,
                    "bits": self.bits,
                    "scale": self.scale,
                },
                (self.input,),
                self.output,
                whole=True,
            ),
        )
