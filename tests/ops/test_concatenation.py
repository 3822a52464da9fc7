"""CONCATENATION: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import concatenation, op_of, values_of
from ops.witness import agrees_with

CASES = {
    "channels": concatenation([(1, 3, 4, 2), (1, 3, 4, 5)], 3),
    "channels_from_the_end": concatenation([(1, 3, 4, 2), (1, 3, 4, 5)], -1),
    "columns": concatenation([(1, 3, 4, 2), (1, 3, 1, 2)], 2),
    "rows": concatenation([(1, 3, 4, 2), (1, 2, 4, 2)], 1),
    "rows_from_the_end": concatenation([(2, 3, 4, 2), (2, 2, 4, 2)], -3),
    "batches": concatenation([(1, 3, 4, 2), (2, 3, 4, 2)], 0),
    "three_parts": concatenation([(1, 2, 1), (1, 2, 3), (1, 2, 2)], 2),
    "one_part": concatenation([(1, 2, 3)], 1),
    "rank_1": concatenation([(3,), (5,)], 0),
    "rank_2": concatenation([(2, 3), (2, 5)], 1),
    "rank_5": concatenation([(2, 1, 2, 3, 2), (2, 3, 2, 3, 2)], 1),
    "constant_part": concatenation([(1, 2, 3), (1, 4, 3)], 1, constant=1),
    "ten_parts": concatenation([(2, 1)] * 10, 1),
}


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", CASES)
def test_numpy_equals(witness: str, name: str) -> None:
    agrees_with(witness, CASES[name])


@settings(max_examples=60)
@given(
    shape=st.lists(st.integers(1, 4), min_size=1, max_size=5),
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    axis=st.integers(-5, 4),
)
def test_any_parameters(benches: Benches, shape: list[int], sizes: list[int], axis: int) -> None:
    axis = axis % len(shape) - (len(shape) if axis < 0 else 0)
    shapes = []
    for size in sizes:
        part = list(shape)
        part[axis] = size
        shapes.append(tuple(part))
    node = concatenation(shapes, axis)
    op = op_of(node)
    benches.agree(op, values_of(op, shape))
    agrees_with("tflite_micro", node)
