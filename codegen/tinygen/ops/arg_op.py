"""ARG_MAX and ARG_MIN: where along an axis the greatest or the least element is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.axis_op import AxisOp
from tinygen.ops.implied_axes import axes_are_known, implied_axes
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, dtype_is

KERNELS = {
    DType.INT8: "tg_arg_s8",
    DType.UINT8: "tg_arg_u8",
    DType.INT32: "tg_arg_s32",
    DType.FLOAT32: "tg_arg_f32",
}


def _is_empty(op: ArgOp) -> str:
    return f"{op.input} has none" if not op.input.shape or 0 in op.input.shape else ""


@dataclass(frozen=True, eq=False)
class ArgOp(AxisOp):
    """output = the first place along the axis that no other element surpasses: the input's shape without the axis."""

    GREATEST: ClassVar[bool]
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", *KERNELS),
        dtype_is("axis", DType.INT32, DType.INT64),
        dtype_is("output", DType.INT32, DType.INT64),
        axes_are_known("axis"),
        Rule("the input has elements along an axis", _is_empty),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        input_, output = node.input(0), node.outputs[0]
        return cls(node.index, input_, implied_axes(node.input(1), input_.shape, output.shape), output)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows: npt.NDArray[Any] = np.moveaxis(values[0], self.place, -1)
        best, found = rows[..., 0], np.zeros(rows.shape[:-1], np.int64)
        # a NaN that comes first stays, and no other counts: both comparisons with it are false
        for i in range(1, rows.shape[-1]):
            is_better = rows[..., i] > best if self.GREATEST else rows[..., i] < best
            best, found = np.where(is_better, rows[..., i], best), np.where(is_better, i, found)
        return (found.astype(self.output.dtype.numpy).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            **self.loops,
            "is_max": int(self.GREATEST),
            "output_is_wide": int(self.output.dtype is DType.INT64),
        }
        return (KernelCall(KERNELS[self.input.dtype], fields, (self.input,), self.output, whole=True),)
