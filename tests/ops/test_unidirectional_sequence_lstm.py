"""UNIDIRECTIONAL_SEQUENCE_LSTM: kernels against numpy, sequences against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.recurrent_nodes import kernels_agree, lstm, sequence_agrees
from tinygen.ir.dtype import DType
from tinygen.ops.lstm_arithmetic import sigmoid, sigmoid_table, tanh

INTEGER = {
    "int8": lstm(),
    "int8_one_batch": lstm(1, 7, 9, 6),
    **{f"int8_{n}": lstm(1, 2, n, n) for n in (1, 3, 4, 7, 8, 9, 33)},
    "int8_time_major": lstm(time_major=True),
    "int8_coarse_cell": lstm(cell_bits=9),
    "int8_fine_cell": lstm(cell_bits=15),
    "int8_zero_points": lstm(zero_points=(-128, 100)),
    "int8_clip": lstm(cell_clip=0.375),
    "int8_no_clip": lstm(cell_clip=0.0),
    **{f"int16_{n}": lstm(1, 2, n, n, DType.INT16) for n in (1, 3, 4, 5, 8, 9)},
    "int16": lstm(dtype=DType.INT16),
    "int16_long": lstm(1, 9, 300, 5, dtype=DType.INT16),
    "int16_time_major": lstm(dtype=DType.INT16, time_major=True),
}
PLAIN = {
    "float": lstm(dtype=DType.FLOAT32),
    "float_time_major": lstm(dtype=DType.FLOAT32, time_major=True),
    **{f"float_{units}_units": lstm(2, 3, 5, units, dtype=DType.FLOAT32) for units in (1, 3, 4, 5, 8, 9)},
    "float_clip": lstm(dtype=DType.FLOAT32, cell_clip=0.375),
}
PARTS = {
    "coupled": ("coupled",),
    "peephole": ("peephole",),
    "coupled_peephole": ("coupled", "peephole"),
    "projection": ("projection",),
    "projection_bias": ("projection", "projection_bias"),
    "norm": ("norm",),
    "everything": ("peephole", "projection", "projection_bias", "norm"),
    "everything_coupled": ("coupled", "peephole", "projection", "norm"),
}
RICH = {name: lstm(dtype=DType.FLOAT32, extras=extras) for name, extras in PARTS.items()}
EVERYTHING = INTEGER | PLAIN | RICH


@pytest.mark.parametrize("name", EVERYTHING)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    kernels_agree(benches, EVERYTHING[name], within=1e-5)


@pytest.mark.parametrize("name", INTEGER | PLAIN)
def test_numpy_equals_tflite_micro(name: str) -> None:
    sequence_agrees("tflite_micro", EVERYTHING[name], within=1e-5)


@pytest.mark.parametrize("name", PLAIN | RICH)
def test_numpy_equals_litert(name: str) -> None:
    sequence_agrees("litert", EVERYTHING[name], within=1e-5)


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 12), st.integers(1, 9)),
    wide=st.booleans(),
    time_major=st.booleans(),
    zero_points=st.tuples(st.integers(-128, 127), st.integers(-128, 127)),
    cell_bits=st.integers(7, 15),
)
def test_any_parameters(
    benches: Benches,
    sizes: tuple[int, int, int, int],
    wide: bool,
    time_major: bool,
    zero_points: tuple[int, int],
    cell_bits: int,
) -> None:
    dtype = DType.INT16 if wide else DType.INT8
    made = lstm(*sizes, dtype=dtype, time_major=time_major, zero_points=zero_points, cell_bits=cell_bits)
    kernels_agree(benches, made)
    sequence_agrees("tflite_micro", made, 3)


def test_gates() -> None:
    x = np.arange(-(2**15), 2**15, dtype=np.int64)
    assert np.abs(sigmoid(x) / 2**15 - 1 / (1 + np.exp(-x / 2**12))).max() < 1e-3
    for bits in (9, 12, 15):
        assert np.abs(tanh(x, bits) / 2**15 - np.tanh(x / 2**bits)).max() < 2e-3
    table = sigmoid_table().astype(np.int64)
    assert table[[0, 1, 4, 28, 254, 255]].tolist() == [32768, 33451, 35493, 49975, 65534, 65535]
    assert (np.diff(table) >= 0).all()
