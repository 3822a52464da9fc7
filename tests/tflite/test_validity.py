"""Every way in which a model contradicts itself is told in one sentence."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

import pytest
from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec, activation, conv_model, one_operator

from tinygen.errors import InvalidModelError
from tinygen.tflite import Model, parse_model


def read(spec: ModelSpec) -> Model:
    return parse_model(spec.bytes(), "model")


def tensor(index: int, **fields: object) -> Callable[[ModelSpec], None]:
    """Changes fields of a tensor."""

    def change(spec: ModelSpec) -> None:
        for name, value in fields.items():
            assert hasattr(spec.main.tensors[index], name)
            setattr(spec.main.tensors[index], name, value)

    return change


def operator(**fields: object) -> Callable[[ModelSpec], None]:
    """Changes fields of the convolution."""

    def change(spec: ModelSpec) -> None:
        for name, value in fields.items():
            assert hasattr(spec.main.operators[0], name)
            setattr(spec.main.operators[0], name, value)

    return change


def options(**fields: int) -> Callable[[ModelSpec], None]:
    """Changes options of the convolution."""

    def change(spec: ModelSpec) -> None:
        assert spec.main.operators[0].options is not None
        kind, values = spec.main.operators[0].options
        spec.main.operators[0].options = kind, {**values, **fields}

    return change


def graph(**fields: object) -> Callable[[ModelSpec], None]:
    def change(spec: ModelSpec) -> None:
        for name, value in fields.items():
            setattr(spec.main, name, value)

    return change


def whole(**fields: object) -> Callable[[ModelSpec], None]:
    def change(spec: ModelSpec) -> None:
        for name, value in fields.items():
            assert hasattr(spec, name)
            setattr(spec, name, value)

    return change


def append(*operators: OperatorSpec) -> Callable[[ModelSpec], None]:
    return lambda spec: spec.main.operators.extend(operators)


CONVOLUTION = [
    # structure
    ("the model has no subgraph", whole(subgraphs=[])),
    ("the model has no buffers", whole(buffers=False)),
    ("schema's version is 2", whole(version=2)),
    ("model has no tensors", graph(tensors=[], operators=[], inputs=[], outputs=[])),
    ("model has no outputs", graph(outputs=[])),
    ("output tensor index -1 is out of range", graph(outputs=[-1])),
    ("input tensor index 4 is out of range", graph(inputs=[4])),
    (r"reads tensor 0 \(input\), which is neither an input, a constant nor produced", graph(inputs=[])),
    ("operator 0 refers to operator code 57", operator(code=57)),
    ("builtin operator -3", operator(name=-3)),
    (r"operator 0 \(CONV_2D\): input tensor index 99 is out of range \(4 tensors\)", operator(inputs=[99, 1, 2])),
    ("input tensor index -2 is out of range", operator(inputs=[0, 1, -2])),
    ("output tensor index -1 is out of range", operator(outputs=[-1])),
    ("has 1 input; 2 to 3 are needed", operator(inputs=[0])),
    ("has 4 inputs; 2 to 3 are needed", operator(inputs=[0, 1, 2, 2])),
    ("has no outputs; 1 is needed", operator(outputs=[])),
    ("input 1 is absent", operator(inputs=[0, -1, 2])),
    ("has no options", operator(options=None)),
    ("has Pool2DOptions, not Conv2DOptions", operator(options=("Pool2DOptions", {}))),
    ("version is 0", operator(version=0)),
    ("custom operator without a name", operator(name="CUSTOM", options=None)),
    (r"writes tensor 0 \(input\), a model input", append(OperatorSpec("RELU", [3], [0]))),
    (r"writes tensor 1 \(w\), a constant", append(OperatorSpec("RELU", [3], [1]))),
    (r"writes tensor 3 \(output\), which operator 0 has written", append(OperatorSpec("RELU", [0], [3]))),
    ("refers to subgraph 5 of 1", whole(signature=(5, 0, 3))),
    ("refers to tensor 9 of 4", whole(signature=(0, 0, 9))),
    # tensors
    ("tensor 1 refers to buffer 9, but the file has 3", tensor(1, buffer=9)),
    ("negative dimension", tensor(0, shape=(1, -4, 4, 2))),
    ("negative dimension other than -1", tensor(0, signature=(-2, 4, 4, 2))),
    ("larger than 2 GiB", tensor(0, shape=(1, 2**31 - 1, 4, 2))),
    ("larger than 2 GiB", tensor(0, shape=(2**31 - 1,) * 8)),
    ("rank 9 is not supported", tensor(0, shape=(1,) * 9)),
    ("element type -1", tensor(0, dtype=-1)),
    ("53 bytes, but int8 .* needs 54", tensor(1, data=bytes(53))),
    ("99 bytes, but int8 .* needs 54", tensor(1, data=bytes(99))),
    ("54 bytes, but int4 .* needs 27", tensor(1, dtype="INT4")),
    ("scale is 0", tensor(0, scales=(0.0,))),
    ("scale is -1", tensor(0, scales=(-1.0,))),
    ("scale is inf", tensor(3, scales=(math.inf,))),
    ("scale is nan", tensor(1, scales=(0.1, math.nan, 0.1))),
    ("2 scales for 3 channels", tensor(1, scales=(0.1, 0.2))),
    ("3 scales, but 2 zero points", tensor(1, zero_points=(0, 0))),
    ("quantized_dimension is 9", tensor(1, axis=9)),
    ("quantized_dimension is -1", tensor(1, axis=-1)),
    ("zero point is 128", tensor(0, zero_points=(128,))),
    ("per channel with a zero point other than 0", tensor(1, zero_points=(0, 1, 0))),
    (r"tensor 1 \(w\) is int8 without quantization", tensor(1, scales=())),
    (r"tensor 0 \(input\) is int8 without quantization", tensor(0, scales=())),
    # the convolution's own
    ("padding is 7", options(Padding=7)),
    ("fused_activation_function is 99", options(FusedActivationFunction=99)),
    ("stride is 1x0", options(StrideW=0)),
    ("stride is -1x1", options(StrideH=-1)),
    ("dilation is -2", options(DilationWFactor=-2)),
    ("rank 4 is needed", tensor(0, shape=(4, 4, 2))),
    ("bias, tensor 2 .*, is int8", tensor(2, dtype="INT8", data=bytes(3))),
    ("4 elements for 3 output channels", tensor(2, shape=(4,), data=bytes(16), scales=(0.5,))),
    ("they don't divide", tensor(0, shape=(1, 4, 4, 3))),
    (r"has shape \[1, 4, 4, 4\]; its inputs make it \[1, 4, 4, 3\]", tensor(3, shape=(1, 4, 4, 4))),
    (r"its inputs make it \[1, 2, 4, 3\]", options(StrideH=2)),
    (r"its inputs make it \[1, 2, 2, 3\]", options(Padding=1)),
    ("its filter reaches over 5, its input has 4", options(Padding=1, DilationHFactor=2)),
    ("its filter is empty", tensor(1, shape=(3, 0, 3, 2), data=None)),
]


@pytest.mark.parametrize(("sentence", "change"), CONVOLUTION, ids=[c[0][:40] for c in CONVOLUTION])
def test_a_broken_convolution_is_rejected(sentence: str, change: Callable[[ModelSpec], None]) -> None:
    spec = conv_model()
    change(spec)
    with pytest.raises(InvalidModelError, match=sentence):
        read(spec)


FINE = [
    ("as it is", lambda spec: None),
    ("dynamic batch", tensor(0, signature=(-1, 4, 4, 2))),
    ("an absent bias", operator(inputs=[0, 1, -1])),
    ("a missing bias", operator(inputs=[0, 1])),
    ("dilation 0 of old files", options(DilationWFactor=0, DilationHFactor=0)),
    ("one dead channel", tensor(1, scales=(0.1, 0.0, 0.3))),
    ("a bias that names its weights' dimension", tensor(2, axis=3)),
    ("one scale with a dimension out of range", tensor(2, scales=(0.5,), axis=3)),
    ("one weight scale", tensor(1, scales=(0.5,))),
    ("an output twice", graph(outputs=[3, 3])),
    ("a constant output", graph(outputs=[3, 2])),
    (
        "scales of a float tensor are ignored",
        graph(outputs=[3], tensors=[*conv_model().main.tensors, TensorSpec("f", (1,), "FLOAT32", scales=(0.0,))]),
    ),
    ("grouped filters", lambda spec: (tensor(0, shape=(1, 4, 4, 6))(spec), None)[1]),
    ("an unused tensor", graph(tensors=[*conv_model().main.tensors, activation("unused", 7)])),
    ("a signature", whole(signature=(0, 0, 3))),
]


@pytest.mark.parametrize(("name", "change"), FINE, ids=[c[0] for c in FINE])
def test_an_unusual_convolution_is_accepted(name: str, change: Callable[[ModelSpec], None]) -> None:
    spec = conv_model()
    change(spec)
    assert read(spec).subgraphs[0].operators


def test_int16_takes_a_bias_of_either_width() -> None:
    for dtype, size in (("INT64", 8), ("INT32", 4)):
        spec = conv_model()
        for index in (0, 3):
            spec.main.tensors[index].dtype = "INT16"
        spec.main.tensors[2].dtype, spec.main.tensors[2].data = dtype, bytes(3 * size)
        assert read(spec)


def test_a_tensor_read_too_early_names_its_producer() -> None:
    spec = conv_model()
    spec.main.operators.insert(0, OperatorSpec("RELU", [3], [4]))
    spec.main.tensors.append(activation("late", 1, 4, 4, 3))
    with pytest.raises(
        InvalidModelError, match=r"operator 0 \(RELU\) reads tensor 3 \(output\) before operator 1 produces it"
    ):
        read(spec)


def test_an_output_that_nobody_makes_is_rejected() -> None:
    spec = conv_model()
    spec.main.tensors.append(activation("ghost", 1))
    spec.main.outputs = [3, 4]
    with pytest.raises(InvalidModelError, match=r"output tensor 4 \(ghost\) is produced by no operator"):
        read(spec)


def test_a_variable_may_be_read_before_anything() -> None:
    spec = conv_model()
    spec.main.tensors[0].variable = True
    spec.main.inputs = []
    assert read(spec)


def test_all_contradictions_are_listed_and_many_are_counted() -> None:
    spec = conv_model()
    spec.main.tensors[0].scales, spec.main.tensors[3].scales = (-1.0,), (math.inf,)
    with pytest.raises(
        InvalidModelError, match=r"(?s)tensor 0 \(input\): its scale is -1.*tensor 3 \(output\): its scale is inf"
    ):
        read(spec)
    spec.main.tensors += [activation(f"t{i}", 1, scale=-1.0) for i in range(50)]
    with pytest.raises(InvalidModelError, match="and 42 more"):
        read(spec)


def test_a_bad_tensor_is_told_once_not_by_each_operator() -> None:
    spec = conv_model()
    spec.main.tensors[0].shape = (1, -4, 4, 2)
    with pytest.raises(InvalidModelError) as caught:
        read(spec)
    assert caught.value.message.count("operator") == 0


def test_a_broken_model_is_invalid_even_with_a_custom_operator() -> None:
    spec = conv_model()
    spec.main.operators[0] = OperatorSpec("CUSTOM", [0, 1, 2], [3], custom="Fancy")
    spec.main.tensors[0].scales = (0.0,)
    with pytest.raises(InvalidModelError, match="scale is 0"):
        read(spec)


def calling(*targets: int) -> ModelSpec:
    """Subgraph i calls subgraph targets[i], or nothing if that is -1."""
    graphs = []
    for target in targets:
        operators = [OperatorSpec("CALL_ONCE", [], [], ("CallOnceOptions", {"InitSubgraphIndex": target}))]
        graphs.append(SubgraphSpec([activation("x", 1)], operators if target >= 0 else [], [0], [0]))
    return ModelSpec(graphs)


@pytest.mark.parametrize(
    ("targets", "sentence"),
    [((0,), "its own subgraph"), ((1, 0), "in a circle"), ((7,), "init_subgraph_index is 7"), ((1, 2, 1), "circle")],
)
def test_subgraphs_that_lead_back_to_themselves_are_rejected(targets: tuple[int, ...], sentence: str) -> None:
    with pytest.raises(InvalidModelError, match=sentence):
        read(calling(*targets))


def test_subgraphs_may_call_on() -> None:
    assert read(calling(1, 2, -1))


@pytest.mark.parametrize(
    ("order", "levels", "data", "sentence"),
    [
        ((0, 1), ((2, None, None),), b"abc", "incomplete"),
        ((0,), ((2, None, None),), b"abc", "incomplete"),
        ((0, 0), ((2, None, None), (0, (0, 1, 3), (2, 0, 1))), b"abc", "incomplete"),
        ((0, 1), ((2, None, None), (0, (0, 1, 3), None)), b"abc", "no segments or indices"),
        ((0, 1), ((2, None, None), (0, (0, 3), (2, 0, 1))), b"abc", "contradicts itself in dimension 1"),
        ((0, 1), ((2, None, None), (0, (0, 2, 1), (2,))), b"a", "contradicts itself"),
        ((0, 1), ((2, None, None), (0, (0, 1, 3), (2, 0, 3))), b"abc", "contradicts itself"),
        ((0, 1), ((2, None, None), (0, (0, 1, 3), (2, 0, -1))), b"abc", "contradicts itself"),
        ((0, 1), ((3, None, None), (0, (0, 1, 3, 3), (2, 0, 1))), b"abc", "gives dimension 0 3 entries"),
        ((0, 1), ((2, None, None), (0, (0, 1, 3), (2, 0, 1))), b"ab", "its 3 stored values need 3"),
    ],
)
def test_broken_sparsity_is_rejected(
    order: tuple[int, ...], levels: tuple[object, ...], data: bytes, sentence: str
) -> None:
    weights = TensorSpec("w", (2, 3), "INT8", data, (0.5,), sparsity=(order, levels))  # type: ignore[arg-type]
    model = one_operator(
        "FULLY_CONNECTED", [activation("x", 1, 3), weights], [activation("y", 1, 2)], ("FullyConnectedOptions", {})
    )
    with pytest.raises(InvalidModelError, match=sentence):
        read(model)


def test_a_constant_of_nothing_but_zeros_may_have_scale_zero() -> None:
    zeros = TensorSpec("z", (1, 2), "INT16", bytes(4), (0.0,))
    model = one_operator("MUL", [activation("x", 1, 2, dtype="INT16"), zeros], [activation("y", 1, 2, dtype="INT16")])
    assert read(model)
    zeros.data = struct.pack("<2h", 0, 1)
    with pytest.raises(InvalidModelError, match="scale is 0"):
        read(model)
