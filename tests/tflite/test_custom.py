"""TFLite Micro's own custom operators: their options are read, and whatever is wrong with them is told."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from typing import Any

import pytest
from tflite_builder import ModelSpec, TensorSpec, one_operator

from tinygen.errors import InvalidModelError
from tinygen.tflite import parse_model
from tinygen.tflite.flatbuffer import DamagedError
from tinygen.tflite.flexbuffer import decode_flexbuffer


def flexbuffer(value: object) -> bytes:
    writer: Any = importlib.import_module("flatbuffers.flexbuffers").Builder()
    writer.Add(value)
    return bytes(writer.Finish())


VALUES: dict[str, Any] = {
    "zero": 0,
    "least": -(1 << 63),
    "most": (1 << 63) - 1,
    "small": -3,
    "half": 0.5,
    "third": 1 / 3,
    "yes": True,
    "no": False,
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value(name: str) -> None:
    assert decode_flexbuffer(flexbuffer({"name": VALUES[name]})) == {"name": VALUES[name]}


def test_values_of_all_widths_and_types() -> None:
    others = {"text": "words", "list": [1, 2, 3], "map": {"inside": 1}, "nothing": None}
    found = decode_flexbuffer(flexbuffer({**VALUES, **others}))
    assert found == VALUES
    assert {type(found[name]) for name in ("yes", "no")} == {bool}


def test_values_elsewhere() -> None:
    """A map may point at its values."""
    writer: Any = importlib.import_module("flatbuffers.flexbuffers").Builder()
    with writer.Map():
        writer.Key("far")
        writer.IndirectInt(-70000)
        writer.Key("real")
        writer.IndirectFloat(2.5)
        writer.Key("unsigned")
        writer.IndirectUInt(1 << 40)
    assert decode_flexbuffer(bytes(writer.Finish())) == {"far": -70000, "real": 2.5, "unsigned": 1 << 40}


def test_no_bytes_are_no_options() -> None:
    assert decode_flexbuffer(b"") == {}


@pytest.mark.parametrize("value", [7, "words", [1, 2], None])
def test_what_is_no_map(value: object) -> None:
    with pytest.raises(DamagedError, match="no map"):
        decode_flexbuffer(flexbuffer(value))


def test_any_damage_is_noticed_or_harmless() -> None:
    whole = flexbuffer(VALUES)
    damaged = [whole[:end] for end in range(1, len(whole))]
    damaged += [whole[:at] + bytes([value]) + whole[at + 1 :] for at in range(len(whole)) for value in (0, 1, 127, 255)]
    noticed = 0
    for data in damaged:
        try:
            decode_flexbuffer(data)
        except DamagedError as error:
            noticed += 1
            assert str(error).startswith(("its options", "a name of its options"))
    assert noticed > len(whole)


def window(options: bytes, inputs: int = 2, name: str = "SignalWindow") -> ModelSpec:
    operands = [TensorSpec(f"x{i}", (1, 4), "INT16") for i in range(inputs)]
    outputs = [TensorSpec("y", (1, 4), "INT16")]
    return one_operator("CUSTOM", operands, outputs, custom=name, custom_options=options)


def test_options_are_read_by_name() -> None:
    model = parse_model(window(flexbuffer({"shift": 12})).bytes(), "m")
    assert model.subgraphs[0].operators[0].options == {"shift": 12}


def test_options_of_others_are_not_read() -> None:
    model = parse_model(window(b"\xff\xff\xff", name="Other").bytes(), "m")
    assert model.subgraphs[0].operators[0].options == {}
    assert model.subgraphs[0].operators[0].custom_options == b"\xff\xff\xff"


BROKEN: dict[str, tuple[ModelSpec, str]] = {
    "damaged": (window(b"\x05\x24\x01"), "while reading operator 0, its options refer to byte"),
    "no map": (window(flexbuffer(3)), "while reading operator 0, its options are no map"),
    "missing": (window(flexbuffer({"Shift": 3})), "operator 0 (CUSTOM SignalWindow): its option shift is missing"),
    "empty": (window(b""), "its option shift is missing"),
    "real": (window(flexbuffer({"shift": 2.5})), "its option shift is 2.5, which is no whole number of 32 bits"),
    "wide": (window(flexbuffer({"shift": 1 << 31})), "its option shift is 2147483648, which is no whole number"),
    "operands": (window(flexbuffer({"shift": 3}), 1), "it has 1 input; 2 are needed"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_operator_is_invalid(name: str) -> None:
    spec, words = BROKEN[name]
    with pytest.raises(InvalidModelError, match=re.escape(words)):
        parse_model(spec.bytes(), "m")


def detection(**changes: object) -> bytes:
    numbers: Mapping[str, object] = {
        "max_classes_per_detection": 1,
        "max_detections": 5,
        "num_classes": 3,
        "h_scale": 5.0,
        "w_scale": 5,
        "x_scale": 10.0,
        "y_scale": 10.0,
        "nms_iou_threshold": 0.5,
        "nms_score_threshold": 0.25,
    }
    return flexbuffer({**numbers, **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"use_regular_nms": True, "detections_per_class": 9}, ""),
        ({"detections_per_class": 0.5}, "its option detections_per_class is 0.5, which is no whole number of 32 bits"),
        ({"y_scale": float("inf")}, "its option y_scale is inf, which is no number of 32 bits"),
        ({"y_scale": float("nan")}, "its option y_scale is nan, which is no number of 32 bits"),
        ({"y_scale": None}, "its option y_scale is missing"),
    ],
)
def test_options_that_are_numbers_or_may_be_absent(changes: Mapping[str, object], words: str) -> None:
    tensors = [TensorSpec(f"t{i}", (1, 4), "FLOAT32") for i in range(7)]
    options = detection(**changes)
    spec = one_operator(
        "CUSTOM", tensors[:3], tensors[3:], custom="TFLite_Detection_PostProcess", custom_options=options
    )
    if not words:
        assert parse_model(spec.bytes(), "m").subgraphs[0].operators[0].options["w_scale"] == 5
        return
    with pytest.raises(InvalidModelError, match=re.escape(words)):
        parse_model(spec.bytes(), "m")
