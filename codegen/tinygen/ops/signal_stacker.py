"""SignalStacker: the frames of several inferences side by side, as context."""

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
from tinygen.ops.history import FEW_ARE_KEPT, continued, counter_of, following, history_after, history_of
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is


def _numbers_are_possible(op: SignalStacker) -> str:
    if min(op.channels - 1, op.left, op.right) < 0:
        return f"they are {op.channels}, {op.left} and {op.right}"
    return "" if 1 <= op.step <= op.left + op.right + 1 else f"stacker_step is {op.step}"


def _shapes_fit(op: SignalStacker) -> str:
    if op.input.elements != op.channels or op.output.elements != op.kept + op.channels:
        return f"input is {op.input}, and output is {op.output}"
    return "" if op.valid.elements == 1 else f"output_valid is {op.valid}"


@dataclass(frozen=True, eq=False)
class SignalStacker(Op):
    """output = the last left_context + 1 + right_context frames, the oldest first; valid = this inference's turn.

    It is first so when right_context frames have followed the first one, and then every stacker_step frames. Before the
    first frame are copies of it. TFLite Micro leaves the output as it is when it is not valid, here it is 0.
    """

    input: Tensor
    """[num_channels]: a frame"""
    history: Tensor
    wait: Tensor
    """how many inferences are not valid before the next one that is; -1 before the first"""
    output: Tensor
    valid: Tensor
    next_history: Tensor
    next_wait: Tensor
    channels: int
    left: int
    right: int
    step: int

    KIND = "SignalStacker"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.INT16),
        dtype_is("output", DType.INT16),
        dtype_is("valid", DType.BOOL),
        Rule("there is a channel, no context is negative, and stacker_step is 1 to all frames", _numbers_are_possible),
        Rule("input has num_channels numbers, output as many for each frame", _shapes_fit),
        FEW_ARE_KEPT,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        read, (output, valid) = node.input(0), node.outputs
        channels, step = node.integer("num_channels"), node.integer("stacker_step")
        left, right = node.integer("stacker_left_context"), node.integer("stacker_right_context")
        history, wait = history_of(output, 1, channels * (left + right)), counter_of(output)
        after = (following(history), following(wait))
        return cls(node.index, read, history, wait, output, valid, *after, channels, left, right, step)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.history, self.wait)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output, self.valid, self.next_history, self.next_wait)

    @property
    def states(self) -> tuple[State, ...]:
        history = np.zeros(self.history.shape, np.int16)
        wait = np.full(1, -1, np.int32)
        return (State(self.history, history, self.next_history), State(self.wait, wait, self.next_wait))

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.history, self.wait)

    @property
    def kept(self) -> int:
        """Numbers that are remembered."""
        return self.channels * (self.left + self.right)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        frame, history, wait = values[0].reshape(1, -1), values[1], int(values[2][0])
        if wait < 0:
            wait = self.right
            history = np.tile(frame, self.left + self.right) if self.kept else history
        joined = continued(history, self.kept, frame)
        is_valid = wait == 0
        return (
            (joined if is_valid else 0 * joined).reshape(self.output.shape),
            np.full(self.valid.shape, is_valid),
            history_after(joined, self.kept, history),
            np.full(1, self.step - 1 if is_valid else wait - 1, np.int32),
        )

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields = {"channels": self.channels, "kept": self.kept, "right": self.right, "step": self.step}
        also = (self.valid, self.next_history, self.next_wait)
        return (KernelCall("tg_signal_stacker_s16", fields, (self.input,), self.output, whole=True, also=also),)
