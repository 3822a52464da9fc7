"""Constants that are stored sparsely: what is read equals LiteRT's answers with them, and what was stored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec

from ops.nodes import chance
from ops.witness import run_litert
from tinygen.errors import UnsupportedModelError
from tinygen.ir.dtype import Array
from tinygen.ir.target import Rounding
from tinygen.ops.importer import import_model
from tinygen.ops.sparse import densified
from tinygen.reference import evaluate
from tinygen.tflite import Sparsity, SparsityDimension, parse_model

Levels = list[tuple[int, list[int] | None, list[int] | None]]


def by_rows(dense: Array, block: int) -> tuple[Array, tuple[int, ...], Levels]:
    """(stored values, traversal order, levels) of a matrix of which blocks of `block` columns are left out if empty."""
    rows, columns = dense.shape
    segments, indices, stored = [0], list[int](), list[Array]()
    for row in dense.reshape(rows, columns // block, block):
        for i, part in enumerate(row):
            if part.any():
                indices.append(i)
                stored.append(part)
        segments.append(len(indices))
    levels: Levels = [(rows, None, None), (0, segments, indices)]
    order: tuple[int, ...] = (0, 1)
    if block > 1:
        levels.append((block, None, None))
        order = (0, 1, 2)
    return np.concatenate(stored) if stored else np.zeros(0, dense.dtype), order, levels


def matrix(rows: int, columns: int, block: int) -> Array:
    random = chance("sparse", rows, columns, block)
    values = random.normal(0, 1, (rows, columns // block, block)).astype(np.float32)
    return np.where(random.random((rows, columns // block, 1)) < 0.4, values, 0).reshape(rows, columns)


def weights_spec(dense: Array, block: int) -> TensorSpec:
    stored, order, levels = by_rows(dense, block)
    cut = (1,) if block > 1 else ()
    return TensorSpec("weights", dense.shape, "FLOAT32", stored.tobytes(), sparsity=(order, levels), block_map=cut)


@pytest.mark.parametrize("block", [1, 4])
@pytest.mark.parametrize("kind", ["FULLY_CONNECTED", "DENSIFY"])
def test_a_layer_equals_litert(kind: str, block: int) -> None:
    dense = matrix(6, 16, block)
    tensors = [TensorSpec("x", (2, 16), "FLOAT32"), weights_spec(dense, block), TensorSpec("y", (2, 6), "FLOAT32")]
    layer = OperatorSpec("FULLY_CONNECTED", [0, 1], [2], ("FullyConnectedOptions", {}), 8)
    operators = [layer]
    if kind == "DENSIFY":
        tensors.append(TensorSpec("dense", dense.shape, "FLOAT32"))
        operators = [OperatorSpec("DENSIFY", [1], [3], ("DensifyOptions", {})), replace(layer, inputs=[0, 3])]
    model = ModelSpec([SubgraphSpec(tensors, operators, [0], [2])]).bytes()
    x: Array = chance("x").normal(0, 1, (2, 16)).astype(np.float32)
    (found,) = evaluate(import_model(parse_model(model, "sparse"), "sparse").complete, [x], Rounding.DOUBLE)
    expected = run_litert(model, [x])
    assert np.abs(found - expected).max() <= 1e-6 * np.abs(expected).max()
    assert np.abs(found - x @ dense.T).max() <= 1e-5


@settings(max_examples=40)
@given(rows=st.integers(1, 5), blocks=st.integers(1, 5), block=st.integers(1, 4))
def test_what_was_left_out_comes_back(rows: int, blocks: int, block: int) -> None:
    dense = matrix(rows, blocks * block, block)
    stored, order, levels = by_rows(dense, block)
    dimensions = tuple(
        SparsityDimension(at is not None, size, None if s is None else tuple(s), None if at is None else tuple(at))
        for size, s, at in levels
    )
    sparsity = Sparsity(order, (1,) if block > 1 else (), dimensions)
    found = densified(sparsity, dense.shape, lambda count: stored[:count])
    assert found is not None
    assert np.array_equal(found, dense)
    if dense[:, -block:].any():
        assert densified(sparsity, (rows, (blocks - 1) * block), lambda count: stored[:count]) is None


def test_values_outside_of_the_shape_are_refused() -> None:
    spec = weights_spec(np.ones((2, 8), np.float32), 4)
    spec.block_map = (0,)
    tensors = [TensorSpec("x", (1, 8), "FLOAT32"), spec, TensorSpec("y", (1, 2), "FLOAT32")]
    layer = OperatorSpec("FULLY_CONNECTED", [0, 1], [2], ("FullyConnectedOptions", {}), 8)
    model = ModelSpec([SubgraphSpec(tensors, [layer], [0], [2])]).bytes()
    with pytest.raises(UnsupportedModelError, match="is stored sparsely, with values outside of it"):
        _ = import_model(parse_model(model, "sparse"), "sparse").complete
