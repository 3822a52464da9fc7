"""UNSORTED_SEGMENT_SUM, _PROD, _MAX and _MIN: slices joined that belong to the same segment."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.index import index_rule, is_wide
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.reduction import FLOAT_MAX, REDUCE_MAX, REDUCE_MIN, REDUCE_PRODUCT, REDUCE_SUM
from tinygen.ops.rule import SAME_DTYPE, Rule, dtype_is
from tinygen.quant import INT32_MAX, INT32_MIN

STARTS = {
    REDUCE_SUM: (0, 0.0),
    REDUCE_PRODUCT: (1, 1.0),
    REDUCE_MAX: (INT32_MIN, -FLOAT_MAX),
    REDUCE_MIN: (INT32_MAX, FLOAT_MAX),
}
"""What no slices make, in int32 and float32."""
JOINS: dict[int, Callable[[Any, Any], Any]] = {
    REDUCE_SUM: np.add,
    REDUCE_PRODUCT: np.multiply,
    REDUCE_MAX: lambda a, b: np.where(b > a, b, a),
    REDUCE_MIN: lambda a, b: np.where(b < a, b, a),
}
"""What each makes of two elements; what is not a number is beyond nothing."""


def _shapes(op: UnsortedSegmentOp) -> str:
    ids = op.segment_ids.shape
    fits = op.input.shape[: len(ids)] == ids and op.output.shape[1:] == op.input.shape[len(ids) :] and op.output.shape
    return "" if fits else f"{op.input} and {op.segment_ids} make {op.output}"


@dataclass(frozen=True, eq=False)
class UnsortedSegmentOp(Op):
    """output[s] = all input[i] with segment_ids[i] = s joined, in their order; int32 wraps.

    A slice with a negative segment belongs to none; so does, what TFLite leaves open, one with too great a segment.
    """

    input: Tensor
    segment_ids: Tensor
    """The first dimensions of the input."""
    segments: Tensor | None
    """Redundant with the output's first dimension."""
    output: Tensor

    OPERATION: ClassVar[int]
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT32, DType.FLOAT32),
        SAME_DTYPE,
        index_rule("segment_ids"),
        Rule("the output has a slice of the input for every segment", _shapes),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.input(2), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        given = (self.input, self.segment_ids)
        return given if self.segments is None else (*given, self.segments)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def start(self) -> float:
        return STARTS[self.OPERATION][self.input.dtype.is_float]

    @property
    def slice_elements(self) -> int:
        return math.prod(self.output.shape[1:])

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        made = np.full((self.output.shape[0], self.slice_elements), self.start, self.output.dtype.numpy)
        slices = values[0].reshape(-1, self.slice_elements)
        with np.errstate(all="ignore"):
            for segment, one in zip(values[1].reshape(-1).tolist(), slices, strict=True):
                if 0 <= segment < len(made):
                    made[segment] = JOINS[self.OPERATION](made[segment], one)
        return (made.reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "rows": self.segment_ids.elements,
            "row_elements": self.slice_elements,
            "segments": self.output.shape[0],
            "operation": self.OPERATION,
            "start": self.start,
            "wide": is_wide(self.segment_ids),
        }
        kernel = "tg_unsorted_segment_f32" if self.input.dtype.is_float else "tg_unsorted_segment_s32"
        return (KernelCall(kernel, fields, (self.input, self.segment_ids), self.output, whole=True),)
