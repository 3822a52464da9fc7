"""MEAN: the average along some axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is, is_constant, is_per_tensor
from tinygen.ops.sum_rows import sum_rows_fields
from tinygen.quant import multiply_by_quantized_multiplier, quantize_multiplier

NESTED_RUNS = 3
"""How many runs of kept and of reduced dimensions the kernel can nest."""


def _too_many_runs(op: Mean) -> str:
    kept, reduced = op.runs
    deepest = max(len(kept), len(reduced))
    return f"there are {deepest}" if deepest > NESTED_RUNS else ""


@dataclass(frozen=True, eq=False)
class Mean(Op):
    """output = requantized sum of (input - zero_point) over the axes, divided by their size inside the multiplier."""

    input: Tensor
    axes: Tensor
    """int32: the dimensions to average over; negative ones count from the end"""
    output: Tensor

    KIND = "MEAN"
    RULES = (
        dtype_is("input", DType.INT8),
        dtype_is("output", DType.INT8),
        is_constant("axes"),
        is_per_tensor("input", "output"),
        Rule(f"kept and averaged dimensions alternate at most {NESTED_RUNS} times", _too_many_runs),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.axes)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def reduced(self) -> tuple[int, ...]:
        """The axes, as distinct non-negative numbers."""
        rank = len(self.input.shape)
        return tuple(sorted({int(axis) % rank for axis in self.axes.value.reshape(-1)})) if rank else ()

    @property
    def count(self) -> int:
        """Elements that make one mean."""
        return math.prod(self.input.shape[axis] for axis in self.reduced)

    @property
    def runs(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """(size, element stride) of neighbouring dimensions merged: the kept runs and the reduced ones, outer first."""
        kept: list[tuple[int, int]] = []
        reduced: list[tuple[int, int]] = []
        previous: list[tuple[int, int]] | None = None
        for axis, size in enumerate(self.input.shape):
            if size == 1:
                continue
            stride = math.prod(self.input.shape[axis + 1 :])
            runs = reduced if axis in self.reduced else kept
            if runs is previous:
                size *= runs.pop()[0]
            runs.append((size, stride))
            previous = runs
        return kept, reduced

    def requant(self, rounding: Rounding) -> tuple[int, int]:
        """(multiplier, shift) with 1 / count folded in, as TFLite's QuantizedMeanOrSum does."""
        multiplier, shift = quantize_multiplier(self.input.scale / self.output.scale, rounding)
        extra = min(self.count.bit_length() - 1, 32, 31 + shift)
        return (multiplier << extra) // self.count, shift - extra

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        total = (values[0].astype(np.int64) - self.input.zero_point).sum(axis=self.reduced)
        scaled = multiply_by_quantized_multiplier(total, *self.requant(rounding), rounding)
        stored = np.clip(scaled + self.output.zero_point, *self.output.dtype.limits)
        return (stored.astype(np.int8).reshape(self.output.shape),)

    @property
    def accumulates(self) -> bool:
        """The rows of one map are averaged, its columns too or not at all."""
        shape = self.input.shape
        return len(shape) == 4 and shape[0] == 1 and self.reduced in ((1,), (1, 2), (0, 1), (0, 1, 2)) and shape[1] > 1

    def scratch_bytes(self, target: Target) -> int:
        return 4 * self.output.elements if self.accumulates else 0

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        multiplier, shift = self.requant(place.target.rounding)
        if self.accumulates:
            fields: dict[str, Field] = {
                "sum": sum_rows_fields(place, self.input, self.output.elements),
                "zero_point_sum": self.input.zero_point * self.count,
                "requant": {"multiplier": multiplier, "shift": shift},
                "output_zero_point": self.output.zero_point,
            }
            return (KernelCall("tg_mean_rows_s8", fields, (self.input,), self.output, scratch=True),)
        kept, reduced = ([(1, 0)] * (NESTED_RUNS - len(runs)) + runs for runs in self.runs)
        return (
            KernelCall(
                "tg_mean_s8",
                {
                    "kept": tuple(size for size, _ in kept),
                    "kept_stride": tuple(stride for _, stride in kept),
                    "reduced": tuple(size for size, _ in reduced),
                    "reduced_stride": tuple(stride for _, stride in reduced),
                    # |zero point * count| < 2**31: count elements fit in memory
                    "zero_point_sum": self.input.zero_point * self.count,
                    "requant": {"multiplier": multiplier, "shift": shift},
                    "output_zero_point": self.output.zero_point,
                },
                (self.input,),
                self.output,
                whole=True,
            ),
        )
