"""SLICE: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import integers, model_bytes, node, op_of, values_of
from ops.witness import RUNNERS, agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

CASES = {
    "slice": moves.slice_((2, 5, 6, 3), (0, 1, 2, 1), (2, 3, -1, 2)),
    "slice_all": moves.slice_((4, 7), (0, 0), (-1, -1)),
}
ONLY_LITERT = {
    "slice_5d": moves.slice_((2, 3, 2, 3, 4), (1, 0, 0, 2, 1), (1, 2, -1, 1, 3)),
}


@pytest.mark.parametrize("name", CASES | ONLY_LITERT)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of((CASES | ONLY_LITERT)[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_tflite_micro(name: str) -> None:
    agrees_with("tflite_micro", CASES[name])


@pytest.mark.parametrize("name", CASES | ONLY_LITERT)
def test_numpy_equals_litert(name: str) -> None:
    agrees_with("litert", (CASES | ONLY_LITERT)[name])


@pytest.mark.parametrize("dtype", moves.EVERY_SIZE)
@pytest.mark.parametrize("name", CASES | ONLY_LITERT)
@pytest.mark.parametrize("late", [(1, 2), (1,), (2,)])
def test_a_box_known_at_run_time(benches: Benches, dtype: DType, name: str, late: tuple[int, ...]) -> None:
    known = (CASES | ONLY_LITERT)[name]
    made = moves.late(moves.of_dtype(known, dtype), *late)
    op = op_of(made)
    values = [values_of(op, name)[0], known.inputs[1].value]  # type: ignore[union-attr]
    benches.agree(op, values)
    if dtype is DType.INT8 and name in CASES and late != (2,):
        sizes = [known.inputs[2].value] if 2 in late else []  # type: ignore[union-attr]
        for witness in ("tflite_micro", "litert"):
            expected = RUNNERS[witness](model_bytes(made), [*values, *sizes])
            assert np.array_equal(op.evaluate(values, Rounding.DOUBLE)[0], expected)


@pytest.mark.parametrize("begin", [(0, 3), (-1, 1), (1, -2), (99, 0), (-(2**31), 2**31 - 1)])
@pytest.mark.parametrize("wide", [DType.INT32, DType.INT64])
def test_what_lies_outside_is_0(benches: Benches, begin: tuple[int, int], wide: DType) -> None:
    inputs = [moves.moved("input", (3, 5)), integers("begin", [0, 0], wide), integers("size", [2, 4], wide)]
    op = op_of(moves.late(node("SLICE", inputs, [moves.moved("output", (2, 4))]), 1, 2))
    image = values_of(op, "image")[0]
    values = [image, np.array(begin, wide.numpy)]
    benches.agree(op, values)
    found = op.evaluate(values, Rounding.DOUBLE)[0]
    for i, j in np.ndindex(2, 4):
        y, x = begin[0] + i, begin[1] + j
        assert found[i, j] == (image[y, x] if 0 <= y < 3 and 0 <= x < 5 else 0)


def test_dimensions_without_a_beginning_begin_at_0() -> None:
    inputs = [moves.moved("input", (3, 2, 2)), integers("begin", [0]), integers("size", [0])]
    op = op_of(moves.late(node("SLICE", inputs, [moves.moved("output", (1, 2, 2))]), 1, 2))
    image = values_of(op, "image")[0]
    assert np.array_equal(op.evaluate([image, np.array([2], np.int32)], Rounding.DOUBLE)[0], image[2:])
