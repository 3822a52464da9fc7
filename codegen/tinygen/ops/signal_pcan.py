"""SignalPCAN: per-channel amplitude normalization, a gain control that follows the noise."""

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
from tinygen.quant import Int64s

GAINS = 125
"""Numbers of the gain table: for 0 and 1, then three of every four for each further power of two."""


def _shapes_fit(op: SignalPcan) -> str:
    uneven = next((t for t in (op.noise, op.output) if t.elements != op.input.elements), None)
    if uneven is not None:
        return f"input is {op.input}, and there is {uneven}"
    return "" if op.gains.elements == GAINS else f"gains is {op.gains}"


def _shift_is_possible(op: SignalPcan) -> str:
    return "" if 0 <= op.shift <= 63 else f"it is {op.shift}"


@dataclass(frozen=True, eq=False)
class SignalPcan(Op):
    """output[i] = shrink(input[i] * gain(noise[i]) >> snr_shift), uint32.

    shrink(x) = x**2 >> 20 below 2**13, else (x >> 6) - 64: Q.12 to Q.6. gain(x) is gains[x] up to 2. Beyond, with x
    between two powers of two, it is a polynomial of the next ten bits of x, f:
    a + ((f * (32 b + (c * f >> 5)) + 2**14) >> 15), where a, b and c are the gains from 4 * bits(x) - 6 on.
    """

    input: Tensor
    noise: Tensor
    gains: Tensor
    """[125]"""
    output: Tensor
    shift: int

    KIND = "SignalPCAN"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.UINT32),
        dtype_is("noise", DType.UINT32),
        dtype_is("gains", DType.INT16),
        dtype_is("output", DType.UINT32),
        Rule(f"input, noise and output have one size, and there are {GAINS} gains", _shapes_fit),
        Rule("snr_shift is 0 to 63", _shift_is_possible),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        tensors = (node.input(0), node.input(1), node.input(2), node.outputs[0])
        return cls(node.index, *tensors, node.integer("snr_shift"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.noise, self.gains)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.input, self.noise)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        signal, noise = (value.reshape(-1).astype(np.uint64) for value in values[:2])
        gain = _gain(noise.astype(np.int64), values[2].reshape(-1).astype(np.int64)).astype(np.uint32)
        ratio = ((signal * gain.astype(np.uint64)) >> np.uint64(self.shift)).astype(np.uint32)
        output = np.where(ratio < 1 << 13, (ratio * ratio) >> np.uint32(20), (ratio >> np.uint32(6)) - np.uint32(64))
        return (output.astype(np.uint32).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields = {"elements": self.input.elements, "shift": self.shift}
        return (KernelCall("tg_signal_pcan_u32", fields, self.inputs, self.output, whole=True),)


def _gain(x: Int64s, gains: Int64s) -> Int64s:
    """Products wrap as int32, and the sum as int16."""
    bits = np.maximum(np.frexp(x.astype(np.float64))[1], 2)
    at = 4 * bits - 6
    fraction = np.where(bits < 11, x << np.maximum(11 - bits, 0), x >> np.maximum(bits - 11, 0)) & 0x3FF
    slope = (gains[at + 2] * fraction >> 5) + 32 * gains[at + 1]
    product = (slope * fraction).astype(np.int32)
    curved = ((product + np.int32(1 << 14)) >> 15).astype(np.int64) + gains[at]
    return np.where(x <= 2, gains[np.minimum(x, 2)], curved).astype(np.int16).astype(np.int64)
