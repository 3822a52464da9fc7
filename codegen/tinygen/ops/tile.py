"""TILE: a tensor repeated along its dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, Copy, CopyOp
from tinygen.ops.node import Node
from tinygen.ops.rule import is_constant


@dataclass(frozen=True, eq=False)
class Tile(CopyOp):
    """output[i, j, ...] = input[i % rows, j % columns, ...]"""

    input: Tensor
    multiples: Tensor
    """How often the input stands along each dimension."""
    output: Tensor

    KIND = "TILE"
    RULES = (is_constant("multiples"), *COPY_RULES, FEW_LOOPS)

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.multiples)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def copies(self) -> Sequence[Copy]:
        multiples = self.multiples.value.reshape(-1).tolist()
        pairs = zip(multiples, self.input.shape, strict=True)
        repeated = [size for pair in pairs for size in pair]

        def pick(array: Array) -> Array:
            return np.broadcast_to(array.reshape([n for size in array.shape for n in (1, size)]), repeated)

        return (Copy(self.input, self.output, pick),)
