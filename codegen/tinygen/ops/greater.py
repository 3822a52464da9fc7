"""GREATER: whether input1 > input2."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.comparison import LARGER, Comparison


@dataclass(frozen=True, eq=False)
class Greater(Comparison):
    """output = input1 > input2"""

    KIND = "GREATER"
    RELATIONS = LARGER
