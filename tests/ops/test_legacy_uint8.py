"""Models of uint8: computed in int8, and equal to LiteRT's uint8 kernels to the last bit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops import moves, nodes
from ops.elementwise_nodes import COMPARISONS, binary, unary
from ops.nodes import chain_bytes, chance, model_bytes
from ops.reduction_nodes import arg, log_softmax, reduce
from ops.witness import run_litert
from tinygen.ir.dtype import DType
from tinygen.ir.graph import Graph
from tinygen.ir.target import TARGETS, Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.conv_2d_u8 import Conv2DU8
from tinygen.ops.importer import import_model
from tinygen.ops.node import Node
from tinygen.reference import evaluate
from tinygen.tflite import parse_model


def as_uint8(made: Node) -> Node:
    """The node with every int8 tensor 128 higher; weights get a zero point that is not 128."""

    def higher(tensor: Tensor | None) -> Tensor | None:
        if tensor is None or tensor.dtype is not DType.INT8:
            return tensor
        shift = 128 if tensor.data is None else 117
        quantization = replace(tensor.params, zero_points=tuple(z + shift for z in tensor.params.zero_points))
        data = None if tensor.data is None else np.clip(tensor.data.astype(np.int64) + shift, 0, 255).astype(np.uint8)
        return replace(tensor, dtype=DType.UINT8, quantization=quantization, data=data)

    outputs = tuple(t for t in map(higher, made.outputs) if t is not None)
    return replace(made, inputs=tuple(map(higher, made.inputs)), outputs=outputs)


UNARY = ("RELU", "RELU6", "RELU_N1_TO_1", "RELU_0_TO_1", "TANH", "LEAKY_RELU", "HARD_SWISH", "GELU")
BINARY = ("SUB", "MUL", "PRELU", *COMPARISONS)
CASES: dict[str, Node] = {
    "conv": nodes.conv_2d(per_channel=False),
    "conv_stride_relu": nodes.conv_2d((1, 7, 9, 3), stride=(2, 2), per_channel=False, activation="RELU6"),
    "conv_pointwise": nodes.conv_2d(kernel=(1, 1), per_channel=False, padding="VALID"),
    "conv_dilation": nodes.conv_2d((1, 9, 8, 3), dilation=(2, 3), per_channel=False),
    **{f"conv_{n}_channels": nodes.conv_2d((1, 3, 4, n), n, per_channel=False) for n in (1, 3, 4, 5, 8, 9)},
    "depthwise": nodes.depthwise_conv_2d(per_channel=False),
    **{f"depthwise_{n}_channels": nodes.depthwise_conv_2d((1, 3, 4, n), per_channel=False) for n in (3, 4, 5, 7, 8, 9)},
    "depthwise_dilation": nodes.depthwise_conv_2d((1, 9, 9, 5), dilation=(2, 3), per_channel=False),
    "depthwise_multiplier": nodes.depthwise_conv_2d((2, 5, 4, 3), 3, per_channel=False, stride=(2, 1)),
    "connected": nodes.fully_connected((3,), 9, 5),
    "connected_flat": nodes.fully_connected((1,), 24, 4, input_shape=(1, 2, 3, 4), activation="RELU"),
    "average": nodes.pool_2d("AVERAGE_POOL_2D"),
    "average_odd": nodes.pool_2d("AVERAGE_POOL_2D", (2, 5, 7, 3), (3, 2), padding="SAME", activation="RELU6"),
    "average_all": nodes.pool_2d("AVERAGE_POOL_2D", (1, 4, 4, 3), (4, 4), (1, 1), "VALID"),
    "max": nodes.pool_2d("MAX_POOL_2D", (1, 5, 7, 3), (3, 2)),
    "softmax": nodes.softmax((2, 9)),
    "logistic": nodes.elementwise("LOGISTIC", scales=(0.1, 1 / 256), zero_points=(3, -128)),
    "add": nodes.add(),
    **{kind.lower(): unary(kind, DType.INT8, (1, 256)) for kind in UNARY},
    **{kind.lower(): binary(kind, DType.INT8, ((1, 3, 4, 5), (5,))) for kind in BINARY},
    "mean": reduce("MEAN", scales=(0.1, 0.07), zero_points=(3, -5)),
    "sum": reduce("SUM", scales=(0.1, 0.9), zero_points=(3, -5)),
    "log_softmax": log_softmax(),
    "resize_bilinear": moves.resize("RESIZE_BILINEAR", (1, 3, 4, 5), (7, 5)),
    "resize_bilinear_twice": moves.resize("RESIZE_BILINEAR", (2, 4, 3, 2), (8, 6), half_pixel_centers=True),
    "resize_bilinear_corners": moves.resize("RESIZE_BILINEAR", (1, 5, 7, 3), (3, 11), align_corners=True),
}


def imported(made: Node) -> Graph:
    return import_model(parse_model(model_bytes(made), "legacy"), "legacy").complete


def uint8_inputs(graph: Graph, *key: Any) -> list[np.ndarray[Any, Any]]:
    return [chance("legacy", *key).integers(0, 256, t.shape).astype(np.uint8) for t in graph.inputs]


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_litert(name: str) -> None:
    made = as_uint8(CASES[name])
    graph = imported(made)
    assert {t.dtype for t in (*graph.inputs, *graph.outputs)} <= {DType.UINT8, DType.BOOL}
    inputs = uint8_inputs(graph, name)
    expected = run_litert(model_bytes(made), inputs)
    found = evaluate(graph, inputs, Rounding.DOUBLE)[0]
    assert np.array_equal(found, expected.reshape(found.shape))


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    for op in imported(as_uint8(CASES[name])).ops:
        benches.agree(op, nodes.values_of(op, name))


PATCHES = {
    "stem": nodes.conv_2d((1, 9, 8, 3), 8, stride=(2, 2), per_channel=False),
    "one_channel": nodes.conv_2d((2, 5, 7, 1), 3, per_channel=False),
    "whole_words": nodes.conv_2d((1, 5, 5, 4), 6, per_channel=False),
    "pointwise": nodes.conv_2d((1, 3, 3, 9), 4, (1, 1), per_channel=False, zero_points=(-128, -128)),
    "valid": nodes.conv_2d((1, 6, 6, 5), 5, (2, 3), per_channel=False, padding="VALID"),
    "deepest": nodes.conv_2d((1, 2, 2, 1024), 4, (1, 1), per_channel=False, bias="none"),
}
NEAR = 60
"""As far as weights of 1,024 channels may be from their zero point, so that the sums of blocks fit."""


def convolution(made: Node) -> Conv2DU8:
    (op,) = (op for op in imported(as_uint8(made)).ops if isinstance(op, Conv2DU8))
    return op


@pytest.mark.parametrize("zero_point", [-127, -11, 0, 96, 127])
@pytest.mark.parametrize("name", PATCHES)
@pytest.mark.parametrize("filled", [None, -128, 127])
def test_patches_are_added_up(benches: Benches, name: str, zero_point: int, filled: int | None) -> None:
    """The sums of a patch weigh as much as the zero point of the weights, even at their largest."""
    op = convolution(PATCHES[name])
    near = np.clip(op.weights.value, max(zero_point - NEAR, -127), min(zero_point + NEAR, 127))
    params = replace(op.weights.params, zero_points=(zero_point,))
    moved = replace(op, weights=replace(op.weights, quantization=params, data=near))
    assert moved.blocks(TARGETS["cortex-m4"]) is not None
    values = nodes.values_of(moved, (name, zero_point))
    if filled is not None:
        values[0] = np.full_like(values[0], filled)
    benches.agree(moved, values)


@pytest.mark.parametrize("changed", ["deeper", "lowest", "single"])
def test_patches_are_not_added_up_where_sums_have_no_room(benches: Benches, changed: str) -> None:
    """More channels, weights that are 128 with a zero point of 0, and a pixel that has no partner."""
    image = {"deeper": (1, 2, 2, 1025), "lowest": (1, 3, 3, 4), "single": (1, 1, 1, 8)}[changed]
    op = convolution(nodes.conv_2d(image, 4, (1, 1), per_channel=False, bias="none"))
    zero_point = -128 if changed == "lowest" else 3
    params = replace(op.weights.params, zero_points=(zero_point,))
    moved = replace(op, weights=replace(op.weights, quantization=params, data=np.clip(op.weights.value, -3, 3)))
    assert moved.blocks(TARGETS["cortex-m4"]) is None
    benches.agree(moved, nodes.values_of(moved, changed))


@settings(max_examples=80)
@given(
    scales=st.tuples(*[st.floats(0.01, 0.1)] * 2),
    factor=st.floats(0.002, 0.03),
    acc=st.integers(-30000, 30000),
)
def test_scales_are_multiplied_in_float32(scales: tuple[float, float], factor: float, acc: int) -> None:
    made = nodes.conv_2d((1, 1, 1, 1), 1, (1, 1), per_channel=False)
    operands = [t for t in made.inputs if t is not None]
    for i, scale in enumerate(scales):
        operands[i] = replace(operands[i], quantization=replace(operands[i].params, scales=(float(np.float32(scale)),)))
    product = float(np.float32(scales[0])) * float(np.float32(scales[1]))
    bias = replace(
        operands[2],
        quantization=replace(operands[2].params, scales=(float(np.float32(product)),)),
        data=np.array([acc], np.int32),
    )
    output = made.outputs[0]
    output = replace(output, quantization=replace(output.params, scales=(float(np.float32(product / factor)),)))
    legacy = as_uint8(replace(made, inputs=(*operands[:2], bias), outputs=(output,)))
    graph = imported(legacy)
    inputs = uint8_inputs(graph, acc)
    assert np.array_equal(evaluate(graph, inputs, Rounding.DOUBLE)[0], run_litert(model_bytes(legacy), inputs))


def test_a_model_that_only_ends_in_uint8_is_left_alone() -> None:
    made = nodes.elementwise("RESHAPE", zero_points=(3, 7), dtypes=(DType.UINT8, DType.UINT8))
    model = parse_model(model_bytes(made), "plain")
    assert [op.KIND for op in import_model(model, "plain").graph.ops] == ["RESHAPE"]


@pytest.mark.parametrize(
    "made",
    [
        moves.topk_v2((2, 6), 3, DType.INT8),
        moves.mirror_pad((3, 4), ((1, 1), (2, 0)), "REFLECT"),
        moves.space_to_batch_nd((1, 3, 6, 3), (2, 2), ((0, 1), (0, 0))),
        reduce("REDUCE_MAX"),
        arg("ARG_MIN"),
        binary("MAXIMUM", DType.INT8, scalings=((0.1, 3),) * 3),
    ],
    ids=lambda made: made.kind,
)
def test_operators_between(made: Node) -> None:
    """They follow a sum of uint8, which makes the model a legacy one."""
    first, *rest = as_uint8(made).inputs
    assert first is not None
    summed = replace(first, name="summed")
    add = nodes.node("ADD", [first, first], [summed], fused_activation_function="NONE")
    model = chain_bytes(add, replace(as_uint8(made), inputs=(summed, *rest)))
    graph = import_model(parse_model(model, "legacy"), "legacy").complete
    assert not any(t.dtype is DType.UINT8 for op in graph.ops for t in op.inputs if t not in graph.inputs)
    inputs = uint8_inputs(graph, made.kind)
    expected = run_litert(model, inputs)
    found = evaluate(graph, inputs, Rounding.DOUBLE)[0]
    assert np.array_equal(found, expected.reshape(found.shape))
