"""SignalRfft: the spectra of frames of real samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Field
from tinygen.ops.fft_op import FftOp, frames_match, joined
from tinygen.ops.rule import Rule


def _shapes_fit(op: SignalRfft) -> str:
    return frames_match(op, op.input, op.output)


@dataclass(frozen=True, eq=False)
class SignalRfft(FftOp):
    """output[..., 2k] + i output[..., 2k + 1] = sum(input[..., n] * e**(-2 pi i k n / length)), k = 0 .. length / 2.

    Integers divide the sum by the length; fft.py says how they round. What the input has not is 0.
    """

    KIND = "SignalRfft"
    IS_INVERSE = False
    KERNELS = {
        DType.INT16: "tg_signal_rfft_s16",
        DType.INT32: "tg_signal_rfft_s32",
        DType.FLOAT32: "tg_signal_rfft_f32",
    }
    RULES = (
        *FftOp.FFT_RULES,
        Rule("input has at most fft_length samples where output has fft_length + 2 numbers", _shapes_fit),
    )

    def transform(self, frames: Array) -> Array:
        padding = [(0, 0)] * (frames.ndim - 1) + [(0, self.length - frames.shape[-1])]
        return joined(self.fft.spectrum(np.pad(frames, padding)))

    def fields(self) -> dict[str, Field]:
        return {"samples": self.input.shape[-1]}
