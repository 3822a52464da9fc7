"""RELU6: min(max(x, 0), 6), rescaled; TFLite Micro forgets to rescale, LiteRT and tinygen do not."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.clamp_op import ClampOp


@dataclass(frozen=True, eq=False)
class Relu6(ClampOp):
    """As RELU, with 6 as its upper end."""

    KIND = "RELU6"
    LOW, HIGH = 0.0, 6.0
