"""Operators on spectra, "SignalEnergy", "SignalFilterBank", "SignalFilterBankSquareRoot", "SignalPCAN",
"SignalFilterBankSpectralSubtraction" and "SignalFilterBankLog": kernels against numpy, numpy against TFLite Micro."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from kernels.bench import Benches
from ops.signal_nodes import (
    energy,
    equals_micro,
    evaluated,
    filter_bank,
    in_micro,
    inferences,
    kernels_agree,
    log,
    pcan,
    spectral_subtraction,
    square_root,
)


@pytest.mark.parametrize(("start", "end"), [(0, 9), (2, 7), (0, 0), (9, 9)])
def test_energy(benches: Benches, start: int, end: int) -> None:
    """TFLite Micro leaves numbers outside of the range as they are."""
    made = energy(9, start, end)
    sequence = [*inferences(made, 4), [np.full(18, -32768, np.int16)]]
    kernels_agree(benches, made, sequence)
    for (ours,), (theirs,) in zip(evaluated(made, sequence), in_micro(made, sequence), strict=True):
        assert np.array_equal(ours[start:end], theirs[start:end])
        assert not ours[:start].any()
        assert not ours[end:].any()


@pytest.mark.parametrize("widths", [(2, 3, 0, 5), (1, 1), (0, 0, 0), (3, 20, 1, 7, 30)])
@pytest.mark.parametrize("limit", [4096, 32768])
def test_filter_bank(benches: Benches, widths: Sequence[int], limit: int) -> None:
    """Negative weights wrap."""
    made = filter_bank(widths, limit)
    sequence = inferences(made, 3, widths)
    kernels_agree(benches, made, sequence)
    equals_micro(made, sequence)


@pytest.mark.parametrize("bits", [0, 3, 15])
def test_square_root(benches: Benches, bits: int) -> None:
    squares = [k * k + d for k in (1, 2, 255, 65535, 65536, 2**31, 2**32 - 1) for d in (-1, 0, 1, k, k + 1)]
    edges = [0, 1, 2, 3, 2**32 - 1, 2**32, 2**64 - 1, *(s for s in squares if s < 2**64)]
    made = square_root(len(edges))
    scale = np.array(bits, np.int32)
    sequence = [[np.array(edges, np.uint64), scale], *([value, scale] for value, _ in inferences(made, 3, bits))]
    kernels_agree(benches, made, sequence)
    equals_micro(made, sequence)


@pytest.mark.parametrize("clamping", [False, True])
@pytest.mark.parametrize(("smoothing_bits", "bits"), [(10, 14), (0, 14), (14, 10), (31, 0), (3, 30)])
def test_spectral_subtraction(benches: Benches, smoothing_bits: int, bits: int, clamping: bool) -> None:
    made = spectral_subtraction(9, smoothing_bits, bits, clamping)
    sequence = inferences(made, 8, smoothing_bits)
    kernels_agree(benches, made, sequence[:3])
    equals_micro(made, sequence)


@pytest.mark.parametrize("shift", [0, 6, 12, 40, 63])
@pytest.mark.parametrize("limit", [2000, 32768])
def test_pcan(benches: Benches, shift: int, limit: int) -> None:
    """Gains as large as they can be make sums wrap."""
    made = pcan(90, shift, limit)
    random = inferences(made, 4, shift)
    small = [[signal, np.arange(90, dtype=np.uint32)] for signal, _ in random[:1]]
    powers = [
        [signal, np.array([2**k + d for k in range(2, 32) for d in (-1, 0, 1)], np.uint32)] for signal, _ in random
    ]
    sequence = [*random, *small, *powers[:1]]
    kernels_agree(benches, made, sequence[-3:])
    equals_micro(made, sequence)


@pytest.mark.parametrize(("bits", "scale"), [(3, 64), (0, 64), (7, 1600), (0, 32767), (0, -5), (31, 64), (2, 1)])
def test_log(benches: Benches, bits: int, scale: int) -> None:
    made = log(300, bits, scale)
    sequence = [*inferences(made, 4, bits, scale), [np.arange(300, dtype=np.uint32)]]
    kernels_agree(benches, made, sequence[-2:])
    equals_micro(made, sequence)


def test_log_is_a_logarithm() -> None:
    value = np.array([2, 10, 1000, 123456, 2**31], np.uint32)
    ((found,),) = evaluated(log(5, 0, 1000), [[value]])
    assert np.allclose(found, [1000 * math.log(x) for x in value], atol=8)
