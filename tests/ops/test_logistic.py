"""LOGISTIC: kernels against numpy, numpy against the reference interpreters, and both against math.exp."""

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
SCALES = (1e-6, 0.001, 0.01, 1 / 32, 0.0625, 0.1, 0.125, 0.3, 1.0)
COARSE = (4.0, 100.0)
"""Where TFLite Micro's fixed point saturates one step from the zero point."""


@pytest.mark.parametrize("scale", SCALES + COARSE)
@pytest.mark.parametrize("zero_point", [-128, 0, 5, 127])
def test_every_input(benches: Benches, scale: float, zero_point: int) -> None:
    op, node = every_int8("LOGISTIC", scales=(scale, 1 / 256), zero_points=(zero_point, -128))
    benches.agree(op, [EVERY])
    agrees_with("tflite_micro", node, [EVERY])
    for rounding in Rounding:
        found = op.evaluate([EVERY], rounding)[0].reshape(-1).astype(np.float64)
        assert (np.diff(found) >= 0).all()
        if scale in COARSE:
            continue
        reals = (np.arange(-128, 128) - zero_point) * op.inputs[0].scale
        expected = np.clip(256 / (1 + np.exp(-reals)) - 128, -128, 127)
        assert np.abs(found - expected).max() <= 0.51


@settings(max_examples=60)
@given(exponent=st.floats(-20, 8), zero_point=st.integers(-128, 127))
def test_any_scale(exponent: float, zero_point: int) -> None:
    _, node = every_int8("LOGISTIC", scales=(2.0**exponent, 1 / 256), zero_points=(zero_point, -128))
    agrees_with("tflite_micro", node, [EVERY])


@pytest.mark.parametrize("scale", SCALES)
def test_litert(scale: float) -> None:
    _, node = every_int8("LOGISTIC", scales=(scale, 1 / 256), zero_points=(3, -128))
    agrees_with("litert", node, [EVERY])


@pytest.mark.parametrize("shape", [(7,), (3, 5), (1, 3, 4, 33), (2, 2, 2, 2, 3)])
def test_shapes(benches: Benches, shape: tuple[int, ...]) -> None:
    op = op_of(elementwise("LOGISTIC", shape, (0.1, 1 / 256), (3, -128)))
    benches.agree(op, values_of(op, shape))
