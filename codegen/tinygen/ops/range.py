"""RANGE: numbers at equal distances."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ir.tensor import Tensor
from tinygen.ops.fixed_op import FixedOp
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, dtype_is, is_constant

TYPES = (DType.INT32, DType.INT64, DType.FLOAT32)


def _length(op: Range) -> str:
    made = op.length
    return "" if op.output.shape == (made,) else f"there are {made} in {op.output}"


def _dtypes_differ(op: Range) -> str:
    wrong = [t for t in (op.input, op.limit, op.delta) if t.dtype is not op.output.dtype]
    return f"{wrong[0]} is {wrong[0].dtype.label}" if wrong else ""


def _steps_are_none(op: Range) -> str:
    values = [float(t.value.reshape(-1)[0]) for t in (op.input, op.limit, op.delta) if t.elements == 1]
    sound = len(values) == 3 and all(map(math.isfinite, values)) and values[2] != 0
    return "" if sound else f"there are {values}"


@dataclass(frozen=True, eq=False)
class Range(FixedOp):
    """output = start, start + delta, start + 2 * delta, ... up to but without the limit.

    float32: each sum is rounded, so that errors add up as in TFLite.
    """

    limit: Tensor
    delta: Tensor

    KIND = "RANGE"
    RULES = (
        dtype_is("output", *TYPES),
        Rule("all tensors have one element type", _dtypes_differ),
        is_constant("input"),
        is_constant("limit"),
        is_constant("delta"),
        Rule("start, limit and delta are numbers, and delta is not 0", _steps_are_none),
        Rule("the output has as many elements as there are steps", _length),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0], node.input(1), node.input(2))

    @property
    def length(self) -> int:
        start, limit, delta = (t.value.reshape(-1)[0] for t in (self.input, self.limit, self.delta))
        if self.output.dtype.is_float:
            with np.errstate(all="ignore"):
                steps = float((limit - start) / delta)
            return max(math.ceil(steps), 0) if math.isfinite(steps) else 0
        return max(-(-(int(limit) - int(start)) // int(delta)), 0)

    @property
    def answer(self) -> object:
        start, delta = (t.value.reshape(-1)[:1] for t in (self.input, self.delta))
        with np.errstate(all="ignore"):
            return np.cumsum(np.concatenate([start, np.repeat(delta, self.length)]), dtype=start.dtype)[: self.length]
