"""RELU6: min(max(x, 0), 6), rescaled; TFLite Micro forgets to rescale, LiteRT and tinygen do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.target import Rounding
from tinygen.ops.clamp_op import ClampOp
from tinygen.quant import quantize_multiplier


@dataclass(frozen=True, eq=False)
class Relu6(ClampOp):
    """As RELU, with 6 as its upper end."""

    KIND = "RELU6"
    LOW, HIGH = 0.0, 6.0

    def requant(self, rounding: Rounding) -> tuple[int, int]:
        """In float32, as in LiteRT, whose answers these are."""
        return quantize_multiplier(float(np.float32(self.input.scale) / np.float32(self.output.scale)), rounding)
