"""Ops that bring images to another height and width: the rows and columns between which each output pixel lies."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from tinygen.ir.program import Field, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule
from tinygen.quant import Int64s

LARGEST_DIMENSION = 16383
"""So that a fixed-point weight, and its product with a scaled int8, fit in their types."""


def _images(op: ResizeOp) -> str:
    before, after = op.input.shape, op.output.shape
    if len(before) != 4 or len(after) != 4 or (before[0], before[3]) != (after[0], after[3]) or op.input.elements == 0:
        return f"{op.input} becomes {op.output}"
    return ""


def _large(op: ResizeOp) -> str:
    largest = max(op.input.shape[1:3] + op.output.shape[1:3])
    return f"there is {largest}" if largest > LARGEST_DIMENSION else ""


def _centred_corners(op: ResizeOp) -> str:
    return "both are set" if op.align_corners and op.half_pixel_centers else ""


IMAGES: tuple[Rule, ...] = (
    Rule("input and output are [batch, height, width, channels] with the same batch and channels", _images),
    Rule(f"height and width are at most {LARGEST_DIMENSION}", _large),
)
NO_CENTRED_CORNERS = Rule("only one of align_corners and half_pixel_centers is set", _centred_corners)


@dataclass(frozen=True, eq=False)
class ResizeOp(Op):
    """Each row of the output is made of the rows between `bounds` of the input."""

    input: Tensor
    size: Tensor
    """Height and width; redundant with the output's shape."""
    output: Tensor
    align_corners: bool
    """The corner pixels' centres stay where they are."""
    half_pixel_centers: bool
    """A pixel is where its centre is."""

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(
            node.index,
            node.input(0),
            node.input(1),
            node.outputs[0],
            node.flag("align_corners"),
            node.flag("half_pixel_centers"),
        )

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.size)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @abstractmethod
    def bounds(self, axis: int) -> tuple[Int64s, Int64s]:
        """The first and the last pixel of the input along an axis that each pixel of the output is made of.

        Both rise with the output's pixel.
        """

    @cached_property
    def row_bounds(self) -> tuple[Int64s, Int64s]:
        return self.bounds(1)

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        if operand is not self.input:
            return super().needs(rows, operand)
        height_in, height_out = self.input.shape[1], self.output.shape[1]
        lower, upper = self.row_bounds
        first, last = rows.first, rows.end - 1
        begin = first // height_out * height_in + int(lower[first % height_out])
        return Rows(begin, last // height_out * height_in + int(upper[last % height_out]) + 1)

    def image_fields(self, place: Placement) -> dict[str, Field]:
        """The members of tg_resize."""
        return {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "input_h": self.input.shape[1],
            "output_h": self.output.shape[1],
            "output_w": self.output.shape[2],
        }
