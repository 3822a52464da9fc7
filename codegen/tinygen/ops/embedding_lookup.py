"""EMBEDDING_LOOKUP: rows of a table by their index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import SAME_DTYPE, keeps_scale
from tinygen.ops.embedding_lookup_hybrid import EmbeddingLookupHybrid
from tinygen.ops.gather import gather_call
from tinygen.ops.index import HAS_ELEMENTS, index_rule, safe
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule


def _shape(op: EmbeddingLookup) -> str:
    if not op.input.shape:
        return f"{op.input} has no rows"
    made = op.lookup.elements * op.input.elements // op.input.shape[0]
    return "" if made == op.output.elements else f"{op.lookup.elements} rows of {op.input} make {op.output}"


@dataclass(frozen=True, eq=False)
class EmbeddingLookup(Op):
    """output[i] = input[lookup[i]]; the indices are clamped to the table."""

    lookup: Tensor
    input: Tensor
    output: Tensor

    KIND = "EMBEDDING_LOOKUP"
    FORMS = (EmbeddingLookupHybrid,)
    RULES = (
        SAME_DTYPE,
        index_rule("lookup"),
        HAS_ELEMENTS,
        keeps_scale("input", "output"),
        Rule("the output has a row of the table for every index", _shape),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.lookup, self.input)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = safe(values[0], self.input.shape[0]).reshape(-1)
        return (np.take(values[1], rows, axis=0).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (gather_call(self.input, self.lookup, self.output, 0, 0),)
