"""What ops share that make one value of many along some axes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall
from tinygen.ir.tensor import Tensor
from tinygen.ops.element import element_type
from tinygen.ops.implied_axes import axes_are_known, implied_axes
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is, is_per_tensor

NESTED_RUNS = 3
"""How many runs of kept and of reduced dimensions the kernels can nest."""

Runs = list[tuple[int, int]]
"""(size, elements from one to the next) of neighbouring dimensions that are merged, outer first."""


def _too_many_runs(op: Reduction) -> str:
    kept, reduced = op.runs
    deepest = max(len(kept), len(reduced))
    return f"there are {deepest}" if deepest > NESTED_RUNS else ""


RUNS_ARE_FEW = Rule(f"kept and reduced dimensions alternate at most {NESTED_RUNS} times", _too_many_runs)


def _has_no_quantization(op: Reduction) -> str:
    if op.input.dtype not in (DType.INT8, DType.INT16):
        return ""
    return is_per_tensor("input", "output").broken_by(op)


IS_PER_TENSOR = Rule("int8 and int16 tensors have one scale and one zero point", _has_no_quantization)


def _zero_points_fit(op: Reduction) -> str:
    wrong = (t for t in (op.input, op.output) if t.dtype is DType.INT16 and t.quantization and t.zero_point)
    return next((f"{tensor} has {tensor.zero_point}" for tensor in wrong), "")


INT16_IS_SYMMETRIC = Rule("int16 tensors have zero point 0", _zero_points_fit)


@dataclass(frozen=True, eq=False)
class Reduction(Op):
    """Every output element comes from all input elements that differ from each other only along the axes."""

    input: Tensor
    axes: Tensor
    """int32: the dimensions that go; negative ones count from the end"""
    output: Tensor

    RULES: ClassVar[tuple[Rule, ...]] = (dtype_is("axes", DType.INT32), axes_are_known("axes"), RUNS_ARE_FEW)

    @classmethod
    def read(cls, node: Node) -> Self:
        input_, output = node.input(0), node.outputs[0]
        axes = implied_axes(node.input(1), input_.shape, output.shape, node.flag("keep_dims"))
        return cls(node.index, input_, axes, output)

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
        """Input elements that make one output element."""
        return math.prod(self.input.shape[axis] for axis in self.reduced)

    @property
    def runs(self) -> tuple[Runs, Runs]:
        """The kept runs and the reduced ones."""
        kept: Runs = []
        reduced: Runs = []
        previous: Runs | None = None
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

    def terms(self, values: Array) -> npt.NDArray[Any]:
        """[output elements, count]: what each output element is made of, in the order of memory."""
        kept = [axis for axis in range(values.ndim) if axis not in self.reduced]
        return values.transpose(*kept, *self.reduced).reshape(self.output.elements, self.count)

    def shaped(self, results: npt.NDArray[Any]) -> tuple[Array, ...]:
        """The output from a result per output element."""
        return (results.astype(self.output.dtype.numpy).reshape(self.output.shape),)

    @property
    def geometry(self) -> Mapping[str, Field]:
        """The members of tg_reduce."""
        kept, reduced = (_padded(runs) for runs in self.runs)
        return {"kept": kept, "reduced": reduced, "outputs": self.output.elements, "terms": self.count}

    def call(self, kernel: str, fields: Mapping[str, Field]) -> tuple[KernelCall, ...]:
        """A kernel's one call."""
        everything: dict[str, Field] = {"reduce": self.geometry, **fields}
        return (KernelCall(kernel, everything, (self.input,), self.output, whole=True),)


def _padded(runs: Sequence[tuple[int, int]]) -> Mapping[str, Field]:
    """The members of tg_reduce_runs."""
    filled = [(1, 0)] * (NESTED_RUNS - len(runs)) + list(runs)
    return {"sizes": tuple(size for size, _ in filled), "strides": tuple(stride for _, stride in filled)}


def integers_call(op: Reduction, operation: int, start: int) -> tuple[KernelCall, ...]:
    """The call that reduces integers of any one type; start: what no elements make."""
    low, high = start & 0xFFFFFFFF, start >> 32
    fields: dict[str, Field] = {
        "type": element_type(op.input.dtype),
        "operation": operation,
        "start": (low - 2**32 if low >= 2**31 else low, high),
    }
    return op.call("tg_reduce_integers", fields)


REDUCE_SUM, REDUCE_PRODUCT, REDUCE_MAX, REDUCE_MIN, REDUCE_MEAN = range(5)
"""TG_REDUCE_... in tg_reduce.h"""

FLOAT_MAX = float(np.finfo(np.float32).max)
