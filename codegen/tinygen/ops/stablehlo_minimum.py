"""STABLEHLO_MINIMUM: the smaller of two elements."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.minimum import Minimum


@dataclass(frozen=True, eq=False)
class StablehloMinimum(Minimum):
    """MINIMUM, for which stored integers are compared too."""

    KIND = "STABLEHLO_MINIMUM"
