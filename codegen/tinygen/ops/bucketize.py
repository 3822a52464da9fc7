"""BUCKETIZE: numbers as the numbers of the intervals in which they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.element import element_type
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.unary import Unary


def _unsorted(op: Bucketize) -> str:
    rising = all(one <= other for one, other in zip(op.boundaries, op.boundaries[1:], strict=False))
    return "" if op.boundaries and rising else f"they are {op.boundaries[:5]}"


@dataclass(frozen=True, eq=False)
class Bucketize(Unary):
    """output[i] = how many boundaries input[i] has reached; integers are rounded to float32 first."""

    boundaries: tuple[float, ...]

    KIND = "BUCKETIZE"
    RULES = (
        dtype_is("input", DType.INT32, DType.INT64, DType.FLOAT32),
        dtype_is("output", DType.INT32),
        Rule("there are boundaries, in ascending order", _unsorted),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        boundaries = tuple(float(x) for x in node.options.get("boundaries", ()))
        return cls(node.index, node.input(0), node.outputs[0], boundaries)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        edges = np.array(self.boundaries, np.float32)
        below = values[0].astype(np.float32)[..., None] < edges
        # of rising boundaries, the first that is not reached ends the count
        return (np.where(below.any(axis=-1), below.argmax(axis=-1), len(edges)).astype(np.int32),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "elements": self.input.elements,
            "type": element_type(self.input.dtype),
            "count": len(self.boundaries),
            "boundaries": Constant.of(np.array(self.boundaries, np.float32)),
        }
        return (KernelCall("tg_bucketize", fields, (self.input,), self.output, whole=True),)
