"""Operators of two operands: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.elementwise_nodes import (
    ACTIVATED,
    BOOL,
    COMPARISONS,
    FLOAT32,
    INT8,
    INT16,
    INT32,
    INT64,
    Scaling,
    binary,
    scaled,
    some,
)
from ops.nodes import Shape, node, op_of
from ops.test_add import layouts
from ops.witness import agrees_with
from tinygen.ir.dtype import Array, DType
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node

TYPES: dict[str, tuple[DType, ...]] = {
    "ADD": (INT8, INT16, INT32, FLOAT32),
    "DIV": (INT8, INT32, FLOAT32),
    "EQUAL": (INT8, INT16, INT32, INT64, FLOAT32, BOOL),
    "FLOOR_DIV": (INT32, FLOAT32),
    "FLOOR_MOD": (INT32, FLOAT32),
    "GREATER": (INT8, INT16, INT32, INT64, FLOAT32),
    "GREATER_EQUAL": (INT8, INT16, INT32, INT64, FLOAT32),
    "LESS": (INT8, INT16, INT32, INT64, FLOAT32),
    "LESS_EQUAL": (INT8, INT16, INT32, INT64, FLOAT32),
    "LOGICAL_AND": (BOOL,),
    "LOGICAL_OR": (BOOL,),
    "MAXIMUM": (INT8, INT16, INT32, INT64, FLOAT32),
    "MINIMUM": (INT8, INT16, INT32, INT64, FLOAT32),
    "MUL": (INT8, INT16, INT32, FLOAT32),
    "NOT_EQUAL": (INT8, INT16, INT32, INT64, FLOAT32, BOOL),
    "POW": (INT32, FLOAT32),
    "PRELU": (INT8, INT16, FLOAT32),
    "SQUARED_DIFFERENCE": (INT8, INT16, INT32, FLOAT32),
    "SUB": (INT8, INT16, INT32, FLOAT32),
}
FORMS = [(kind, dtype) for kind, dtypes in TYPES.items() for dtype in dtypes]
MICRO_COMPARES = (INT8, INT32, INT64, FLOAT32)
NOT_IN_MICRO = {
    *((kind, dtype) for kind in COMPARISONS for dtype in TYPES[kind] if dtype not in (*MICRO_COMPARES, BOOL)),
    *((kind, BOOL) for kind in ("GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL")),
    *((kind, INT32) for kind in ("FLOOR_DIV", "FLOOR_MOD", "POW")),
    ("POW", FLOAT32),
}
IN_LITERT = {
    *((kind, dtype) for kind in COMPARISONS for dtype in TYPES[kind] if dtype is not INT16),
    *((kind, dtype) for kind in ("FLOOR_DIV", "FLOOR_MOD", "POW") for dtype in TYPES[kind]),
    *((kind, dtype) for kind in ("MAXIMUM", "MINIMUM") for dtype in TYPES[kind]),
    *((kind, dtype) for kind in ("ADD", "SUB", "MUL", "DIV", "SQUARED_DIFFERENCE") for dtype in (INT32, FLOAT32)),
    ("PRELU", FLOAT32),
    ("LOGICAL_AND", BOOL),
    ("LOGICAL_OR", BOOL),
}
SHAPES: dict[str, tuple[Shape, Shape]] = {
    "same": ((2, 3, 4, 5), (2, 3, 4, 5)),
    "channels": ((1, 3, 4, 5), (5,)),
    "one": ((2, 3, 5), (1,)),
    "both": ((1, 3, 1, 5), (2, 1, 4, 1)),
    "rank_2": ((4, 6), (4, 1)),
    "rank_1": ((33,), (33,)),
}
FLOAT_WITHIN = 1e-5


def scaling(draw: st.DrawFn, dtype: DType) -> Scaling | None:
    """Of an operand of that type."""
    if dtype is INT8:
        return 2.0 ** draw(st.floats(-7, -0.1)), draw(st.integers(-128, 127))
    return (2.0 ** draw(st.floats(-14, -8)), 0) if dtype is INT16 else None


@st.composite
def cases(draw: st.DrawFn, kind: str, dtype: DType) -> tuple[Node, list[Array]]:
    shapes = SHAPES[draw(st.sampled_from(["same", "channels"] if kind == "PRELU" else sorted(SHAPES)))]
    second = INT8 if (kind, dtype) == ("PRELU", INT16) else dtype
    scalings = [scaling(draw, dtype), scaling(draw, second), scaling(draw, dtype)]
    if (
        kind in ("MAXIMUM", "MINIMUM")
        or (kind in COMPARISONS and draw(st.booleans()))
        or (dtype is INT16 and kind in COMPARISONS)
    ):
        scalings = [scalings[0]] * 3
    options = {}
    if kind in ACTIVATED:
        options["fused_activation_function"] = draw(st.sampled_from(["NONE", "RELU", "RELU6", "RELU_N1_TO_1"]))
    made = binary(kind, dtype, shapes, scalings, **options)
    seed = draw(st.integers(0, 999))
    values = [some(dtype, shapes[0], seed), some(second, shapes[1], seed, 2)]
    if kind == "POW":
        values = [
            np.abs(values[0]) if dtype is FLOAT32 else values[0],
            values[1] if dtype is FLOAT32 else np.abs(values[1]),
        ]
    if kind == "DIV" and dtype is INT8:
        assert scalings[1] is not None
        values[1] = away_from(values[1], scalings[1][1])
    return made, values


def away_from(stored: Array, zero_point: int) -> Array:
    """With no zeros to divide by."""
    return np.where(stored == zero_point, 127 if zero_point < 127 else 126, stored).astype(np.int8)


@pytest.mark.parametrize(("kind", "dtype"), FORMS)
@settings(max_examples=8)
@given(data=st.data())
def test_kernels_equal_numpy(benches: Benches, kind: str, dtype: DType, data: st.DataObject) -> None:
    made, values = data.draw(cases(kind, dtype))
    op = op_of(made)
    benches.agree(op, values, layouts(op), FLOAT_WITHIN)


MICRO = [("tflite_micro", *form) for form in FORMS if form not in NOT_IN_MICRO]
LITERT = [("litert", *form) for form in FORMS if form in IN_LITERT]


@pytest.mark.parametrize(("witness", "kind", "dtype"), MICRO + LITERT)
@settings(max_examples=8)
@given(data=st.data())
def test_numpy_equals(witness: str, kind: str, dtype: DType, data: st.DataObject) -> None:
    made, values = data.draw(cases(kind, dtype))
    if (witness, kind, dtype) == ("tflite_micro", "ADD", INT32):
        made = binary(kind, dtype, (made.inputs[0].shape, made.inputs[1].shape))  # type: ignore[union-attr]
    if (kind, dtype) == ("DIV", INT8):
        quotients_in_range(made, values)
    agrees_with(witness, made, values, 1e-6)


def quotients_in_range(made: Node, values: list[Array]) -> None:
    """TFLite shifts by 32 bits and more, which C leaves open, where a quotient is next to nothing; so none may be."""
    dividend, divisor = made.inputs
    assert dividend is not None
    assert divisor is not None
    far = dividend.zero_point + 100 if dividend.zero_point < 0 else dividend.zero_point - 100
    values[0] = np.full(values[0].shape, far, np.int8)
    real = dividend.scale / (divisor.scale * made.outputs[0].scale)
    near = divisor.zero_point + 3 if divisor.zero_point < 0 else divisor.zero_point - 3
    if not 2.0**-3 < real < 1:
        values[1] = np.full(values[1].shape, near, np.int8)


@pytest.mark.parametrize("kind", ["DIV", "FLOOR_DIV", "FLOOR_MOD", "POW", "ADD", "SUB", "MUL", "SQUARED_DIFFERENCE"])
def test_int32_at_its_ends(benches: Benches, kind: str) -> None:
    ends = np.array([0, 1, -1, 2, -2, 7, -7, 2**31 - 1, -(2**31), -(2**31) + 1], np.int32)
    first, second = (m.reshape(10, 10) for m in np.meshgrid(ends, ends))
    op = op_of(binary(kind, INT32, ((10, 10), (10, 10))))
    benches.agree(op, [first, second])
    if kind == "FLOOR_DIV":
        found = op.evaluate([first, second], Rounding.DOUBLE)[0]
        for x, y, q in zip(first.ravel().tolist(), second.ravel().tolist(), found.ravel().tolist(), strict=True):
            assert q == (0 if y == 0 else ((x // y) + 2**31) % 2**32 - 2**31)


@pytest.mark.parametrize("kind", ["ADD", "SUB", "MUL"])
@pytest.mark.parametrize("scales", [(0.25, 0.25, 0.25), (0.3, 0.1, 0.5), (0.1, 0.3, 0.001), (0.2, 1e-9, 0.2)])
def test_int16_at_its_ends(benches: Benches, kind: str, scales: tuple[float, float, float]) -> None:
    ends = np.array([-32768, -32767, -1, 0, 1, 32766, 32767], np.int16)
    first, second = np.repeat(ends, 7).reshape(1, 49), np.tile(ends, 7).reshape(1, 49)
    finer = [(scale / 256, 0) for scale in scales]
    for activation in ("NONE", "RELU6"):
        made = binary(kind, INT16, ((1, 49), (1, 49)), finer, fused_activation_function=activation)
        benches.agree(op_of(made), [first, second])
        agrees_with("litert", made, [first, second])


@pytest.mark.parametrize(
    "scales", [(0.1, 0.1, 0.1), (0.05, 0.01, 0.2), (0.9, 0.004, 0.1), (0.1, 0.5, 0.04), (5.0, 0.01, 0.001)]
)
@pytest.mark.parametrize("zero_points", [(0, 0, 0), (-128, 127, -128), (127, -128, 127), (3, -5, 7)])
def test_every_pair_of_int8_through_prelu(
    benches: Benches, scales: tuple[float, float, float], zero_points: tuple[int, int, int]
) -> None:
    every = np.arange(-128, 128, dtype=np.int8)
    alphas = every[::17]
    made = binary("PRELU", INT8, ((len(alphas), 256), (len(alphas), 256)), list(zip(scales, zero_points, strict=True)))
    benches.agree(op_of(made), [np.tile(every, (len(alphas), 1)), np.repeat(alphas, 256).reshape(-1, 256)])


@pytest.mark.parametrize("scales", [(0.03, 0.03, 0.03), (0.1, 0.05, 0.2), (0.21, 0.11, 0.13)])
def test_every_quotient_of_int8(scales: tuple[float, float, float]) -> None:
    """Near a half it shows whether the factor was computed in float32."""
    made = binary("DIV", INT8, ((128, 64), (128, 64)), [(scale, -5) for scale in scales])
    dividends = np.broadcast_to(np.arange(-128, 0, dtype=np.int8)[:, None], (128, 64))
    divisors = np.broadcast_to(np.arange(-4, 60, dtype=np.int8), (128, 64))
    far = np.where(np.abs(dividends.astype(int) + 5) < 40, -128, dividends).astype(np.int8)
    agrees_with("tflite_micro", made, [far, divisors])


def test_int8_divided_by_zero(benches: Benches) -> None:
    op = op_of(binary("DIV", INT8, ((1, 3), (1, 3)), ((0.1, 0), (0.1, 3), (0.1, 5))))
    values: list[Array] = [np.array([[-7, 0, 7]], np.int8), np.array([[3, 3, 3]], np.int8)]
    benches.agree(op, values)
    assert op.evaluate(values, Rounding.DOUBLE)[0].tolist() == [[-128, 5, 127]]


@pytest.mark.parametrize("kind", COMPARISONS)
def test_what_is_not_a_number_is_unequal(benches: Benches, kind: str) -> None:
    ends = np.array([np.nan, 1.0, -np.inf, np.inf, 0.0, -0.0], np.float32)
    first, second = (m.reshape(6, 6) for m in np.meshgrid(ends, ends))
    op = op_of(binary(kind, FLOAT32, ((6, 6), (6, 6))))
    benches.agree(op, [first, second])
    expected = {
        "EQUAL": first == second,
        "NOT_EQUAL": first != second,
        "GREATER": first > second,
        "GREATER_EQUAL": first >= second,
        "LESS": first < second,
        "LESS_EQUAL": first <= second,
    }
    assert np.array_equal(op.evaluate([first, second], Rounding.DOUBLE)[0], expected[kind])


@pytest.mark.parametrize("dtype", [INT32, FLOAT32])
@pytest.mark.parametrize("count", [2, 3, 5])
def test_add_n(benches: Benches, dtype: DType, count: int) -> None:
    parts = [scaled(f"part{i}", (2, 3, 5), dtype) for i in range(count)]
    made = node("ADD_N", parts, [scaled("output", (2, 3, 5), dtype)])
    values = [some(dtype, (2, 3, 5), i) for i in range(count)]
    benches.agree(op_of(made), values, within=FLOAT_WITHIN)
    agrees_with("litert", made, values, 1e-6)
    if dtype is FLOAT32:
        agrees_with("tflite_micro", made, values, 1e-6)
