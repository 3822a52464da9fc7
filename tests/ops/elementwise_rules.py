"""A model for every rule of the element-wise operators, which breaks exactly it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ops.elementwise_nodes import (
    BOOL,
    COMPARISONS,
    FLOAT16,
    FLOAT32,
    INT8,
    INT16,
    INT32,
    UINT8,
    binary,
    scaled,
    unary,
)
from ops.nodes import node
from tinygen.ir.dtype import DType
from tinygen.ir.tensor import Quantization
from tinygen.ops import OP_BY_KIND
from tinygen.ops.node import Node

Change = Callable[[Node], Node]
PER_TENSOR = Quantization((0.1, 0.2, 0.3), (0, 0, 0), 3)
SAME = "inputs and output have the same element type"
SCALED = "int8, uint8 and int16 tensors have one scale and one zero point"
CENTRED = "the zero points of int16 tensors are 0"
CLAMPS = "the fused activation is NONE, RELU, RELU6 or RELU_N1_TO_1"
RANK = "tensors have at most 6 dimensions"
DEEP = ((1, 1, 2, 1, 1, 1, 2), (1, 1, 2, 1, 1, 1, 2))
HUGE_INPUT = "the scale of an int16 input is below 8/3"


def input_(i: int, **changes: Any) -> Change:
    def change(made: Node) -> Node:
        inputs = list(made.inputs)
        operand = inputs[i]
        assert operand is not None
        inputs[i] = replace(operand, **changes)
        return replace(made, inputs=tuple(inputs))

    return change


def output(**changes: Any) -> Change:
    return lambda made: replace(made, outputs=(replace(made.outputs[0], **changes),))


def instead(other: Node) -> Change:
    return lambda _: other


def type_rule(kind: str) -> str:
    """The sentence of the rule about the first operand's type, which is the first rule."""
    return OP_BY_KIND[kind].RULES[0].sentence


UNARY_INT8 = (
    "ABS", "ELU", "EXP", "GELU", "HARD_SWISH", "LEAKY_RELU", "LOG", "LOGISTIC", "RELU", "RELU6", "RELU_0_TO_1",
    "RELU_N1_TO_1", "RSQRT", "SQRT", "TANH",
)  # fmt: skip
UNARY_FLOAT = ("CEIL", "COS", "FLOOR", "NEG", "ROUND", "SIGN", "SIN", "SQUARE")
ARITHMETIC = ("ADD", "DIV", "MUL", "SQUARED_DIFFERENCE", "SUB")
PLAIN = ("ATAN2", "FLOOR_DIV", "FLOOR_MOD", "POW")
STABLEHLO = ("STABLEHLO_ADD", "STABLEHLO_MULTIPLY")
BITS = ("BITWISE_XOR", "RIGHT_SHIFT")
FLOAT: dict[str, Any] = {"dtype": FLOAT32, "quantization": None}

VALID: dict[str, Node] = {
    **{kind: unary(kind, INT8) for kind in UNARY_INT8},
    **{kind: unary(kind, FLOAT32) for kind in UNARY_FLOAT},
    "LOGICAL_NOT": unary("LOGICAL_NOT", BOOL),
    "QUANTIZE": unary("QUANTIZE", INT8, output_dtype=INT8),
    "DEQUANTIZE": unary("DEQUANTIZE", INT8, output_dtype=FLOAT32),
    **{kind: binary(kind, INT8) for kind in (*ARITHMETIC, "MAXIMUM", "MINIMUM", "PRELU", *COMPARISONS)},
    **{kind: binary(kind, FLOAT32) for kind in PLAIN},
    **{kind: binary(kind, INT32) for kind in (*BITS, *STABLEHLO, "STABLEHLO_MAXIMUM", "STABLEHLO_MINIMUM")},
    **{kind: binary(kind, BOOL) for kind in ("LOGICAL_AND", "LOGICAL_OR")},
    "ADD_N": node(
        "ADD_N",
        [scaled(f"part{i}", (2, 3), FLOAT32) for i in range(3)],
        [scaled("output", (2, 3), FLOAT32)],
    ),
}


def with_zero_point(kind: str) -> Node:
    """With int16 tensors, one of them off centre."""
    if kind in ARITHMETIC:
        return binary(kind, INT16, scalings=((0.001, 3), None, None))
    return unary(kind, INT16, scalings=((0.001, 3), None))


def breaks_of_unary(kind: str) -> dict[str, Change]:
    changes: dict[str, Change] = {
        type_rule(kind): input_(0, dtype=UINT8),
        SAME: output(dtype=INT16, quantization=Quantization((1.0,), (0,))),
        SCALED: input_(0, quantization=PER_TENSOR),
        CENTRED: instead(with_zero_point(kind)),
    }
    return changes


def breaks_of_binary(kind: str) -> dict[str, Change]:
    return {
        type_rule(kind): input_(0, dtype=UINT8),
        SAME: input_(1, dtype=INT16),
        SCALED: input_(1, quantization=PER_TENSOR),
        CENTRED: instead(with_zero_point(kind)) if kind in ARITHMETIC else lambda made: made,
        "int32 and int64 tensors have no scale": instead(binary(kind, INT32, scalings=((0.1, 0), None, None))),
        CLAMPS: lambda made: replace(made, options={"fused_activation_function": "TANH"}),
        RANK: instead(binary(kind, VALID[kind].inputs[0].dtype, DEEP)),  # type: ignore[union-attr]
    }


def breaks_of_sigmoid(kind: str, output_rule: str) -> dict[str, Change]:
    return {
        f"int8 output has {output_rule}, int16 output has scale 1/32768": output(
            quantization=Quantization((1 / 256,), (-127,))
        ),
        HUGE_INPUT: instead(unary(kind, INT16, scalings=((3.0, 0), None))),
    }


def of_rules(kind: str, changes: dict[str, Change]) -> dict[str, Change]:
    """Those that the operator has a rule for."""
    sentences = {rule.sentence for rule in OP_BY_KIND[kind].RULES}
    return {sentence: change for sentence, change in changes.items() if sentence in sentences}


COMPARED: dict[str, Change] = {
    "output is bool": output(dtype=INT8),
    "input1 and input2 have the same element type": input_(1, dtype=INT16),
    "inputs that are rescaled have one scale and one zero point": input_(1, quantization=PER_TENSOR),
}
ALPHA = "the output has the input's element type, and alpha has it too or is int8"
COPIED = "all tensors of integers have the same scale and zero point, because values are copied"


BREAKS: dict[str, dict[str, Change]] = {
    **{kind: of_rules(kind, breaks_of_unary(kind)) for kind in (*UNARY_INT8, *UNARY_FLOAT, "LOGICAL_NOT")},
    **{
        kind: of_rules(kind, breaks_of_binary(kind))
        for kind in (
            *ARITHMETIC,
            *PLAIN,
            *BITS,
            *STABLEHLO,
            "STABLEHLO_MAXIMUM",
            "STABLEHLO_MINIMUM",
            "LOGICAL_AND",
            "LOGICAL_OR",
            "MAXIMUM",
            "MINIMUM",
            "PRELU",
        )
    },
    **{kind: of_rules(kind, {**breaks_of_binary(kind), **COMPARED}) for kind in COMPARISONS},
    "ADD_N": {
        "output is int32 or float32": output(dtype=INT8),
        SAME: input_(1, dtype=INT32),
        "there are at least two inputs": lambda made: replace(made, inputs=made.inputs[:1]),
        RANK: instead(
            node("ADD_N", [scaled(name, DEEP[0], FLOAT32) for name in "ab"], [scaled("c", DEEP[0], FLOAT32)])
        ),
    },
    "QUANTIZE": {
        type_rule("QUANTIZE"): input_(0, dtype=DType.INT64),
        "output is int8 or uint8 or int16 or int32": output(dtype=DType.INT64),
        "input and output have one scale and one zero point": input_(0, quantization=PER_TENSOR),
        "float32 is quantized to int8, uint8 or int16": lambda made: output(dtype=INT32)(input_(0, **FLOAT)(made)),
    },
    "DEQUANTIZE": {
        type_rule("DEQUANTIZE"): input_(0, dtype=INT32),
        "output is float32": output(dtype=FLOAT16),
        SCALED: input_(0, quantization=PER_TENSOR),
    },
}
BREAKS["ABS"]["int8 tensors have one scale and one zero point, int16 tensors have one scale or none"] = input_(
    0, quantization=PER_TENSOR
)
for kind in BITS:
    BREAKS[kind][type_rule(kind)] = input_(0, **FLOAT)
BREAKS["HARD_SWISH"]["the output's scale is not below 1/128 of the input's"] = output(
    quantization=Quantization((1e-5,), (0,))
)
BREAKS["LOGISTIC"] |= breaks_of_sigmoid("LOGISTIC", "scale 1/256 and zero point -128")
BREAKS["TANH"] |= breaks_of_sigmoid("TANH", "scale 1/128 and zero point 0")
BREAKS["PRELU"][ALPHA] = input_(1, dtype=INT16)
for extremum in ("MAXIMUM", "MINIMUM", "STABLEHLO_MAXIMUM", "STABLEHLO_MINIMUM"):
    BREAKS[extremum][type_rule(extremum)] = input_(0, dtype=DType.UINT16)
    BREAKS[extremum][COPIED] = input_(1, quantization=Quantization((0.2,), (3,)))

CONSTANT_INPUT = unary("DEQUANTIZE", INT8, output_dtype=FLOAT32)
CONSTANT_INPUT = input_(0, data=np.ones((1, 4, 5, 3), np.int8))(CONSTANT_INPUT)
FORMS: dict[str, tuple[Node, dict[str, Change]]] = {
    "DequantizeConstant": (
        CONSTANT_INPUT,
        {"output is float32": output(dtype=FLOAT16), "the input has a scale": input_(0, quantization=None)},
    ),
}
