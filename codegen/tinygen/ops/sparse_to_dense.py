"""SPARSE_TO_DENSE: some elements at the places that indices say, and one value everywhere else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import SAME_DTYPE, fill_call
from tinygen.ops.index import index_rule, is_wide
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule

COORDINATES = 6


def _indices(op: SparseToDense) -> str:
    rank, shape = len(op.output.shape), op.indices.shape
    fits = len(shape) < 3 and op.depth == rank and 0 < rank <= COORDINATES
    fits = fits and op.values.elements in (1, op.count) and op.default.elements == 1
    return "" if fits else f"{op.indices} and {op.values} are for {op.output}"


@dataclass(frozen=True, eq=False)
class SparseToDense(Op):
    """output[indices[i]] = values[i], and the default elsewhere; of equal indices the last counts.

    What TFLite leaves open: an element whose indices lie outside is left out.
    """

    indices: Tensor
    """[count, rank] or, for an output of one dimension, [count] or a single one"""
    shape: Tensor
    """Redundant with the output's."""
    values: Tensor
    """[count], or one for all"""
    default: Tensor
    """One element."""
    output: Tensor

    KIND = "SPARSE_TO_DENSE"
    RULES = (
        index_rule("indices"),
        SAME_DTYPE,
        Rule(f"there are as many values as indices or one, and at most {COORDINATES} coordinates for each", _indices),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.input(2), node.input(3), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.indices, self.shape, self.values, self.default)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.values, self.default)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def depth(self) -> int:
        return self.indices.shape[1] if len(self.indices.shape) == 2 else 1

    @property
    def count(self) -> int:
        return self.indices.shape[0] if self.indices.shape else 1

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        output = np.full(self.output.shape, values[3].reshape(()), self.output.dtype.numpy)
        rows = values[0].reshape(self.count, self.depth).tolist()
        for row, value in zip(rows, np.broadcast_to(values[2].reshape(-1), self.count), strict=True):
            if all(0 <= at < size for at, size in zip(row, self.output.shape, strict=True)):
                output[tuple(row)] = value
        return (output,)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        shape, spare = self.output.shape, COORDINATES - self.depth
        fields: dict[str, Field] = {
            "depth": self.depth,
            "sizes": shape + (1,) * spare,
            "steps": tuple(math.prod(shape[axis + 1 :]) for axis in range(self.depth)) + (0,) * spare,
            "count": self.count,
            "value_step": int(self.values.elements == self.count),
            "element_bytes": self.output.dtype.size,
            "wide": is_wide(self.indices),
        }
        inputs = (self.indices, self.values)
        put = KernelCall("tg_sparse_to_dense", fields, inputs, self.output, whole=True)
        return (fill_call(self.default, self.output), put)
