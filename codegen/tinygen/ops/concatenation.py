"""CONCATENATION: tensors laid side by side along one axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.reshape import copy_blocks
from tinygen.ops.rule import Rule


def _dtypes(op: Concatenation) -> str:
    others = [t for t in (*op.parts, op.output) if t.dtype is not DType.INT8]
    return f"{others[0]} is {others[0].dtype.label}" if others else ""


def _quantizations(op: Concatenation) -> str:
    for part in op.parts:
        if part.quantization is None or op.output.quantization is None:
            continue
        if (part.scale, part.zero_point) != (op.output.scale, op.output.zero_point):
            return (
                f"{part} has {part.scale:g} and {part.zero_point}, not {op.output.scale:g} and {op.output.zero_point}"
            )
    return ""


def _no_activation(op: Concatenation) -> str:
    return "" if op.activation == "NONE" else f"it is {op.activation}"


@dataclass(frozen=True, eq=False)
class Concatenation(Op):
    """output[..., offset of part p + i, ...] = part p[..., i, ...]"""

    parts: tuple[Tensor, ...]
    output: Tensor
    axis: int
    activation: str

    KIND = "CONCATENATION"
    RULES = (
        Rule("all tensors are int8", _dtypes),
        Rule("all tensors have the same scale and zero point", _quantizations),
        Rule("there is no fused activation", _no_activation),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        parts = tuple(node.input(i) for i in range(len(node.inputs)))
        axis = node.integer("axis")
        output = node.outputs[0]
        positive = axis + len(output.shape) if axis < 0 else axis
        return cls(node.index, parts, output, positive, node.text("fused_activation_function"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return self.parts

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (np.concatenate(values, axis=self.axis),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        blocks = math.prod(self.output.shape[: self.axis])
        stride = self.output.bytes // max(blocks, 1)
        calls, offset = [], 0
        for part in self.parts:
            size = part.bytes // max(blocks, 1)
            calls.append(copy_blocks(part, self.output, blocks, size, stride, offset))
            offset += size
        return tuple(calls)
