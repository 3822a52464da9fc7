"""CONCATENATION: tensors laid side by side along one axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, Copy, CopyOp, along, everything
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule


def _quantizations(op: Concatenation) -> str:
    for part in op.parts:
        is_copied = part.dtype is DType.INT16 and op.differs(part) and part.zero_point == op.output.zero_point
        if op.differs(part) and part.dtype is not DType.UINT8 and not is_copied:
            return (
                f"{part} has {part.scale:g} and {part.zero_point}, not {op.output.scale:g} and {op.output.zero_point}"
            )
    return ""


def _no_activation(op: Concatenation) -> str:
    return "" if op.activation == "NONE" else f"it is {op.activation}"


@dataclass(frozen=True)
class Share:
    """Where the rows of a part lie among the output's."""

    period: int
    """Rows of the output after which the parts begin again; 1 if every part has its share of each row."""
    begin: int
    """The first of a period that is the part's."""
    rows: int
    """How many are."""
    block: int
    """Neighbouring elements of a row that are the part's."""
    stride: int
    """Elements from one such block to the next."""
    offset: int
    """Where the first is in its row."""

    def rows_before(self, row: int) -> int:
        """How many rows of the part lie before a row of the output."""
        return row // self.period * self.rows + min(max(row % self.period - self.begin, 0), self.rows)


@dataclass(frozen=True, eq=False)
class Concatenation(CopyOp):
    """output[..., offset of part p + i, ...] = part p[..., i, ...], which uint8 brings to the output's scale."""

    parts: tuple[Tensor, ...]
    output: Tensor
    axis: int
    activation: str

    KIND = "CONCATENATION"
    BY_ROWS = True
    RULES = (
        Rule("all tensors have the same scale and zero point, of uint8 any and of int16 any scale", _quantizations),
        Rule("there is no fused activation", _no_activation),
        *COPY_RULES,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        parts = tuple(node.input(i) for i in range(len(node.inputs)))
        axis = node.integer("axis")
        output = node.outputs[0]
        positive = axis + len(output.shape) if axis < 0 else axis
        return cls(node.index, parts, output, positive, node.text("fused_activation_function"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return self.parts

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return self.parts

    def caution(self, rounding: Rounding) -> str:
        if self.output.dtype is not DType.INT16 or not any(map(self.differs, self.parts)):
            return ""
        return "no kernel of TFLite brings parts of int16 to the output's scale, so they are copied as they are"

    def rescales(self, part: Tensor) -> bool:
        """The part's stored values become others: TFLite does so for uint8, and copies int16 as they are."""
        return part.dtype is DType.UINT8 and self.differs(part)

    def differs(self, part: Tensor) -> bool:
        """The part's stored values mean something else on the output's scale."""
        if part.dtype.is_float or part.quantization is None or self.output.quantization is None:
            return False
        return (part.scale, part.zero_point) != (self.output.scale, self.output.zero_point)

    @cached_property
    def shares(self) -> tuple[tuple[Tensor, Share], ...]:
        """The parts, of which two may be the same tensor, and where each lies."""
        found, first = [], 0
        for part in self.parts:
            found.append((part, self.share(first, part.shape[self.axis])))
            first += part.shape[self.axis]
        return tuple(found)

    def share(self, first: int, size: int) -> Share:
        """Elements [first, first + size) along the axis."""
        total = self.output.shape[self.axis]
        inner = math.prod(self.output.shape[self.axis + 1 :])
        row = self.output.row_elements
        if inner * total <= row:
            return Share(1, 0, 1, inner * size, inner * total, inner * first)
        rows = inner // row
        return Share(rows * total, rows * first, rows * size, row, row, 0)

    @cached_property
    def shares_of(self) -> Mapping[Tensor, Sequence[Share]]:
        found: dict[Tensor, list[Share]] = {}
        for part, share in self.shares:
            found.setdefault(part, []).append(share)
        return found

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        spans = [(s.rows_before(rows.first), s.rows_before(rows.end)) for s in self.shares_of[operand]]
        read = [span for span in spans if span[0] < span[1]]
        return Rows(min(first for first, _ in read), max(end for _, end in read)) if read else Rows(0, 0)

    def copies(self) -> Sequence[Copy]:
        copies, first = [], 0
        for part in self.parts:
            end = first + part.shape[self.axis]
            copies.append(Copy(part, self.output, everything, along(self.axis, slice(first, end))))
            first = end
        return copies

    def table(self, part: Tensor) -> Array:
        """The output's stored value for each of the part's 256; in float32, as TFLite computes it."""
        scale = np.float32(part.scale) * (np.float32(1) / np.float32(self.output.scale))
        bias = np.float32(-part.zero_point) * scale
        value = (np.arange(256, dtype=np.float32) * scale + bias).astype(np.float64)
        rounded = np.trunc(value + np.copysign(0.5, value)) + self.output.zero_point
        return np.asarray(np.clip(rounded, 0, 255).astype(np.uint8))

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        scaled = [
            self.table(part)[value] if self.rescales(part) else value
            for part, value in zip(self.parts, values, strict=True)
        ]
        return (np.concatenate(scaled, axis=self.axis),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return tuple(self.part_call(place, part, share) for part, share in self.shares if part.elements)

    def part_call(self, place: Placement, part: Tensor, share: Share) -> KernelCall:
        size = part.dtype.size
        fields: dict[str, Field] = {
            "part": {
                "input": place.ring(part),
                "output": place.ring(self.output),
                "period": share.period,
                "begin": share.begin,
                "rows": share.rows,
                "blocks": self.output.row_elements // share.stride,
                "block_bytes": share.block * size,
                "output_stride": share.stride * size,
                "output_offset": share.offset * size,
            }
        }
        if not self.rescales(part):
            return KernelCall("tg_concatenation", fields, (part,), self.output)
        fields["table"] = Constant.of(self.table(part))
        return KernelCall("tg_concatenation_u8", fields, (part,), self.output)
