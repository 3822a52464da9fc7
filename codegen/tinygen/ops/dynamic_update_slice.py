"""DYNAMIC_UPDATE_SLICE: a box of a tensor replaced, at a place known at run time."""

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
from tinygen.ops.copy_op import SAME_DTYPE
from tinygen.ops.index import index_rule, is_wide
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.reshape import copy_blocks
from tinygen.ops.rule import Rule

DIMENSIONS = 6


def _shapes(op: DynamicUpdateSlice) -> str:
    outer, inner = op.operand.shape, op.update.shape
    if len(outer) > DIMENSIONS:
        return f"{op.operand} has {len(outer)}"
    fits = len(outer) == len(inner) and all(i <= o for i, o in zip(inner, outer, strict=True))
    agrees = fits and op.start.elements == len(outer) and op.output.shape == outer
    return "" if agrees else f"{op.update} goes to {op.start} of {op.operand}"


@dataclass(frozen=True, eq=False)
class DynamicUpdateSlice(Op):
    """output = operand with `update` in it from element `start` on, which is clamped so that all of it fits."""

    operand: Tensor
    update: Tensor
    start: Tensor
    """One per dimension."""
    output: Tensor

    KIND = "DYNAMIC_UPDATE_SLICE"
    RULES = (
        SAME_DTYPE,
        index_rule("start"),
        Rule(f"operand has at most {DIMENSIONS} dimensions, and none smaller than update's", _shapes),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.input(2), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.operand, self.update, self.start)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.operand, self.update)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.operand,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        output = values[0].copy()
        starts = values[2].reshape(-1).tolist()
        box = []
        for start, size, limit in zip(starts, self.update.shape, self.operand.shape, strict=True):
            first = min(max(start, 0), limit - size)
            box.append(slice(first, first + size))
        output[tuple(box)] = values[1]
        return (np.asarray(output),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        shape, inner, size = self.operand.shape, self.update.shape, self.operand.dtype.size
        spare = DIMENSIONS - len(shape)
        steps = tuple(math.prod(shape[axis + 1 :]) * size for axis in range(len(shape)))
        fields: dict[str, Field] = {
            "dimensions": len(shape),
            "sizes": inner + (1,) * spare,
            "last_starts": tuple(o - i for o, i in zip(shape, inner, strict=True)) + (0,) * spare,
            "steps": steps + (0,) * spare,
            "element_bytes": size,
            "wide": is_wide(self.start),
        }
        whole = copy_blocks(self.operand, self.output, 1, self.operand.bytes, self.operand.bytes, 0)
        update = KernelCall("tg_dynamic_update_slice", fields, (self.update, self.start), self.output, whole=True)
        return (whole, update)
