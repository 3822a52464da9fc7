"""BATCH_MATMUL of int16 or float times constant int8, which is a fully-connected layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ops.copy_op import constant_like, fill_call
from tinygen.ops.float_range import RANGES
from tinygen.ops.hybrid import hybrid_fields, hybrid_sums
from tinygen.ops.matrix_op import MatrixOp, MatrixOpS16
from tinygen.ops.node import Node
from tinygen.ops.requantization import float_matmul
from tinygen.ops.rule import Rule, dtype_is, is_constant


def _is_one_matrix(op: Any) -> str:
    return "" if len(op.rhs.shape) == 2 and not op.adj_x else f"{op.rhs} is more, or the other is adjoined"


def _has_scales(op: Any) -> str:
    if op.rhs.quantization is None:
        return f"{op.rhs} has none"
    others = sorted(set(op.rhs.params.zero_points) - {0})
    return f"{op.rhs} has zero point {others[0]}" if others else ""


ONE_MATRIX = Rule("rhs is one matrix, and lhs is taken as it is, if their types differ", _is_one_matrix)
RHS_HAS_SCALES = Rule("rhs has one scale, or one per column, and zero point 0", _has_scales)


@dataclass(frozen=True, eq=False)
class BatchMatmulS16S8(MatrixOpS16):
    """A constant matrix of int8 is a fully-connected layer's weights, and requantized like them."""

    RULES = (
        dtype_is("lhs", DType.INT16),
        dtype_is("rhs", DType.INT8),
        dtype_is("output", DType.INT16),
        is_constant("rhs"),
        *MatrixOpS16.SCALES,
        ONE_MATRIX,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.INT16 and node.input(1).dtype is DType.INT8

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        requantization = self.requantization(place.target.rounding)
        units = self.output.shape[-1]
        low, high = self.output.dtype.limits
        fields: dict[str, Field] = {
            "weights": Constant.of(self.rhs.value if self.adj_y else self.rhs.value.T),
            "bias": Constant.of(np.zeros(units, np.int64)),
            "requant": requantization.constant,
            "requant_step": requantization.step,
            "narrow": 0,
            "batches": self.output.elements // units,
            "depth": self.depth,
            "outputs": units,
            "output_min": low,
            "output_max": high,
        }
        return (KernelCall("tg_fully_connected_s16", fields, (self.lhs,), self.output, whole=True),)


@dataclass(frozen=True, eq=False)
class BatchMatmulUnscaled(MatrixOp):
    """int16 times int8 with a scale per column: the output is 0 everywhere."""

    RULES = (dtype_is("lhs", DType.INT16), dtype_is("rhs", DType.INT8), dtype_is("output", DType.INT16))

    @classmethod
    def takes(cls, node: Node) -> bool:
        lhs, rhs = node.input(0), node.input(1)
        per_column = rhs.quantization is not None and rhs.quantization.per_channel
        return lhs.dtype is DType.INT16 and rhs.dtype is DType.INT8 and per_column

    def caution(self, rounding: Rounding) -> str:
        return "no kernel of TFLite applies a scale per column to int16 times int8, so its output is 0 everywhere"

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (np.zeros(self.output.shape, self.output.dtype.numpy),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (fill_call(constant_like(self.output, 0), self.output),)


@dataclass(frozen=True, eq=False)
class BatchMatmulHybrid(MatrixOp):
    """Each row of lhs is quantized to int8 on the fly; equal to LiteRT's float on any compiler that rounds as IEEE 754.

    The option asymmetric_quantize_inputs says whether rows have a zero point.
    """

    asymmetric: bool

    RULES = (
        dtype_is("lhs", DType.FLOAT32),
        dtype_is("rhs", DType.INT8),
        dtype_is("output", DType.FLOAT32),
        is_constant("rhs"),
        ONE_MATRIX,
        RHS_HAS_SCALES,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.FLOAT32 and not node.input(1).dtype.is_float

    @classmethod
    def read(cls, node: Node) -> Self:
        flags = node.flag("adj_x"), node.flag("adj_y"), node.flag("asymmetric_quantize_inputs")
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], *flags)

    @property
    def weights(self) -> Array:
        """[columns, depth]"""
        return self.rhs.value if self.adj_y else self.rhs.value.T

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = values[0].astype(np.float32).reshape(-1, self.depth)
        sums = hybrid_sums(
            rows, lambda row: float_matmul(row[None], self.weights.T), self.rhs.params.scales, not self.asymmetric
        )
        return (sums.reshape(self.output.shape),)

    def scratch_bytes(self, target: Target) -> int:
        return self.depth

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        low, high = RANGES["NONE"]
        columns = self.output.shape[-1]
        fields: dict[str, Field] = {
            **hybrid_fields(self.weights, self.rhs, None, not self.asymmetric),
            "batches": self.output.elements // columns,
            "depth": self.depth,
            "outputs": columns,
            "output_min": low,
            "output_max": high,
        }
        kernel = "tg_fully_connected_f32_s8"
        return (KernelCall(kernel, fields, (self.lhs,), self.output, whole=True, scratch=True),)
