"""TOPK_V2: the greatest values along the last axis, and where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.element import element_type
from tinygen.ops.gather import gather_call
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is, is_constant


def _same_dtype(op: TopKV2) -> str:
    return "" if op.values.dtype is op.input.dtype else f"it is {op.values.dtype.label}"


def _shapes(op: TopKV2) -> str:
    shape = op.input.shape
    if not shape or op.count > shape[-1] or op.count < 1:
        return f"{op.count} of {op.input}"
    made = (*shape[:-1], op.count)
    return "" if op.values.shape == made == op.indices.shape else f"{op.values} and {op.indices}"


@dataclass(frozen=True, eq=False)
class TopKV2(Op):
    """values = the k greatest of each row, in falling order; of equal ones the first comes first. indices = where."""

    input: Tensor
    k: Tensor
    values: Tensor
    indices: Tensor

    KIND = "TOPK_V2"
    RULES = (
        dtype_is("input", DType.FLOAT32, DType.INT8, DType.UINT8, DType.INT16, DType.INT32, DType.INT64),
        Rule("values has the element type of input", _same_dtype),
        dtype_is("indices", DType.INT32),
        is_constant("k"),
        Rule("the outputs hold k of each row", _shapes),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], node.outputs[1])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.k)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.values, self.indices)

    @property
    def count(self) -> int:
        return int(self.k.value.reshape(-1)[0])

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        size = self.input.shape[-1]
        rows = values[0].reshape(-1, size)
        # the complement turns integers round without overflow
        falling = -rows.astype(np.float32) if self.input.dtype.is_float else ~rows.astype(np.int64)
        order = np.argsort(falling, axis=1, kind="stable")[:, : self.count]
        greatest = np.take_along_axis(rows, order, axis=1)
        return greatest.reshape(self.values.shape), order.astype(np.int32).reshape(self.indices.shape)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        size = self.input.shape[-1]
        fields: dict[str, Field] = {
            "rows": self.input.elements // size,
            "size": size,
            "count": self.count,
            "type": element_type(self.input.dtype),
        }
        find = KernelCall("tg_topk_v2", fields, (self.input,), self.indices, whole=True)
        axis = len(self.input.shape) - 1
        return (find, gather_call(self.input, self.indices, self.values, axis, axis))
