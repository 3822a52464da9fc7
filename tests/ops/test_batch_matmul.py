"""BATCH_MATMUL: kernels against numpy, numpy against the references; int8, int16, float and int16 x int8."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import op_of, tensor, values_of
from ops.product_nodes import batch_matmul
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ops.node import Node

SHAPES = {
    "matrices": ((3, 5), (5, 4)),
    "batches": ((2, 3, 5), (2, 5, 4)),
    "one_for_all": ((2, 3, 5), (1, 5, 4)),
    "fewer_dimensions": ((2, 2, 3, 5), (5, 4)),
    "both_broadcast": ((2, 1, 3, 5), (1, 3, 5, 4)),
    "five_dimensions": ((2, 1, 2, 3, 5), (1, 3, 2, 5, 4)),
    "vectors": ((1, 7), (7, 1)),
    "deep": ((1, 2, 300), (1, 300, 3)),
}
DTYPES = (DType.INT8, DType.INT16, DType.FLOAT32)


def swapped(shape: tuple[int, ...], swap: bool) -> tuple[int, ...]:
    return (*shape[:-2], shape[-1], shape[-2]) if swap else shape


def made(name: str, dtype: DType, adj_x: bool = False, adj_y: bool = False, constant: bool = False) -> Node:
    lhs, rhs = SHAPES[name]
    return batch_matmul(swapped(lhs, adj_x), swapped(rhs, adj_y), adj_x, adj_y, dtype, constant=constant)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize(("adj_x", "adj_y"), [(False, False), (True, False), (False, True), (True, True)])
def test_every_form(benches: Benches, name: str, dtype: DType, adj_x: bool, adj_y: bool) -> None:
    built = made(name, dtype, adj_x, adj_y)
    op = op_of(built)
    benches.agree(op, values_of(op, name))
    if not (dtype is DType.INT8 and adj_x and len(built.inputs[0].shape) == 2):  # type: ignore[union-attr]
        agrees_with("litert", built)


@pytest.mark.parametrize("adj_y", [False, True])
@pytest.mark.parametrize("zero_points", [(-128, 127, 0), (127, 0, -128)])
def test_widths_around_a_word(benches: Benches, adj_y: bool, zero_points: tuple[int, int, int]) -> None:
    for depth, columns in itertools.product((1, 3, 4, 5, 8, 9), repeat=2):
        op = op_of(batch_matmul((2, depth), swapped((depth, columns), adj_y), False, adj_y, zero_points=zero_points))
        benches.agree(op, values_of(op, depth))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_constant_operand(benches: Benches, dtype: DType) -> None:
    built = made("batches", dtype, constant=True)
    op = op_of(built)
    benches.agree(op, values_of(op, "constant"))
    agrees_with("tflite_micro", built)


@settings(max_examples=40)
@given(rows=st.integers(1, 5), depth=st.integers(1, 40), columns=st.integers(1, 5), dtype=st.sampled_from(DTYPES))
def test_tflite_micro_too(rows: int, depth: int, columns: int, dtype: DType) -> None:
    scales = (0.0173, 0.0319)
    agrees_with("tflite_micro", batch_matmul((2, rows, depth), (2, depth, columns), dtype=dtype, scales=scales))


@pytest.mark.parametrize("adj_y", [False, True])
def test_int16_times_constant_int8(benches: Benches, adj_y: bool) -> None:
    built = batch_matmul((2, 3, 7), (4, 7) if adj_y else (7, 4), False, adj_y, DType.INT16)
    weights = batch_matmul((2, 3, 7), (4, 7) if adj_y else (7, 4), False, adj_y, constant=True).inputs[1]
    assert weights is not None
    symmetric = tensor("rhs", weights.shape, 2.0**-6, 0, data=weights.value)
    built = replace(built, inputs=(built.inputs[0], symmetric))
    op = op_of(built)
    benches.agree(op, values_of(op, "mixed"))
    agrees_with("litert", built)


@pytest.mark.parametrize(("witness", "dtype"), [("litert", DType.INT16), ("tflite_micro", DType.INT8)])
def test_no_scale_per_column_is_applied(benches: Benches, witness: str, dtype: DType) -> None:
    built = batch_matmul((2, 3, 7), (7, 4), dtype=dtype)
    weights = batch_matmul((2, 3, 7), (7, 4), constant=True).inputs[1]
    assert weights is not None
    scales = [0.01, 0.02, 0.03, 0.04]
    per_column = tensor("rhs", weights.shape, scales, axis=1, data=weights.value)
    built = replace(built, inputs=(built.inputs[0], per_column))
    op = op_of(built)
    benches.agree(op, values_of(op, "columns"))
    agrees_with(witness, built)


@pytest.mark.parametrize("adj_y", [False, True])
@pytest.mark.parametrize("asymmetric", [False, True])
@pytest.mark.parametrize("columns", [1, 4])
def test_float_times_constant_int8(benches: Benches, adj_y: bool, asymmetric: bool, columns: int) -> None:
    """columns: how many scales there are."""
    shape = (4, 7) if adj_y else (7, 4)
    built = batch_matmul((2, 3, 7), shape, False, adj_y, DType.FLOAT32)
    weights = batch_matmul((2, 3, 7), shape, False, adj_y, constant=True).inputs[1]
    assert weights is not None
    scales = [0.01, 0.02, 0.03, 0.04][:columns]
    stored = tensor("rhs", shape, scales, [0] * columns, axis=0 if adj_y else 1, data=weights.value)
    flags = {**built.options, "asymmetric_quantize_inputs": asymmetric}
    built = replace(built, inputs=(built.inputs[0], stored), options=flags)
    op = op_of(built)
    benches.agree(op, values_of(op, "hybrid"), within=1e-6)
    agrees_with("litert", built, within=1e-6)
