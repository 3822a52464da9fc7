"""What is valid but can't be compiled is refused with all its reasons."""

from __future__ import annotations

import pytest
from tflite_builder import ModelSpec, OperatorSpec, TensorSpec, activation, conv_model, integers, one_operator

from tinygen.errors import UnsupportedModelError
from tinygen.tflite import check_supported_form, parse_model


def refusal(spec: ModelSpec, custom: tuple[str, ...] = ()) -> str:
    with pytest.raises(UnsupportedModelError) as caught:
        check_supported_form(parse_model(spec.bytes(), "m"), custom)
    return str(caught.value)


def custom_model(name: str) -> ModelSpec:
    return one_operator("CUSTOM", [activation("x", 1, 2)], [activation("y", 1, 2)], custom=name)


def test_a_convolution_is_accepted() -> None:
    check_supported_form(parse_model(conv_model().bytes(), "m"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MyFancyOp", "MyFancyOp is a custom operator"),
        ("FlexErf", "without SELECT_TF_OPS"),
        ("ethos-u", "Vela; give the original"),
        ("edgetpu-custom-op", "Edge TPU; give the original"),
    ],
)
def test_custom_operators_are_refused(name: str, words: str) -> None:
    assert words in refusal(custom_model(name))


def test_a_known_custom_operator_is_accepted() -> None:
    check_supported_form(parse_model(custom_model("Known").bytes(), "m"), ("Known",))
    assert "known are Known" in refusal(custom_model("Other"), ("Known",))


def test_an_unknown_builtin_is_refused() -> None:
    spec = conv_model()
    spec.main.operators[0].name = 30000
    assert "builtin operator 30000 is unknown" in refusal(spec)


def test_a_newer_version_is_refused() -> None:
    spec = conv_model()
    spec.main.operators[0].version = 99
    assert "version 99 is newer than 8" in refusal(spec)


@pytest.mark.parametrize("dtype", ["STRING", "FLOAT64", "COMPLEX64", "VARIANT", "BFLOAT16", 99])
def test_foreign_element_types_are_refused(dtype: str | int) -> None:
    spec = one_operator("RELU", [TensorSpec("x", (1, 2), dtype)], [TensorSpec("y", (1, 2), dtype)])
    assert "its element type is" in refusal(spec)


def test_an_unused_tensor_may_have_any_type() -> None:
    spec = conv_model()
    spec.main.tensors.append(TensorSpec("unused", (1,), "STRING"))
    check_supported_form(parse_model(spec.bytes(), "m"))


def test_a_per_channel_activation_is_refused() -> None:
    spec = conv_model()
    spec.main.tensors[0].scales, spec.main.tensors[0].axis = (0.5, 0.25), 3
    assert "quantized per channel (2 scales)" in refusal(spec)


def test_a_constant_input_is_refused() -> None:
    spec = conv_model()
    spec.main.inputs = [0, 1]
    assert "model input with constant data" in refusal(spec)


def test_a_shape_from_run_time_values_is_refused() -> None:
    shape = TensorSpec("s", (1,), "INT32")
    assert "follows from run-time values (tensor 1 (s))" in refusal(
        one_operator("RESHAPE", [activation("x", 2, 3), shape], [activation("y", 6)])
    )


def test_a_shape_that_follows_from_a_shape_is_accepted() -> None:
    """RESHAPE to SHAPE(x) + 0: known without running the model."""
    spec = one_operator(
        "SHAPE", [activation("x", 2, 3)], [TensorSpec("s", (2,), "INT32")], ("ShapeOptions", {"OutType": 2})
    )
    spec.main.tensors += [integers("zero", 0), TensorSpec("sum", (2,), "INT32"), activation("y", 2, 3)]
    spec.main.operators += [OperatorSpec("ADD", [1, 2], [3]), OperatorSpec("RESHAPE", [0, 3], [4])]
    spec.main.outputs = [4]
    check_supported_form(parse_model(spec.bytes(), "m"))


def test_all_reasons_are_listed() -> None:
    spec = custom_model("First")
    spec.main.tensors.append(activation("z", 1, 2))
    spec.main.operators.append(OperatorSpec("CUSTOM", [1], [2], custom="Second"))
    spec.main.outputs = [2]
    text = refusal(spec)
    assert "First" in text
    assert "Second" in text


def test_shapes_that_are_left_open_must_agree() -> None:
    """The inputs are compiled as they stand in the file, though the file says that they may differ."""
    parts = [TensorSpec(name, (rows, 3), scales=(0.5,), signature=(-1, 3)) for name, rows in (("one", 1), ("other", 2))]
    spec = one_operator(
        "CONCATENATION", parts, [TensorSpec("y", (1, 6), scales=(0.5,), signature=(-1, 6))],
        ("ConcatenationOptions", {"Axis": 1}),
    )  # fmt: skip
    assert "its inputs [1, 3] and [2, 3] differ in dimension 0; it joins dimension 1" in refusal(spec)
    assert "fixed shapes" in refusal(spec)


def test_a_tensor_that_no_chip_can_hold_is_refused() -> None:
    spec = one_operator("RELU", [activation("x", 9 << 20)], [activation("y", 9 << 20)])
    assert "9,437,184 bytes, computed at run time; up to 8,388,608 are" in refusal(spec)
