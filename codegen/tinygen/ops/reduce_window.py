"""REDUCE_WINDOW: one value of the elements in each place of a window."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.element import element_type
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.reduction import REDUCE_MAX, REDUCE_MIN, REDUCE_PRODUCT, REDUCE_SUM
from tinygen.ops.rule import Rule, dtype_is, is_constant
from tinygen.ops.unsorted_segment_op import JOINS

DIMENSIONS = 6
ADD, MUL, MINIMUM, MAXIMUM, ALL, ANY = range(1, 7)
"""The schema's ReduceWindowFunction."""
OPERATIONS = {
    ADD: REDUCE_SUM, MUL: REDUCE_PRODUCT, MINIMUM: REDUCE_MIN, MAXIMUM: REDUCE_MAX, ALL: REDUCE_MIN, ANY: REDUCE_MAX,
}  # fmt: skip
NUMBERS = (DType.INT8, DType.UINT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32)


def _dtypes_differ(op: ReduceWindow) -> str:
    wrong = [t for t in (op.initial, op.output) if t.dtype is not op.input.dtype]
    return f"{wrong[0]} is {wrong[0].dtype.label}" if wrong else ""


def _is_other(op: ReduceWindow) -> str:
    of_type = (ALL, ANY) if op.input.dtype is DType.BOOL else (ADD, MUL, MINIMUM, MAXIMUM)
    return "" if op.function in of_type else f"it is {op.function} of {op.input.dtype.label}"


def _shape(op: ReduceWindow) -> str:
    rank = len(op.input.shape)
    numbers = [tensor.value.reshape(-1).tolist() for tensor in (op.window, op.strides, op.dilations)]
    fits = rank <= DIMENSIONS and all(len(n) == rank and min(n, default=1) > 0 for n in numbers)
    fits = fits and op.output.shape == op.made_shape and op.initial.elements == 1
    return "" if fits else f"{op.input} makes {op.output}"


@dataclass(frozen=True, eq=False)
class ReduceWindow(Op):
    """output[i] = the initial value and all input[i * stride + j * dilation] of the window joined; integers wrap."""

    input: Tensor
    initial: Tensor
    """One element."""
    window: Tensor
    """[rank], as strides and dilations"""
    strides: Tensor
    dilations: Tensor
    output: Tensor
    function: int

    KIND = "REDUCE_WINDOW"
    RULES = (
        dtype_is("input", *NUMBERS, DType.BOOL),
        Rule("input, initial value and output have the same element type", _dtypes_differ),
        Rule("numbers are added, multiplied, or the least or greatest is taken; bools by all or any", _is_other),
        is_constant("window"),
        is_constant("strides"),
        is_constant("dilations"),
        Rule(f"the output has an element for every window, in at most {DIMENSIONS} dimensions", _shape),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        inputs = (node.input(0), node.input(1), node.input(2), node.input(3), node.input(4))
        return cls(node.index, *inputs, node.outputs[0], node.integer("reduce_function"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.initial, self.window, self.strides, self.dilations)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def geometry(self) -> list[tuple[int, int, int]]:
        """(window, stride, dilation) of each dimension."""
        numbers = (tensor.value.reshape(-1).tolist() for tensor in (self.window, self.strides, self.dilations))
        return list(zip(*numbers, strict=True))

    @property
    def made_shape(self) -> tuple[int, ...]:
        sides = zip(self.input.shape, self.geometry, strict=True)
        return tuple((size - (window - 1) * by - 1) // stride + 1 for size, (window, stride, by) in sides)

    def windows(self, array: Array) -> npt.NDArray[Any]:
        """[output elements, window elements], in the order of memory."""
        steps = [stride for _, stride, _ in self.geometry], [dilation for _, _, dilation in self.geometry]
        strides = [s * step for part in steps for s, step in zip(array.strides, part, strict=True)]
        sizes = tuple(window for window, _, _ in self.geometry)
        view = np.lib.stride_tricks.as_strided(array, (*self.output.shape, *sizes), strides, writeable=False)
        return view.reshape(self.output.elements, math.prod(sizes))

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        dtype = self.output.dtype.numpy
        join = JOINS[OPERATIONS[self.function]]
        terms = self.windows(np.ascontiguousarray(values[0]))
        result = np.full(self.output.elements, values[1].reshape(()), dtype)
        with np.errstate(all="ignore"):
            for i in range(terms.shape[1]):
                result = join(result, terms[:, i]).astype(dtype)
        return (result.reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        steps = [math.prod(self.input.shape[axis + 1 :]) for axis in range(len(self.input.shape))]
        sizes = [window for window, _, _ in self.geometry]
        sides = list(zip(steps, self.geometry, strict=True))
        windows: Mapping[str, Field] = {
            "outputs": _padded(self.output.shape, [s * stride for s, (_, stride, _) in sides]),
            "window": _padded(sizes, [s * by for s, (_, _, by) in sides]),
            "elements": self.output.elements,
            "window_elements": math.prod(sizes),
            "operation": OPERATIONS[self.function],
        }
        fields: dict[str, Field] = {"windows": windows}
        if not self.input.dtype.is_float:
            fields["type"] = element_type(self.input.dtype)
        kernel = "tg_reduce_window_f32" if self.input.dtype.is_float else "tg_reduce_window"
        return (KernelCall(kernel, fields, (self.input, self.initial), self.output, whole=True),)


def _padded(sizes: Sequence[int], strides: Sequence[int]) -> Mapping[str, Field]:
    """The members of tg_span_nd."""
    spare = DIMENSIONS - len(sizes)
    return {"sizes": (1,) * spare + tuple(sizes), "strides": (0,) * spare + tuple(strides)}
