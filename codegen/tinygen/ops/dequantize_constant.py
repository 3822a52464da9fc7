"""DEQUANTIZE of a constant: weights that the file holds in integers for an operator that computes in floats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.elementwise import Elementwise
from tinygen.ops.node import Node
from tinygen.ops.reshape import copy_blocks
from tinygen.ops.rule import Rule, dtype_is

INTEGERS = (DType.INT4, DType.INT8, DType.UINT8, DType.INT16)


def _unscaled(op: DequantizeConstant) -> str:
    return f"{op.input} has no quantization" if op.input.quantization is None else ""


@dataclass(frozen=True, eq=False)
class DequantizeConstant(Elementwise):
    """output = scale * (input - zero_point), with a scale for all or for each channel. It is folded, as TFLite does."""

    KIND = "DEQUANTIZE"
    RULES = (dtype_is("output", DType.FLOAT32), Rule("the input has a scale", _unscaled))

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).is_constant and node.input(0).dtype in INTEGERS

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        params, along = self.input.params, [1] * len(self.input.shape)
        if params.per_channel:
            along[params.axis] = len(params.scales)
        centred = (values[0].astype(np.int64) - np.array(params.zero_points).reshape(along)).astype(np.float32)
        return (centred * np.array(params.scales, np.float32).reshape(along),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        (value,) = self.evaluate([self.input.value], place.target.rounding)
        known = replace(self.output, data=value)
        return (copy_blocks(known, self.output, 1, known.bytes, known.bytes, 0),)
