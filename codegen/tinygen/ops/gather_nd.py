"""GATHER_ND: slices of a tensor by their coordinates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import SAME_DTYPE
from tinygen.ops.index import HAS_ELEMENTS, index_rule, is_wide, safe
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule

COORDINATES = 6
"""How many coordinates an index may have."""


def _shape(op: GatherNd) -> str:
    if not op.indices.shape or op.depth > min(len(op.input.shape), COORDINATES):
        return f"{op.indices} is for {op.input}"
    made = math.prod((*op.indices.shape[:-1], *op.input.shape[op.depth :]))
    return "" if made == op.output.elements else f"{op.indices} and {op.input} make {op.output}"


@dataclass(frozen=True, eq=False)
class GatherNd(Op):
    """output[i, ...] = input[indices[i, 0], indices[i, 1], ..., ...]; coordinates are clamped to their dimension."""

    input: Tensor
    indices: Tensor
    """[..., depth]"""
    output: Tensor

    KIND = "GATHER_ND"
    RULES = (
        SAME_DTYPE,
        index_rule("indices"),
        HAS_ELEMENTS,
        Rule(f"indices have at most {COORDINATES} coordinates, and the output a slice for each index", _shape),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.indices)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def depth(self) -> int:
        return self.indices.shape[-1]

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        coordinates = values[1].reshape(-1, self.depth)
        key = tuple(safe(coordinates[:, axis], self.input.shape[axis]) for axis in range(self.depth))
        taken = values[0][key] if key else values[0][None].repeat(len(coordinates), axis=0)
        return (taken.reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        shape, spare = self.input.shape, COORDINATES - self.depth
        size = self.input.dtype.size
        steps = tuple(math.prod(shape[axis + 1 :]) * size for axis in range(self.depth))
        fields: dict[str, Field] = {
            "slices": math.prod(self.indices.shape[:-1]),
            "depth": self.depth,
            "sizes": shape[: self.depth] + (1,) * spare,
            "steps": steps + (0,) * spare,
            "slice_bytes": math.prod(shape[self.depth :]) * size,
            "wide": is_wide(self.indices),
        }
        return (KernelCall("tg_gather_nd", fields, (self.input, self.indices), self.output, whole=True),)
