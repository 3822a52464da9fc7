"""WHILE, IF, composites: their subgraphs' operators in the caller's place, a loop or branch over them, or why not."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec, integers

from tinygen.errors import UnsupportedModelError
from tinygen.ir.dtype import Array
from tinygen.ir.target import TARGETS, Rounding
from tinygen.ops.control_flow import FEW, LARGEST_UNROLLING
from tinygen.ops.importer import Import, import_model
from tinygen.pipeline import compile_graph
from tinygen.reference import evaluate
from tinygen.tflite import check_supported_form, parse_model


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
        "CUMSUM": "CumsumOptions",
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


def kinds(model: ModelSpec) -> list[str]:
    return [op.KIND for op in imported(model).complete.ops]


def test_a_loop_of_unknown_length_is_a_loop() -> None:
    model = loop(None, 3)
    assert kinds(model) == ["LESS", "WHILE"]
    for start in range(5):
        assert np.array_equal(run(model, np.array(start, np.int32), X), X * 2.0 ** max(3 - start, 0))


@pytest.mark.parametrize(("times", "found"), [(FEW // 2, ["ADD"] * (FEW // 2)), (FEW // 2 + 1, ["WHILE"])])
def test_many_turns_are_a_loop(times: int, found: list[str]) -> None:
    """An operator in each turn, and the turn itself."""
    model = loop(0, times)
    assert kinds(model) == found
    assert np.array_equal(run(model, X), X * np.float32(2.0**times))


def needing_its_number(times: int, axis: int = 1) -> ModelSpec:
    """(i, x) -> (i + 1, x + running sums of x along a number computed from i), which must be known."""
    model = loop(0, times)
    tensors = [number("i"), vector("x"), number("one", 1), number("next"), number("zero", 0), number("axis", axis)]
    tensors += [number("none"), number("along"), vector("y"), vector("sums")]
    operators = [operator("ADD", [0, 2], [3]), operator("MUL", [0, 4], [6]), operator("ADD", [6, 5], [7])]
    operators += [operator("CUMSUM", [1, 7], [9]), operator("ADD", [1, 9], [8])]
    model.subgraphs[2] = SubgraphSpec(tensors, operators, [0, 1], [3, 8])
    return model


def test_what_can_be_no_loop_is_unrolled() -> None:
    times = FEW // 3 + 5
    model = needing_its_number(times)
    assert kinds(model) == ["CUMSUM", "ADD"] * times
    expected = X.copy()
    for _ in range(times):
        expected = expected + expected.cumsum(axis=1)
    assert np.allclose(run(model, X), expected, rtol=1e-4)


def test_what_can_be_no_loop_is_refused_if_it_is_too_long() -> None:
    reason = refusal(needing_its_number(LARGEST_UNROLLING))
    assert f"it becomes more than {LARGEST_UNROLLING} operators, and as a loop: in subgraph 2, op 3, CUMSUM: " in reason


def test_a_loop_that_does_not_end_is_refused() -> None:
    assert "it does not end: a turn changes nothing that its condition depends on" in refusal(loop(0, 3, step=0))


def test_a_condition_that_no_turn_changes_is_refused() -> None:
    model = loop(None, 3)
    truly = TensorSpec("true", (), "BOOL", b"\1")
    model.subgraphs[1] = SubgraphSpec([number("i"), vector("x"), truly], [], [0, 1], [2])
    assert "it does not end" in refusal(model)


def test_loops_in_loops_are_not_looked_at_for_ever() -> None:
    """Each subgraph loops over the next, and none of them ends."""
    model, depth = loop(None, 3), 12
    model.subgraphs = [model.subgraphs[0], model.subgraphs[1]]
    for k in range(depth):
        tensors = [number("i"), vector("x"), number("next"), vector("y"), number("zero", 0), number("same")]
        inner = operator("WHILE", [4, 1], [2, 3], CondSubgraphIndex=1, BodySubgraphIndex=k + 3)
        model.subgraphs.append(SubgraphSpec(tensors, [inner, operator("ADD", [0, 4], [5])], [0, 1], [5, 3]))
    model.subgraphs.append(doubling())
    started = time.monotonic()
    imported(model)
    assert time.monotonic() - started < 20


def test_a_reason_names_the_subgraph() -> None:
    model = loop(0, 3)
    model.subgraphs[2].operators[1] = operator("MUL", [1, 1], [4], FusedActivationFunction=4)
    assert "op 0, WHILE: in subgraph 2, op 1, MUL: " in refusal(model)


def wrong_number(model: ModelSpec) -> None:
    model.subgraphs[1].inputs = [0]


def too_few_results(model: ModelSpec) -> None:
    model.subgraphs[2].outputs = [3]


def another_type(model: ModelSpec) -> None:
    model.subgraphs[2].tensors[1].dtype = "INT32"


def another_size(model: ModelSpec) -> None:
    model.subgraphs[1].tensors[1].shape = (1, 5)


def another_shape_carried_on(model: ModelSpec) -> None:
    model.subgraphs[2].outputs = [3, 0]


def another_output(model: ModelSpec) -> None:
    model.main.tensors[3].shape = (1, 3)


def no_truth(model: ModelSpec) -> None:
    model.subgraphs[1].outputs = [0]


def many_truths(model: ModelSpec) -> None:
    model.subgraphs[1].tensors[3].shape = (1, 4)
    model.subgraphs[1].operators[0] = operator("LESS", [1, 1], [3])


def a_memory(model: ModelSpec) -> None:
    body = model.subgraphs[2]
    body.tensors += [TensorSpec("handle", (), "RESOURCE")]
    body.operators.append(OperatorSpec("VAR_HANDLE", [], [5], ("VarHandleOptions", {})))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (wrong_number, "subgraph 1 takes 1 tensors, not 2"),
        (too_few_results, "its body gives 1 tensors for 2"),
        (another_type, "subgraph 2 takes 'x' (int32 1x4) for "),
        (another_size, "subgraph 1 takes 'x' (float32 1x5) for 'x' (float32 1x4)"),
        (another_shape_carried_on, "its body makes 'i' (int32 scalar) of 'x' (float32 1x4)"),
        (another_output, "its output 'y' (float32 1x3) gets 'x' (float32 1x4)"),
        (no_truth, "its condition 'start' (int32 scalar) is not one bool"),
        (many_truths, "its condition 'more' (bool 1x4) is not one bool"),
        (a_memory, "in subgraph 2, op 2, VAR_HANDLE: "),
    ],
)
def test_what_a_loop_carries_must_suit_its_subgraphs(spoil: Callable[[ModelSpec], None], sentence: str) -> None:
    model = loop(None, 3)
    spoil(model)
    assert f"op 0, WHILE: {sentence}" in refusal(model)


def choice() -> ModelSpec:
    tensors = [truth("condition"), vector("x"), vector("y")]
    whole = operator("IF", [0, 1], [2], ThenSubgraphIndex=1, ElseSubgraphIndex=2)
    return ModelSpec([SubgraphSpec(tensors, [whole], [0, 1], [2]), adding(10.0), adding(-10.0)])


def test_branches_must_suit_each_other() -> None:
    model = choice()
    model.subgraphs[2].outputs = [2, 2]
    assert "it has 1 outputs, and its subgraphs 1 and 2" in refusal(model)
    model = choice()
    model.subgraphs[2].outputs = [1]
    model.subgraphs[2].tensors[1] = number("c", 3)
    model.subgraphs[2].operators = []
    assert "its subgraphs give 'y' (float32 1x4) and 'c' (int32 scalar)" in refusal(model)
    model = choice()
    model.main.tensors[0] = number("condition")
    assert "its condition 'condition' (int32 scalar) is not one bool" in refusal(model)


@pytest.mark.parametrize("condition", [False, True])
def test_a_branch_is_chosen_at_run_time(condition: bool) -> None:
    assert kinds(choice()) == ["IF"]
    assert np.array_equal(run(choice(), np.array(condition), X), X + (10 if condition else -10))


def test_shapes_behind_a_branch_are_checked() -> None:
    model = choice()
    model.main.tensors.append(TensorSpec("z", (1, 3), "FLOAT32"))
    model.main.operators.append(operator("ADD", [2, 1], [3]))
    model.main.outputs = [3]
    with pytest.raises(UnsupportedModelError, match=r"operator 1 \(ADD\): its output, .*z.* has shape \[1, 3\]"):
        check_supported_form(parse_model(model.bytes(), "made"))


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
