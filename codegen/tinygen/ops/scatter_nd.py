"""SCATTER_ND: slices put where constant indices say, among zeros."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import SAME_DTYPE, constant_like, fill_call
from tinygen.ops.index import index_rule
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, is_constant


def _indices(op: ScatterNd) -> str:
    at, shape = op.indices.shape, op.output.shape
    if not at or at[-1] > len(shape):
        return f"{op.indices} is for {op.output}"
    if math.prod((*at[:-1], *shape[at[-1] :])) != op.updates.elements:
        return f"{op.indices} and {op.updates} make {op.output}"
    rows = op.indices.value.astype(np.int64).reshape(-1, at[-1])
    if (rows < 0).any() or (rows >= np.array(shape[: at[-1]])).any():
        return f"{rows.tolist()} leave {op.output}"
    return "" if len({tuple(row) for row in rows.tolist()}) == len(rows) else "two are equal, which would add them"


@dataclass(frozen=True, eq=False)
class ScatterNd(Op):
    """output[indices[i, 0], indices[i, 1], ..., ...] = updates[i, ...], and 0 elsewhere."""

    indices: Tensor
    """[..., depth]"""
    updates: Tensor
    shape: Tensor
    """Redundant with the output's."""
    output: Tensor

    KIND = "SCATTER_ND"
    RULES = (
        SAME_DTYPE,
        index_rule("indices"),
        is_constant("indices"),
        Rule("indices are distinct, and there is a slice for each", _indices),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.input(2), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.indices, self.updates, self.shape)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.updates,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def starts(self) -> Array:
        """The first element of each slice in the output."""
        depth = self.indices.shape[-1]
        steps = [math.prod(self.output.shape[axis + 1 :]) for axis in range(depth)]
        return self.indices.value.reshape(-1, depth).astype(np.int64) @ np.array(steps, np.int64)

    @property
    def slice_elements(self) -> int:
        return math.prod(self.output.shape[self.indices.shape[-1] :])

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        depth = self.indices.shape[-1]
        rows = self.indices.value.reshape(-1, depth)
        output = np.zeros(self.output.shape, self.output.dtype.numpy)
        updates = values[1].reshape(len(rows), *self.output.shape[depth:])
        for row, update in zip(rows.tolist(), updates, strict=True):
            output[tuple(row)] = update
        return (output,)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        size = self.output.dtype.size
        fields: dict[str, Field] = {
            "starts": Constant.of((self.starts.astype(np.int64) * size).astype(np.int32)),
            "slices": len(self.starts),
            "slice_bytes": self.slice_elements * size,
        }
        zero = constant_like(self.output, 0)
        scatter = KernelCall("tg_scatter_nd", fields, (self.updates,), self.output, whole=True)
        return (fill_call(zero, self.output), scatter)
