"""What breaks the rules of TRANSPOSE_CONV, BATCH_MATMUL and L2_POOL_2D, and of the forms of all their kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ops import nodes
from ops.nodes import tensor
from ops.product_nodes import as_float, as_hybrid, as_int16, batch_matmul, pool, transpose_conv
from tinygen.ir.dtype import DType
from tinygen.ir.tensor import Blocks, Quantization, Tensor
from tinygen.ops.node import Node

Change = Callable[[Node], Node]
CLAMPS = "the fused activation is NONE, RELU, RELU6 or RELU_N1_TO_1"
WINDOW = "height, width, kernel, stride and dilation are at most 32767"
ONE_SCALE = "input and output have one scale and one zero point"
WEIGHT_SCALES = "weights have one scale, or one per channel, and zero point 0"
SYMMETRIC = "the zero points of input and weights and output are 0"
SMALL = "input scale * weights scale / output scale is less than 128"
DEFAULT = "the weights' format is DEFAULT"
TINY = Quantization((1e-12,), (0,))


def change(position: int, **changes: Any) -> Change:
    """Another tensor at a position among the inputs; -1 for the output."""

    def changed(made: Node) -> Node:
        if position < 0:
            return replace(made, outputs=(replace(made.outputs[0], **changes),))
        inputs = tuple(_replaced(t, changes) if i == position else t for i, t in enumerate(made.inputs))
        return replace(made, inputs=inputs)

    return changed


def _replaced(operand: Tensor | None, changes: dict[str, Any]) -> Tensor:
    assert operand is not None
    return replace(operand, **changes)


def options(**changes: Any) -> Change:
    return lambda made: replace(made, options={**made.options, **changes})


def scales(count: int, axis: int, zero_point: int = 0) -> dict[str, Quantization]:
    """Several, all different."""
    return {"quantization": Quantization(tuple(0.01 * (i + 1) for i in range(count)), (zero_point,) * count, axis)}


def zeros(dtype: DType, count: int) -> dict[str, Any]:
    return {"dtype": dtype, "data": np.zeros(count, dtype.numpy)}


def weighted(data: int, channels: int, axis: int) -> dict[str, Change]:
    """What breaks the forms with integer weights."""
    return {
        ONE_SCALE: change(data, **scales(channels, axis)),
        CLAMPS: options(fused_activation_function="TANH"),
    }


def wide_image(kind: str) -> Change:
    """A window over an image that is too wide."""
    if kind == "TRANSPOSE_CONV":
        return lambda _: transpose_conv((1, 1, 32768, 1), 1, (1, 1), (1, 1))
    if kind == "CONV_2D":
        return lambda _: nodes.conv_2d((1, 1, 32768, 1), 1, (1, 1))
    if kind == "DEPTHWISE_CONV_2D":
        return lambda _: nodes.depthwise_conv_2d((1, 1, 32768, 1), 1, (1, 1))
    return lambda _: nodes.pool_2d(kind, (1, 1, 32768, 1), (1, 1), (1, 1))


def then(first: Change, second: Change) -> Change:
    return lambda made: second(first(made))


VALID: dict[str, Node] = {
    "BATCH_MATMUL": batch_matmul(),
    "L2_POOL_2D": pool("L2_POOL_2D", DType.FLOAT32),
    "TRANSPOSE_CONV": transpose_conv((1, 4, 5, 3), 3),
}
BREAKS: dict[str, dict[str, Change]] = {
    "BATCH_MATMUL": {
        "lhs is int8": change(0, dtype=DType.INT32),
        "rhs is int8": change(1, dtype=DType.INT16),
        "output is int8": change(-1, dtype=DType.INT16),
        "lhs and output have one scale and one zero point": change(0, **scales(5, 2)),
        "rhs has a scale, of which the first is taken": change(1, quantization=None),
        "tensors have at most 5 dimensions": lambda _: batch_matmul((1, 1, 1, 1, 2, 3), (1, 1, 1, 1, 3, 2)),
    },
    "L2_POOL_2D": {
        "input is float32": change(0, dtype=DType.INT32),
        "output is float32": change(-1, dtype=DType.INT32),
        CLAMPS: options(fused_activation_function="TANH"),
        WINDOW: lambda _: pool("L2_POOL_2D", DType.FLOAT32, image=(1, 1, 32768, 1), kernel=(1, 1), stride=(1, 1)),
    },
    "TRANSPOSE_CONV": {
        **weighted(2, 3, 3),
        "input is int8": change(2, dtype=DType.INT32),
        "weights is int8": change(1, dtype=DType.INT16),
        "bias is int32": change(3, **zeros(DType.INT64, 3)),
        "output is int8": change(-1, dtype=DType.INT16),
        "the zero points of weights are 0": change(1, **scales(3, 0, 1)),
        WINDOW: wide_image("TRANSPOSE_CONV"),
    },
}

Form = tuple[Node, dict[str, Change]]
"""A node that is compiled, and what breaks each of its rules."""


def int16_form(made: Node, data: int = 0, axis: int = 3, weights_axis: int = 0) -> Form:
    weights, bias = (1, 3) if data == 2 else (1, 2)
    takes_int4 = made.kind in ("CONV_2D", "FULLY_CONNECTED")
    breaks = {
        **weighted(data, 3, axis),
        "weights is int8 or int4" if takes_int4 else "weights is int8": change(weights, dtype=DType.INT16),
        "bias is int64 or int32": change(bias, **zeros(DType.INT16, 3)),
        "output is int16": change(-1, dtype=DType.INT32),
        SYMMETRIC: change(weights, **scales(3, weights_axis, 1)),
        SMALL: change(-1, quantization=TINY),
    }
    if made.kind != "DEPTHWISE_CONV_2D":
        breaks["a bias of int32 is a constant"] = change(bias, dtype=DType.INT32, data=None)
    if takes_int4:
        breaks["weights of int4 are constants"] = change(weights, dtype=DType.INT4, data=None)
    return as_int16(made, data), breaks | last_rules(made, lambda wide: as_int16(wide, data))


def late_form(made: Node) -> Form:
    """Weights of int8 at run time."""
    breaks = {
        "weights is int8": change(1, dtype=DType.INT4),
        "bias is int32": change(2, **zeros(DType.INT64, 3)),
        "output is int8": change(-1, dtype=DType.INT16),
        ONE_SCALE: change(0, **scales(3, 1)),
        CLAMPS: options(fused_activation_function="TANH"),
    }
    if made.kind == "FULLY_CONNECTED":
        breaks["all zero points of the weights are equal"] = change(1, quantization=None)
    else:
        breaks["the weights' zero points are 0"] = change(1, quantization=Quantization((0.1,), (1,)))
    one_scale = change(1, data=None, quantization=Quantization((2.0**-6,), (0,)))
    return one_scale(made), breaks | last_rules(made, one_scale)


def last_rules(made: Node, convert: Change) -> dict[str, Change]:
    if made.kind == "FULLY_CONNECTED":
        return {DEFAULT: options(weights_format="SHUFFLED4x16INT8")}
    return {WINDOW: then(wide_image(made.kind), convert)}


def float_form(made: Node, data: int = 0) -> Form:
    bias = 3 if data == 2 else 2
    breaks = {
        "bias is float32": change(bias, **zeros(DType.INT32, 3)),
        "output is float32": change(-1, dtype=DType.INT32),
        CLAMPS: options(fused_activation_function="TANH"),
    }
    if data == 2:
        breaks["weights is float32"] = change(1, dtype=DType.INT8)
    return as_float(made, data), breaks | last_rules(made, lambda wide: as_float(wide, data))


def hybrid_form(made: Node) -> Form:
    breaks = {
        "weights is int8 or int4": change(1, dtype=DType.INT16),
        "bias is float32": change(2, **zeros(DType.INT32, 3)),
        "output is float32": change(-1, dtype=DType.INT32),
        "weights is a constant": change(1, data=None),
        "bias is a constant": change(2, data=None),
        WEIGHT_SCALES: change(1, quantization=Quantization((0.1,), (1,))),
        CLAMPS: options(fused_activation_function="TANH"),
    }
    return as_hybrid(made), breaks | last_rules(made, as_hybrid)


def blockwise_form(made: Node) -> Form:
    """A scale for each weight."""
    made, breaks = hybrid_form(made)
    breaks["weights is int4 or int8"] = breaks.pop("weights is int8 or int4")
    del breaks[WEIGHT_SCALES]
    scales_of = {size: Blocks(np.ones((3, 3 // size), np.float16), size) for size in (1, 2)}
    breaks["weights are a matrix, with a scale for each block of a row"] = change(1, blocks=scales_of[2])
    return change(1, quantization=None, blocks=scales_of[1])(made), breaks


def pool_form(kind: str, dtype: DType) -> Form:
    breaks: dict[str, Change] = {
        f"output is {dtype.label}": change(-1, dtype=DType.INT32),
        CLAMPS: options(fused_activation_function="TANH"),
        WINDOW: lambda _: pool(kind, dtype, image=(1, 1, 32768, 1), kernel=(1, 1), stride=(1, 1)),
    }
    if dtype is DType.INT16:
        breaks["input and output have the same scale and zero point"] = change(-1, quantization=TINY)
        if kind == "AVERAGE_POOL_2D":
            breaks["a window of int16 has at most 65535 taps"] = lambda _: pool(
                kind, dtype, image=(1, 256, 256, 1), kernel=(256, 256), stride=(1, 1), padding="VALID"
            )
    return pool(kind, dtype), breaks


CONV, DEPTHWISE = nodes.conv_2d((1, 6, 5, 3), 3), nodes.depthwise_conv_2d((1, 6, 5, 3))
CONNECTED, TRANSPOSED = nodes.fully_connected((1,), 3, 3), transpose_conv((1, 4, 5, 3), 3)
MATRICES, REAL = batch_matmul(dtype=DType.INT16), batch_matmul(dtype=DType.FLOAT32)
CONSTANT = tensor("rhs", (5, 4), 2.0**-6, data=np.ones((5, 4)))
MIXED = batch_matmul((2, 3, 5), (5, 4), dtype=DType.INT16)
MIXED = replace(MIXED, inputs=(MIXED.inputs[0], CONSTANT))
UNSCALED = batch_matmul((2, 3, 5), (5, 4), dtype=DType.INT16)
UNSCALED = replace(UNSCALED, inputs=(UNSCALED.inputs[0], replace(CONSTANT, **scales(4, 1))))
HYBRID = batch_matmul((2, 3, 5), (5, 4), dtype=DType.FLOAT32)
MATRIX_SYMMETRIC = "the zero points of lhs and rhs and output are 0"
MATRIX_SMALL = "lhs scale * rhs scale / output scale is less than 128"
SIX = ((1, 1, 1, 1, 2, 3), (1, 1, 1, 1, 3, 2))
FORMS: dict[str, Form] = {
    "Conv2DS16": int16_form(CONV),
    "Conv2DF32": float_form(CONV),
    "Conv2DHybrid": hybrid_form(CONV),
    "DepthwiseConv2DS16": int16_form(DEPTHWISE, weights_axis=3),
    "DepthwiseConv2DF32": float_form(DEPTHWISE),
    "DepthwiseConv2DHybrid": hybrid_form(DEPTHWISE),
    "FullyConnectedS16": int16_form(CONNECTED, axis=1),
    "FullyConnectedF32": float_form(CONNECTED),
    "FullyConnectedHybrid": hybrid_form(CONNECTED),
    "FullyConnectedBlockwise": blockwise_form(CONNECTED),
    "PlainConv2D": late_form(CONV),
    "PlainDepthwiseConv2D": late_form(DEPTHWISE),
    "PlainFullyConnected": late_form(CONNECTED),
    "TransposeConvS16": int16_form(TRANSPOSED, 2),
    "TransposeConvF32": float_form(TRANSPOSED, 2),
    "AveragePool2DS16": pool_form("AVERAGE_POOL_2D", DType.INT16),
    "AveragePool2DF32": pool_form("AVERAGE_POOL_2D", DType.FLOAT32),
    "MaxPool2DS16": pool_form("MAX_POOL_2D", DType.INT16),
    "MaxPool2DF32": pool_form("MAX_POOL_2D", DType.FLOAT32),
    "BatchMatmulS16": (
        MATRICES,
        {
            "rhs is int16": change(1, dtype=DType.INT32),
            "output is int16": change(-1, dtype=DType.INT32),
            "lhs and rhs and output have one scale and one zero point": change(0, **scales(5, 2)),
            MATRIX_SYMMETRIC: change(1, quantization=Quantization((0.01,), (1,))),
            MATRIX_SMALL: change(-1, quantization=TINY),
            "tensors have at most 5 dimensions": lambda _: batch_matmul(*SIX, dtype=DType.INT16),
        },
    ),
    "BatchMatmulS16S8": (
        MIXED,
        {
            "output is int16": change(-1, dtype=DType.INT32),
            "rhs is a constant": change(1, data=None),
            "lhs and rhs and output have one scale and one zero point": change(0, **scales(5, 2)),
            MATRIX_SYMMETRIC: change(1, quantization=Quantization((0.01,), (1,))),
            MATRIX_SMALL: change(-1, quantization=TINY),
            "rhs is one matrix, and lhs is taken as it is, if their types differ": change(
                1, shape=(1, 5, 4), data=np.ones((1, 5, 4), np.int8)
            ),
        },
    ),
    "BatchMatmulUnscaled": (UNSCALED, {"output is int16": change(-1, dtype=DType.INT32)}),
    "BatchMatmulHybrid": (
        replace(HYBRID, inputs=(HYBRID.inputs[0], CONSTANT)),
        {
            "rhs is int8": change(1, dtype=DType.INT32),
            "output is float32": change(-1, dtype=DType.INT32),
            "rhs is a constant": change(1, data=None),
            "rhs is one matrix, and lhs is taken as it is, if their types differ": options(adj_x=True),
            "rhs has one scale, or one per column, and zero point 0": change(
                1, quantization=Quantization((0.1,), (1,))
            ),
        },
    ),
    "BatchMatmulF32": (
        REAL,
        {
            "output is float32": change(-1, dtype=DType.INT32),
            "tensors have at most 5 dimensions": lambda _: batch_matmul(*SIX, dtype=DType.FLOAT32),
        },
    ),
}
FORMS["DepthwiseConv2DS16"][1]["bias is int64"] = FORMS["DepthwiseConv2DS16"][1].pop("bias is int64 or int32")
