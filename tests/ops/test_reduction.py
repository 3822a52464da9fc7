"""SUM, MEAN, REDUCE_...: kernels against numpy, numpy against the reference interpreters and numpy's own functions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import op_of, values_of
from ops.reduction_nodes import reduce
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

EXTREMES = (DType.INT8, DType.UINT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32)
TYPES = {
    "SUM": (DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32),
    "MEAN": (DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32),
    "REDUCE_MAX": (*EXTREMES, DType.BOOL),
    "REDUCE_MIN": EXTREMES,
    "REDUCE_PROD": (DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32),
    "REDUCE_ANY": (DType.BOOL,),
    "REDUCE_ALL": (DType.BOOL,),
}
FORMS = [(kind, dtype) for kind, dtypes in TYPES.items() for dtype in dtypes]
LITERT = {
    *((kind, dtype) for kind in ("REDUCE_MAX", "REDUCE_MIN") for dtype in TYPES[kind]),
    *((kind, DType.BOOL) for kind in ("REDUCE_ANY", "REDUCE_ALL")),
    *(("REDUCE_PROD", dtype) for dtype in TYPES["REDUCE_PROD"]),
    ("SUM", DType.INT32),
    ("SUM", DType.INT64),
    ("MEAN", DType.INT32),
    ("MEAN", DType.INT64),
    ("SUM", DType.FLOAT32),
    ("MEAN", DType.FLOAT32),
    ("MEAN", DType.INT16),
}
MICRO = {
    *(("SUM", dtype) for dtype in (DType.INT8, DType.INT16, DType.FLOAT32)),
    *(("MEAN", dtype) for dtype in (DType.INT16, DType.FLOAT32)),
    *((kind, dtype) for kind in ("REDUCE_MAX", "REDUCE_MIN") for dtype in (DType.INT8, DType.FLOAT32)),
}
SHAPES = {
    "height_and_width": ((1, 4, 5, 3), (1, 2), False),
    "kept": ((1, 4, 5, 3), (2, 1), True),
    "channels": ((2, 3, 4, 5), (-1,), False),
    "height_and_channels": ((2, 4, 5, 3), (1, 3), False),
    "batch_and_width": ((2, 4, 5, 3), (0, 2), True),
    "rank_1": ((7,), (0,), False),
    "an_axis_of_one": ((3, 1, 5), (1,), False),
}
SCALES = {"SUM": (0.1, 0.6), "MEAN": (0.1, 0.07), "REDUCE_PROD": (0.02, 0.5)}
ZERO_POINTS = {"SUM": (3, -5), "MEAN": (3, -5), "REDUCE_PROD": (3, 10)}


def made(kind: str, dtype: DType, shape: str = "height_and_width"):  # type: ignore[no-untyped-def]
    sizes, axes, keep = SHAPES[shape]
    return reduce(kind, sizes, axes, keep, dtype, SCALES.get(kind, (0.1, 0.1)), ZERO_POINTS.get(kind, (3, 3)))


def label(value: object) -> str:
    return value.label if isinstance(value, DType) else str(value)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("kind", "dtype"), FORMS, ids=label)
def test_kernels_equal_numpy(benches: Benches, kind: str, dtype: DType, shape: str) -> None:
    op = op_of(made(kind, dtype, shape))
    benches.agree(op, values_of(op, shape))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("witness", "kind", "dtype"),
    [("tflite_micro", *form) for form in sorted(MICRO, key=str)]
    + [("litert", *form) for form in sorted(LITERT, key=str)],
    ids=label,
)
def test_numpy_equals(witness: str, kind: str, dtype: DType, shape: str) -> None:
    agrees_with(witness, made(kind, dtype, shape), within=1e-6)


@settings(max_examples=60)
@given(
    shape=st.lists(st.integers(1, 4), min_size=1, max_size=6),
    chosen=st.sets(st.integers(0, 5), min_size=1),
    form=st.sampled_from([("SUM", DType.INT16), ("REDUCE_MIN", DType.INT32), ("SUM", DType.FLOAT32)]),
    keep=st.booleans(),
)
def test_any_axes(benches: Benches, shape: list[int], chosen: set[int], form: tuple[str, DType], keep: bool) -> None:
    axes = sorted({axis % len(shape) for axis in chosen})
    op = op_of(reduce(form[0], tuple(shape), axes, keep, form[1]))
    values = values_of(op, shape)
    benches.agree(op, values)
    combine = {"SUM": np.sum, "REDUCE_MIN": np.min}[form[0]]
    if form[1] is not DType.INT16:
        wide = values[0].astype(np.float64 if form[1].is_float else np.int64)
        exact = combine(wide, axis=tuple(axes)).reshape(op.outputs[0].shape)  # type: ignore[operator]
        found = op.evaluate(values, Rounding.DOUBLE)[0].astype(np.float64)
        wrapped = exact if form[1].is_float else (exact + 2**31) % 2**32 - 2**31
        assert np.allclose(found, wrapped, rtol=1e-5, atol=1e-3)


@settings(max_examples=60)
@given(
    kind=st.sampled_from(["SUM", "MEAN"]),
    dtype=st.sampled_from([DType.INT8, DType.INT16]),
    count=st.integers(1, 300),
    exponents=st.tuples(st.floats(-7, 3), st.floats(-7, 3)),
    zero_points=st.tuples(st.integers(-128, 127), st.integers(-128, 127)),
)
def test_any_scales(
    benches: Benches, kind: str, dtype: DType, count: int, exponents: tuple[float, float], zero_points: tuple[int, int]
) -> None:
    node = reduce(kind, (2, count), (1,), False, dtype, (2.0 ** exponents[0], 2.0 ** exponents[1]), zero_points)
    op = op_of(node)
    benches.agree(op, values_of(op, count))
    agrees_with("tflite_micro", node)


@settings(max_examples=60)
@given(
    count=st.integers(1, 9),
    dtype=st.sampled_from([DType.INT8, DType.INT16]),
    exponents=st.tuples(st.floats(-8, -2), st.floats(-7, 1)),
    zero_points=st.tuples(st.integers(-128, 127), st.integers(-128, 127)),
)
def test_any_product(
    benches: Benches, count: int, dtype: DType, exponents: tuple[float, float], zero_points: tuple[int, int]
) -> None:
    scales = (2.0 ** exponents[0], 2.0 ** exponents[1])
    node = reduce("REDUCE_PROD", (3, count), (1,), False, dtype, scales, zero_points)
    op = op_of(node)
    benches.agree(op, values_of(op, count))
    agrees_with("litert", node)


def test_not_a_number_is_not_counted(benches: Benches) -> None:
    value = np.array([[np.nan, 1, 2], [3, np.nan, -np.inf], [np.nan, np.nan, np.nan]], np.float32)
    for kind, expected in (("REDUCE_MAX", [2, 3, -3.4028235e38]), ("REDUCE_MIN", [1, -np.inf, 3.4028235e38])):
        op = op_of(reduce(kind, (3, 3), (1,), dtype=DType.FLOAT32))
        found = op.evaluate([value, op.inputs[1].value], Rounding.DOUBLE)[0]
        assert np.array_equal(found, np.array(expected, np.float32))
        benches.agree(op, [value, op.inputs[1].value])
