"""Operators of one operand: kernels against numpy, numpy against the reference interpreters, over every integer."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.elementwise_nodes import BOOL, FLOAT16, FLOAT32, INT8, INT16, INT32, OUTPUTS, UINT8, Scaling, some, unary
from ops.nodes import as_float32, op_of
from ops.witness import agrees_with
from tinygen.ir.dtype import Array, DType
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node

TYPES: dict[str, tuple[DType, ...]] = {
    "ABS": (INT8, INT16, INT32, FLOAT32),
    "CEIL": (FLOAT32,),
    "COS": (FLOAT32,),
    "ELU": (INT8, FLOAT32),
    "EXP": (INT8, INT16, FLOAT32),
    "FLOOR": (FLOAT32,),
    "GELU": (INT8, INT16, FLOAT32),
    "HARD_SWISH": (INT8, FLOAT32),
    "LEAKY_RELU": (INT8, INT16, FLOAT32),
    "LOG": (INT8, INT16, FLOAT32),
    "LOGICAL_NOT": (BOOL,),
    "LOGISTIC": (INT8, INT16, FLOAT32),
    "NEG": (INT8, INT16, INT32, FLOAT32),
    "RELU": (INT8, INT16, FLOAT32),
    "RELU6": (INT8, INT16, FLOAT32),
    "RELU_0_TO_1": (INT8, FLOAT32),
    "RELU_N1_TO_1": (INT8, FLOAT32),
    "ROUND": (FLOAT32,),
    "RSQRT": (INT8, INT16, FLOAT32),
    "SIGN": (INT32, FLOAT32),
    "SIN": (FLOAT32,),
    "SQRT": (INT8, INT16, FLOAT32),
    "SQUARE": (FLOAT32,),
    "TANH": (INT8, INT16, FLOAT32),
}
FORMS = [(kind, dtype) for kind, dtypes in TYPES.items() for dtype in dtypes]
INTEGER_FORMS = [(kind, dtype) for kind, dtype in FORMS if dtype in (INT8, INT16)]
NOT_IN_MICRO = {
    *((kind, dtype) for kind in ("EXP", "LOG", "SQRT") for dtype in (INT8, INT16)),
    *((kind, dtype) for kind in ("GELU", "RELU_0_TO_1", "RELU_N1_TO_1", "SIGN") for dtype in TYPES[kind]),
    ("RELU6", INT8),  # it forgets to rescale
    ("RELU6", INT16),
    ("LEAKY_RELU", INT16),  # other rounding of the multipliers than its golden outputs
    ("ABS", INT32),
    *(("NEG", dtype) for dtype in (INT8, INT16, INT32)),
}
NOT_IN_LITERT = {
    # not among its reference kernels
    *((kind, dtype) for kind in ("CEIL", "ELU", "HARD_SWISH", "RELU_N1_TO_1", "ROUND") for dtype in TYPES[kind]),
    ("TANH", INT8),  # a table of floats instead of fixed point
    ("RSQRT", INT16),
    ("ABS", INT8),  # multipliers in float32
    ("ABS", INT16),
    ("RELU", INT16),
    ("LEAKY_RELU", INT8),
    ("RELU6", INT16),
}
POSITIVE = ("LOG", "RSQRT", "SQRT")
FLOAT_WITHIN = 1e-5


def witnesses(forms: list[tuple[str, DType]]) -> list[tuple[str, str, DType]]:
    micro = [("tflite_micro", *form) for form in forms if form not in NOT_IN_MICRO]
    return micro + [("litert", *form) for form in forms if form not in NOT_IN_LITERT]


def every(dtype: DType, kind: str, zero_point: int) -> Array:
    low, high = dtype.limits
    stored = np.arange(low, high + 1).reshape(1, -1)
    return np.maximum(stored, zero_point if kind in POSITIVE else low).astype(dtype.numpy)


def floats(kind: str, count: int = 4000) -> Array:
    random = np.random.default_rng(7)
    spread = np.concatenate([random.normal(0, 4, count // 2), random.normal(0, 1, count // 2) * 10.0])
    halves = np.arange(-20, 20) / 2
    values = np.concatenate([spread, halves, [0.0, 1e-3, -1e-3]]).astype(np.float32).reshape(1, -1)
    return np.abs(values) + np.float32(1e-3) if kind in POSITIVE else values


@st.composite
def integer_nodes(draw: st.DrawFn, kind: str, dtype: DType) -> Node:
    small = dtype is INT16
    exponents = st.floats(-16, -9) if small else st.floats(-7, 1)
    zero_points = st.just(0) if small else st.integers(-128, 127)
    first: Scaling = (2.0 ** draw(exponents), draw(zero_points))
    if kind in POSITIVE and not small:
        first = (first[0], -128)
    last = OUTPUTS.get((kind, dtype)) or (2.0 ** draw(exponents), draw(zero_points))
    if kind == "HARD_SWISH":
        last = (max(last[0], first[0] / 64), last[1])
    options: dict[str, object] = {}
    if kind == "LEAKY_RELU":
        options["alpha"] = float(np.float32(draw(st.sampled_from([0.01, 0.1, 0.3, -0.2, 1.5]))))
    if kind == "GELU":
        options["approximate"] = draw(st.booleans())
    return unary(kind, dtype, (1, 1 << (8 * dtype.size)), (first, last), **options)


@pytest.mark.parametrize(("witness", "kind", "dtype"), witnesses(INTEGER_FORMS))
@settings(max_examples=5)
@given(data=st.data())
def test_every_integer_as(witness: str, kind: str, dtype: DType, data: st.DataObject) -> None:
    made = data.draw(integer_nodes(kind, dtype))
    agrees_with(witness, made, [every(dtype, kind, op_of(made).inputs[0].zero_point)])


@pytest.mark.parametrize(("kind", "dtype"), INTEGER_FORMS)
@settings(max_examples=3)
@given(data=st.data())
def test_kernels_on_every_integer(benches: Benches, kind: str, dtype: DType, data: st.DataObject) -> None:
    made = data.draw(integer_nodes(kind, dtype))
    op = op_of(made)
    benches.agree(op, [every(dtype, "", op.inputs[0].zero_point)])


@pytest.mark.parametrize("scale", [2.0**-12, 2.0**-11, 1 / 48, 1 / 6144, 2.5, 1e-4])
@pytest.mark.parametrize("kind", ["LOGISTIC", "TANH"])
def test_int16_is_interpolated_near_the_function(kind: str, scale: float) -> None:
    """TFLite's way costs up to seven units in the last place."""
    op = op_of(unary(kind, INT16, (1, 65536), ((scale, 0), None)))
    stored = every(INT16, kind, 0)
    found = op.evaluate([stored], Rounding.DOUBLE)[0].astype(np.float64) / 2**15
    reals = stored * op.inputs[0].scale
    exact = np.tanh(reals) if kind == "TANH" else 1 / (1 + np.exp(-np.maximum(reals, -700)))
    assert np.abs(found - exact).max() < 7 / 2**15


@pytest.mark.parametrize(("witness", "kind", "dtype"), witnesses([f for f in FORMS if f not in INTEGER_FORMS]))
def test_numpy_equals(witness: str, kind: str, dtype: DType) -> None:
    value = floats(kind) if dtype is FLOAT32 else some(dtype, (1, 500))
    agrees_with(witness, unary(kind, dtype, value.shape), [value], 1e-6)


@pytest.mark.parametrize("kind", [kind for kind, dtype in FORMS if dtype is FLOAT32])
def test_float_kernels(benches: Benches, kind: str) -> None:
    value = floats(kind)
    benches.agree(op_of(unary(kind, FLOAT32, value.shape)), [value], within=FLOAT_WITHIN)


@pytest.mark.parametrize("witness", ["litert"])
@pytest.mark.parametrize("approximate", [False, True])
def test_gelu_of_floats(benches: Benches, witness: str, approximate: bool) -> None:
    made = unary("GELU", FLOAT32, floats("GELU").shape, approximate=approximate)
    agrees_with(witness, made, [floats("GELU")], 1e-6)
    benches.agree(op_of(made), [floats("GELU")], within=FLOAT_WITHIN)


EXACT: dict[str, tuple[Callable[[float], float], float]] = {
    "COS": (math.cos, 1.0),
    "SIN": (math.sin, 1.0),
    "TANH": (math.tanh, 0.0),
    "SQRT": (math.sqrt, 0.0),
    "FLOOR": (math.floor, 0.0),
    "CEIL": (math.ceil, 0.0),
    "ROUND": (round, 0.0),
}


@pytest.mark.parametrize("kind", EXACT)
@settings(max_examples=40)
@given(bits=st.lists(st.integers(0, 2**31 - 1), min_size=20, max_size=20))
def test_any_float(benches: Benches, kind: str, bits: list[int]) -> None:
    """Relative to the result, or to the given size; the bound is that of tg_math.h."""
    function, size = EXACT[kind]
    reals = [x for x in map(as_float32, bits) if math.isfinite(x)] or [1.0]
    value = np.array([reals], np.float32)
    op = op_of(unary(kind, FLOAT32, value.shape))
    expected = [function(float(x)) for x in value[0]]
    for found in (op.evaluate([value], Rounding.DOUBLE)[0], benches.all[0].run(op, [value])):
        for x, wanted in zip(found[0].tolist(), expected, strict=True):
            assert abs(x - wanted) <= 4e-7 * max(abs(wanted), size)


def test_what_is_not_a_number(benches: Benches) -> None:
    value = np.array([[np.nan, np.inf, -np.inf, 0.0, -0.0, 3e38, -3e38, 1e-45]], np.float32)
    for kind in ("EXP", "TANH", "LOGISTIC", "SQRT", "RELU", "RELU6", "ABS", "SIGN", "ELU", "FLOOR", "SIN"):
        op = op_of(unary(kind, FLOAT32, value.shape))
        expected = op.evaluate([value], Rounding.DOUBLE)[0]
        found = benches.all[0].run(op, [value])
        assert np.allclose(found, expected, rtol=1e-6, atol=0, equal_nan=True), kind


@pytest.mark.parametrize("shape", [(), (7,), (3, 5), (1, 3, 4, 33), (2, 2, 2, 2, 3)])
@pytest.mark.parametrize(("kind", "dtype"), FORMS)
def test_shapes(benches: Benches, kind: str, dtype: DType, shape: tuple[int, ...]) -> None:
    op = op_of(unary(kind, dtype, shape))
    value = some(dtype, shape, kind)
    benches.agree(op, [np.abs(value) if dtype is FLOAT32 else value], within=FLOAT_WITHIN)


# QUANTIZE and DEQUANTIZE between types

FROM_FLOAT = [(FLOAT32, dtype) for dtype in (INT8, UINT8, INT16)]
REQUANTIZED = [(a, b) for a in (INT8, UINT8, INT16, INT32) for b in (INT8, UINT8, INT16, INT32)]
IN_MICRO = {
    *((INT8, b) for b in (INT8, UINT8, INT16, INT32)),
    (UINT8, INT8),
    *((INT16, b) for b in (INT8, INT16, INT32)),
    *((INT32, b) for b in (INT8, INT16)),
}
EXPONENTS = {INT8: (-10, -2), UINT8: (-10, -2), INT16: (-14, -8), INT32: (-30, -20)}
INPUTS = {INT32: 2**28}
"""Beyond this a left shift would wrap."""


def quantization(draw: st.DrawFn, dtype: DType) -> Scaling | None:
    if dtype is FLOAT32:
        return None
    bytes_ = dtype in (INT8, UINT8)
    return 2.0 ** draw(st.floats(*EXPONENTS[dtype])), draw(st.integers(*dtype.limits)) if bytes_ else 0


def inputs(dtype: DType, seed: int) -> Array:
    random = np.random.default_rng(seed)
    if dtype is FLOAT32:
        return random.normal(0, 1, (3, 70)).astype(np.float32)
    low, high = dtype.limits
    bound = INPUTS.get(dtype, 2**31)
    return random.integers(max(low, -bound), min(high, bound) + 1, (3, 70)).astype(dtype.numpy)


@st.composite
def quantize_nodes(draw: st.DrawFn, before: DType, after: DType) -> Node:
    scalings = (quantization(draw, before), quantization(draw, after))
    return unary("QUANTIZE", before, (3, 70), scalings, after)


@pytest.mark.parametrize(("before", "after"), FROM_FLOAT + REQUANTIZED)
@settings(max_examples=5)
@given(data=st.data(), seed=st.integers(0, 99))
def test_quantize(benches: Benches, before: DType, after: DType, data: st.DataObject, seed: int) -> None:
    made = data.draw(quantize_nodes(before, after))
    value = inputs(before, seed)
    benches.agree(op_of(made), [value])
    if (before, after) in IN_MICRO:
        agrees_with("tflite_micro", made, [value])
    if before is FLOAT32 or (before, after) == (UINT8, UINT8):
        agrees_with("litert", made, [value])


@pytest.mark.parametrize("dtype", [INT8, UINT8, INT16, FLOAT16])
@pytest.mark.parametrize("scale", [0.1, 1e-5, 3e7])
def test_dequantize(benches: Benches, dtype: DType, scale: float) -> None:
    if dtype is FLOAT16:
        every_bit = np.arange(65536, dtype=np.uint16).view(np.float16)
        value = every_bit[np.isfinite(every_bit)].reshape(1, -1)
        made = unary("DEQUANTIZE", dtype, value.shape, output_dtype=FLOAT32)
    else:
        value = np.arange(dtype.limits[0], dtype.limits[1] + 1).astype(dtype.numpy).reshape(1, -1)
        zero_point = 0 if dtype is INT16 else 7
        made = unary("DEQUANTIZE", dtype, value.shape, ((scale, zero_point), None), FLOAT32)
    benches.agree(op_of(made), [value])
    agrees_with("litert", made, [value])
