"""SignalFilterBankSpectralSubtraction: a spectrum less the noise in it, which is its moving average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import State
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.history import following
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is

COEFFICIENTS = (
    "smoothing",
    "one_minus_smoothing",
    "alternate_smoothing",
    "alternate_one_minus_smoothing",
    "min_signal_remaining",
)


def _shapes_fit(op: SignalFilterBankSpectralSubtraction) -> str:
    uneven = next((t for t in (op.input, op.output, op.estimate) if t.elements != op.channels), None)
    return "" if uneven is None else f"num_channels is {op.channels}, and there is {uneven}"


def _numbers_are_possible(op: SignalFilterBankSpectralSubtraction) -> str:
    negative = next((f"{name} is {value}" for name, value in op.coefficients.items() if value < 0), "")
    shifts = {"smoothing_bits": op.smoothing_bits, "spectral_subtraction_bits": op.fraction_bits}
    return negative or next((f"{name} is {value}" for name, value in shifts.items() if not 0 <= value <= 31), "")


@dataclass(frozen=True, eq=False)
class SignalFilterBankSpectralSubtraction(Op):
    """noise[i] = (signal * smoothing + noise[i] * one_minus_smoothing) >> spectral_subtraction_bits,
    output[i] = max((signal - min(noise[i], signal)) >> smoothing_bits,
                    input[i] * min_signal_remaining >> spectral_subtraction_bits),
    with signal = input[i] << smoothing_bits, and with the alternate coefficients where i is odd.

    All numbers are uint32 and wrap; products have 64 bits. With clamping, the noise itself is at most the signal. It is
    both remembered and put out.
    """

    input: Tensor
    noise: Tensor
    """what is remembered"""
    output: Tensor
    estimate: Tensor
    """the noise, for other ops"""
    next: Tensor
    """what the noise becomes"""
    channels: int
    coefficients: dict[str, int]
    smoothing_bits: int
    fraction_bits: int
    clamping: bool

    KIND = "SignalFilterBankSpectralSubtraction"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.UINT32),
        dtype_is("output", DType.UINT32),
        dtype_is("estimate", DType.UINT32),
        Rule("input and outputs have num_channels numbers", _shapes_fit),
        Rule("coefficients are not negative, and numbers of bits are 0 to 31", _numbers_are_possible),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        read, (output, estimate) = node.input(0), node.outputs
        noise = Tensor(f"{output.name}, noise", read.shape, DType.UINT32)
        return cls(
            node.index,
            read,
            noise,
            output,
            estimate,
            following(noise),
            node.integer("num_channels"),
            {name: node.integer(name) for name in COEFFICIENTS},
            node.integer("smoothing_bits"),
            node.integer("spectral_subtraction_bits"),
            node.flag("clamping"),
        )

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.noise)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output, self.estimate, self.next)

    @property
    def states(self) -> tuple[State, ...]:
        return (State(self.noise, np.zeros(self.noise.shape, np.uint32), self.next),)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.input, self.noise)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        energy, noise = (value.reshape(-1).astype(np.uint64) for value in values)
        odd = np.arange(self.channels) % 2 == 1
        factor = {name: np.uint64(value) for name, value in self.coefficients.items()}
        smoothing = np.where(odd, factor["alternate_smoothing"], factor["smoothing"])
        rest = np.where(odd, factor["alternate_one_minus_smoothing"], factor["one_minus_smoothing"])
        bits, fraction_bits = np.uint64(self.smoothing_bits), np.uint64(self.fraction_bits)
        signal = _low_half(energy << bits)
        following = _low_half((signal * smoothing + noise * rest) >> fraction_bits)
        below = np.minimum(following, signal)
        least = _low_half((energy * factor["min_signal_remaining"]) >> fraction_bits)
        output = np.maximum((signal - below) >> bits, least).astype(np.uint32)
        kept = (below if self.clamping else following).astype(np.uint32)
        return (
            output.reshape(self.output.shape),
            kept.reshape(self.estimate.shape),
            kept.reshape(self.next.shape),
        )

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "channels": self.channels,
            **self.coefficients,
            "smoothing_bits": self.smoothing_bits,
            "spectral_subtraction_bits": self.fraction_bits,
            "clamping": int(self.clamping),
        }
        kernel, also = "tg_signal_filter_bank_spectral_subtraction_u32", (self.estimate, self.next)
        return (KernelCall(kernel, fields, (self.input,), self.output, whole=True, also=also),)


def _low_half(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Modulo 2**32."""
    return x & np.uint64(0xFFFFFFFF)
