"""QUANTIZE: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import as_float32, elementwise, every_int8, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

FROM_FLOAT = (DType.FLOAT32, DType.INT8)
EVERY = np.arange(-128, 128, dtype=np.int8).reshape(1, 256)
SPECIAL = [
    np.nan,
    -np.nan,
    np.inf,
    -np.inf,
    3.4e38,
    -3.4e38,
    1e30,
    -1e30,
    1e-45,
    -1e-45,
    0.0,
    -0.0,
    2.0**31,
    -(2.0**31),
]
RATIOS = [0.5, -0.5, 0.49999997, -0.49999997, 1.5, 2.5, -2.5, 126.5, 127.5, -128.5, -129.5, 8388607.5, 16777216.0]


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.1, 1e-3, 3e-38, 1e30])
@pytest.mark.parametrize("zero_point", [-128, 0, 127])
def test_special_floats(benches: Benches, scale: float, zero_point: int) -> None:
    reals = np.array([SPECIAL + [r * float(np.float32(scale)) for r in RATIOS]], np.float32)
    op = op_of(elementwise("QUANTIZE", reals.shape, (0.0, scale), (0, zero_point), FROM_FLOAT))
    benches.agree(op, [reals])
    found = op.evaluate([reals], Rounding.DOUBLE)[0][0].tolist()
    assert found[:2] == [zero_point, zero_point]
    assert found[2:4] == [127, -128]


def test_halves_go_away_from_zero() -> None:
    op = op_of(elementwise("QUANTIZE", (1, len(RATIOS)), (0.0, 1.0), (0, 0), FROM_FLOAT))
    found = op.evaluate([np.array([RATIOS], np.float32)], Rounding.DOUBLE)[0][0].tolist()
    assert found == [1, -1, 0, 0, 2, 3, -3, 127, 127, -128, -128, 127, 127]


@settings(max_examples=100)
@given(
    bits=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=20),
    exponent=st.floats(-30, 30),
    zero_point=st.integers(-128, 127),
)
def test_any_bits(benches: Benches, bits: list[int], exponent: float, zero_point: int) -> None:
    reals = np.array([[as_float32(b) for b in bits]], np.float32)
    op = op_of(elementwise("QUANTIZE", reals.shape, (0.0, 2.0**exponent), (0, zero_point), FROM_FLOAT))
    benches.agree(op, [reals])


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@settings(max_examples=60)
@given(exponent=st.floats(-8, 4), zero_point=st.integers(-128, 127), seed=st.integers(0, 99))
def test_floats_as(witness: str, exponent: float, zero_point: int, seed: int) -> None:
    node = elementwise("QUANTIZE", (2, 50), (0.0, 2.0**exponent), (0, zero_point), FROM_FLOAT)
    op = op_of(node)
    scale = op.outputs[0].scale
    random = np.random.default_rng(seed)
    reals = (random.integers(-300, 300, (2, 50)) / 2 * scale + random.choice([0, 1e-7], (2, 50))).astype(np.float32)
    agrees_with(witness, node, [reals])


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@settings(max_examples=60)
@given(
    exponents=st.tuples(st.floats(-8, 2), st.floats(-8, 2)),
    zero_points=st.tuples(st.integers(-128, 127), st.integers(-128, 127)),
)
def test_integers_as(
    benches: Benches, witness: str, exponents: tuple[float, float], zero_points: tuple[int, int]
) -> None:
    scales = (2.0 ** exponents[0], 2.0 ** exponents[1])
    op, node = every_int8("QUANTIZE", scales=scales, zero_points=zero_points)
    agrees_with(witness, node, [EVERY])
    benches.agree(op, [EVERY])


@pytest.mark.parametrize("shape", [(7,), (3, 5), (1, 3, 4, 33), (2, 2, 2, 2, 3)])
@pytest.mark.parametrize("dtypes", [FROM_FLOAT, (DType.INT8, DType.INT8)])
def test_shapes(benches: Benches, shape: tuple[int, ...], dtypes: tuple[DType, DType]) -> None:
    op = op_of(elementwise("QUANTIZE", shape, (0.1, 1.0), dtypes=dtypes))
    benches.agree(op, values_of(op, shape))
