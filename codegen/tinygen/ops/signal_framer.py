"""SignalFramer: overlapping frames of streams of samples."""

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


def _sizes_are_possible(op: SignalFramer) -> str:
    return "" if 1 <= op.step <= op.size else f"they are {op.size} and {op.step}"


def _shapes_fit(op: SignalFramer) -> str:
    samples = op.input.shape[-1] if op.input.shape else 0
    if samples < op.step or samples % op.step:
        return f"frame_step is {op.step}, and input is {op.input}"
    if op.output.elements != op.input.elements // op.step * op.size:
        return f"input is {op.input}, and output is {op.output}"
    return "" if op.valid.elements == 1 else f"output_valid is {op.valid}"


@dataclass(frozen=True, eq=False)
class SignalFramer(Op):
    """output[..., f, i] = sample f * frame_step + i of the remembered samples and input; valid = there were enough.

    With prefill, zeros were there before the first inference. Without, the frames begin with the first sample, and come
    when their step is complete; TFLite Micro leaves those that are not there yet as they are, here they are 0.
    """

    input: Tensor
    """[..., samples]: one stream per row of the last dimension"""
    history: Tensor
    missing: Tensor
    """samples that the history still lacks"""
    output: Tensor
    """[..., frames, frame_size]"""
    valid: Tensor
    next_history: Tensor
    next_missing: Tensor
    size: int
    step: int
    prefill: bool

    KIND = "SignalFramer"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.INT16),
        dtype_is("output", DType.INT16),
        dtype_is("valid", DType.BOOL),
        Rule("frame_size is at least frame_step, which is at least 1", _sizes_are_possible),
        Rule("each stream is a whole number of steps, for each of which output has a frame", _shapes_fit),
        FEW_ARE_KEPT,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        read, (output, valid) = node.input(0), node.outputs
        size, step, prefill = node.integer("frame_size"), node.integer("frame_step"), node.flag("prefill")
        streams = read.elements // max(read.shape[-1], 1) if read.shape else 1
        history = history_of(output, streams, _kept(size, step, prefill))
        missing = counter_of(output)
        after = (following(history), following(missing))
        return cls(node.index, read, history, missing, output, valid, *after, size, step, prefill)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.history, self.missing)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output, self.valid, self.next_history, self.next_missing)

    @property
    def states(self) -> tuple[State, ...]:
        missing = np.full(1, 0 if self.prefill else self.kept, np.int32)
        history = np.zeros(self.history.shape, np.int16)
        return (State(self.history, history, self.next_history), State(self.missing, missing, self.next_missing))

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.history, self.missing)

    @property
    def kept(self) -> int:
        """Samples of a stream that are remembered."""
        return _kept(self.size, self.step, self.prefill)

    @property
    def frames(self) -> int:
        """Of a stream."""
        return self.input.shape[-1] // self.step

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        joined, missing = continued(values[1], self.kept, values[0]), int(values[2][0])
        begins = self.step * np.arange(self.frames)
        frames = joined[:, begins[:, None] + np.arange(self.size)]
        frames = np.where((begins >= missing)[:, None], frames, 0)
        left = max(missing - self.step * self.frames, 0)
        return (
            frames.astype(np.int16).reshape(self.output.shape),
            np.full(self.valid.shape, missing == 0),
            history_after(joined, self.kept, values[1]),
            np.full(1, left, np.int32),
        )

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields = {
            "streams": self.history.shape[0],
            "frames": self.frames,
            "size": self.size,
            "step": self.step,
            "kept": self.kept,
        }
        also = (self.valid, self.next_history, self.next_missing)
        return (KernelCall("tg_signal_framer_s16", fields, (self.input,), self.output, whole=True, also=also),)


def _kept(size: int, step: int, prefill: bool) -> int:
    """Without prefill, frames begin at multiples of the step before the newest sample."""
    return max(size - step if prefill else -(-size // max(step, 1)) * step - step, 0)
