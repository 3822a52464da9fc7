"""LESS_EQUAL: whether input1 <= input2."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.comparison import SAME, SMALLER, Comparison


@dataclass(frozen=True, eq=False)
class LessEqual(Comparison):
    """output = input1 <= input2"""

    KIND = "LESS_EQUAL"
    RELATIONS = SMALLER | SAME
