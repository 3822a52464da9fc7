"""The passes on real models of the collection beside the checkout, where it exists."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from passes.planted import inputs_of
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ops.conv_2d import Conv2D
from tinygen.passes import run_passes
from tinygen.passes.channel_needs import needed_channels
from tinygen.passes.channel_ranges import channel_ranges
from tinygen.pipeline import load
from tinygen.reference import evaluate

MODELS = Path(__file__).resolve().parents[2].parent / "shared" / "models"
VWW = MODELS / "mlperf_vww_96_int8.tflite"

pytestmark = pytest.mark.skipif(not VWW.exists(), reason="the folder ../shared/models is missing")


@pytest.fixture(scope="module")
def vww() -> Graph:
    return load(VWW).complete


@pytest.mark.parametrize("rounding", Rounding)
def test_visual_wake_words_loses_half_of_its_work(vww: Graph, rounding: Rounding) -> None:
    after = run_passes(vww, rounding)
    assert after.macs < 3_900_000 < vww.macs
    convolutions = [sum(op.weights.bytes for op in g.ops if isinstance(op, Conv2D)) for g in (vww, after)]
    assert convolutions[1] < 0.15 * convolutions[0]
    for values in inputs_of(vww, 2):
        expected, found = evaluate(vww, values, rounding), evaluate(after, values, rounding)
        assert [value.tobytes() for value in found] == [value.tobytes() for value in expected]


def test_filters_of_visual_wake_words_that_nobody_reads_could_have_been_anything(vww: Graph) -> None:
    """Noise in filters that are removed although their channels vary changes no output of the original."""
    ranges = channel_ranges(vww, Rounding.DOUBLE)
    needs = needed_channels(vww, ranges)
    noise = np.random.default_rng(0)
    ops, zero, overwritten = [], 0, 0
    for op in vww.ops:
        if isinstance(op, Conv2D):
            constant = ranges[op.output].constant
            zero += int((constant & ~needs[op.output]).sum())
            unread = ~needs[op.output] & ~constant
            overwritten += int(unread.sum())
            weights = op.weights.value.copy()
            weights[unread] = noise.integers(-127, 128, weights[unread].shape)
            op = replace(op, weights=replace(op.weights, data=weights))
        ops.append(op)
    assert zero > 400
    assert overwritten > 0
    noisy = replace(vww, ops=tuple(ops))
    for values in inputs_of(vww, 1):
        expected, found = evaluate(vww, values, Rounding.DOUBLE), evaluate(noisy, values, Rounding.DOUBLE)
        assert [value.tobytes() for value in found] == [value.tobytes() for value in expected]
