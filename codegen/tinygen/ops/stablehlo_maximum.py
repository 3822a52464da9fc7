"""STABLEHLO_MAXIMUM: the larger of two elements."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.maximum import Maximum


@dataclass(frozen=True, eq=False)
class StablehloMaximum(Maximum):
    """MAXIMUM, for which stored integers are compared too."""

    KIND = "STABLEHLO_MAXIMUM"
