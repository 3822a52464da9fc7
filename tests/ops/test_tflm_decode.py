"""TFLM_DECODE: what is decoded against TFLite Micro, and what is done with it in a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec

from kernels.bench import same
from ops.nodes import chance, op_of
from ops.signal_nodes import Shape, huffman, interpreted, lookup_table, pruned
from tinygen.ir.dtype import Array, DType
from tinygen.ir.target import Rounding
from tinygen.ops import CUSTOM_OPERATORS, OP_BY_KIND
from tinygen.ops.importer import import_model
from tinygen.ops.node import Node
from tinygen.passes import run_passes
from tinygen.reference import evaluate
from tinygen.tflite import check_supported_form, parse_model


def decoded_by_micro(made: Node) -> Array:
    """TFLite Micro wants an input, so a RELU stands beside it."""
    tensors = [spec_of(t) for t in (*made.inputs, *made.outputs) if t is not None]
    tensors += [TensorSpec(name, (1, 4), "FLOAT32") for name in ("x", "y")]
    operators = [OperatorSpec("CUSTOM", [0, 1], [2], custom="TFLM_DECODE"), OperatorSpec("RELU", [3], [4])]
    data = ModelSpec([SubgraphSpec(tensors, operators, [3], [2, 4])]).bytes()
    return interpreted(data, [[np.zeros((1, 4), np.float32)]], 1)[0][0]


def spec_of(operand: Any) -> TensorSpec:
    data = None if operand.data is None else operand.data.tobytes()
    scales, zeros, axis = (), None, 0
    if operand.quantization is not None:
        scales, zeros, axis = operand.quantization.scales, operand.quantization.zero_points, operand.quantization.axis
    return TensorSpec(operand.name, operand.shape, operand.dtype.name, data, scales, zeros, axis)


SHAPES: list[tuple[Shape, Sequence[float], int]] = [
    ((3, 8), (), 0),
    ((3, 8), (0.1,), 0),
    ((3, 8), (0.1, 0.2, 0.3), 0),
    ((3, 2, 4), (0.1, 0.2, 0.3, 0.4), 2),
    ((5, 37), (0.1, 0.2, 0.3, 0.4, 0.5), 0),
    ((1,), (), 0),
]


@pytest.mark.parametrize("dtype", [DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32])
@pytest.mark.parametrize(("shape", "scales", "axis"), SHAPES)
@pytest.mark.parametrize("bits", [1, 2, 3, 4, 5, 7])
def test_a_lookup_table(shape: Shape, scales: Sequence[float], axis: int, dtype: DType, bits: int) -> None:
    made = lookup_table(shape, bits, scales, axis, dtype)
    expected = decoded_by_micro(made)
    (found,) = op_of(made).evaluate([], Rounding.DOUBLE)
    same(found, expected.reshape(found.shape), f"{dtype.label}, {bits} bits")


@pytest.mark.parametrize("dtype", [DType.INT8, DType.INT16, DType.INT32, DType.INT64, DType.FLOAT32])
@pytest.mark.parametrize(("shape", "scales", "axis"), SHAPES)
def test_pruning(shape: Shape, scales: Sequence[float], axis: int, dtype: DType) -> None:
    made = pruned(shape, scales, axis, dtype)
    expected = decoded_by_micro(made)
    (found,) = op_of(made).evaluate([], Rounding.DOUBLE)
    same(found, expected.reshape(found.shape), dtype.label)


@pytest.mark.parametrize("symbols", [1, 2, 5, 16, 60])
@pytest.mark.parametrize(("dtype", "bits"), [(DType.INT8, 16), (DType.INT8, 32), (DType.INT16, 32)])
@pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
def test_huffman_codes(symbols: int, dtype: DType, bits: int, width: int) -> None:
    made = huffman((7, 31), symbols, dtype, bits, width)
    expected = decoded_by_micro(made)
    (found,) = op_of(made).evaluate([], Rounding.DOUBLE)
    same(found, expected.reshape(found.shape), f"{dtype.label}, {bits} bits")
    assert len(np.unique(found)) == symbols


def with_byte(made: Node, at: int, value: int) -> Node:
    """Another byte in the header."""
    data = made.input(1).value.copy()
    data[at] = value
    return replace(made, inputs=(made.input(0), replace(made.input(1), data=data)))


def cut(made: Node, i: int, size: int) -> Node:
    """Input i up to a size."""
    source = made.input(i)
    shorter = replace(source, data=source.value[:size], shape=(size,))
    return replace(made, inputs=tuple(shorter if k == i else made.input(k) for k in range(2)))


REFUSED: dict[str, tuple[Node, str]] = {
    "huffman_version": (with_byte(huffman(), 4, 2), "is encoded by Huffman codes, version 1.2"),
    "huffman_type": (huffman(dtype=DType.INT32, bits=32), "whose symbols tables of 32 bits do not hold"),
    "huffman_short": (huffman(dtype=DType.INT16, bits=16), "whose symbols tables of 16 bits do not hold"),
    "huffman_codes": (cut(huffman(), 0, 4), "the codes end before"),
    "huffman_tables": (cut(huffman(), 1, 20), "of 2 is looked up"),
    "custom": (with_byte(lookup_table(), 0, 200), "is encoded by encoding 200, version 1.1"),
    "version": (with_byte(lookup_table(), 1, 2), "is encoded by a lookup table, version 2.1"),
    "own_version": (with_byte(pruned(), 4, 3), "is encoded by pruning, version 1.3"),
    "no_bits": (with_byte(lookup_table(), 5, 0), "needs 24 indices of 0 bits, there are 72 bits"),
    "few_indices": (cut(lookup_table(), 0, 8), "needs 24 indices of 3 bits, there are 64 bits"),
    "short_table": (cut(lookup_table(), 1, 20), "of 4 is looked up for"),
    "no_header": (cut(lookup_table(), 1, 15), "has no header"),
    "few_bits": (cut(pruned(), 0, 2), "needs more than 16 bits and"),
    "few_values": (cut(pruned(), 1, 18), "needs more than 24 bits and 2 values"),
    "middle_axis": (lookup_table((2, 3, 4), 3, (0.1, 0.2, 0.3), 1), "has its channels in dimension 1"),
    "uint8": (lookup_table(dtype=DType.UINT8), "is uint8"),
    "run_time": (
        replace(lookup_table(), inputs=(replace(lookup_table().input(0), data=None), lookup_table().input(1))),
        "is no constant of uint8",
    ),
    "odd": (replace(lookup_table(), inputs=lookup_table().inputs[:1] * 3), "3 inputs are for 1 outputs"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_decoded_is_told(name: str) -> None:
    made, words = REFUSED[name]
    op = OP_BY_KIND["TFLM_DECODE"].read(made)
    (reason,) = (rule.broken_by(op) for rule in op.RULES)
    assert words in reason


def test_weights_are_decoded_when_the_model_is_compiled() -> None:
    """A FULLY_CONNECTED, whose weights must be constants."""
    made = lookup_table((4, 8), 3, (0.01, 0.02, 0.03, 0.04), 0)
    encoded, ancillary, weights = (spec_of(t) for t in (*made.inputs, *made.outputs) if t is not None)
    weights.zero_points = None
    tensors = [
        TensorSpec("input", (1, 8), "INT8", scales=(0.1,)),
        *(encoded, ancillary, weights),
        TensorSpec("output", (1, 4), "INT8", scales=(0.5,)),
    ]
    operators = [
        OperatorSpec("CUSTOM", [1, 2], [3], custom="TFLM_DECODE"),
        OperatorSpec("FULLY_CONNECTED", [0, 3], [4], ("FullyConnectedOptions", {}), 4),
    ]
    data = ModelSpec([SubgraphSpec(tensors, operators, [0], [4])]).bytes()
    model = parse_model(data, "m")
    check_supported_form(model, CUSTOM_OPERATORS)
    graph = import_model(model, "m").complete
    image = chance("decoded").integers(-128, 128, (1, 8)).astype(np.int8)
    passed = run_passes(graph, Rounding.DOUBLE)
    assert [op.KIND for op in passed.ops] == ["FULLY_CONNECTED"]
    for each in (graph, passed):
        assert np.array_equal(evaluate(each, [image], Rounding.DOUBLE)[0], interpreted(data, [[image]], 1)[0][0])
