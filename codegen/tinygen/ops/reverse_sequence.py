"""REVERSE_SEQUENCE: the beginning of each sequence of a batch backwards."""

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
from tinygen.ops.rule import Rule


def _axes(op: ReverseSequence) -> str:
    shape = op.input.shape
    if op.sequence_axis == op.batch_axis or not max(op.sequence_axis, op.batch_axis) < len(shape):
        return f"they are {op.sequence_axis} and {op.batch_axis} of {op.input}"
    agree = op.lengths.elements == shape[op.batch_axis] and op.output.shape == shape
    return "" if agree else f"{op.lengths} is for {op.input}"


@dataclass(frozen=True, eq=False)
class ReverseSequence(Op):
    """output[batch, i] = input[batch, length - 1 - i] where i < length of the batch, else input[batch, i]."""

    input: Tensor
    lengths: Tensor
    """One per batch; clamped to 0 .. size of the sequence's axis."""
    output: Tensor
    sequence_axis: int
    batch_axis: int

    KIND = "REVERSE_SEQUENCE"
    RULES = (
        SAME_DTYPE,
        index_rule("lengths"),
        Rule("sequence and batch are two axes of the input, with a length for each batch", _axes),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        rank = max(len(node.input(0).shape), 1)
        sequence, batch = (node.integer(name) % rank for name in ("seq_dim", "batch_dim"))
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], sequence, batch)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.lengths)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        output = values[0].copy()
        by_batch = np.moveaxis(output, (self.batch_axis, self.sequence_axis), (0, 1))
        for sequence, length in zip(by_batch, values[1].reshape(-1).tolist(), strict=True):
            end = min(max(length, 0), len(sequence))
            sequence[:end] = sequence[:end][::-1].copy()
        return (output,)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        shape, size = self.input.shape, self.input.dtype.size
        first, last = sorted((self.sequence_axis, self.batch_axis))
        step = [math.prod(shape[axis + 1 :]) * size for axis in range(len(shape))]
        fields: dict[str, Field] = {
            "outer": math.prod(shape[:first]),
            "outer_step": step[first] * shape[first],
            "middle": math.prod(shape[first + 1 : last]),
            "middle_step": step[last] * shape[last],
            "batches": shape[self.batch_axis],
            "batch_step": step[self.batch_axis],
            "length": shape[self.sequence_axis],
            "step": step[self.sequence_axis],
            "slice_bytes": step[last],
            "wide": is_wide(self.lengths),
        }
        return (KernelCall("tg_reverse_sequence", fields, (self.input, self.lengths), self.output, whole=True),)
