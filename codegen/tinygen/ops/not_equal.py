"""NOT_EQUAL: whether input1 != input2."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.comparison import LARGER, SMALLER, UNORDERED, Comparison


@dataclass(frozen=True, eq=False)
class NotEqual(Comparison):
    """output = input1 != input2"""

    KIND = "NOT_EQUAL"
    RELATIONS = SMALLER | LARGER | UNORDERED
    SCALES_WORDS = True
