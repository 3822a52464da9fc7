"""Ops that only move elements: each says as numpy views what it reads and where that goes; one kernel does them all."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.element import ELEMENTS
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule

NESTED_LOOPS = 6
"""How many loops the kernel can nest around runs of neighbouring elements."""

MOVABLE = ELEMENTS
"""Element types that are moved, as 1, 2, 4 or 8 bytes each."""

View = Callable[[Array], Array]
"""A view of an array: some of its elements in some order; never a copy."""
Loop = tuple[int, int, int]
"""(times, elements from one to the next in the source, and in the target)"""


def everything(array: Array) -> Array:
    return array


def indexed(*key: Any) -> View:
    """What numpy's basic indexing picks, as an array even if it is a single element."""
    full = key if any(entry is ... for entry in key) else (*key, ...)
    return lambda array: array[full]


def along(axis: int, index: Any) -> View:
    """What `index`, a number or a slice, picks of one dimension."""
    return indexed(*(slice(None),) * axis, index)


def inside(paddings: Array, shape: Sequence[int], padded: Sequence[int]) -> View:
    """What is left of an array of shape `padded` without its paddings; raises ValueError if that is not `shape`."""
    befores = paddings.reshape(-1, 2)[:, 0].tolist()
    around = paddings.astype(np.int64).reshape(-1, 2).sum(axis=1).tolist()
    if [size + more for size, more in zip(shape, around, strict=True)] != list(padded):
        raise ValueError(f"{list(shape)} and {around} more are not {list(padded)}")
    return indexed(*(slice(before, before + size) for before, size in zip(befores, shape, strict=True)))


def constant_like(tensor: Tensor, value: int) -> Tensor:
    """A constant of one element, of the tensor's element type."""
    return Tensor(f"{tensor.name}/{value}", (), tensor.dtype, data=np.array(value, tensor.dtype.numpy))


@dataclass(frozen=True)
class Copy:
    """The elements that `pick` sees in the source go, in the same order, to those that `place` sees in the target."""

    source: Tensor
    target: Tensor
    pick: View = everything
    place: View = everything

    @property
    def moves_nothing(self) -> bool:
        return 0 in self.source.shape or 0 in self.target.shape or self.pick(_outline(self.source)).size == 0

    def apply(self, source: Array, target: Array) -> None:
        seen = self.pick(source)
        placed = self.place(target)
        (placed if placed.shape == seen.shape else placed.reshape(seen.shape))[...] = seen

    @cached_property
    def geometry(self) -> tuple[tuple[Loop, ...], int, int]:
        """The loops, outer first, and the first element in the source and in the target."""
        source, target = _outline(self.source), _outline(self.target)
        seen = self.pick(source)
        placed = self.place(target)
        if placed.shape != seen.shape:
            placed = placed.reshape(seen.shape)
        assert np.may_share_memory(seen, source), "pick makes a copy"
        assert np.may_share_memory(placed, target), "place makes a copy"
        loops = _merged(zip(seen.shape, seen.strides, placed.strides, strict=True))
        return loops, _address(seen) - _address(source), _address(placed) - _address(target)

    @cached_property
    def call(self) -> KernelCall:
        (*loops, (run, source_step, target_step)), source_first, target_first = self.geometry
        if (source_step, target_step) != (1, 1):
            loops, run = [*loops, (run, source_step, target_step)], 1
        size = self.source.dtype.size
        padded = [(1, 0, 0)] * (NESTED_LOOPS - len(loops)) + loops
        fields: dict[str, Field] = {
            "times": tuple(times for times, _, _ in padded),
            "input_steps": tuple(step * size for _, step, _ in padded),
            "output_steps": tuple(step * size for _, _, step in padded),
            "input_first": source_first * size,
            "output_first": target_first * size,
            "run_bytes": run * size,
        }
        return KernelCall("tg_copy_nd", fields, (self.source,), self.target, whole=True)

    @property
    def depth(self) -> int:
        """How many loops the kernel must nest."""
        loops, _, _ = self.geometry
        return len(loops) - (loops[-1][1:] == (1, 1))


def _outline(tensor: Tensor) -> Array:
    """An array of the tensor's shape, one byte per element; its values do not matter."""
    return np.empty(tensor.shape, np.int8)


def _address(array: Array) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def _merged(loops: Any) -> tuple[Loop, ...]:
    """Loops that run once go; an outer one that only continues an inner one joins it. At least one is left."""
    merged: list[Loop] = []
    for times, source_step, target_step in loops:
        if times == 1:
            continue
        if merged:
            outer, outer_source, outer_target = merged[-1]
            if (outer_source, outer_target) == (source_step * times, target_step * times):
                merged[-1] = (outer * times, source_step, target_step)
                continue
        merged.append((times, source_step, target_step))
    return tuple(merged) or ((1, 1, 1),)


def fill_call(value: Tensor, output: Tensor) -> KernelCall:
    """Every element of the output becomes the value's only one."""
    fields: dict[str, Field] = {"elements": output.elements, "element_bytes": output.dtype.size}
    return KernelCall("tg_fill", fields, (value,), output, whole=True)


class CopyOp(Op):
    """Outputs that are made of elements of the inputs, and of one more value where nothing is copied."""

    @abstractmethod
    def copies(self) -> Sequence[Copy]:
        """What goes where. Raises ValueError or IndexError if shapes and parameters contradict each other."""

    @property
    def background(self) -> Tensor | None:
        """One element for the places that no copy reaches: a constant, or an input; None if there are none."""
        return None

    @property
    def moved(self) -> tuple[Tensor, ...]:
        """The inputs whose elements are copied."""
        return (self.inputs[0],)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        value_of = dict(zip(self.inputs, values, strict=True))
        value = self.background
        background = 0 if value is None else (value.value if value.is_constant else value_of[value]).reshape(())
        results = {output: np.full(output.shape, background, output.dtype.numpy) for output in self.outputs}
        for copy in self.copies():
            copy.apply(value_of[copy.source], results[copy.target])
        return tuple(results.values())

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        calls = [copy.call for copy in self.copies() if not copy.moves_nothing]
        if self.background is not None:
            calls.insert(0, fill_call(self.background, self.outputs[0]))
        return tuple(calls)


def keeps_scale(first: str, second: str) -> Rule:
    """What is copied from one field's tensor to the other's means the same there."""

    def found(op: Any) -> str:
        a, b = getattr(op, first), getattr(op, second)
        if a.quantization is None or b.quantization is None or a.dtype.is_float:
            return ""
        same = (a.scale, a.zero_point) == (b.scale, b.zero_point)
        return "" if same else f"{a.scale:g} and {a.zero_point} against {b.scale:g} and {b.zero_point}"

    return Rule(f"{first} and {second} have the same scale and zero point, if they have any", found)


def _other_dtypes(op: Any) -> str:
    tensors = (*op.moved, *op.outputs)
    wrong = [t for t in tensors if t.dtype not in MOVABLE or t.dtype is not tensors[0].dtype]
    return f"{wrong[0]} is {wrong[0].dtype.label}" if wrong else ""


def _contradiction(op: CopyOp) -> str:
    made = dict.fromkeys(op.outputs, 0)
    try:
        for copy in op.copies():
            if not copy.moves_nothing:
                made[copy.target] += math.prod(times for times, _, _ in copy.geometry[0])
    except (ValueError, IndexError, ArithmeticError) as error:
        return f"{error}"
    incomplete = [(output, count) for output, count in made.items() if count != output.elements]
    if incomplete and op.background is None:
        return f"{incomplete[0][1]} elements are for {incomplete[0][0]}"
    return ""


def _too_deep(op: CopyOp) -> str:
    deepest = max((copy.depth for copy in op.copies() if not copy.moves_nothing), default=0)
    return f"it takes {deepest}" if deepest > NESTED_LOOPS else ""


SAME_DTYPE = Rule(
    f"all tensors have one element type of {', '.join(d.label for d in MOVABLE)}", _other_dtypes, dtypes=MOVABLE
)
SHAPES_AGREE = Rule("the output's shape follows from the input's shape and the parameters", _contradiction)
FEW_LOOPS = Rule(f"at most {NESTED_LOOPS} nested loops can copy it", _too_deep)
COPY_RULES = (SAME_DTYPE, SHAPES_AGREE)
