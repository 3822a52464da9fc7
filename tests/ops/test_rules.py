"""Every rule of every op has a model that breaks exactly it, and the error says the rule's sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ops import elementwise_rules, index_rules, move_rules, nodes, product_rules, reduction_rules, signal_rules
from ops.nodes import integers, model_bytes, node, tensor
from tinygen.errors import TinygenError, UnsupportedModelError
from tinygen.ir.dtype import DType
from tinygen.ir.program import Placement
from tinygen.ir.target import TARGETS, Rounding
from tinygen.ir.tensor import Quantization, Tensor
from tinygen.ops import CUSTOM_OPERATORS, OPS
from tinygen.ops.importer import Import, import_model
from tinygen.ops.node import Node
from tinygen.tflite import check_supported_form, parse_model
from tinygen.tflite.decode import Decoder
from tinygen.tflite.report import Report

CLAMPS = "the fused activation is NONE, RELU, RELU6 or RELU_N1_TO_1"
WINDOW = "height, width, kernel, stride and dilation are at most 32767"
PROBABILITY = "output has scale 1/256 and zero point -128"
RANK = "tensors have at most 6 dimensions"
PER_TENSOR = Quantization((0.1, 0.2, 0.3), (0, 0, 0), 3)

Change = Callable[[Node], Node]


def input_(i: int, **changes: Any) -> Change:
    """Another tensor as input i."""

    def change(made: Node) -> Node:
        operand = made.inputs[i]
        assert operand is not None
        return replace(made, inputs=replaced(made.inputs, i, replace(operand, **changes)))

    return change


def output(**changes: Any) -> Change:
    return lambda made: replace(made, outputs=(replace(made.outputs[0], **changes),))


def options(**changes: Any) -> Change:
    return lambda made: replace(made, options={**made.options, **changes})


def replaced(tensors: Sequence[Tensor | None], i: int, other: Tensor) -> tuple[Tensor | None, ...]:
    return (*tensors[:i], other, *tensors[i + 1 :])


def wide(kind: str) -> Node:
    """A window over an image that is too wide."""
    if kind == "CONV_2D":
        return nodes.conv_2d((1, 1, 32768, 1), 1, (1, 1))
    if kind == "DEPTHWISE_CONV_2D":
        return nodes.depthwise_conv_2d((1, 1, 32768, 1), 1, (1, 1))
    return nodes.pool_2d(kind, (1, 1, 32768, 1), (1, 1), (1, 1))


VALID: dict[str, Node] = {
    "ADD": nodes.add(),
    "AVERAGE_POOL_2D": nodes.pool_2d("AVERAGE_POOL_2D"),
    "CONCATENATION": nodes.concatenation([(1, 2, 3), (1, 4, 3)], 1),
    "CONV_2D": nodes.conv_2d(filters=3),
    "DEPTHWISE_CONV_2D": nodes.depthwise_conv_2d((1, 6, 5, 3)),
    "DEQUANTIZE": nodes.elementwise("DEQUANTIZE", dtypes=(DType.INT8, DType.FLOAT32)),
    "FULLY_CONNECTED": nodes.fully_connected(per_channel=True),
    "LOGISTIC": nodes.elementwise("LOGISTIC", scales=(0.1, 1 / 256), zero_points=(3, -128)),
    "MAX_POOL_2D": nodes.pool_2d("MAX_POOL_2D"),
    "PAD": nodes.pad((1, 3, 4, 3), [(0, 0), (1, 2), (3, 1), (0, 0)]),
    "QUANTIZE": nodes.elementwise("QUANTIZE"),
    "RELU": nodes.elementwise("RELU"),
    "RELU6": nodes.elementwise("RELU6"),
    "RESHAPE": nodes.reshape((2, 6), (3, 4)),
}
TO_UINT8: dict[str, Any] = {"dtype": DType.UINT8}
AS_FLOAT: dict[str, Any] = {"dtype": DType.FLOAT32, "quantization": None, "data": None}
LATER: dict[str, Any] = {"data": None}
CONVOLUTION: dict[str, Change] = {
    "input is int8": input_(0, **TO_UINT8),
    "weights is int8 or int4": input_(1, dtype=DType.INT16),
    "bias is int32": input_(2, dtype=DType.INT64, data=np.zeros(3, np.int64)),
    "output is int8": output(**TO_UINT8),
    "input and output have one scale and one zero point": input_(0, quantization=PER_TENSOR),
    "the weights' zero points are 0": input_(1, quantization=Quantization((0.1, 0.2, 0.3), (0, 0, 1), 0)),
    CLAMPS: options(fused_activation_function="TANH"),
    WINDOW: lambda made: wide(made.kind),
}
POOL: dict[str, Change] = {
    "input is int8": input_(0, **TO_UINT8),
    "output is int8": output(**TO_UINT8),
    "input and output have the same scale and zero point": output(quantization=Quantization((0.05,), (4,))),
    CLAMPS: options(fused_activation_function="SIGN_BIT"),
    WINDOW: lambda made: wide(made.kind),
}
TABLE: dict[str, Change] = {
    "input is int8": input_(0, **TO_UINT8),
    "output is int8": output(**TO_UINT8),
    "input and output have one scale and one zero point": input_(0, quantization=PER_TENSOR),
}
IS_PROBABILITY: dict[str, Change] = {PROBABILITY: output(quantization=Quantization((1 / 256,), (-127,)))}
BREAKS: dict[str, dict[str, Change]] = {
    "ADD": {
        "input1 is int8": input_(0, **TO_UINT8),
        "input2 is int8": input_(1, dtype=DType.INT16),
        "output is int8": output(**TO_UINT8),
        "input1 and input2 and output have one scale and one zero point": input_(1, quantization=PER_TENSOR),
        CLAMPS: options(fused_activation_function="TANH"),
        RANK: lambda _: nodes.add((1, 1, 2, 1, 1, 1, 2), (1, 1, 2, 1, 1, 1, 2)),
    },
    "AVERAGE_POOL_2D": POOL,
    "CONV_2D": CONVOLUTION,
    "DEPTHWISE_CONV_2D": CONVOLUTION
    | {"the weights' zero points are 0": input_(1, quantization=Quantization((0.1, 0.2, 0.3), (0, 0, 1), 3))},
    "DEQUANTIZE": {
        "input is int8": input_(0, **TO_UINT8),
        "output is float32": output(dtype=DType.FLOAT16),
        "input has one scale and one zero point": input_(0, quantization=PER_TENSOR),
    },
    "FULLY_CONNECTED": {
        "input is int8": input_(0, **TO_UINT8),
        "weights is int8 or int4": input_(1, dtype=DType.INT16),
        "bias is int32": input_(2, dtype=DType.INT64, data=np.zeros(5, np.int64)),
        "output is int8": output(**TO_UINT8),
        "input and output have one scale and one zero point": input_(
            0, shape=(1, 8), quantization=Quantization((0.1,) * 8, (0,) * 8, 1)
        ),
        "all zero points of the weights are equal": input_(
            1, quantization=Quantization((0.1, 0.2, 0.3, 0.4, 0.5), (0, 0, 1, 0, 0), 0)
        ),
        "the weights' format is DEFAULT": options(weights_format="SHUFFLED4x16INT8"),
        CLAMPS: options(fused_activation_function="TANH"),
    },
    "LOGISTIC": TABLE | IS_PROBABILITY,
    "MAX_POOL_2D": POOL,
    "QUANTIZE": {
        "input is float32 or int8": input_(0, dtype=DType.INT16),
        "output is int8": output(**TO_UINT8),
        "input and output have one scale and one zero point": input_(0, quantization=PER_TENSOR),
    },
    "RELU": TABLE,
    "RELU6": TABLE,
}
VALID |= move_rules.VALID | product_rules.VALID | elementwise_rules.VALID | reduction_rules.VALID
VALID |= signal_rules.VALID | index_rules.VALID
BREAKS |= move_rules.BREAKS | product_rules.BREAKS | elementwise_rules.BREAKS | reduction_rules.BREAKS
BREAKS |= signal_rules.BREAKS | index_rules.BREAKS
CASES = [(kind, sentence) for kind, changes in BREAKS.items() for sentence in changes]


def imported(made: Node) -> Import:
    """Without the reader's check for contradictions, which refuses some of these models before a rule is asked."""
    return import_model(Decoder(model_bytes(made), Report()).model("broken", 0), "broken")


def test_every_rule_has_a_model_that_breaks_it() -> None:
    assert {(op.KIND, rule.sentence) for op in OPS for rule in op.RULES} == set(CASES)


@pytest.mark.parametrize("kind", VALID)
def test_the_unbroken_model_is_compiled(kind: str) -> None:
    assert len(imported(VALID[kind]).complete.ops) == 1


@pytest.mark.parametrize(("kind", "sentence"), CASES, ids=[f"{kind}: {sentence}" for kind, sentence in CASES])
def test_rule(kind: str, sentence: str) -> None:
    found = imported(BREAKS[kind][sentence](VALID[kind]))
    with pytest.raises(UnsupportedModelError) as raised:
        _ = found.complete
    assert f"op 0, {kind}: {sentence}, but " in raised.value.message
    assert len(found.refusals) == 1


def test_an_unknown_operator_is_named() -> None:
    with pytest.raises(UnsupportedModelError, match="op 0, HASHTABLE_LOOKUP: this operator is not supported"):
        _ = imported(nodes.elementwise("HASHTABLE_LOOKUP")).complete


# What no rule speaks of must not become a traceback


def changes_of(made: Node) -> list[tuple[str, Node]]:
    """The node with one tensor changed in a way that a file may have it."""
    result = []
    operands = [("input", i, t) for i, t in enumerate(made.inputs) if t is not None]
    operands += [("output", i, t) for i, t in enumerate(made.outputs)]
    for side, i, operand in operands:
        others = {
            "unquantized": replace(operand, quantization=None),
            "float": replace(operand, **AS_FLOAT),
            "run_time": replace(operand, data=None),
            **{d.label: replace(operand, dtype=d, data=None) for d in (DType.INT16, DType.INT32, DType.BOOL)},
        }
        for label, other in others.items():
            if side == "input":
                changed = replace(made, inputs=replaced(made.inputs, i, other))
            else:
                changed = replace(made, outputs=replaced(made.outputs, i, other))
            result.append((f"{made.kind} {side} {i} {label}", changed))
    bare = [replace(t, quantization=None) if t is not None else None for t in made.inputs]
    for activation in ("NONE", "RELU"):
        if activation == "NONE" or "fused_activation_function" in made.options:
            plain = replace(made, inputs=bare, outputs=tuple(replace(t, quantization=None) for t in made.outputs))
            result.append((f"{made.kind} {activation}, nothing quantized", options_of(plain, activation)))
    return result


def options_of(made: Node, activation: str) -> Node:
    if "fused_activation_function" not in made.options:
        return made
    return options(fused_activation_function=activation)(made)


CHANGED = dict(change for made in VALID.values() for change in changes_of(made))


@pytest.mark.parametrize("label", CHANGED)
def test_any_tensor_is_compiled_or_refused(label: str) -> None:
    """Either an error for the user, or an op that can be evaluated and lowered."""
    try:
        model = parse_model(model_bytes(CHANGED[label]), "changed")
        check_supported_form(model, CUSTOM_OPERATORS)
        graph = import_model(model, "changed").complete
    except TinygenError as error:
        assert error.message
        return
    (op,) = graph.ops
    for rounding in Rounding:
        assert op.evaluate(nodes.values_of(op), rounding)[0].shape == op.outputs[0].shape
    assert op.lower(Placement(TARGETS["generic"], {}))


def test_a_constant_of_another_type_as_shape() -> None:
    made = node("RESHAPE", [tensor("input", (2, 6), 0.1), integers("shape", [[3, 4]])], [tensor("output", (3, 4), 0.1)])
    try:
        assert imported(made).complete.ops[0].outputs[0].shape == (3, 4)
    except TinygenError as error:
        assert error.message
