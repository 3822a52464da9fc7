"""RESHAPE: the same bytes under another shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.dtype import Array
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule


def _other_count(op: Reshape) -> str:
    return f"{op.input} does not fit {op.output}" if op.input.elements != op.output.elements else ""


@dataclass(frozen=True, eq=False)
class Reshape(Op):
    """output[i] = input[i], counted in storage order."""

    input: Tensor
    shape: Tensor | None
    """The new shape as a tensor; redundant with the output's, so it may be absent or come from SHAPE."""
    output: Tensor

    KIND = "RESHAPE"
    RULES = (Rule("the output has as many elements as the input", _other_count),)
    IS_ALIAS = True

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.optional_input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input,) if self.shape is None else (self.input, self.shape)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return (values[0].reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (copy_blocks(self.input, self.output, 1, self.input.bytes, self.input.bytes, 0),)


def copy_blocks(input_: Tensor, output: Tensor, blocks: int, size: int, stride: int, offset: int) -> KernelCall:
    """Copy `blocks` runs of `size` bytes to `stride` bytes apart, from byte `offset` of the output."""
    fields = {"blocks": blocks, "block_bytes": size, "output_stride": stride, "output_offset": offset}
    return KernelCall("tg_copy", fields, (input_,), output, whole=True)
