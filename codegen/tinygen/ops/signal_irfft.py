"""SignalIrfft: frames of real samples from their spectra."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ops.fft_op import FftOp, frames_match
from tinygen.ops.rule import Rule


def _shapes_fit(op: SignalIrfft) -> str:
    if op.output.shape[-1:] != (op.length,):
        return f"fft_length is {op.length}, and output is {op.output}"
    return frames_match(op, op.output, op.input)


@dataclass(frozen=True, eq=False)
class SignalIrfft(FftOp):
    """output[..., n] = sum(spectrum[..., k] * e**(2 pi i k n / length)) / length, k = 0 .. length - 1.

    input[..., 2k] + i input[..., 2k + 1] is the spectrum up to k = length / 2, whose rest is its conjugate mirrored.
    fft.py says how integers round.
    """

    KIND = "SignalIrfft"
    IS_INVERSE = True
    KERNELS = {
        DType.INT16: "tg_signal_irfft_s16",
        DType.INT32: "tg_signal_irfft_s32",
        DType.FLOAT32: "tg_signal_irfft_f32",
    }
    RULES = (
        *FftOp.FFT_RULES,
        Rule("input has fft_length + 2 numbers where output has fft_length samples", _shapes_fit),
    )

    def transform(self, frames: Array) -> Array:
        samples = self.fft.samples((frames[..., ::2], frames[..., 1::2]))
        return samples / np.float32(self.length) if self.input.dtype.is_float else samples
