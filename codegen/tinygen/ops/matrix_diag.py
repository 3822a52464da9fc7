"""MATRIX_DIAG: vectors as the diagonals of matrices, with zeros around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinygen.ir.dtype import Array
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, Copy, CopyOp, constant_like
from tinygen.ops.unary import Unary


def diagonals(matrices: Array) -> Array:
    """[..., min(rows, columns)]: a view of the diagonals of [..., rows, columns]."""
    *outer, rows, columns = matrices.shape
    flat = matrices.reshape(*outer, rows * columns)
    return flat[..., : min(rows, columns) * (columns + 1) : columns + 1]


@dataclass(frozen=True, eq=False)
class MatrixDiag(Unary, CopyOp):
    """output[..., i, i] = input[..., i], and 0 elsewhere."""

    KIND = "MATRIX_DIAG"
    RULES = COPY_RULES

    @property
    def background(self) -> Tensor:
        return constant_like(self.output, 0)

    def copies(self) -> Sequence[Copy]:
        if self.output.shape != (*self.input.shape, *self.input.shape[-1:]):
            raise ValueError(f"{self.input} makes {self.output}")
        return (Copy(self.input, self.output, place=diagonals),)
