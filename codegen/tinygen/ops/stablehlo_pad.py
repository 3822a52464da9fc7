"""STABLEHLO_PAD: a value around a tensor and between its elements; negative paddings cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, FEW_LOOPS, Copy, CopyOp, indexed
from tinygen.ops.node import Node

Numbers = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class StablehloPad(CopyOp):
    """output[low + i * (1 + interior)] = input[i] where that lies inside, and the value elsewhere."""

    input: Tensor
    value: Tensor
    """One element."""
    output: Tensor
    low: Numbers
    """Of each dimension, as the others."""
    high: Numbers
    interior: Numbers

    KIND = "STABLEHLO_PAD"
    RULES = (*COPY_RULES, FEW_LOOPS)

    @classmethod
    def read(cls, node: Node) -> Self:
        names = ("edge_padding_low", "edge_padding_high", "interior_padding")
        low, high, interior = (tuple(int(n) for n in node.options.get(name, ())) for name in names)
        return cls(node.index, node.input(0), node.input(1), node.outputs[0], low, high, interior)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.value)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return self.inputs

    @property
    def background(self) -> Tensor:
        return self.value

    def copies(self) -> Sequence[Copy]:
        picked, placed = [], []
        sides = zip(self.input.shape, self.output.shape, self.low, self.high, self.interior, strict=True)
        for size, made, low, high, between in sides:
            step = 1 + between
            if between < 0 or made != max(low + high + max(size - 1, 0) * step + min(size, 1), 0):
                raise ValueError(f"{self.input} with {low} before, {high} after and {between} between is {self.output}")
            first = max(-(low // step), 0)
            count = max(min(size, (made - 1 - low) // step + 1) - first, 0)
            begin = low + first * step
            picked.append(slice(first, first + count))
            placed.append(slice(begin, begin + count * step, step) if count else slice(0, 0))
        return (Copy(self.input, self.output, indexed(*picked), indexed(*placed)),)
