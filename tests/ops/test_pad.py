"""PAD: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.moves import EVERY_SIZE, of_dtype
from ops.nodes import op_of, pad, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType

UP_TO_RANK_4 = {
    "height_and_width": pad((1, 3, 4, 2), [(0, 0), (1, 2), (3, 1), (0, 0)]),
    "all_four": pad((2, 3, 4, 2), [(1, 0), (1, 2), (3, 1), (2, 3)]),
    "nothing": pad((2, 3), [(0, 0), (0, 0)]),
    "zero_point_low": pad((1, 3, 4, 2), [(0, 0), (1, 1), (1, 1), (0, 0)], -128),
    "zero_point_high": pad((1, 3, 4, 2), [(0, 0), (1, 1), (1, 1), (0, 0)], 127),
    "int64_paddings": pad((1, 3, 4, 2), [(0, 0), (1, 1), (1, 1), (0, 0)], dtype=DType.INT64),
    "rank_1": pad((5,), [(2, 3)]),
    "rank_2": pad((3, 5), [(1, 0), (2, 3)]),
    "rank_3": pad((2, 3, 5), [(1, 0), (0, 2), (2, 3)]),
    "channels_only": pad((1, 2, 3, 5), [(0, 0), (0, 0), (0, 0), (3, 4)]),
    "batch_only": pad((1, 2, 3, 5), [(2, 1), (0, 0), (0, 0), (0, 0)]),
}
RANK_5 = {"rank_5": pad((1, 2, 1, 3, 2), [(1, 0), (0, 1), (2, 0), (1, 1), (0, 3)])}
RANK_6 = {"rank_6": pad((1, 2, 1, 2, 3, 2), [(1, 0), (0, 1), (1, 1), (2, 0), (1, 1), (0, 3)])}
CASES = UP_TO_RANK_4 | RANK_5 | RANK_6


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", UP_TO_RANK_4)
def test_numpy_equals(witness: str, name: str) -> None:
    if (witness, name) == ("tflite_micro", "int64_paddings"):
        pytest.skip("TFLite Micro takes int32 paddings only")
    agrees_with(witness, CASES[name])


@settings(max_examples=80)
@given(
    dimensions=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6),
    zero_point=st.integers(-128, 127),
)
def test_any_parameters(benches: Benches, dimensions: list[tuple[int, int, int]], zero_point: int) -> None:
    node = pad(tuple(d[0] for d in dimensions), [d[1:] for d in dimensions], zero_point)
    op = op_of(node)
    benches.agree(op, values_of(op, dimensions))
    if len(dimensions) <= 4:
        agrees_with("tflite_micro", node)


@pytest.mark.parametrize("dtype", EVERY_SIZE)
@pytest.mark.parametrize("name", ["all_four", "nothing", "rank_1", "channels_only"])
def test_every_element_size(benches: Benches, name: str, dtype: DType) -> None:
    made = of_dtype(CASES[name], dtype)
    op = op_of(made)
    benches.agree(op, values_of(op, name))
    if dtype in (DType.INT16, DType.FLOAT32, DType.INT32):
        agrees_with("litert", made)
