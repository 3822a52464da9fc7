"""STRIDED_SLICE: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import model_bytes, op_of, values_of
from ops.witness import agrees_with, run_litert
from tinygen.ir.target import Rounding

CASES = {
    "strided": moves.strided_slice((5, 9), (1, 8), (5, 1), (2, -3), (2, 3)),
    "strided_masks": moves.strided_slice((5, 9), (3, 2), (1, 4), (1, 2), (5, 4), begin_mask=1, end_mask=3),
    "strided_shrink": moves.strided_slice((5, 9), (-2, 0), (0, 9), (1, 4), (3,), shrink_axis_mask=1),
    "strided_shrink_all": moves.strided_slice((5, 9), (3, 4), (4, 5), (1, 1), (), shrink_axis_mask=3),
}
ONLY_LITERT = {
    "strided_ellipsis": moves.strided_slice((2, 3, 4), (0, 0, 1), (1, 0, 3), (1, 1, 1), (1, 3, 2), ellipsis_mask=2),
    "strided_new_axis": moves.strided_slice((3, 4), (0, 0, 1), (3, 0, 3), (1, 1, 1), (3, 1, 2), new_axis_mask=2),
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


@pytest.mark.parametrize("name", CASES | ONLY_LITERT)
@pytest.mark.parametrize("late", [(1, 2), (1,), (2,)])
def test_a_box_known_at_run_time(benches: Benches, name: str, late: tuple[int, ...]) -> None:
    known = (CASES | ONLY_LITERT)[name]
    made = moves.late(known, *late)
    op = op_of(made)
    image, parameters = values_of(op, name)[0], [t.value for t in known.inputs[1:]]  # type: ignore[union-attr]
    values = [image, parameters[0], parameters[2]]
    benches.agree(op, values)
    expected = run_litert(model_bytes(made), [image, *(parameters[i - 1] for i in late)])
    assert np.array_equal(op.evaluate(values, Rounding.DOUBLE)[0], expected)


def test_beginnings_are_brought_inside(benches: Benches) -> None:
    op = op_of(moves.late(moves.strided_slice((5, 9), (0, 8), (2, 0), (1, -4), (2, 3)), 1))
    image, _, strides = values_of(op, "image")
    for begin, box in {(-99, 99): (0, 8), (-5, -1): (0, 8), (3, 8): (3, 8)}.items():
        values = [image, np.array(begin, np.int32), strides]
        benches.agree(op, values)
        found = op.evaluate(values, Rounding.DOUBLE)[0]
        assert np.array_equal(found, image[box[0] : box[0] + 2, box[1] :: -4])
