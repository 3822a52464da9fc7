"""ARG_MIN: where along an axis the least element is."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.arg_op import ArgOp


@dataclass(frozen=True, eq=False)
class ArgMin(ArgOp):
    """output = the first place of the least element"""

    KIND = "ARG_MIN"
    GREATEST = False
