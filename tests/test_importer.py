"""Files become graphs: the same op as the one that the file was made of, and constants as they were."""

from __future__ import annotations

import numpy as np
import pytest
from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec

from ops import nodes
from ops.nodes import model_bytes, node, op_of, tensor, values_of
from ops.witness import run_litert
from tinygen.errors import UnsupportedModelError
from tinygen.ir.dtype import Array, DType
from tinygen.ir.target import Rounding
from tinygen.ops.importer import LISTED_PROBLEMS, Import, import_model
from tinygen.ops.node import Node
from tinygen.passes import run_passes
from tinygen.reference import evaluate
from tinygen.schedule.feed import fed_by_rows
from tinygen.tflite import parse_model

NODES = {
    "add": nodes.add((1, 3, 4, 5), (5,), constant=True, activation="RELU6"),
    "average_pool": nodes.pool_2d("AVERAGE_POOL_2D", (1, 7, 5, 3), (3, 2), (2, 1), activation="RELU"),
    "concatenation": nodes.concatenation([(1, 2, 3), (1, 4, 3)], -2),
    "conv": nodes.conv_2d((1, 7, 9, 6), 4, (3, 2), (2, 1), (1, 2), groups=2, activation="RELU"),
    "conv_without_bias": nodes.conv_2d(bias="none"),
    "depthwise": nodes.depthwise_conv_2d((1, 7, 9, 3), 2, (3, 2), (2, 1), dilation=(1, 2)),
    "depthwise_option_0": nodes.depthwise_conv_2d(depth_multiplier=2, option=0),
    "dequantize": nodes.elementwise("DEQUANTIZE", dtypes=(DType.INT8, DType.FLOAT32)),
    "fully_connected": nodes.fully_connected((2, 3), 5, 4, zero_points=(3, 5, -7), keep_num_dims=True),
    "fully_connected_without_bias": nodes.fully_connected(bias="none"),
    "logistic": nodes.elementwise("LOGISTIC", scales=(0.1, 1 / 256), zero_points=(3, -128)),
    "max_pool": nodes.pool_2d("MAX_POOL_2D"),
    "mean": nodes.mean(axes=(-1, 1), keep=True),
    "pad": nodes.pad((1, 3, 4, 2), [(0, 0), (1, 2), (3, 1), (0, 0)], dtype=DType.INT64),
    "quantize": nodes.elementwise("QUANTIZE", dtypes=(DType.FLOAT32, DType.INT8)),
    "relu": nodes.elementwise("RELU"),
    "relu6": nodes.elementwise("RELU6"),
    "reshape": nodes.reshape((2, 6), (3, 4)),
    "reshape_without_shape": nodes.reshape((2, 6), (3, 4), with_shape=False),
    "softmax": nodes.softmax((2, 5), beta=0.5),
    "scalar": nodes.add((), (3,)),
}


def imported(made: Node, drop_absent: bool = True) -> Import:
    return import_model(parse_model(model_bytes(made, drop_absent), "small"), "small")


@pytest.mark.parametrize("drop_absent", [True, False])
@pytest.mark.parametrize("name", NODES)
def test_the_file_gives_the_same_op(name: str, drop_absent: bool) -> None:
    op = op_of(NODES[name])
    (found,) = imported(NODES[name], drop_absent).complete.ops
    assert type(found) is type(op)
    for a, b in zip((*found.inputs, *found.outputs), (*op.inputs, *op.outputs), strict=True):
        assert (a.name, a.shape, a.dtype) == (b.name, b.shape, b.dtype)
        assert a.is_constant == b.is_constant
        assert a.data is None or b.data is None or np.array_equal(a.data, b.data)
        if a.quantization and b.quantization:
            assert (a.params.scales, a.params.zero_points) == (b.params.scales, b.params.zero_points)
    values = values_of(op)
    assert found.evaluate(values, Rounding.DOUBLE)[0].tobytes() == op.evaluate(values, Rounding.DOUBLE)[0].tobytes()


def test_a_graph_knows_its_file() -> None:
    data = model_bytes(NODES["add"])
    model = parse_model(data, "small")
    graph = import_model(model, "some name").complete
    assert (graph.name, graph.crc32) == ("some name", model.crc32)
    assert [t.name for t in graph.inputs] == ["input1"]
    assert [t.name for t in graph.outputs] == ["output"]


def test_tensors_are_shared_between_ops() -> None:
    middle = [TensorSpec(name, (1, 4), scales=(0.5,)) for name in ("a", "b", "c")]
    ops = [OperatorSpec("RELU", [0], [1], version=2), OperatorSpec("RELU", [1], [2], version=2)]
    spec = ModelSpec([SubgraphSpec(middle, ops, [0], [2, 2])])
    graph = import_model(parse_model(spec.bytes(), "m"), "m").complete
    assert graph.ops[0].outputs[0] is graph.ops[1].inputs[0]
    assert graph.outputs[0] is graph.outputs[1] is graph.ops[1].outputs[0]
    assert [op.index for op in graph.ops] == [0, 1]


def test_every_refused_op_is_named_once() -> None:
    tensors = [TensorSpec(f"t{i}", (1, 4), scales=(0.5,)) for i in range(4)]
    ops = [OperatorSpec(kind, [i], [i + 1]) for i, kind in enumerate(["TANH", "RELU", "LOGISTIC"])]
    spec = ModelSpec([SubgraphSpec(tensors, ops, [0], [3])])
    found = import_model(parse_model(spec.bytes(), "m"), "m")
    assert [(refusal.index, refusal.kind) for refusal in found.refusals] == [(0, "TANH"), (2, "LOGISTIC")]
    assert [op.KIND for op in found.graph.ops] == ["TANH", "RELU", "LOGISTIC"]
    assert len(found.operators) == 3
    with pytest.raises(UnsupportedModelError) as raised:
        _ = found.complete
    assert "op 0, TANH" in raised.value.message
    assert "op 2, LOGISTIC" in raised.value.message
    assert raised.value.hint


def test_a_long_list_of_refusals_is_cut() -> None:
    count = LISTED_PROBLEMS + 5
    tensors = [TensorSpec(f"t{i}", (1, 4), scales=(0.5,)) for i in range(count + 1)]
    ops = [OperatorSpec("TANH", [i], [i + 1]) for i in range(count)]
    spec = ModelSpec([SubgraphSpec(tensors, ops, [0], [count])])
    with pytest.raises(UnsupportedModelError, match="and 5 more"):
        _ = import_model(parse_model(spec.bytes(), "m"), "m").complete


def test_a_port_without_elements_is_refused() -> None:
    made = node("RELU", [tensor("input", (1, 0), 0.1)], [tensor("output", (1, 0), 0.1)])
    with pytest.raises(UnsupportedModelError, match="has no elements"):
        _ = imported(made).complete


@pytest.mark.parametrize("shape", [(3, 3), (2, 2), (1, 1), (3, 5)])
def test_int4_constants_are_unpacked(shape: tuple[int, int]) -> None:
    data = np.resize(np.arange(-8, 8, dtype=np.int8), shape)
    weights = tensor("weights", shape, 0.1, dtype=DType.INT4, data=data)
    made = node(
        "FULLY_CONNECTED", [tensor("input", (1, shape[1]), 0.1), weights], [tensor("output", (1, shape[0]), 0.1)]
    )
    (found,) = imported(made).graph.ops
    assert found.inputs[1].value.dtype == np.int8
    assert np.array_equal(found.inputs[1].value, data)


def variable_model(inputs: tuple[int, ...]) -> bytes:
    """SUB of two float vectors, the second a variable; inputs: which of the two the caller sets."""
    tensors = [TensorSpec("a", (3,), "FLOAT32"), TensorSpec("b", (3,), "FLOAT32", variable=True)]
    tensors.append(TensorSpec("c", (3,), "FLOAT32"))
    sub = OperatorSpec("SUB", [0, 1], [2], ("SubOptions", {}))
    return ModelSpec([SubgraphSpec(tensors, [sub], inputs, [2])]).bytes()


@pytest.mark.parametrize("inputs", [(0, 1), (0,)])
def test_variables_that_no_operator_updates(inputs: tuple[int, ...]) -> None:
    """The caller sets them, or they hold what they hold after a reset."""
    model = variable_model(inputs)
    values: list[Array] = [np.array([1, 2, 3], np.float32), np.array([5, 7, 11], np.float32)]
    graph = import_model(parse_model(model, "variable"), "variable").complete
    (found,) = evaluate(graph, values[: len(inputs)], Rounding.DOUBLE)
    assert np.array_equal(found, run_litert(model, values[: len(inputs)]))


def test_rows_of_an_input_that_nobody_reads_are_not_pushed() -> None:
    """SHAPE is known when the model is compiled, so its input is never read."""
    given, made = tensor("input", (4, 3), 0.1), tensor("output", (2,), dtype=DType.INT32)
    graph = run_passes(imported(node("SHAPE", [given], [made], out_type=2)).complete, Rounding.DOUBLE)
    with pytest.raises(UnsupportedModelError, match="nothing reads its input"):
        fed_by_rows(graph)
