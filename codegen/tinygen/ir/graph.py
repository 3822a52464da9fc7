"""A model as typed ops in execution order over tensors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinygen.ir.dtype import Array
from tinygen.ir.tensor import Tensor

if TYPE_CHECKING:
    from tinygen.ops.op import Op


@dataclass(frozen=True)
class State:
    """What the model remembers from one inference to the next."""

    tensor: Tensor
    """Its value when an inference begins: an input of ops, and nobody's output."""
    initial: Array
    """The value before the first inference and after a reset."""
    next: Tensor
    """Its value when the inference is over: an op's output, which lies where `tensor` lies."""


@dataclass(frozen=True)
class Graph:
    """Ops in an order in which every tensor is produced before it is read."""

    name: str
    """The model's file name without its ending."""
    crc32: int
    """Of the whole .tflite file; the device answers with it, so stale firmware is noticed."""
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    ops: tuple[Op, ...]
    states: tuple[State, ...] = ()
    is_nested: bool = False
    """It belongs to an op: its inputs and states lie where the op's operands and outputs lie.

    Its outputs are its inputs, which it leaves as they are.
    """

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one inference."""
        return sum(op.macs for op in self.ops)

    def tensors(self) -> Iterator[Tensor]:
        """Every tensor once, in order of first appearance."""
        seen: set[Tensor] = set()
        remembered = tuple(state.tensor for state in self.states)
        used = [(*op.inputs, *op.outputs) for op in self.ops]
        groups = [self.inputs, remembered, *used, self.outputs]
        for group in groups:
            for tensor in group:
                if tensor not in seen:
                    seen.add(tensor)
                    yield tensor
