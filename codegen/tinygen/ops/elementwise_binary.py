"""Ops of two operands, broadcast against each other, whose elements meet in pairs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.broadcast import operand_fields, operand_rows, output_fields
from tinygen.ops.float_range import RANGES, clamp_floats
from tinygen.ops.integer_pairs import Operation, integer_pairs
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule
from tinygen.quant import INT32_MAX, INT32_MIN, Int64s, activation_range, wrap_int32

Requant = tuple[int, int]
"""(multiplier, shift)"""


def requant_field(requant: Requant) -> Mapping[str, Field]:
    return {"multiplier": requant[0], "shift": requant[1]}


def _integers_are_scaled(op: Any) -> str:
    for tensor in (*op.inputs, *op.outputs):
        if tensor.dtype in PLAIN and tensor.quantization is not None:
            return f"{tensor} has scale {tensor.scale:g}"
    return ""


PLAIN = (DType.INT32, DType.INT64)
PLAIN_INTEGERS = Rule("int32 and int64 tensors have no scale", _integers_are_scaled)


@dataclass(frozen=True, eq=False)
class ElementwiseBinary(Op):
    """output = f(input1, input2), element by element"""

    input1: Tensor
    input2: Tensor
    output: Tensor

    BY_ROWS = True

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input1, self.input2)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        same = (t for t in self.inputs if t.shape == self.output.shape)
        return tuple(t for t in same if t.dtype.size == self.output.dtype.size)

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return operand_rows(rows, operand, self.output)

    @abstractmethod
    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        """The output's elements: of integers as int64, of floats as float32, of bool as they are."""

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        dtype = self.input1.dtype
        held = dtype.numpy if dtype.is_float or dtype is DType.BOOL else np.dtype(np.int64)
        with np.errstate(all="ignore"):
            result = self.combine(values[0].astype(held), values[1].astype(held), rounding)
        return (np.asarray(result).astype(self.output.dtype.numpy).reshape(self.output.shape),)

    @property
    @abstractmethod
    def kernel(self) -> str:
        """The kernel for these element types."""

    @abstractmethod
    def fields(self, rounding: Rounding) -> Mapping[str, Field]:
        """What its params hold beside where the elements lie."""

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        pairs: Mapping[str, Field] = {
            "input1": operand_fields(place, self.input1, self.output),
            "input2": operand_fields(place, self.input2, self.output),
            "output": place.ring(self.output),
            "extent": output_fields(self.output),
        }
        fields = {"pairs": pairs, **self.fields(place.target.rounding)}
        return (KernelCall(self.kernel, fields, self.inputs, self.output),)


@dataclass(frozen=True, eq=False)
class Arithmetic(ElementwiseBinary):
    """Sums, differences, products and quotients: one kernel per element type, and a fused clamp."""

    activation: str

    SUFFIXES: ClassVar[Mapping[DType, str]] = {
        DType.INT8: "s8",
        DType.INT16: "s16",
        DType.INT32: "s32",
        DType.FLOAT32: "f32",
    }
    WIDE_OPERATION: ClassVar[Operation]
    """Of int64."""

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], node.text("fused_activation_function"))

    @property
    def kernel(self) -> str:
        if self.input1.dtype is DType.INT64:
            return "tg_integer_pairs"
        return f"tg_{self.word()}_{self.SUFFIXES[self.input1.dtype]}"

    @classmethod
    def word(cls) -> str:
        """What its kernels are called by."""
        return cls.KIND.lower()

    @property
    def clamp(self) -> tuple[int, int]:
        """The integers that the fused activation lets through."""
        if self.output.dtype not in PLAIN:
            return activation_range(self.activation, self.output, self.output.dtype.limits)
        low, high = RANGES[self.activation]
        return max(int(low), INT32_MIN), min(int(high), INT32_MAX)

    def combine(self, x: Any, y: Any, rounding: Rounding) -> Any:
        if self.input1.dtype.is_float:
            return clamp_floats(self.plain(x, y), self.activation)
        if self.input1.dtype is DType.INT32:
            return np.clip(wrap_int32(self.plain(x, y)), *self.clamp)
        if self.input1.dtype is DType.INT64:
            low, high = self.clamp
            result = self.plain(x, y)
            return np.clip(result, None if low == INT32_MIN else low, None if high == INT32_MAX else high)
        return np.clip(self.quantized(x, y, rounding), *self.clamp)

    @abstractmethod
    def plain(self, x: Any, y: Any) -> Any:
        """The result of floats, or of integers without a scale."""

    @abstractmethod
    def quantized(self, x: Int64s, y: Int64s, rounding: Rounding) -> Int64s:
        """The stored result of stored operands, before the clamp."""

    @abstractmethod
    def scaling(self, rounding: Rounding) -> Mapping[str, Field]:
        """What the kernels for quantized operands hold, beside the clamp."""

    def fields(self, rounding: Rounding) -> Mapping[str, Field]:
        if self.input1.dtype.is_float:
            low, high = RANGES[self.activation]
            return {"output_min": low, "output_max": high}
        if self.input1.dtype is DType.INT64:
            return integer_pairs(self.WIDE_OPERATION, DType.INT64, self.clamp)
        scaling = {} if self.input1.dtype is DType.INT32 else self.scaling(rounding)
        return {**scaling, "output_min": self.clamp[0], "output_max": self.clamp[1]}
