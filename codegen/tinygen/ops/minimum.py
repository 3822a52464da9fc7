"""MINIMUM: the smaller of two elements."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.extremum import Extremum


@dataclass(frozen=True, eq=False)
class Minimum(Extremum):
    """output = min(input1, input2)"""

    KIND = "MINIMUM"
    IS_MAXIMUM = False
