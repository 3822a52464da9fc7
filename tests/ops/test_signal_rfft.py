"""SignalRfft and SignalIrfft: kernels against numpy, numpy against TFLite Micro, to the last bit, of floats too."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.nodes import op_of
from ops.signal_nodes import equals_micro, inferences, irfft, kernels_agree, rfft
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

DTYPES = (DType.INT16, DType.INT32, DType.FLOAT32)
LENGTHS = (4, 6, 8, 10, 12, 16, 18, 20, 30, 32, 50, 64, 90, 128, 256, 300, 400, 480, 512, 1024, 2048)
MAKERS = {"SignalRfft": rfft, "SignalIrfft": irfft}


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("way", MAKERS)
def test_lengths(benches: Benches, way: str, dtype: DType, length: int) -> None:
    made = MAKERS[way](length, dtype=dtype)
    sequence = inferences(made, 2, way, dtype, length)
    kernels_agree(benches, made, sequence[:1])
    equals_micro(made, sequence)


@pytest.mark.parametrize("dtype", DTYPES[:2])
@pytest.mark.parametrize("way", MAKERS)
def test_sums_wrap(benches: Benches, way: str, dtype: DType) -> None:
    """Where all numbers are extreme, an odd transform leaves the type."""
    made = MAKERS[way](120, dtype=dtype)
    (shape,) = {t.shape for t in op_of(made).inputs}
    chance = np.random.default_rng(5)
    sequence = [[chance.choice(np.array(dtype.limits, dtype.numpy), shape)] for _ in range(6)]
    kernels_agree(benches, made, sequence[:2])
    equals_micro(made, sequence)


@pytest.mark.parametrize("samples", [1, 2, 15, 31])
@pytest.mark.parametrize("dtype", DTYPES)
def test_short_frames_end_with_zeros(benches: Benches, dtype: DType, samples: int) -> None:
    made = rfft(32, samples, dtype=dtype)
    sequence = inferences(made, 2, dtype, samples)
    kernels_agree(benches, made, sequence)
    equals_micro(made, sequence)


@pytest.mark.parametrize("frames", [(1,), (3,), (2, 3), (2, 1, 3)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_frames(benches: Benches, dtype: DType, frames: tuple[int, ...]) -> None:
    for made in (rfft(16, 11, frames, dtype), irfft(16, frames, dtype)):
        sequence = inferences(made, 1, dtype, frames)
        kernels_agree(benches, made, sequence)
        equals_micro(made, sequence)


def test_it_is_the_fourier_transform() -> None:
    samples = np.random.default_rng(3).normal(0, 1, 60).astype(np.float32)
    (spectrum,) = op_of(rfft(60, dtype=DType.FLOAT32)).evaluate([samples], Rounding.DOUBLE)
    expected = np.fft.rfft(samples)
    assert np.allclose(spectrum[::2] + 1j * spectrum[1::2], expected, atol=1e-4)
    (back,) = op_of(irfft(60, dtype=DType.FLOAT32)).evaluate([spectrum], Rounding.DOUBLE)
    assert np.allclose(back, samples, atol=1e-5)
