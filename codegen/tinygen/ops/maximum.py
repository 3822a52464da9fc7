"""MAXIMUM: the larger of two elements."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.extremum import Extremum


@dataclass(frozen=True, eq=False)
class Maximum(Extremum):
    """output = max(input1, input2)"""

    KIND = "MAXIMUM"
    IS_MAXIMUM = True
