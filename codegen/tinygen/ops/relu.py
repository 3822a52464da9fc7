"""RELU: max(x, 0), rescaled."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.clamp_op import ClampOp
from tinygen.ops.float_range import LARGEST


@dataclass(frozen=True, eq=False)
class Relu(ClampOp):
    """output = max(input, 0)."""

    KIND = "RELU"
    LOW, HIGH = 0.0, LARGEST
