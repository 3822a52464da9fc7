"""LOCAL_RESPONSE_NORMALIZATION: each channel by the size of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import SAME_DTYPE, Elementwise
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.sequential import sum_in_order


def _rank(op: LocalResponseNormalization) -> str:
    return "" if len(op.input.shape) == 4 else f"{op.input} has {len(op.input.shape)}"


def _radius(op: LocalResponseNormalization) -> str:
    return "" if op.radius >= 0 else f"it is {op.radius}"


@dataclass(frozen=True, eq=False)
class LocalResponseNormalization(Elementwise):
    """output[c] = input[c] * (bias + alpha * sum of input[k]**2)**-beta with c - radius <= k < c + radius.

    float32, within 2e-5. The upper end is TFLite's, which leaves out one neighbour.
    """

    radius: int
    bias: float
    alpha: float
    beta: float

    KIND = "LOCAL_RESPONSE_NORMALIZATION"
    RULES = (
        dtype_is("input", DType.FLOAT32),
        SAME_DTYPE,
        Rule("the input has 4 dimensions", _rank),
        Rule("the radius is not negative", _radius),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        reals = (node.real("bias"), node.real("alpha"), node.real("beta"))
        return cls(node.index, node.input(0), node.outputs[0], node.integer("radius"), *reals)

    @property
    def in_place(self) -> tuple[()]:
        return ()

    @property
    def channels(self) -> int:
        return self.input.shape[3]

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        pixels = values[0].astype(np.float32).reshape(-1, self.channels)
        made = np.empty_like(pixels)
        with np.errstate(all="ignore"):
            for c in range(self.channels):
                near = pixels[:, max(c - self.radius, 0) : c + self.radius]
                size = np.float32(self.bias) + np.float32(self.alpha) * sum_in_order(near * near)
                factor = np.power(size.astype(np.float64), -np.float32(self.beta)).astype(np.float32)
                made[:, c] = pixels[:, c] * factor
        return (made.reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "pixels": self.input.row_elements // self.channels if self.channels else 0,
            "channels": self.channels,
            "radius": min(self.radius, self.channels),
            "bias": self.bias,
            "alpha": self.alpha,
            "beta": self.beta,
        }
        kernel = "tg_local_response_normalization_f32"
        return (KernelCall(kernel, fields, (self.input,), self.output),)
