"""SignalDelay: streams of samples, some samples later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import State
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.history import FEW_ARE_KEPT, continued, following, history_after, history_of
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is


def _shapes_fit(op: SignalDelay) -> str:
    return "" if op.input.shape == op.output.shape and op.input.elements else f"they are {op.input} and {op.output}"


def _delay_is_possible(op: SignalDelay) -> str:
    return "" if op.delay >= 0 else f"it is {op.delay}"


@dataclass(frozen=True, eq=False)
class SignalDelay(Op):
    """output[..., t] = input[..., t - delay_length], where t counts on from one inference to the next; 0 before all."""

    input: Tensor
    """[..., samples]: one stream per row of the last dimension"""
    history: Tensor
    output: Tensor
    next: Tensor
    """what the history becomes"""
    delay: int

    KIND = "SignalDelay"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.INT16),
        dtype_is("output", DType.INT16),
        Rule("input and output have one shape", _shapes_fit),
        Rule("delay_length is not negative", _delay_is_possible),
        FEW_ARE_KEPT,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        read, output, delay = node.input(0), node.outputs[0], node.integer("delay_length")
        streams = read.elements // max(read.shape[-1], 1) if read.shape else 1
        history = history_of(output, streams, delay)
        return cls(node.index, read, history, output, following(history), delay)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.history)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output, self.next)

    @property
    def states(self) -> tuple[State, ...]:
        return (State(self.history, np.zeros(self.history.shape, np.int16), self.next),)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.history,)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        joined = continued(values[1], self.delay, values[0])
        delayed = joined[:, : joined.shape[1] - self.delay]
        return delayed.reshape(self.output.shape), history_after(joined, self.delay, values[1])

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        streams = self.history.shape[0]
        fields = {"streams": streams, "samples": self.input.elements // streams, "delay": self.delay}
        return (KernelCall("tg_signal_delay_s16", fields, (self.input,), self.output, whole=True, also=(self.next,)),)
