"""ONE_HOT: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kernels.bench import Benches
from ops.index_nodes import one_hot
from ops.nodes import Shape, chance, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import Array, DType
from tinygen.ops import OP_BY_KIND
from tinygen.ops.node import Node

IN_LITERT = (DType.INT8, DType.UINT8, DType.INT32, DType.INT64, DType.FLOAT32, DType.BOOL)


def some(made: Node, depth: int) -> list[Array]:
    """Values whose indices also lie outside."""
    op = op_of(made)
    indices = chance("one_hot", depth).integers(-2, depth + 2, op.inputs[0].shape)
    return [indices.astype(op.inputs[0].dtype.numpy), *values_of(op)[1:]]


@pytest.mark.parametrize("dtype", IN_LITERT)
@pytest.mark.parametrize("index", [DType.INT32, DType.INT64])
def test_element_types(benches: Benches, dtype: DType, index: DType) -> None:
    made = one_hot((2, 3), 4, dtype=dtype, index=index)
    values = some(made, 4)
    benches.agree(op_of(made), values)
    agrees_with("litert", made, values)


@pytest.mark.parametrize(
    ("shape", "axis"), [((), -1), ((5,), 0), ((2, 3), 0), ((2, 3), 1), ((2, 3), 2), ((2, 1, 3), 2)]
)
@pytest.mark.parametrize("depth", [1, 7])
def test_axes(benches: Benches, shape: Shape, axis: int, depth: int) -> None:
    made = one_hot(shape, depth, axis)
    values = some(made, depth)
    benches.agree(op_of(made), values)
    agrees_with("litert", made, values)


@pytest.mark.parametrize("axis", [-3, -2, 3, 100])
def test_an_axis_that_is_none_is_refused(axis: int) -> None:
    op = OP_BY_KIND["ONE_HOT"].read(replace(one_hot((2, 3), 4), options={"axis": axis}))
    assert [rule.sentence for rule in op.RULES if rule.broken_by(op)]
