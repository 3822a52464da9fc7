"""TABLE: 256 answers that a pass made out of several ops; no file has this operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.target import Rounding
from tinygen.ops.node import Node
from tinygen.ops.table_op import TableOp
from tinygen.quant import Int64s


@dataclass(frozen=True, eq=False)
class Table(TableOp):
    """output[i] = table[input[i] + 128]; made for one rounding, and right for that one only."""

    table: tuple[int, ...]
    """The stored outputs for stored inputs -128 .. 127."""

    KIND = "TABLE"

    @classmethod
    def read(cls, node: Node) -> Self:
        raise AssertionError("a pass makes this op; no file has it")

    def answers(self, stored: Int64s, rounding: Rounding) -> Int64s:
        return np.array(self.table, np.int64)[stored + 128]
