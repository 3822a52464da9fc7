"""ADD_N: the sum of tensors of one shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.broadcast import RANK_FITS, operand_fields, output_fields
from tinygen.ops.elementwise import SAME_DTYPE
from tinygen.ops.float_range import LARGEST
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule
from tinygen.quant import INT32_MAX, INT32_MIN, wrap_int32

DTYPES = (DType.INT32, DType.FLOAT32)


def _dtype(op: AddN) -> str:
    return "" if op.output.dtype in DTYPES else f"{op.output} is {op.output.dtype.label}"


def _too_few(op: AddN) -> str:
    return f"there is {len(op.operands)}" if len(op.operands) < 2 else ""


@dataclass(frozen=True, eq=False)
class AddN(Op):
    """output = inputs[0] + inputs[1] + ..., from the left."""

    operands: tuple[Tensor, ...]
    output: Tensor

    KIND = "ADD_N"
    RULES = (
        Rule("output is int32 or float32", _dtype, dtypes=(DType.INT32, DType.FLOAT32)),
        SAME_DTYPE,
        Rule("there are at least two inputs", _too_few),
        RANK_FITS,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, tuple(node.input(i) for i in range(len(node.inputs))), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return self.operands

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        if not self.output.dtype.is_float:
            total = sum(value.astype(np.int64) for value in values)
            return (wrap_int32(np.asarray(total)).astype(np.int32),)
        result = np.asarray(values[0], np.float32)
        with np.errstate(all="ignore"):
            for value in values[1:]:
                result = np.clip(result + value.astype(np.float32), -LARGEST, LARGEST).astype(np.float32)
        return (result,)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        """ADD's kernels, one after the other: the output collects the sum."""
        is_float = self.output.dtype.is_float
        limits = (-LARGEST, LARGEST) if is_float else (INT32_MIN, INT32_MAX)
        calls = []
        collected = self.operands[0]
        for operand in self.operands[1:]:
            fields: dict[str, Field] = {
                "pairs": {
                    "input1": operand_fields(place, collected, self.output),
                    "input2": operand_fields(place, operand, self.output),
                    "output": place.ring(self.output),
                    "extent": output_fields(self.output),
                },
                "output_min": limits[0],
                "output_max": limits[1],
            }
            kernel = "tg_add_f32" if is_float else "tg_add_s32"
            calls.append(KernelCall(kernel, fields, (collected, operand), self.output))
            collected = self.output
        return tuple(calls)
