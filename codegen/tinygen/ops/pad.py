"""PAD: zeros around a tensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tinygen.ir.dtype import DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.tensor import Tensor
from tinygen.ops.broadcast import RANK_FITS, split_rows
from tinygen.ops.copy_op import COPY_RULES, Copy, CopyOp, constant_like, inside, keeps_scale
from tinygen.ops.node import Node
from tinygen.ops.rule import is_constant


@dataclass(frozen=True, eq=False)
class Pad(CopyOp):
    """output = input with `before` and `after` elements of its zero point along every dimension."""

    input: Tensor
    paddings: Tensor
    """[rank, 2] int32 or int64: before and after"""
    output: Tensor

    KIND = "PAD"
    RULES = (
        is_constant("paddings"),
        keeps_scale("input", "output"),
        RANK_FITS,
        *COPY_RULES,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.paddings)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def fill(self) -> int:
        return self.output.zero_point if self.output.quantization else 0

    @property
    def background(self) -> Tensor:
        return constant_like(self.output, self.fill)

    def copies(self) -> Sequence[Copy]:
        return (Copy(self.input, self.output, place=inside(self.paddings.value, self.input.shape, self.output.shape)),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (self.lower_s8(),) if self.input.dtype is DType.INT8 else super().lower(place)

    def lower_s8(self) -> KernelCall:
        before = [int(b) for b in self.paddings.value.reshape(-1, 2)[:, 0]]
        outer, columns, channels = split_rows(self.output.shape)
        inner = split_rows(self.input.shape)
        inner_before = before[len(outer) :]
        column_before = inner_before[0] if len(inner_before) == 2 else 0
        spare = 4 - len(outer)
        return KernelCall(
            "tg_pad_s8",
            {
                "input_outer": (1,) * spare + inner[0],
                "output_outer": (1,) * spare + outer,
                "outer_before": (0,) * spare + tuple(before[: len(outer)]),
                "input_columns": inner[1],
                "output_columns": columns,
                "columns_before": column_before,
                "input_channels": inner[2],
                "output_channels": channels,
                "channels_before": inner_before[-1] if inner_before else 0,
                "fill": self.fill,
            },
            (self.input,),
            self.output,
            whole=True,
        )
