"""Shapes that the file leaves open become what an interpreter would make of the inputs."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec, conv_model, integers

from tinygen.errors import InvalidModelError
from tinygen.ir.target import Rounding
from tinygen.ops.importer import import_model
from tinygen.reference import evaluate
from tinygen.tflite import check_supported_form, parse_model

Step = tuple[str, Sequence[int], TensorSpec, tuple[str, Mapping[str, Any]] | None]
"""An operator: its name, inputs, output and options."""


def opened(name: str, *shape: int, fixed: int = 1) -> TensorSpec:
    """A tensor of floats as a converter writes it: 1 for sizes that it doesn't know, the first `fixed` ones here."""
    signature = (*(-1,) * fixed, *shape[fixed:])
    return TensorSpec(name, tuple(1 if size < 0 else size for size in signature), "FLOAT32", signature=signature)


def whole(name: str, *shape: int) -> TensorSpec:
    return TensorSpec(name, shape, "INT32")


def floats(name: str, *shape: int) -> TensorSpec:
    count = int(np.prod(shape))
    return TensorSpec(name, shape, "FLOAT32", struct.pack(f"<{count}f", *range(count)))


def chain(constants: Sequence[TensorSpec], steps: Sequence[Step], shape: Sequence[int]) -> ModelSpec:
    """Tensor 0 is the input, of open batch; constants follow from 1 on, then the outputs of the steps in order."""
    tensors = [TensorSpec("x", shape, "FLOAT32", signature=(-1, *shape[1:])), *constants]
    operators = []
    for name, inputs, output, options in steps:
        operators.append(OperatorSpec(name, inputs, [len(tensors)], options))
        tensors.append(output)
    return ModelSpec([SubgraphSpec(tensors, operators, [0], [len(tensors) - 1])])


def dilated() -> ModelSpec:
    """A convolution with dilation 2 as converters write it where the batch is open: each phase is an image."""
    options = {"Padding": 1, "StrideW": 1, "StrideH": 1, "DilationWFactor": 1, "DilationHFactor": 1}
    constants = [integers("block", 2), integers("nothing", 0, 0, shape=(1, 2)), floats("weights", 2, 1, 3, 3)]
    constants += [integers("axis", 1), integers("shape", -1, 2, 2)]
    return chain(
        constants,
        [
            ("SPACE_TO_BATCH_ND", [0, 1, 2], opened("phases", 2, 4, 3), None),
            ("EXPAND_DIMS", [6, 4], opened("images", 2, 1, 4, 3), None),
            ("CONV_2D", [7, 3], opened("convolved", 2, 1, 2, 2), ("Conv2DOptions", options)),
            ("RESHAPE", [8, 5], opened("rows", 2, 2, 2), None),
            ("BATCH_TO_SPACE_ND", [9, 1, 2], opened("y", 1, 4, 2), None),
        ],
        (1, 8, 3),
    )


def dense_of_rows() -> ModelSpec:
    """A fully-connected layer over an open batch of rows: its input's shape is computed from SHAPE."""
    options = {"KeepNumDims": False}
    constants = [integers("rows", 0, 1), integers("zero", 0), integers("units", 5), integers("last", 2)]
    constants += [floats("weights", 5, 3)]
    return chain(
        constants,
        [
            ("SHAPE", [0], whole("shape", 3), ("ShapeOptions", {"OutType": 2})),  # 6
            ("GATHER", [6, 1], whole("first", 2), ("GatherOptions", {})),
            ("REDUCE_PROD", [7, 2], whole("count"), ("ReducerOptions", {})),
            ("CONCATENATION", [7, 3], whole("made", 3), ("ConcatenationOptions", {})),
            ("GATHER", [6, 4], whole("depths", 1), ("GatherOptions", {})),  # 10
            ("REDUCE_PROD", [10, 2], whole("depth"), ("ReducerOptions", {})),
            ("PACK", [8, 11], whole("matrix", 2), ("PackOptions", {"ValuesCount": 2})),
            ("RESHAPE", [0, 12], opened("flat", 4, 3, fixed=2), None),  # 13
            ("FULLY_CONNECTED", [13, 5], opened("product", 4, 5), ("FullyConnectedOptions", options)),
            ("RESHAPE", [14, 9], opened("y", 1, 4, 5), None),
        ],
        (1, 4, 3),
    )


def test_phases_of_a_dilated_convolution() -> None:
    model = parse_model(dilated().bytes(), "m")
    check_supported_form(model)
    made = [model.subgraphs[0].tensors[i].shape for i in range(6, 11)]
    assert made == [(2, 4, 3), (2, 1, 4, 3), (2, 1, 2, 2), (2, 2, 2), (1, 4, 2)]
    x = np.arange(24, dtype=np.float32).reshape(1, 8, 3)
    weights = np.arange(18, dtype=np.float32).reshape(2, 3, 3)
    (found,) = evaluate(import_model(model, "m").complete, [x], Rounding.DOUBLE)
    for at in range(4):
        taps = x[0, [at, at + 2, at + 4]]
        assert np.array_equal(found[0, at], np.einsum("kc,fkc->f", taps, weights))


def test_a_shape_that_is_computed_from_a_shape() -> None:
    model = parse_model(dense_of_rows().bytes(), "m")
    check_supported_form(model)
    graph = import_model(model, "m").complete
    shapes = {op.outputs[0].name: op.outputs[0].shape for op in graph.ops}
    assert (shapes["flat"], shapes["product"], shapes["y"]) == ((4, 3), (4, 5), (1, 4, 5))
    x = np.arange(12, dtype=np.float32).reshape(1, 4, 3)
    (found,) = evaluate(graph, [x], Rounding.DOUBLE)
    assert np.array_equal(found, x @ np.arange(15, dtype=np.float32).reshape(5, 3).T)


@pytest.mark.parametrize(
    ("shape", "signature"), [((9, 4, 4, 3), (-1, 4, 4, 3)), ((), ())], ids=["a batch", "the number of dimensions"]
)
def test_what_the_file_leaves_open_follows_from_the_input(shape: Sequence[int], signature: Sequence[int]) -> None:
    spec = conv_model()
    spec.main.tensors[0].signature = (-1, 4, 4, 2)
    spec.main.tensors[3].shape, spec.main.tensors[3].signature = shape, signature
    assert parse_model(spec.bytes(), "m").subgraphs[0].tensors[3].shape == (1, 4, 4, 3)


def test_what_the_file_says_stays() -> None:
    model = parse_model(conv_model().bytes(), "m")
    assert model.subgraphs[0].tensors[3].shape == (1, 4, 4, 3)


def test_a_slice_of_a_fixed_length_at_any_place() -> None:
    tensors = [TensorSpec("x", (9,), "FLOAT32"), whole("begin", 1), integers("length", 5), integers("stride", 2)]
    slicing = OperatorSpec("STRIDED_SLICE", [0, 1, 2, 3], [4], ("StridedSliceOptions", {"Offset": True}), version=8)
    spec = ModelSpec([SubgraphSpec([*tensors, opened("y", 3)], [slicing], [0, 1], [4])])
    graph = import_model(parse_model(spec.bytes(), "m"), "m").complete
    (found,) = evaluate(graph, [np.arange(9, dtype=np.float32), np.array([3], np.int32)], Rounding.DOUBLE)
    assert found.tolist() == [3, 5, 7]


def test_tensors_that_a_tool_put_between() -> None:
    """It says of none that a size is open, though those on either side have open ones."""
    spec = dilated()
    for tensor in spec.main.tensors[6:10]:
        tensor.signature = ()
    assert parse_model(spec.bytes(), "m").subgraphs[0].tensors[9].shape == (2, 2, 2)


def test_a_contradiction_stays_one_where_nothing_is_open() -> None:
    spec = conv_model()
    spec.main.tensors[3].shape = (1, 4, 4, 1)
    with pytest.raises(InvalidModelError, match="its inputs make it"):
        parse_model(spec.bytes(), "m")
