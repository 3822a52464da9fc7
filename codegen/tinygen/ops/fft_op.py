"""SignalRfft and SignalIrfft: what the transforms of frames of real samples have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.fft import RADICES, Fft, Parts, radices_of
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.unary import Unary

LONGEST = 65534
"""Places of numbers are int16."""


def _same_dtype(op: FftOp) -> str:
    return "" if op.output.dtype is op.input.dtype else f"{op.output} is {op.output.dtype.label}"


def _length_is_possible(op: FftOp) -> str:
    if 4 <= op.length <= LONGEST and op.length % 2 == 0 and set(radices_of(op.length // 2)) <= set(RADICES):
        return ""
    return f"it is {op.length}"


@dataclass(frozen=True, eq=False)
class FftOp(Unary):
    """A transform along the last dimension."""

    length: int
    """Real samples of a transform."""

    IS_CUSTOM = True
    BY_ROWS = True
    IS_INVERSE: ClassVar[bool]
    KERNELS: ClassVar[Mapping[DType, str]]
    FFT_RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT16, DType.INT32, DType.FLOAT32),
        Rule("output has the type of input", _same_dtype),
        Rule(f"fft_length is even, has no prime factors above 5, and is 4 to {LONGEST}", _length_is_possible),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.outputs[0], node.integer("fft_length"))

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return rows

    @cached_property
    def fft(self) -> Fft:
        return Fft(self.length, self.input.dtype, self.IS_INVERSE)

    @abstractmethod
    def transform(self, frames: Array) -> Array:
        """The transform of every frame, in the type that Fft computes in."""

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        frames = values[0] if self.input.dtype.is_float else values[0].astype(np.int64)
        with np.errstate(all="ignore"):
            return (self.transform(frames).astype(self.output.dtype.numpy).reshape(self.output.shape),)

    def fields(self) -> dict[str, Field]:
        """Members of the params that only one of the transforms has."""
        return {}

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "frames": self.input.row_elements // self.input.shape[-1],
            "fft": self.fft.fields,
            **self.fields(),
        }
        return (KernelCall(self.KERNELS[self.input.dtype], fields, (self.input,), self.output),)


def joined(parts: Parts) -> Array:
    """[..., 2 n]: real and imaginary parts in turns."""
    pairs = np.stack(parts, axis=-1)
    return pairs.reshape(*pairs.shape[:-2], -1)


def frames_match(op: FftOp, samples: Tensor, spectrum: Tensor) -> str:
    """What does not fit between a tensor of frames and one of their spectra."""
    if not samples.shape or samples.shape[:-1] != spectrum.shape[:-1]:
        return f"they are {op.input} and {op.output}"
    if spectrum.shape[-1] != op.length + 2 or not 0 < samples.shape[-1] <= op.length:
        return f"fft_length is {op.length}, and they are {op.input} and {op.output}"
    return ""
