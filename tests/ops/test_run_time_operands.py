"""Convolutions and FULLY_CONNECTED whose weights or bias are computed at run time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.moves import late
from ops.nodes import (
    chain_bytes,
    conv_2d,
    depthwise_conv_2d,
    fully_connected,
    model_bytes,
    node,
    op_of,
    tensor,
    values_of,
)
from ops.product_nodes import as_float, as_int16, transpose_conv
from ops.witness import agrees_with
from tinygen.ir.dtype import Array, DType
from tinygen.ir.target import TARGETS
from tinygen.ir.tensor import Quantization
from tinygen.ops.importer import import_model
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.pipeline import compile_graph
from tinygen.tflite import parse_model

CASES = {
    "conv": conv_2d((2, 5, 6, 4), 5, per_channel=False),
    "conv_gaps": conv_2d((1, 4, 5, 3), 6, kernel=(3, 1), stride=(2, 1), per_channel=False, activation="RELU"),
    "conv_groups": conv_2d((1, 5, 4, 6), 4, groups=2, dilation=(1, 2), per_channel=False),
    "conv_pointwise": conv_2d((1, 3, 4, 8), 9, kernel=(1, 1), per_channel=False, zero_points=(-128, 127)),
    "depthwise": depthwise_conv_2d((2, 5, 6, 7), per_channel=False, activation="RELU6"),
    "depthwise_multiplier": depthwise_conv_2d((1, 5, 4, 3), 2, stride=(2, 2), padding="VALID", per_channel=False),
    "depthwise_one_channel": depthwise_conv_2d((1, 6, 5, 1), 3, dilation=(2, 1), per_channel=False),
    "connected": fully_connected((3,), 9, 5),
    "connected_deep": fully_connected((1,), 68, 3, (-128, 0, 4), activation="RELU"),
    "connected_flat": fully_connected((1,), 24, 4, input_shape=(1, 2, 3, 4)),
    "transposed": transpose_conv((2, 3, 4, 3), per_channel=False),
    "transposed_valid": transpose_conv((1, 2, 3, 4), 2, kernel=(2, 3), padding="VALID", per_channel=False),
}
PER_CHANNEL = {
    "conv_scales": conv_2d((1, 4, 5, 4), 3),
    "depthwise_scales": depthwise_conv_2d(),
    "connected_scales": fully_connected((2,), 9, 5, per_channel=True),
    "transposed_scales": transpose_conv(),
}
LATE = {"weights": (1,), "bias": (2,), "both": (1, 2), "no_bias": (1,)}

ALL = [("int8", which) for which in LATE] + [(form, which) for form in ("int16", "float") for which in ("bias", "both")]


def converted(made: Node, form: str, which: str) -> Node:
    """The node in another type, with some operands that come at run time."""
    data = 2 if made.kind == "TRANSPOSE_CONV" else 0
    if which == "no_bias":
        made = replace(made, inputs=(*made.inputs[: 3 if data else 2], None))
    made = {"int8": lambda m, _: m, "int16": as_int16, "float": as_float}[form](made, data)
    return late(made, *(3 if data and i == 2 else i for i in LATE[which]))


def operands(op: Op, seed: object) -> list[Array]:
    """Values for the op's inputs; a bias of the size that the constant had."""
    values = values_of(op, seed)
    if len(values) == 3 and not op.inputs[2].is_constant and not op.inputs[2].dtype.is_float:
        values[2] = np.random.default_rng(5).integers(-20000, 20000, values[2].shape).astype(values[2].dtype)
    return values


@pytest.mark.parametrize(("form", "which"), ALL)
@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str, which: str, form: str) -> None:
    made = converted(CASES[name], form, which)
    op = op_of(made)
    assert not op.is_divisible
    benches.agree(op, operands(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize(("form", "which"), ALL)
@pytest.mark.parametrize("name", CASES)
def test_numpy_equals(witness: str, name: str, which: str, form: str) -> None:
    if witness == "litert" and name.startswith("connected") and form != "float":
        pytest.skip("LiteRT's factor has 53 bits here")
    if witness == "tflite_micro" and which == "no_bias" and name.startswith("transposed"):
        pytest.skip("TFLite Micro dereferences the bias that is not there")
    if witness == "litert" and which == "no_bias" and name.startswith("conv"):
        pytest.skip("LiteRT demands a bias")
    made = converted(CASES[name], form, which)
    agrees_with(witness, made, operands(op_of(made), name))


@pytest.mark.parametrize("form", ["int8", "int16"])
@pytest.mark.parametrize("name", PER_CHANNEL)
def test_scales_of_constant_weights(benches: Benches, name: str, form: str) -> None:
    """The bias alone comes at run time, so there may be a scale for each channel."""
    made = converted(PER_CHANNEL[name], form, "bias")
    op = op_of(made)
    values = operands(op, name)
    benches.agree(op, values)
    agrees_with("tflite_micro", made, values)


@pytest.mark.parametrize("which", LATE)
def test_zero_point_of_connected_weights(benches: Benches, which: str) -> None:
    made = converted(fully_connected((3,), 10, 5, (100, -90, 7)), "int8", which)
    op = op_of(made)
    values = operands(op, which)
    benches.agree(op, values)
    agrees_with("tflite_micro", made, values)


@pytest.mark.parametrize("make", [conv_2d, fully_connected])
def test_a_constant_bias_of_32_bits(benches: Benches, make: Callable[[], Node]) -> None:
    made = late(as_int16(make(), bias_dtype=DType.INT32), 1)
    weights = made.inputs[1]
    assert weights is not None
    one_scale = replace(weights, quantization=Quantization((2.0**-6,), (0,)))
    made = replace(made, inputs=(made.inputs[0], one_scale, made.inputs[2]))
    op = op_of(made)
    values = values_of(op, "narrow")
    benches.agree(op, values)
    agrees_with("litert", made, values)


@settings(max_examples=40)
@given(data=st.data())
def test_any_convolution(benches: Benches, data: st.DataObject) -> None:
    small = st.integers(1, 5)
    image = (1, data.draw(small), data.draw(small), data.draw(small))
    kernel, stride = (data.draw(small), data.draw(small)), (data.draw(small), data.draw(small))
    zero_points = (data.draw(st.integers(-128, 127)), data.draw(st.integers(-128, 127)))
    bias = data.draw(st.sampled_from(["small", "extreme"]))
    make = data.draw(st.sampled_from([conv_2d, depthwise_conv_2d]))
    count = data.draw(small)
    known = make(image, count, kernel, stride, zero_points=zero_points, per_channel=False, bias=bias)
    made = late(known, 1)
    op = op_of(made)
    values = values_of(op, image)
    benches.agree(op, values)
    agrees_with("tflite_micro", made, values)


@pytest.mark.parametrize("name", CASES)
def test_no_pass_takes_them_for_constants(name: str) -> None:
    """A kernel that calls another brings it along."""
    graph = import_model(parse_model(model_bytes(converted(CASES[name], "int8", "both")), name), name).complete
    for target in ("generic", "cortex-m3", "cortex-m4", "cortex-m55"):
        files = compile_graph(graph, TARGETS[target]).generated.files
        kernel = next(file for file in files if file.endswith("_run_time_s8.c"))
        assert kernel.replace("_run_time", "") in files


def test_weights_that_follow_from_constants_are_constants() -> None:
    """They are no more run-time operands once the passes have computed them."""
    known = conv_2d((1, 5, 6, 4), 5, per_channel=False)
    weights = known.inputs[1]
    assert weights is not None
    stored = replace(weights, name="stored")
    whole = tensor("shape", (4,), dtype=DType.INT32, data=np.array(weights.shape))
    shaped = node("RESHAPE", [stored, whole], [replace(weights, data=None)])
    made = replace(known, inputs=(known.inputs[0], shaped.outputs[0], known.inputs[2]))
    graph = import_model(parse_model(chain_bytes(shaped, made), "chain"), "chain").complete
    files = compile_graph(graph, TARGETS["cortex-m4"]).generated.files
    assert not [file for file in files if "run_time" in file]
