"""MATRIX_SET_DIAG: matrices with other diagonals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import SAME_DTYPE, Copy, CopyOp
from tinygen.ops.matrix_diag import diagonals
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule


def _shapes(op: MatrixSetDiag) -> str:
    made = (*op.input.shape[:-2], min(op.input.shape[-2:], default=0))
    fits = len(op.input.shape) > 1 and op.output.shape == op.input.shape and op.diagonal.shape == made
    return "" if fits else f"{op.input} and {op.diagonal} make {op.output}"


@dataclass(frozen=True, eq=False)
class MatrixSetDiag(CopyOp):
    """output[..., i, i] = diagonal[..., i], and the input's elements elsewhere."""

    input: Tensor
    diagonal: Tensor
    output: Tensor

    KIND = "MATRIX_SET_DIAG"
    RULES = (
        SAME_DTYPE,
        Rule("the input has the output's shape, and the diagonal that of its diagonals", _shapes),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.diagonal)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return self.inputs

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def copies(self) -> Sequence[Copy]:
        return (Copy(self.input, self.output), Copy(self.diagonal, self.output, place=diagonals))
