"""BATCH_MATMUL: matrices times matrices, batch by batch; of one type, or int16 or float times int8.

To integers no kernel applies a scale per column of rhs. TFLite Micro takes the first for all; LiteRT, which alone has
int16 times int8, takes 0 and answers zeros. Here it is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ops.batch_matmul_mixed import BatchMatmulHybrid, BatchMatmulS16S8, BatchMatmulUnscaled
from tinygen.ops.float_range import matrix_product
from tinygen.ops.matrix_op import RANKS_FIT, MatrixOp, MatrixOpS16
from tinygen.ops.node import Node
from tinygen.ops.requantization import Requantization, float_matmul, requantization_of
from tinygen.ops.rule import Rule, dtype_is, is_per_tensor
from tinygen.quant import wrap_int32


def _one(requantization: Requantization) -> Field:
    return {"multiplier": requantization.multipliers[0], "shift": requantization.shifts[0]}


def _has_scale(op: Any) -> str:
    return "" if op.rhs.quantization is not None else f"{op.rhs} has none"


HAS_SCALE = Rule("rhs has a scale, of which the first is taken", _has_scale)


@dataclass(frozen=True, eq=False)
class BatchMatmulS16(MatrixOpS16):
    RULES = (
        dtype_is("lhs", DType.INT16),
        dtype_is("rhs", DType.INT16),
        dtype_is("output", DType.INT16),
        *MatrixOpS16.SCALES,
        RANKS_FIT,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.INT16 and node.input(1).dtype is not DType.INT8

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        requantization = self.requantization(place.target.rounding)
        return self.call("tg_batch_matmul_s16", {"requant": _one(requantization)})


@dataclass(frozen=True, eq=False)
class BatchMatmulF32(MatrixOp):
    RULES = (
        dtype_is("lhs", DType.FLOAT32),
        dtype_is("rhs", DType.FLOAT32),
        dtype_is("output", DType.FLOAT32),
        RANKS_FIT,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.FLOAT32

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (self.products(values[0].astype(np.float32), values[1].astype(np.float32), matrix_product),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return self.call("tg_batch_matmul_f32", {})


@dataclass(frozen=True, eq=False)
class BatchMatmul(MatrixOp):
    FORMS = (BatchMatmulUnscaled, BatchMatmulS16, BatchMatmulS16S8, BatchMatmulHybrid, BatchMatmulF32)
    RULES = (
        dtype_is("lhs", DType.INT8),
        dtype_is("rhs", DType.INT8),
        dtype_is("output", DType.INT8),
        is_per_tensor("lhs", "output"),
        HAS_SCALE,
        RANKS_FIT,
    )

    def requantization(self, rounding: Rounding) -> Requantization:
        """By the first scale of rhs."""
        whole = requantization_of(self.lhs, self.rhs, self.output, rounding)
        return Requantization(whole.multipliers[:1], whole.shifts[:1])

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        left = values[0].astype(np.int64) - self.lhs.zero_point
        right = values[1].astype(np.int64) - self.rhs.zero_point
        acc = wrap_int32(self.products(left, right, float_matmul))
        requantization = self.requantization(rounding)
        return (requantization.apply(acc, self.output.zero_point, (-128, 127), rounding).astype(np.int8),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        requantization = self.requantization(place.target.rounding)
        return self.call(
            "tg_batch_matmul_s8",
            {
                "requant": _one(requantization),
                "lhs_zero_point": self.lhs.zero_point,
                "rhs_zero_point": self.rhs.zero_point,
                "output_zero_point": self.output.zero_point,
            },
        )
