"""RELU and RELU6: kernels against numpy, numpy against the interpreters; TFLite Micro's RELU6 forgets to rescale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import elementwise, every_int8, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.target import Rounding

EVERY = np.arange(-128, 128, dtype=np.int8).reshape(1, 256)
UPPER = {"RELU": np.inf, "RELU6": 6.0}
SCALES = ((0.1, 0.1), (0.05, 0.1), (0.1, 0.05), (0.1, 0.0234), (0.001, 3.0), (3.0, 0.001), (0.04, 6 / 255))
ZERO_POINTS = ((0, 0), (-128, -128), (127, 127), (3, -128), (-128, 127))


@pytest.mark.parametrize("kind", UPPER)
@pytest.mark.parametrize("scales", SCALES)
@pytest.mark.parametrize("zero_points", ZERO_POINTS)
def test_every_input(benches: Benches, kind: str, scales: tuple[float, float], zero_points: tuple[int, int]) -> None:
    op, _ = every_int8(kind, scales=scales, zero_points=zero_points)
    benches.agree(op, [EVERY])
    for rounding in Rounding:
        found = op.evaluate([EVERY], rounding)[0].reshape(-1).astype(np.float64)
        reals = np.clip((np.arange(-128, 128) - zero_points[0]) * op.inputs[0].scale, 0, UPPER[kind])
        expected = np.clip(reals / op.outputs[0].scale + zero_points[1], -128, 127)
        assert np.abs(found - expected).max() <= 0.51
        assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize(("kind", "witness"), [("RELU", "tflite_micro"), ("RELU", "litert"), ("RELU6", "litert")])
@settings(max_examples=60)
@given(
    exponents=st.tuples(st.floats(-8, 2), st.floats(-8, 2)),
    zero_points=st.tuples(st.integers(-128, 127), st.integers(-128, 127)),
)
def test_numpy_equals(kind: str, witness: str, exponents: tuple[float, float], zero_points: tuple[int, int]) -> None:
    scales = (2.0 ** exponents[0], 2.0 ** exponents[1])
    _, node = every_int8(kind, scales=scales, zero_points=zero_points)
    agrees_with(witness, node, [EVERY])


@pytest.mark.parametrize("kind", UPPER)
@pytest.mark.parametrize("shape", [(7,), (3, 5), (1, 3, 4, 33), (2, 2, 2, 2, 3)])
def test_shapes(benches: Benches, kind: str, shape: tuple[int, ...]) -> None:
    op = op_of(elementwise(kind, shape))
    benches.agree(op, values_of(op, shape))
