"""LESS: whether input1 < input2."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.comparison import SMALLER, Comparison


@dataclass(frozen=True, eq=False)
class Less(Comparison):
    """output = input1 < input2"""

    KIND = "LESS"
    RELATIONS = SMALLER
