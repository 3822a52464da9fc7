"""SUB: the difference of two tensors, with broadcasting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tinygen.ops.integer_pairs import Operation
from tinygen.ops.scaled_sum import ScaledSum


@dataclass(frozen=True, eq=False)
class Sub(ScaledSum):
    """output = activation(input1 - input2); both are brought to twice the larger scale first."""

    KIND = "SUB"
    SIGN = -1
    WIDE_OPERATION = Operation.DIFFERENCE

    def plain(self, x: Any, y: Any) -> Any:
        return x - y
