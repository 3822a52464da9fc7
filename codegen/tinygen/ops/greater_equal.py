"""GREATER_EQUAL: whether input1 >= input2."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.comparison import LARGER, SAME, Comparison


@dataclass(frozen=True, eq=False)
class GreaterEqual(Comparison):
    """output = input1 >= input2"""

    KIND = "GREATER_EQUAL"
    RELATIONS = LARGER | SAME
