"""SVDF: kernels against numpy, and sequences of inferences against the reference interpreters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.recurrent_nodes import kernels_agree, sequence_agrees, svdf
from tinygen.ir.dtype import DType

CASES = {
    "state_int16": svdf(),
    "state_int16_relu": svdf(activation="RELU"),
    "state_int8": svdf(dtype=DType.INT8),
    "state_int8_with_zero_point": svdf(dtype=DType.INT8, zero_points=(3, 17, -7)),
    "float": svdf(dtype=DType.FLOAT32),
    "float_relu": svdf(dtype=DType.FLOAT32, activation="RELU"),
    "float_relu6": svdf(dtype=DType.FLOAT32, activation="RELU6"),
    "rank_1": svdf(rank=1),
    "rank_3": svdf(rank=3, dtype=DType.INT8),
    "memory_of_one": svdf(memory=1),
    "one_of_all": svdf(1, 1, 1, 1, 1),
    **{f"memory_of_{n}": svdf(memory=n) for n in (2, 3, 4, 6)},
    **{f"memory_of_{n}_int8": svdf(memory=n, dtype=DType.INT8) for n in (3, 4, 6, 8, 9)},
    **{f"depth_{n}": svdf(depth=n, units=n - 2, zero_points=(-128, 0, 3)) for n in (3, 4, 5, 8, 9)},
    "long": svdf(1, 40, 16, 1, 32, zero_points=(-128, 0, -128)),
}
NO_BIAS = {
    "int16": svdf(with_bias=False),
    "float": svdf(with_bias=False, dtype=DType.FLOAT32),
}
"""The reference interpreters crash or refuse without a bias in int8."""


@pytest.mark.parametrize("name", [*CASES, *(f"no_bias_{name}" for name in NO_BIAS)])
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    kernels_agree(benches, CASES[name] if name in CASES else NO_BIAS[name.removeprefix("no_bias_")])


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_tflite_micro(name: str) -> None:
    sequence_agrees("tflite_micro", CASES[name], 12, within=1e-5)


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.tuples(st.integers(1, 3), st.integers(1, 12), st.integers(1, 5), st.integers(1, 3), st.integers(1, 9)),
    wide=st.booleans(),
    zero_points=st.tuples(st.integers(-128, 127), st.integers(-128, 127), st.integers(-128, 127)),
)
def test_any_parameters(
    benches: Benches, sizes: tuple[int, int, int, int, int], wide: bool, zero_points: tuple[int, int, int]
) -> None:
    first, state, last = zero_points
    dtype = DType.INT16 if wide else DType.INT8
    made = svdf(*sizes, dtype=dtype, zero_points=(first, 0 if wide else state, last))
    kernels_agree(benches, made)
    sequence_agrees("tflite_micro", made)
