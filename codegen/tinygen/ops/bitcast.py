"""BITCAST: the same bytes as another element type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.copy_op import MOVABLE
from tinygen.ops.reshape import copy_blocks
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.unary import Unary

BYTES = tuple(dtype for dtype in MOVABLE if dtype is not DType.BOOL)


def _bytes_differ(op: Bitcast) -> str:
    return "" if op.input.bytes == op.output.bytes else f"{op.input} makes {op.output}"


@dataclass(frozen=True, eq=False)
class Bitcast(Unary):
    """The output's bytes are the input's; elements of another size are another number of them."""

    KIND = "BITCAST"
    RULES = (
        dtype_is("input", *BYTES),
        dtype_is("output", *BYTES),
        Rule("input and output have the same number of bytes", _bytes_differ),
    )

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        dtype = self.output.dtype.numpy
        return (np.frombuffer(np.ascontiguousarray(values[0]).tobytes(), dtype).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (copy_blocks(self.input, self.output, 1, self.input.bytes, self.input.bytes, 0),)
