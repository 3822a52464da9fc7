"""SCATTER_ND: slices added where indices say, to zeros."""

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
from tinygen.ops.copy_op import SAME_DTYPE, constant_like, fill_call
from tinygen.ops.element import element_type
from tinygen.ops.index import index_rule, is_wide
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule

COORDINATES = 6


def _indices(op: ScatterNd) -> str:
    at, shape = op.indices.shape, op.output.shape
    if not at or at[-1] > min(len(shape), COORDINATES):
        return f"{op.indices} is for {op.output}"
    fits = math.prod((*at[:-1], *shape[at[-1] :])) == op.updates.elements
    return "" if fits else f"{op.indices} and {op.updates} make {op.output}"


@dataclass(frozen=True, eq=False)
class ScatterNd(Op):
    """output[indices[i, 0], indices[i, 1], ..., ...] += updates[i, ...]; integers wrap.

    What TFLite leaves open: a slice whose indices lie outside is left out.
    """

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
        Rule(f"indices have at most {COORDINATES} coordinates, and updates a slice for each", _indices),
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
    def depth(self) -> int:
        return self.indices.shape[-1]

    @property
    def slices(self) -> int:
        return math.prod(self.indices.shape[:-1])

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        output = np.zeros(self.output.shape, self.output.dtype.numpy)
        rows = values[0].reshape(self.slices, self.depth).tolist()
        updates = values[1].reshape(self.slices, *self.output.shape[self.depth :])
        with np.errstate(all="ignore"):
            for row, update in zip(rows, updates, strict=True):
                if all(0 <= at < size for at, size in zip(row, self.output.shape, strict=False)):
                    output[tuple(row)] += update
        return (output,)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        shape, spare = self.output.shape, COORDINATES - self.depth
        steps = tuple(math.prod(shape[axis + 1 :]) for axis in range(self.depth))
        where: dict[str, Field] = {
            "depth": self.depth,
            "sizes": shape[: self.depth] + (1,) * spare,
            "steps": steps + (0,) * spare,
            "slices": self.slices,
            "slice_elements": math.prod(shape[self.depth :]),
            "wide": is_wide(self.indices),
        }
        fields: dict[str, Field] = {"scatter": where}
        if not self.output.dtype.is_float:
            fields["element"] = element_type(self.output.dtype)
        kernel = "tg_scatter_nd_f32" if self.output.dtype.is_float else "tg_scatter_nd"
        scatter = KernelCall(kernel, fields, (self.indices, self.updates), self.output, whole=True)
        return (fill_call(constant_like(self.output, 0), self.output), scatter)
