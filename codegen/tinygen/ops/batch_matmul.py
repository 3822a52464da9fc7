"""BATCH_MATMUL: matrices times matrices, batch by batch; int8, int16 or float, or int16 times constant int8.

No kernel of TFLite applies a scale per column of rhs. TFLite Micro takes the first for all; LiteRT, which alone has
int16 times int8, takes 0 and answers zeros. Here it is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import constant_like, fill_call
from tinygen.ops.float_range import matrix_product
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.requantization import Requantization, float_matmul, requantization_of
from tinygen.ops.rule import Rule, dtype_is, is_constant, is_per_tensor
from tinygen.ops.wide import SHIFT_LIMIT, wide_multiply, wide_requantization, zero_points_are_zero
from tinygen.quant import quantize_multiplier, wrap_int32

BATCH_DIMENSIONS = 3


def _ranks_fit(op: Any) -> str:
    ranks = [len(tensor.shape) for tensor in (op.lhs, op.rhs, op.output)]
    return f"one has {max(ranks)}" if max(ranks) > BATCH_DIMENSIONS + 2 else ""


def _factor_is_small(op: Any) -> str:
    for scale in op.rhs.params.scales:
        if quantize_multiplier(op.lhs.scale * scale / op.output.scale)[1] >= SHIFT_LIMIT:
            return f"it is {op.lhs.scale * scale / op.output.scale:g}"
    return ""


def _is_one_matrix(op: Any) -> str:
    return "" if len(op.rhs.shape) == 2 and not op.adj_x else f"{op.rhs} is more, or the other is adjoined"


def _has_scale(op: Any) -> str:
    return "" if op.rhs.quantization is not None else f"{op.rhs} has none"


HAS_SCALE = Rule("rhs has a scale, of which the first is taken", _has_scale)
RANKS_FIT = Rule(f"tensors have at most {BATCH_DIMENSIONS + 2} dimensions", _ranks_fit)
FACTOR_IS_SMALL = Rule("lhs scale * rhs scale / output scale is less than 128", _factor_is_small)


@dataclass(frozen=True, eq=False)
class MatrixOp(Op):
    """output[..., i, j] = sum over k of lhs[..., i, k] * rhs[..., k, j]; outer dimensions broadcast."""

    lhs: Tensor
    rhs: Tensor
    output: Tensor
    adj_x: bool
    """The last two dimensions of lhs are exchanged."""
    adj_y: bool
    """The last two dimensions of rhs are exchanged."""

    KIND = "BATCH_MATMUL"

    @classmethod
    def read(cls, node: Node) -> Self:
        flags = node.flag("adj_x"), node.flag("adj_y")
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], *flags)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.lhs, self.rhs)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def depth(self) -> int:
        return self.lhs.shape[-2 if self.adj_x else -1]

    @property
    def macs(self) -> int:
        return self.output.elements * self.depth

    def products(self, lhs: Array, rhs: Array, product: Any) -> Any:
        """The output's sums; product: of two matrices."""
        left = lhs.swapaxes(-1, -2) if self.adj_x else lhs
        right = rhs.swapaxes(-1, -2) if self.adj_y else rhs
        outer = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
        left = np.broadcast_to(left, (*outer, *left.shape[-2:])).reshape(-1, *left.shape[-2:])
        right = np.broadcast_to(right, (*outer, *right.shape[-2:])).reshape(-1, *right.shape[-2:])
        made = [product(a, b) for a, b in zip(left, right, strict=True)]
        return np.stack(made).reshape(self.output.shape)

    def shape_fields(self) -> Field:
        """The members of tg_matmul."""
        rows, columns = self.output.shape[-2:]
        return {
            "batches": self._padded(self.output.shape[:-2], 1),
            "lhs_steps": self._steps(self.lhs),
            "rhs_steps": self._steps(self.rhs),
            "rows": rows,
            "columns": columns,
            "depth": self.depth,
            "lhs_row_step": 1 if self.adj_x else self.depth,
            "lhs_depth_step": rows if self.adj_x else 1,
            "rhs_column_step": self.depth if self.adj_y else 1,
            "rhs_depth_step": 1 if self.adj_y else columns,
        }

    @staticmethod
    def _padded(values: Sequence[int], fill: int) -> tuple[int, ...]:
        return (fill,) * (BATCH_DIMENSIONS - len(values)) + tuple(values)

    def _steps(self, operand: Tensor) -> tuple[int, ...]:
        """Elements from one matrix of the operand to the next along each outer dimension."""
        outer, step = operand.shape[:-2], operand.shape[-1] * operand.shape[-2]
        steps: list[int] = []
        for size in reversed(outer):
            steps.insert(0, step if size > 1 else 0)
            step *= size
        return self._padded(steps, 0)

    def call(self, kernel: str, fields: dict[str, Field]) -> tuple[KernelCall, ...]:
        made: dict[str, Field] = {"shape": self.shape_fields(), **fields}
        return (KernelCall(kernel, made, (self.lhs, self.rhs), self.output, whole=True),)


def _one(requantization: Requantization) -> Field:
    return {"multiplier": requantization.multipliers[0], "shift": requantization.shifts[0]}


@dataclass(frozen=True, eq=False)
class BatchMatmulS16(MatrixOp):
    RULES = (
        dtype_is("lhs", DType.INT16),
        dtype_is("rhs", DType.INT16),
        dtype_is("output", DType.INT16),
        is_per_tensor("lhs", "rhs", "output"),
        zero_points_are_zero("lhs", "rhs", "output"),
        FACTOR_IS_SMALL,
        RANKS_FIT,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.INT16 and node.input(1).dtype is not DType.INT8

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        acc = self.products(values[0].astype(np.int64), values[1].astype(np.int64), float_matmul)
        requantization = wide_requantization(self.lhs, self.rhs, self.output, rounding)
        stored = wide_multiply(acc, requantization.multipliers, requantization.shifts)
        return (np.clip(stored, *self.output.dtype.limits).astype(np.int16),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        requantization = wide_requantization(self.lhs, self.rhs, self.output, place.target.rounding)
        return self.call("tg_batch_matmul_s16", {"requant": _one(requantization)})


@dataclass(frozen=True, eq=False)
class BatchMatmulS16S8(MatrixOp):
    """A constant matrix of int8 is a fully-connected layer's weights, and requantized like them."""

    RULES = (
        dtype_is("lhs", DType.INT16),
        dtype_is("rhs", DType.INT8),
        dtype_is("output", DType.INT16),
        is_constant("rhs"),
        is_per_tensor("lhs", "rhs", "output"),
        zero_points_are_zero("lhs", "rhs", "output"),
        FACTOR_IS_SMALL,
        Rule("rhs is one matrix, and lhs is taken as it is, if their types differ", _is_one_matrix),
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.INT16 and node.input(1).dtype is DType.INT8

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        acc = self.products(values[0].astype(np.int64), values[1].astype(np.int64), float_matmul)
        requantization = wide_requantization(self.lhs, self.rhs, self.output, rounding)
        stored = wide_multiply(acc, requantization.multipliers, requantization.shifts)
        return (np.clip(stored, *self.output.dtype.limits).astype(np.int16),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        requantization = wide_requantization(self.lhs, self.rhs, self.output, place.target.rounding)
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
    FORMS = (BatchMatmulUnscaled, BatchMatmulS16, BatchMatmulS16S8, BatchMatmulF32)
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
