"""FAKE_QUANT: floats as an integer type would hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import SAME_DTYPE, Elementwise
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, dtype_is


def _range_is_wrong(op: FakeQuant) -> str:
    with np.errstate(all="ignore"):
        is_finite = bool(np.isfinite(np.float32(op.high) - np.float32(op.low)))
    fits = is_finite and op.low <= 0 <= op.high and op.low < op.high and 2 <= op.bits <= 16
    return "" if fits else f"it is {op.low:g} to {op.high:g} in {op.bits} bits"


@dataclass(frozen=True, eq=False)
class FakeQuant(Elementwise):
    """output = least + scale * round((clamp(input) - least) / scale), in float32, halves up.

    The range is moved so that 0 is one of the steps. Source: NudgeQuantizationRange and FakeQuantizeArray.
    """

    low: float
    high: float
    bits: int
    is_narrow: bool

    KIND = "FAKE_QUANT"
    RULES = (
        dtype_is("input", DType.FLOAT32),
        SAME_DTYPE,
        Rule("the range holds 0 and more, and has 2 to 16 bits", _range_is_wrong),
        Rule("the range is not narrow", lambda op: "it is" if op.is_narrow else ""),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        ends = (node.real("min"), node.real("max"))
        bits, is_narrow = node.integer("num_bits"), node.flag("narrow_range")
        return cls(node.index, node.input(0), node.outputs[0], *ends, bits, is_narrow)

    @property
    def steps(self) -> tuple[np.float32, np.float32, np.float32]:
        """(least, most, scale), computed in float32."""
        last, low, high = (np.float32(x) for x in (2**self.bits - 1, self.low, self.high))
        scale = (high - low) / last
        zero = np.clip(np.floor(np.float32(0.5) - low / scale), np.float32(0), last)
        return -zero * scale, (last - zero) * scale, scale

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        least, most, scale = self.steps
        above = np.clip(values[0].astype(np.float32), least, most) - least
        x = above * (np.float32(1) / scale)
        whole = np.floor(x)
        whole = np.where(x - whole >= np.float32(0.5), whole + np.float32(1), whole)
        return (np.asarray(whole * scale + least, np.float32),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        least, most, scale = self.steps
        return self.call(
            place,
            "tg_fake_quant_f32",
            {
                "least": float(least),
                "most": float(most),
                "scale": float(scale),
                "inverse_scale": float(np.float32(1) / scale),
            },
        )
