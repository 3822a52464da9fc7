"""CONCATENATION: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.moves import EVERY_SIZE, of_dtype
from ops.nodes import chance, concatenation, node, op_of, tensor, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

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


@pytest.mark.parametrize("dtype", EVERY_SIZE)
@pytest.mark.parametrize("name", ["channels", "rows", "batches", "rank_5", "constant_part"])
def test_every_element_size(benches: Benches, name: str, dtype: DType) -> None:
    op = op_of(of_dtype(CASES[name], dtype))
    benches.agree(op, values_of(op, name))


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), axis=st.integers(0, 2))
def test_uint8_on_other_scales(benches: Benches, seed: int, axis: int) -> None:
    random = chance(seed)
    shape = [2, 3, 4]
    parts = []
    for i in range(3):
        scale, zero_point = float(2.0 ** random.uniform(-6, -2)), int(random.integers(0, 256))
        parts.append(tensor(f"part{i}", shape, scale, zero_point, DType.UINT8))
    shape[axis] *= 3
    output = tensor("output", shape, float(2.0 ** random.uniform(-6, -2)), int(random.integers(0, 256)), DType.UINT8)
    made = node("CONCATENATION", parts, [output], axis=axis, fused_activation_function="NONE")
    op = op_of(made)
    benches.agree(op, values_of(op, seed))
    agrees_with("litert", made)


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_int16_on_other_scales_is_copied(benches: Benches, witness: str, axis: int) -> None:
    shape = [1, 2, 3]
    parts = [tensor(f"part{i}", shape, 2.0**-i, 0, DType.INT16) for i in range(3)]
    shape[axis] *= 3
    output = tensor("output", shape, 0.3, 0, DType.INT16)
    made = node("CONCATENATION", parts, [output], axis=axis, fused_activation_function="NONE")
    op = op_of(made)
    benches.agree(op, values_of(op, axis))
    agrees_with(witness, made)
    assert "copied as they are" in op.caution(Rounding.DOUBLE)
    assert not op_of(concatenation([(1, 2), (1, 3)], 1)).caution(Rounding.DOUBLE)


def test_the_same_tensor_twice(benches: Benches) -> None:
    part = tensor("part", (1, 2, 3), 0.1, 3)
    output = tensor("output", (1, 4, 3), 0.1, 3)
    op = op_of(node("CONCATENATION", [part, part], [output], axis=1, fused_activation_function="NONE"))
    benches.agree(op, values_of(op)[:1] * 2)
