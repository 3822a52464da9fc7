"""EQUAL: whether input1 == input2."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.comparison import SAME, Comparison


@dataclass(frozen=True, eq=False)
class Equal(Comparison):
    """output = input1 == input2"""

    KIND = "EQUAL"
    RELATIONS = SAME
    SCALES_WORDS = True
