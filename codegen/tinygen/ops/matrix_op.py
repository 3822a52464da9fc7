"""What the forms of BATCH_MATMUL share: how matrices are found, and how they are multiplied in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field, KernelCall
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.requantization import Requantization, float_matmul
from tinygen.ops.rule import Rule, is_per_tensor
from tinygen.ops.wide import SHIFT_LIMIT, wide_multiply, wide_requantization, zero_points_are_zero
from tinygen.quant import quantize_multiplier

BATCH_DIMENSIONS = 3


def _ranks_fit(op: Any) -> str:
    ranks = [len(tensor.shape) for tensor in (op.lhs, op.rhs, op.output)]
    return f"one has {max(ranks)}" if max(ranks) > BATCH_DIMENSIONS + 2 else ""


def _factor_is_small(op: Any) -> str:
    for scale in op.rhs.params.scales:
        if quantize_multiplier(op.lhs.scale * scale / op.output.scale)[1] >= SHIFT_LIMIT:
            return f"it is {op.lhs.scale * scale / op.output.scale:g}"
    return ""


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


@dataclass(frozen=True, eq=False)
class MatrixOpS16(MatrixOp):
    """Sums of 64 bits that come onto the output's scale by a multiplier of 16 bits."""

    SCALES: ClassVar[tuple[Rule, ...]] = (
        is_per_tensor("lhs", "rhs", "output"),
        zero_points_are_zero("lhs", "rhs", "output"),
        FACTOR_IS_SMALL,
    )

    def requantization(self, rounding: Rounding) -> Requantization:
        return wide_requantization(self.lhs, self.rhs, self.output, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        acc = self.products(values[0].astype(np.int64), values[1].astype(np.int64), float_matmul)
        requantization = self.requantization(rounding)
        stored = wide_multiply(acc, requantization.multipliers, requantization.shifts)
        return (np.clip(stored, *self.output.dtype.limits).astype(np.int16),)
