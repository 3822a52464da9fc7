"""GATHER: slices of a tensor by their index along one axis."""

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
from tinygen.ops.index import HAS_ELEMENTS, index_rule, is_wide, safe
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule


def _shape(op: Gather) -> str:
    shape, at = op.input.shape, op.positions.shape
    if not 0 <= op.batch_dims <= op.axis < len(shape) or op.batch_dims > len(at):
        return f"axis is {op.axis}, batch_dims {op.batch_dims}"
    made = (*shape[: op.axis], *at[op.batch_dims :], *shape[op.axis + 1 :])
    same = shape[: op.batch_dims] == at[: op.batch_dims] and math.prod(made) == op.output.elements
    return "" if same else f"{op.input} and {op.positions} make {op.output}"


def gather_call(input_: Tensor, positions: Tensor, output: Tensor, axis: int, batch_dims: int) -> KernelCall:
    """The output's slices along `axis` are those of the input at the positions, batch by batch."""
    shape = input_.shape
    fields: dict[str, Field] = {
        "batches": math.prod(shape[:batch_dims]),
        "outer": math.prod(shape[batch_dims:axis]),
        "size": shape[axis],
        "positions": positions.elements // max(math.prod(shape[:batch_dims]), 1),
        "slice_bytes": math.prod(shape[axis + 1 :]) * input_.dtype.size,
        "wide": is_wide(positions),
    }
    return KernelCall("tg_gather", fields, (input_, positions), output, whole=True)


@dataclass(frozen=True, eq=False)
class Gather(Op):
    """output[batch, outer, i, ...] = input[batch, outer, positions[batch, i], ...]; the positions are clamped."""

    input: Tensor
    positions: Tensor
    output: Tensor
    axis: int
    batch_dims: int

    KIND = "GATHER"
    RULES = (
        SAME_DTYPE,
        index_rule("positions"),
        HAS_ELEMENTS,
        Rule("the output's shape follows from the input's shape and the positions'", _shape),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        axis, batch_dims = node.integer("axis"), node.integer("batch_dims")
        rank, positions = len(node.input(0).shape), node.input(1)
        return cls(
            node.index,
            node.input(0),
            positions,
            node.outputs[0],
            axis + rank if axis < 0 else axis,
            batch_dims + len(positions.shape) if batch_dims < 0 else batch_dims,
        )

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.positions)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        shape = self.input.shape
        batches = math.prod(shape[: self.batch_dims])
        data = values[0].reshape(batches, -1, *shape[self.axis :])
        positions = safe(values[1], shape[self.axis]).reshape(batches, -1)
        taken = [np.take(part, at, axis=1) for part, at in zip(data, positions, strict=True)]
        return (np.stack(taken).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (gather_call(self.input, self.positions, self.output, self.axis, self.batch_dims),)
