"""ARG_MAX: where along an axis the greatest element is."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.arg_op import ArgOp


@dataclass(frozen=True, eq=False)
class ArgMax(ArgOp):
    """output = the first place of the greatest element"""

    KIND = "ARG_MAX"
    GREATEST = True
