"""EMBEDDING_LOOKUP of floats from a table of int8 or int4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.float_range import Floats
from tinygen.ops.index import HAS_ELEMENTS, index_rule, is_wide, safe
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is, is_constant


def _scales(op: EmbeddingLookupHybrid) -> str:
    quantization = op.input.quantization
    if quantization is None or op.input.blocks is not None:
        return f"{op.input} has {'none' if quantization is None else 'some of blocks'}"
    if any(quantization.zero_points):
        return f"{op.input} has zero point {max(quantization.zero_points, key=abs)}"
    is_by_row = not quantization.per_channel or quantization.axis == 0
    return "" if is_by_row else f"{op.input} has some along dimension {quantization.axis}"


def _shape(op: EmbeddingLookupHybrid) -> str:
    made = op.lookup.elements * op.input.elements // max(op.rows, 1)
    return "" if op.rows and made == op.output.elements else f"{op.lookup} and {op.input} make {op.output}"


@dataclass(frozen=True, eq=False)
class EmbeddingLookupHybrid(Op):
    """output[i] = scale * input[lookup[i]] in float32; the indices are clamped to the table."""

    lookup: Tensor
    input: Tensor
    output: Tensor

    KIND = "EMBEDDING_LOOKUP"
    RULES = (
        dtype_is("input", DType.INT8, DType.INT4),
        index_rule("lookup"),
        HAS_ELEMENTS,
        is_constant("input"),
        Rule("the table has one scale, or one per row, and zero point 0", _scales),
        Rule("the output has a row of the table for every index", _shape),
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.outputs[0].dtype is DType.FLOAT32 and node.input(1).dtype is not DType.FLOAT32

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.lookup, self.input)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def rows(self) -> int:
        return self.input.shape[0] if self.input.shape else 0

    @property
    def scales(self) -> Floats:
        return np.array(self.input.params.scales, np.float32)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        at = safe(values[0], self.rows).reshape(-1)
        taken = np.take(values[1].reshape(self.rows, -1).astype(np.float32), at, axis=0)
        scales = self.scales[at] if self.scales.size > 1 else self.scales
        return ((taken * scales[:, None]).astype(np.float32).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "lookups": self.lookup.elements,
            "size": self.rows,
            "row_elements": self.input.elements // self.rows,
            "scale": Constant.of(self.scales),
            "scale_step": int(self.scales.size > 1),
            "wide": is_wide(self.lookup),
        }
        inputs = (self.input, self.lookup)
        return (KernelCall("tg_embedding_lookup_s8_f32", fields, inputs, self.output, whole=True),)
