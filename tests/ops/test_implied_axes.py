"""Axes that come at run time: taken from the shapes where those leave no choice."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.moves import late
from ops.nodes import model_bytes, op_of, values_of
from ops.reduction_nodes import arg, reduce
from ops.witness import run_tflite_micro
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.implied_axes import implied_axes

CASES = {
    "mean": reduce("MEAN"),
    "mean_kept": reduce("MEAN", (2, 4, 5, 3), (1, 3), keep=True),
    "sum": reduce("SUM", (4, 5, 3), (0, -1)),
    "max": reduce("REDUCE_MAX", (2, 3, 4), (2,)),
    "arg_max": arg("ARG_MAX"),
    "arg_min": arg("ARG_MIN", (2, 3), -1),
}


@pytest.mark.parametrize("name", CASES)
def test_axes_that_shapes_imply(benches: Benches, name: str) -> None:
    known, made = CASES[name], late(CASES[name], 1)
    op = op_of(made)
    values = values_of(op_of(known), name)
    benches.agree(op, [values[0], op.inputs[1].value])
    found = op.evaluate(values, Rounding.DOUBLE)[0]
    assert np.array_equal(found, op_of(known).evaluate(values, Rounding.DOUBLE)[0])
    assert np.array_equal(found, run_tflite_micro(model_bytes(made), values).reshape(found.shape))


def axes_of(before: tuple[int, ...], after: tuple[int, ...], count: int, keep_dims: bool) -> list[int] | None:
    made = implied_axes(Tensor("axes", (count,), DType.INT32), before, after, keep_dims)
    return made.value.tolist() if made.is_constant else None


@pytest.mark.parametrize(
    ("before", "after", "count", "keep_dims", "axes"),
    [
        ((2, 3, 4), (2, 4), 1, False, [1]),
        ((2, 3, 4), (2, 1, 4), 1, True, [1]),
        ((2, 3, 4), (4,), 3, False, [0, 1]),
        ((2, 3, 4), (4,), 1, False, None),
        ((2, 3, 3), (2, 3), 1, False, None),
        ((2, 3, 3), (2, 3, 1), 1, True, [2]),
        ((1, 1, 3), (1, 3), 1, False, [0]),
        ((2, 3), (2, 3), 1, False, None),
        ((1, 3), (1, 3), 1, True, [0]),
        ((3,), (), 1, False, [0]),
    ],
)
def test_only_one_choice(
    before: tuple[int, ...], after: tuple[int, ...], count: int, keep_dims: bool, axes: list[int] | None
) -> None:
    assert axes_of(before, after, count, keep_dims) == axes
