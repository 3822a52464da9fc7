"""Operators on streams of samples, "SignalWindow", "SignalFftAutoScale", "SignalDelay", "SignalFramer", "SignalStacker"
and "SignalOverlapAdd": kernels against numpy, and sequences of inferences against TFLite Micro."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.signal_nodes import (
    Shape,
    delay,
    equals_micro,
    evaluated,
    fft_auto_scale,
    framer,
    in_micro,
    inferences,
    kernels_agree,
    overlap_add,
    stacker,
    window,
)
from tinygen.ir.dtype import DType
from tinygen.ops.node import Node


@pytest.mark.parametrize("shift", [0, 12, 15, 31])
@pytest.mark.parametrize(("shape", "length"), [((33,), 33), ((3, 8), 4), ((2, 3, 7), 7)])
def test_window(benches: Benches, shape: Shape, length: int, shift: int) -> None:
    made = window(shape, length, shift)
    sequence = inferences(made, 2, shift)
    kernels_agree(benches, made, sequence)
    equals_micro(made, sequence)


SAMPLES = {
    "silence": [0, 0, 0],
    "one": [1, 0, -1],
    "half": [0x3FFF, -0x4000, 5],
    "most": [32767, -3, 5],
    "least": [-32767, 3, 5],
    "no_magnitude": [7, -32768],
    "no_magnitude_before_positive": [-32768, 3, -5, 2],
    "no_magnitude_before_negative": [900, -32768, -5, -7, -3],
    "no_magnitude_before_zero": [-32768, -1, 0, -1],
}


@pytest.mark.parametrize("name", SAMPLES)
def test_fft_auto_scale(benches: Benches, name: str) -> None:
    made = fft_auto_scale(len(SAMPLES[name]))
    sequence = [[np.array(SAMPLES[name], np.int16)]]
    kernels_agree(benches, made, sequence)
    equals_micro(made, sequence)


def test_fft_auto_scale_of_every_magnitude(benches: Benches) -> None:
    made = fft_auto_scale(37)
    sequence = [[value >> shift] for shift, (value,) in enumerate(inferences(made, 16))]
    kernels_agree(benches, made, sequence[:4])
    equals_micro(made, sequence)


@pytest.mark.parametrize(
    ("shape", "length"), [((10,), 4), ((10,), 0), ((5,), 5), ((5,), 6), ((2, 3), 7), ((3, 2, 4), 11), ((1,), 3)]
)
def test_delay(benches: Benches, shape: Shape, length: int) -> None:
    made = delay(shape, length)
    sequence = inferences(made, 6, length)
    kernels_agree(benches, made, sequence[:3])
    equals_micro(made, sequence)


def equals_micro_where_valid(made: Node, count: int) -> None:
    """Frames that are not there TFLite Micro leaves as they are."""
    sequence = inferences(made, count)
    for ours, theirs in zip(evaluated(made, sequence), in_micro(made, sequence), strict=True):
        assert ours[1] == theirs[1]
        if ours[1]:
            assert np.array_equal(ours[0], theirs[0])
        else:
            there = ours[0].any(axis=-1)
            assert np.array_equal(ours[0][there], theirs[0][there])


@pytest.mark.parametrize("prefill", [False, True])
@pytest.mark.parametrize(
    ("shape", "size", "step"),
    [((12,), 7, 3), ((12,), 3, 3), ((12,), 6, 3), ((2, 6), 20, 3), ((3, 4), 9, 4), ((2, 2, 2), 3, 1)],
)
def test_framer(benches: Benches, shape: Shape, size: int, step: int, prefill: bool) -> None:
    made = framer(shape, size, step, prefill)
    kernels_agree(benches, made, inferences(made, 3, size))
    equals_micro_where_valid(made, 9)


@pytest.mark.parametrize(
    ("channels", "left", "right", "step"), [(5, 2, 1, 2), (5, 0, 0, 1), (3, 0, 2, 3), (4, 3, 0, 1), (1, 5, 5, 11)]
)
def test_stacker(benches: Benches, channels: int, left: int, right: int, step: int) -> None:
    made = stacker(channels, left, right, step)
    kernels_agree(benches, made, inferences(made, 4, channels))
    equals_micro_where_valid(made, 24)


@pytest.mark.parametrize("dtype", [DType.INT16, DType.FLOAT32])
@pytest.mark.parametrize(("shape", "step"), [((3, 8), 3), ((1, 8), 8), ((1, 8), 7), ((2, 3, 9), 1), ((2, 1, 4, 5), 2)])
def test_overlap_add(benches: Benches, shape: Shape, step: int, dtype: DType) -> None:
    made = overlap_add(shape, step, dtype)
    sequence = inferences(made, 6, step)
    kernels_agree(benches, made, sequence[:3])
    equals_micro(made, sequence)
