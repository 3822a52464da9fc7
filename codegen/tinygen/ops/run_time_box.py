"""A box of a tensor that begins where numbers say that are only known at run time: forms of SLICE and STRIDED_SLICE."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.index import is_wide
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule

DIMENSIONS = 6


@dataclass(frozen=True)
class Side:
    """How the box goes along one dimension of the input."""

    entry: int
    """Which entry of `begin` says where it begins; -1: it begins at `first`."""
    first: int
    stride: int
    size: int
    """Elements that are taken."""


def _sides_fit(op: RunTimeBox) -> str:
    limits = op.input.shape
    if len(limits) > DIMENSIONS:
        return f"{op.input} has {len(limits)}"
    fits = len(op.sides) == len(limits) and math.prod(side.size for side in op.sides) == op.output.elements
    if fits and all((side.size - 1) * abs(side.stride) < limit for side, limit in zip(op.sides, limits, strict=True)):
        return ""
    return f"{op.output} is made of {op.input}"


SIDES_FIT = Rule(f"the input has at most {DIMENSIONS} dimensions, and the output takes no more of each", _sides_fit)


@dataclass(frozen=True, eq=False)
class RunTimeBox(Op):
    """The output has the shape that the file says; what lies outside of the input, TFLite leaves it open, is 0."""

    input: Tensor
    begin: Tensor
    """int32 or int64"""
    output: Tensor

    RELATIVE: ClassVar[bool]
    """Beginnings below 0 count from the end, and all are brought inside."""

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.begin)

    @property
    def moved(self) -> tuple[Tensor, ...]:
        return (self.input,)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """One per dimension of the input; none if the operator contradicts itself."""
        return self.sides_of(self.input.shape, self.output.shape)

    @abstractmethod
    def sides_of(self, limits: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[Side, ...]:
        """From the shapes of the input and of the output."""

    def _first(self, side: Side, limit: int, begins: Any) -> int:
        first = side.first if side.entry < 0 else int(begins[side.entry])
        if not self.RELATIVE:
            return first
        first = first + limit if first < 0 else first
        return min(max(first, 0), limit) if side.stride > 0 else min(max(first, -1), limit - 1)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        taken = values[0]
        for axis, (side, limit) in enumerate(zip(self.sides, self.input.shape, strict=True)):
            places = self._first(side, limit, values[1].reshape(-1)) + np.arange(side.size) * side.stride
            inside = (places >= 0) & (places < limit)
            shape = [-1 if i == axis else 1 for i in range(taken.ndim)]
            found = np.take(taken, np.where(inside, places, 0), axis)
            taken = np.where(inside.reshape(shape), found, np.zeros((), taken.dtype))
        return (taken.reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        limits, size, spare = self.input.shape, self.input.dtype.size, DIMENSIONS - len(self.input.shape)
        steps = tuple(math.prod(limits[axis + 1 :]) * size for axis in range(len(limits)))
        fields: dict[str, Field] = {
            "entries": tuple(side.entry for side in self.sides) + (-1,) * spare,
            "firsts": tuple(side.first for side in self.sides) + (0,) * spare,
            "strides": tuple(side.stride for side in self.sides) + (1,) * spare,
            "sizes": tuple(side.size for side in self.sides) + (1,) * spare,
            "limits": limits + (1,) * spare,
            "steps": steps + (0,) * spare,
            "element_bytes": size,
            "wide": is_wide(self.begin),
            "relative": int(self.RELATIVE),
        }
        if self.output.elements == 0:
            return ()
        return (KernelCall("tg_run_time_box", fields, (self.input, self.begin), self.output, whole=True),)
