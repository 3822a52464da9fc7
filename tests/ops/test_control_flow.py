"""WHILE, IF and composites: their subgraphs' operators in the caller's place, or a reason."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec, integers

from tinygen.errors import UnsupportedModelError
from tinygen.ir.dtype import Array
from tinygen.ir.target import TARGETS, Rounding
from tinygen.ops.importer import Import, import_model
from tinygen.pipeline import compile_graph
from tinygen.reference import evaluate
from tinygen.tflite import parse_model


def number(name: str, value: int | None = None) -> TensorSpec:
    return TensorSpec(name, (), "INT32", None if value is None else struct.pack("<i", value))


def vector(name: str, value: float | None = None) -> TensorSpec:
    return TensorSpec(name, (1, 4), "FLOAT32", None if value is None else struct.pack("<4f", *[value] * 4))


def truth(name: str) -> TensorSpec:
    return TensorSpec(name, (), "BOOL")


def operator(name: str, inputs: list[int], outputs: list[int], **options: int) -> OperatorSpec:
    table = {
        "ADD": "AddOptions",
        "MUL": "MulOptions",
        "WHILE": "WhileOptions",
        "IF": "IfOptions",
        "LESS": "LessOptions",
    }
    return OperatorSpec(name, inputs, outputs, (table[name], options))


def less_than(limit: int) -> SubgraphSpec:
    """(i, x) -> i < limit"""
    tensors = [number("i"), vector("x"), number("limit", limit), truth("more")]
    return SubgraphSpec(tensors, [operator("LESS", [0, 2], [3])], [0, 1], [3])


def doubling(step: int = 1) -> SubgraphSpec:
    """(i, x) -> (i + step, x + x)"""
    tensors = [number("i"), vector("x"), number("step", step), number("next"), vector("twice")]
    operators = [operator("ADD", [0, 2], [3]), operator("ADD", [1, 1], [4])]
    return SubgraphSpec(tensors, operators, [0, 1], [3, 4])


def loop(start: int | None, limit: int, step: int = 1) -> ModelSpec:
    tensors = [number("start", start), vector("x"), number("end"), vector("y")]
    inputs = [1] if start is not None else [0, 1]
    whole = operator("WHILE", [0, 1], [2, 3], CondSubgraphIndex=1, BodySubgraphIndex=2)
    return ModelSpec([SubgraphSpec(tensors, [whole], inputs, [3]), less_than(limit), doubling(step)])


def adding(value: float) -> SubgraphSpec:
    """x -> x + value"""
    return SubgraphSpec([vector("x"), vector("c", value), vector("y")], [operator("ADD", [0, 1], [2])], [0], [2])


def imported(model: ModelSpec) -> Import:
    return import_model(parse_model(model.bytes(), "made"), "made")


def run(model: ModelSpec, *inputs: Any) -> Array:
    return evaluate(imported(model).complete, inputs, Rounding.DOUBLE)[0]


def refusal(model: ModelSpec) -> str:
    with pytest.raises(UnsupportedModelError) as raised:
        _ = imported(model).complete
    return raised.value.message


X = np.array([[1, 2, 3, 4]], np.float32)


@pytest.mark.parametrize("times", [0, 1, 5, 30])
def test_a_loop_is_unrolled(times: int) -> None:
    model = loop(0, times)
    assert np.array_equal(run(model, X), X * 2.0**times)
    ops = imported(model).complete.ops
    assert len(ops) == times
    assert len({op.index for op in ops}) == times


def test_a_loop_of_unknown_length_is_refused() -> None:
    assert "how often it is repeated is not known" in refusal(loop(None, 3))


def test_a_loop_that_does_not_end_is_refused() -> None:
    assert "it becomes more than 4000 operators" in refusal(loop(0, 3, step=0))


def test_a_reason_names_the_subgraph() -> None:
    model = loop(0, 3)
    model.subgraphs[2].operators[1] = operator("MUL", [1, 1], [4], FusedActivationFunction=4)
    assert "op 0, WHILE: in subgraph 2, op 1, MUL: " in refusal(model)


@pytest.mark.parametrize("condition", [False, True])
def test_a_branch_is_chosen_at_run_time(condition: bool) -> None:
    tensors = [truth("condition"), vector("x"), vector("y")]
    whole = operator("IF", [0, 1], [2], ThenSubgraphIndex=1, ElseSubgraphIndex=2)
    model = ModelSpec([SubgraphSpec(tensors, [whole], [0, 1], [2]), adding(10.0), adding(-10.0)])
    assert np.array_equal(run(model, np.array(condition), X), X + (10 if condition else -10))


def test_a_known_branch_stands_alone() -> None:
    tensors = [number("a", 1), number("b", 2), truth("condition"), vector("x"), vector("y")]
    operators = [operator("LESS", [0, 1], [2]), operator("IF", [2, 3], [4], ThenSubgraphIndex=1, ElseSubgraphIndex=2)]
    model = ModelSpec([SubgraphSpec(tensors, operators, [3], [4]), adding(10.0), adding(-10.0)])
    assert np.array_equal(run(model, X), X + 10)
    assert len(imported(model).complete.ops) == 1


def test_a_branch_in_a_loop() -> None:
    model = loop(0, 3)
    tensors = [number("i"), vector("x"), number("one", 1), number("next"), truth("first"), vector("y")]
    branch = operator("IF", [4, 1], [5], ThenSubgraphIndex=3, ElseSubgraphIndex=4)
    body = [operator("ADD", [0, 2], [3]), operator("LESS", [0, 2], [4]), branch]
    model.subgraphs[2] = SubgraphSpec(tensors, body, [0, 1], [3, 5])
    model.subgraphs += [adding(100.0), adding(1.0)]
    assert np.array_equal(run(model, X), X + 102)


def floats(name: str, shape: tuple[int, ...], opened: bool = False) -> TensorSpec:
    """opened: a row whose sizes the file does not know."""
    return TensorSpec(name, shape, "FLOAT32", signature=(-1,) * len(shape) if opened else ())


def test_a_list_that_a_loop_fills_row_by_row() -> None:
    """As converters write it: what is before the row, the row, and what is after it; at the ends nothing is."""
    body = [number("i"), floats("list", (3, 4)), floats("x", (3, 4)), integers("one", 1), integers("zeros", 0, 0)]
    body += [integers("rest", -1, -1), integers("all", -1), integers("zero", 0), integers("row_shape", 1, 4)]
    body += [TensorSpec("next", (1,), "INT32"), TensorSpec("at", (1,), "INT32"), TensorSpec("size", (2,), "INT32")]  # 9
    body += [floats("before", (1, 1), True), TensorSpec("after_at", (1,), "INT32")]  # 12
    body += [TensorSpec("begin", (2,), "INT32"), floats("after", (1, 1), True), floats("picked", (4,))]
    body += [floats("row", (1, 4)), floats("twice", (1, 4)), floats("longer", (3, 4))]  # 17
    joined = ("ConcatenationOptions", {"Axis": 0})
    operators = [
        operator("ADD", [0, 3], [9]),
        OperatorSpec("RESHAPE", [0, 3], [10]),
        OperatorSpec("CONCATENATION", [10, 6], [11], joined),
        OperatorSpec("SLICE", [1, 4, 11], [12]),
        OperatorSpec("RESHAPE", [9, 3], [13]),
        OperatorSpec("CONCATENATION", [13, 7], [14], joined),
        OperatorSpec("SLICE", [1, 14, 5], [15]),
        OperatorSpec("GATHER", [2, 0], [16], ("GatherOptions", {})),
        OperatorSpec("RESHAPE", [16, 8], [17]),
        operator("ADD", [17, 17], [18]),
        OperatorSpec("CONCATENATION", [12, 18, 15], [19], joined),
    ]
    condition = [number("i"), floats("list", (3, 4)), floats("x", (3, 4)), number("limit", 3), truth("more")]
    main = [number("start", 0), TensorSpec("empty", (3, 4), "FLOAT32", bytes(48)), floats("x", (3, 4))]
    main += [number("end"), floats("y", (3, 4)), floats("same", (3, 4))]
    whole = operator("WHILE", [0, 1, 2], [3, 4, 5], CondSubgraphIndex=1, BodySubgraphIndex=2)
    subgraphs = [
        SubgraphSpec(main, [whole], [2], [4]),
        SubgraphSpec(condition, [operator("LESS", [0, 3], [4])], [0, 1, 2], [4]),
        SubgraphSpec(body, operators, [0, 1, 2], [9, 19, 2]),
    ]
    x = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert np.array_equal(run(ModelSpec(subgraphs), x), 2 * x)
    compiled = compile_graph(imported(ModelSpec(subgraphs)).complete, TARGETS["generic"])
    assert all(tensor.elements for op in compiled.graph.ops for tensor in op.outputs)
    assert np.array_equal(evaluate(compiled.graph, [x], Rounding.DOUBLE)[0], 2 * x)
