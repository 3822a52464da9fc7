"""What breaks the rules of reductions, of what counts along an axis or normalizes rows, and of recurrent operators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ops.nodes import integers, softmax
from ops.recurrent_nodes import as_hybrid, both_ways, lstm, rnn, svdf
from ops.reduction_nodes import arg, cumsum, l2_normalization, log_softmax, reduce, softmax_of
from tinygen.ir.dtype import DType
from tinygen.ir.tensor import Quantization
from tinygen.ops.node import Node

Change = Callable[[Node], Node]
SAME_TYPE = "input and output have the same type"
PROBABILITY = (
    "output has scale 1/256 and zero point -128, in int16 1/32768 and 0, from int8 to int16 1/65536 and -32768"
)
ONE_SCALE = "input and output have one scale and one zero point"
LSTM_SCALES = "in integers each tensor has one scale, weights, cells and int16 tensors with zero point 0"


def change(position: int, **changes: Any) -> Change:
    """Another tensor at a position among the inputs; -1 for the output."""

    def changed(made: Node) -> Node:
        if position < 0:
            return replace(made, outputs=(replace(made.outputs[0], **changes),))
        operand = made.inputs[position]
        assert operand is not None
        inputs = [replace(operand, **changes) if i == position else t for i, t in enumerate(made.inputs)]
        return replace(made, inputs=tuple(inputs))

    return changed


def without(position: int) -> Change:
    return lambda made: replace(made, inputs=tuple(None if i == position else t for i, t in enumerate(made.inputs)))


def option(**changes: Any) -> Change:
    return lambda made: replace(made, options={**made.options, **changes})


RUNS = {
    "kept and reduced dimensions alternate at most 3 times": lambda made: reduce(
        made.kind, (2,) * 7, (0, 2, 4, 6), dtype=made.input(0).dtype
    )
}
AXES: dict[str, Change] = {
    "axes is int32": lambda made: replace(made, inputs=(made.inputs[0], integers("axes", [1, 2], DType.INT64))),
    "axes is a constant, or follows from the shapes": lambda made: change(1, data=None)(
        reduce(made.kind, (2, 4, 4), (1,), dtype=made.input(0).dtype)
    ),
    **RUNS,
}
UNSIGNED = change(0, dtype=DType.UINT8)
VALID: dict[str, Node] = {
    "SUM": reduce("SUM"),
    "MEAN": reduce("MEAN"),
    "REDUCE_MAX": reduce("REDUCE_MAX"),
    "REDUCE_MIN": reduce("REDUCE_MIN"),
    "REDUCE_PROD": reduce("REDUCE_PROD"),
    "REDUCE_ANY": reduce("REDUCE_ANY", dtype=DType.BOOL),
    "REDUCE_ALL": reduce("REDUCE_ALL", dtype=DType.BOOL),
    "ARG_MAX": arg("ARG_MAX"),
    "ARG_MIN": arg("ARG_MIN"),
    "CUMSUM": cumsum(),
    "L2_NORMALIZATION": l2_normalization(),
    "SOFTMAX": softmax((1, 2, 2, 3)),
    "LOG_SOFTMAX": log_softmax(),
    "SVDF": svdf(),
    "LSTM": lstm(dtype=DType.FLOAT32, kind="LSTM"),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": lstm(),
    "RNN": rnn("RNN"),
    "BIDIRECTIONAL_SEQUENCE_LSTM": both_ways(lstm(dtype=DType.FLOAT32), lstm(dtype=DType.FLOAT32, units=7)),
    "UNIDIRECTIONAL_SEQUENCE_RNN": rnn("UNIDIRECTIONAL_SEQUENCE_RNN"),
    "BIDIRECTIONAL_SEQUENCE_RNN": rnn("BIDIRECTIONAL_SEQUENCE_RNN", units=(4, 3)),
}


def asymmetric(kind: str) -> Change:
    return lambda _: change(0, quantization=Quantization((0.1,), (1,)))(reduce(kind, dtype=DType.INT16))


SUMS: dict[str, Change] = {
    SAME_TYPE: change(-1, dtype=DType.INT16),
    "int8 and int16 tensors have one scale and one zero point": change(0, quantization=None),
    **AXES,
}
EXTREMES: dict[str, Change] = {
    "input is int8 or int16 or int32 or float32 or bool or uint8 or int64": change(0, dtype=DType.UINT16),
    SAME_TYPE: change(-1, dtype=DType.INT16),
    "quantized input and output have the same scale and zero point": change(
        -1, quantization=Quantization((0.2,), (3,))
    ),
    **AXES,
}
TRUTHS: dict[str, Change] = {
    "input is bool": change(0, dtype=DType.INT8),
    SAME_TYPE: change(-1, dtype=DType.INT8),
    **AXES,
}
ARGS: dict[str, Change] = {
    "input is int8 or uint8 or int32 or float32": change(0, dtype=DType.INT16),
    "axis is int32 or int64": change(1, dtype=DType.INT16, data=np.array(1, np.int16)),
    "output is int32 or int64": change(-1, dtype=DType.INT16),
    "axis is a constant, or follows from the shapes": lambda made: change(1, data=None)(arg(made.kind, (4, 4), 0)),
    "the input has elements along an axis": change(0, shape=()),
}


def with_auxiliary(made: Node) -> Node:
    return replace(made, inputs=(*made.inputs[:9], made.inputs[0], *made.inputs[10:]))


GATES: dict[str, Change] = {
    "the fused activation is TANH": option(fused_activation_function="RELU"),
    "there are weights and biases for four gates, or for three without the input gate": without(6),
    "weights and biases are constants": change(2, data=None),
    "weights, biases and states have the shapes that the gates need": change(19, shape=(2, 5)),
}
LAYERS: dict[str, Change] = {
    "all tensors are float32": change(0, dtype=DType.INT8),
    "the fused activation is TANH, NONE, RELU, RELU6 or RELU_N1_TO_1": option(fused_activation_function="SIGN_BIT"),
    "weights and biases are constants": change(2, data=None),
    "input, weights, states and outputs have shapes that fit": change(4, shape=(2, 5)),
}
BREAKS: dict[str, dict[str, Change]] = {
    "RNN": LAYERS,
    "BIDIRECTIONAL_SEQUENCE_LSTM": {
        "input is float32": change(0, dtype=DType.INT8),
        "there is no auxiliary input": lambda made: replace(
            made, inputs=(*made.inputs[:39], made.inputs[0], *[None] * 8)
        ),
        "each layer is a UNIDIRECTIONAL_SEQUENCE_LSTM that is compiled": change(20, data=None),
        "the outputs hold the hidden states of both layers": change(-1, shape=(2, 3, 12)),
    },
    "UNIDIRECTIONAL_SEQUENCE_RNN": LAYERS,
    "BIDIRECTIONAL_SEQUENCE_RNN": {**LAYERS, "there is no auxiliary input": with_auxiliary},
    "SUM": {
        "input is int8 or int16 or int32 or int64 or float32": UNSIGNED,
        **SUMS,
        "int16 tensors have zero point 0": asymmetric("SUM"),
    },
    "MEAN": {
        "input is int8 or int16 or int32 or int64 or float32": UNSIGNED,
        **SUMS,
        "int16 tensors have zero point 0": asymmetric("MEAN"),
        "a mean is made of at least one element": change(0, shape=(1, 0, 5, 3), data=np.zeros((1, 0, 5, 3), np.int8)),
    },
    "REDUCE_MAX": EXTREMES,
    "REDUCE_MIN": EXTREMES,
    "REDUCE_PROD": {
        "input is int8 or int16 or int32 or int64 or float32": UNSIGNED,
        **SUMS,
        "int16 tensors have zero point 0": asymmetric("REDUCE_PROD"),
        "in int8 and int16, what a product is rescaled by is less than 128": change(
            0, quantization=Quantization((900.0,), (3,))
        ),
    },
    "REDUCE_ANY": TRUTHS,
    "REDUCE_ALL": TRUTHS,
    "ARG_MAX": ARGS,
    "ARG_MIN": ARGS,
    "CUMSUM": {
        "input is int8 or int32 or int64 or float32": UNSIGNED,
        "axis is int32": change(1, dtype=DType.INT64, data=np.array(1, np.int64)),
        "axis is a constant": change(1, data=None),
        SAME_TYPE: change(-1, dtype=DType.INT16),
        "int8 tensors have one scale and one zero point": change(0, quantization=None),
        "the input has an axis": change(0, shape=()),
        "the input's scale is less than 2**19 times the output's": change(0, quantization=Quantization((1e6,), (3,))),
    },
    "L2_NORMALIZATION": {
        "input is int8 or float32": UNSIGNED,
        SAME_TYPE: change(-1, dtype=DType.INT16),
        ONE_SCALE: change(0, quantization=None),
        "an int8 output has scale 1/128 and zero point 0": change(-1, quantization=Quantization((0.1,), (0,))),
        "a row of int8 has at most 32768 elements": lambda _: l2_normalization((1, 32769)),
        "there is no fused activation": option(fused_activation_function="RELU"),
    },
    "SOFTMAX": {
        "types are int8 to int8 or int16, int16 to int16, or float32 to float32": change(-1, dtype=DType.FLOAT32),
        ONE_SCALE: change(0, quantization=None),
        PROBABILITY: change(-1, quantization=Quantization((1 / 256,), (-127,))),
        "input is at least a vector": change(0, shape=()),
        "in int16, fewer than 65536 elements make a sum": lambda _: softmax_of((DType.INT16, DType.INT16), (1, 65536)),
    },
    "LOG_SOFTMAX": {
        "input is int8 or float32": UNSIGNED,
        SAME_TYPE: change(-1, dtype=DType.INT16),
        ONE_SCALE: change(0, quantization=None),
        "an int8 output has scale 1/16 and zero point 127": change(-1, quantization=Quantization((0.1,), (127,))),
        "input is at least a vector": change(0, shape=()),
    },
    "SVDF": {
        "input is int8 or float32": UNSIGNED,
        "the other tensors' types fit the input's and the state's": change(4, dtype=DType.INT32),
        "weights_feature is a constant": change(1, data=None),
        "weights_time is a constant": change(2, data=None),
        "bias is a constant": change(3, data=None),
        "input and weights_feature and weights_time and state and output have one scale and one zero point": change(
            0, quantization=None
        ),
        "the weights' zero points are 0": change(1, quantization=Quantization((0.1,), (1,))),
        "the rank divides the filters of matrices, and the state has memory for each of them": option(rank=3),
        "the fused activation is NONE or RELU, in float32 also RELU6 or RELU_N1_TO_1": option(
            fused_activation_function="TANH"
        ),
    },
    "LSTM": {
        "everything is float32": change(0, dtype=DType.INT8),
        "the input is a batch of vectors": change(0, shape=(2, 1, 5)),
        **GATES,
    },
    "UNIDIRECTIONAL_SEQUENCE_LSTM": {
        "input is int8 or int16 or float32": UNSIGNED,
        "the other tensors' types fit the input's": change(19, dtype=DType.INT8),
        "in integers there are four gates, without peepholes, projection and layer normalization": without(1),
        "the input is a sequence of vectors": change(0, shape=(2, 3, 5, 1)),
        **GATES,
        LSTM_SCALES: change(2, quantization=Quantization((0.1,), (1,))),
        "in integers the cell's scale is a power of 2, at most 1": change(19, quantization=Quantization((0.3,), (0,))),
    },
}

HYBRID: dict[str, Change] = {
    "activations, states and biases are float32, weights are int8": change(13, dtype=DType.INT32),
    "weights have one scale and zero point 0": change(6, quantization=Quantization((0.1,), (1,))),
    "the input is a sequence of vectors": change(0, shape=(30,)),
    **GATES,
}
FORMS: dict[str, tuple[Node, dict[str, Change]]] = {
    "UnidirectionalSequenceLstmHybrid": (as_hybrid(lstm(dtype=DType.FLOAT32)), HYBRID),
    "PlainLstmHybrid": (as_hybrid(lstm(dtype=DType.FLOAT32, kind="LSTM")), HYBRID),
}
"""Every other form that has rules of its own, and what breaks each of them."""
