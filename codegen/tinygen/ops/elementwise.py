"""Ops of one operand whose element i alone makes element i of the output, and what such ops demand."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.float_range import Floats
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.unary import Unary

QUANTIZED = (DType.INT8, DType.UINT8, DType.INT16)
"""Element types that are numbers only together with a scale."""


def _other_dtype(op: Any) -> str:
    first: Tensor = op.inputs[0]
    for tensor in (*op.inputs, *op.outputs):
        if tensor.dtype is not first.dtype:
            return f"{first} is {first.dtype.label}, {tensor} is {tensor.dtype.label}"
    return ""


def _unscaled(op: Any) -> str:
    for tensor in (*op.inputs, *op.outputs):
        if tensor.dtype not in QUANTIZED:
            continue
        if tensor.quantization is None:
            return f"{tensor} has no quantization"
        if tensor.quantization.per_channel:
            return f"{tensor} has {len(tensor.quantization.scales)} scales"
    return ""


def _off_centre(op: Any) -> str:
    for tensor in (*op.inputs, *op.outputs):
        if tensor.dtype is DType.INT16 and tensor.quantization is not None and tensor.zero_point != 0:
            return f"{tensor} has zero point {tensor.zero_point}"
    return ""


SAME_DTYPE = Rule("inputs and output have the same element type", _other_dtype)
SCALED = Rule("int8, uint8 and int16 tensors have one scale and one zero point", _unscaled)
CENTRED = Rule("the zero points of int16 tensors are 0", _off_centre)


@dataclass(frozen=True, eq=False)
class Elementwise(Unary):
    """output[i] = f(input[i])"""

    BY_ROWS = True

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.input,) if self.input.dtype.size == self.output.dtype.size else ()

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return rows

    def call(self, place: Placement, kernel: str, fields: Mapping[str, Field]) -> tuple[KernelCall, ...]:
        """A call of a kernel whose params begin with a tg_map."""
        where: Mapping[str, Field] = {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "row_elements": self.output.row_elements,
        }
        return (KernelCall(kernel, {"map": where, **fields}, (self.input,), self.output),)


@dataclass(frozen=True, eq=False)
class RealFunction(Elementwise):
    """A function of floats only; its kernel is tg_<op>_f32."""

    RULES: ClassVar[tuple[Rule, ...]] = (dtype_is("input", DType.FLOAT32), SAME_DTYPE)

    @abstractmethod
    def function(self, x: Floats) -> Floats:
        """The exact function, rounded to float32; the kernels' bounds stand in tg_math.h."""

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        with np.errstate(all="ignore"):
            return (np.asarray(self.function(values[0].astype(np.float32)), np.float32),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return self.call(place, f"tg_{self.KIND.lower()}_f32", {})
