"""reference.py runs a graph op by op, as the ops define themselves."""

from __future__ import annotations

import numpy as np
import pytest

from ops.graphs import GRAPHS, GraphMaker, inputs_of
from tinygen.ir.target import Rounding
from tinygen.reference import evaluate, evaluate_all


@pytest.mark.parametrize("name", GRAPHS)
def test_every_tensor_has_its_shape_and_type(name: str) -> None:
    graph = GRAPHS[name]()
    values = evaluate_all(graph, inputs_of(graph), Rounding.DOUBLE)
    assert set(values) == {t for t in graph.tensors() if not t.is_constant}
    for made, value in values.items():
        assert (value.shape, value.dtype) == (made.shape, made.dtype.numpy)


def test_ops_are_applied_in_order() -> None:
    make = GraphMaker((2, 3))
    first = make.relu(make.input)
    graph = make.graph(make.add(first, make.input))
    (value,) = inputs_of(graph)
    relu, add = graph.ops
    (expected,) = add.evaluate([relu.evaluate([value], Rounding.DOUBLE)[0], value], Rounding.DOUBLE)
    assert np.array_equal(evaluate(graph, [value], Rounding.DOUBLE)[0], expected)


def test_inputs_may_be_flat() -> None:
    graph = GRAPHS["two_inputs"]()
    inputs = inputs_of(graph)
    flat = [value.reshape(-1) for value in inputs]
    assert np.array_equal(evaluate(graph, flat, Rounding.DOUBLE)[0], evaluate(graph, inputs, Rounding.DOUBLE)[0])


def test_inputs_stay_as_they_are() -> None:
    graph = GRAPHS["residual"]()
    inputs = inputs_of(graph)
    before = [value.copy() for value in inputs]
    evaluate(graph, inputs, Rounding.DOUBLE)
    assert all(np.array_equal(a, b) for a, b in zip(before, inputs, strict=True))


def test_the_number_of_inputs_must_fit() -> None:
    graph = GRAPHS["two_inputs"]()
    with pytest.raises(ValueError, match="shorter"):
        evaluate(graph, inputs_of(graph)[:1], Rounding.DOUBLE)
