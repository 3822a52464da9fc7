"""GELU: a number times the normal distribution up to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.program import Field
from tinygen.ops.curve import CurveOp
from tinygen.ops.float_range import Floats
from tinygen.ops.node import Node

_ERFC = np.vectorize(math.erfc, otypes=[np.float64])
HALF = np.float32(0.5)


@dataclass(frozen=True, eq=False)
class Gelu(CurveOp):
    """output = input * (1 + erf(input / sqrt(2))) / 2, or its approximation by tanh; floats within 1e-5."""

    approximate: bool

    KIND = "GELU"

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0], node.flag("approximate"))

    def function(self, x: Floats) -> Floats:
        if self.approximate:
            inner = np.float32(math.sqrt(2 / math.pi)) * (x + np.float32(0.044715) * x * x * x)
            return HALF * x * (np.float32(1) + np.tanh(inner.astype(np.float64)).astype(np.float32))
        tail = _ERFC((x * np.float32(-math.sqrt(0.5))).astype(np.float64)) if x.size else x
        return HALF * x * tail.astype(np.float32)

    @property
    def float_fields(self) -> dict[str, Field]:
        return {"approximate": int(self.approximate)}
