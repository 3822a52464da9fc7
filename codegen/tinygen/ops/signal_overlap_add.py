"""SignalOverlapAdd: overlapping frames added up to streams of samples."""

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
from tinygen.ops.history import FEW_ARE_KEPT, following, history_of
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is

KERNELS = {DType.INT16: "tg_signal_overlap_add_s16", DType.FLOAT32: "tg_signal_overlap_add_f32"}


def _same_dtype(op: SignalOverlapAdd) -> str:
    return "" if op.output.dtype is op.input.dtype else f"{op.output} is {op.output.dtype.label}"


def _shapes_fit(op: SignalOverlapAdd) -> str:
    if len(op.input.shape) < 2 or not op.input.elements:
        return f"input is {op.input}"
    if not 1 <= op.step <= op.input.shape[-1]:
        return f"frame_step is {op.step}, and input is {op.input}"
    made = op.input.elements // op.input.shape[-1] * op.step
    return "" if op.output.elements == made else f"input is {op.input}, and output is {op.output}"


@dataclass(frozen=True, eq=False)
class SignalOverlapAdd(Op):
    """output[..., f * frame_step + i] = the sum of all frames that have a sample there, i < frame_step.

    A frame begins frame_step samples after the one before, also in the inference before. Integers saturate after each
    addition.
    """

    input: Tensor
    """[..., frames, samples]"""
    history: Tensor
    """what the frames before have beyond their steps"""
    output: Tensor
    """[..., frames * frame_step]"""
    next: Tensor
    """what the history becomes"""
    step: int

    KIND = "SignalOverlapAdd"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", *KERNELS),
        Rule("output has the type of input", _same_dtype),
        Rule(
            "input has frames of at least frame_step samples, output frame_step for each, which is at least 1",
            _shapes_fit,
        ),
        FEW_ARE_KEPT,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        read, output, step = node.input(0), node.outputs[0], node.integer("frame_step")
        frames, samples = (1, 1, *read.shape)[-2:]
        history = history_of(output, read.elements // max(frames * samples, 1), samples - step, read.dtype)
        return cls(node.index, read, history, output, following(history), step)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.history)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output, self.next)

    @property
    def states(self) -> tuple[State, ...]:
        return (State(self.history, np.zeros(self.history.shape, self.history.dtype.numpy), self.next),)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.history,)

    @property
    def kept(self) -> int:
        """Samples of a stream that are remembered."""
        return self.input.shape[-1] - self.step

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        frames = values[0].reshape(len(values[1]), *self.input.shape[-2:])
        rest, made = values[1][:, : self.kept], []
        for f in range(frames.shape[1]):
            sums = self._sum(frames[:, f], np.pad(rest, [(0, 0), (0, self.step)]))
            made.append(sums[:, : self.step])
            rest = sums[:, self.step :]
        output = np.stack(made, axis=1).reshape(self.output.shape)
        return output, rest if self.kept else values[1]

    def _sum(self, a: Array, b: Array) -> Array:
        if self.input.dtype is DType.FLOAT32:
            return np.add(a, b, dtype=np.float32)
        return np.clip(a.astype(np.int32) + b.astype(np.int32), -32768, 32767).astype(np.int16)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        frames, samples = self.input.shape[-2:]
        fields = {"streams": self.history.shape[0], "frames": frames, "samples": samples, "step": self.step}
        kernel = KERNELS[self.input.dtype]
        return (KernelCall(kernel, fields, (self.input,), self.output, whole=True, also=(self.next,)),)
