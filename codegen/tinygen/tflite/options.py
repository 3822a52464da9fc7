"""An operator's options table as a mapping from the schema's field names to values, with enumerations by name."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from tinygen.tflite.flatbuffer import Bytes, table
from tinygen.tflite.model import OptionValue

_ENUMS = {
    "padding": "Padding",
    "fused_activation_function": "ActivationFunctionType",
    "weights_format": "FullyConnectedOptionsWeightsFormat",
    "kernel_type": "LSTMKernelType",
    "combiner": "CombinerType",
    "mode": "MirrorPadMode",
    "quantized_bias_type": "TensorType",
    "in_data_type": "TensorType",
    "out_data_type": "TensorType",
    "output_type": "TensorType",
    "out_type": "TensorType",
    "idx_out_type": "TensorType",
    "key_dtype": "TensorType",
    "value_dtype": "TensorType",
}
"""Fields whose number is one of the schema's enumerations. (A vector named padding, in StableHLO, stays a vector.)"""

NO_OPTIONS: Mapping[str, OptionValue] = MappingProxyType({})


@cache
def enum_names(enum: str) -> Mapping[int, str]:
    """Number to name of an enumeration of the schema."""
    numbers = vars(getattr(importlib.import_module(f"tflite.{enum}"), enum))
    return {number: name for name, number in numbers.items() if isinstance(number, int)}


def decode_options(file: Bytes, kind: str, position: int) -> Mapping[str, OptionValue]:
    """The fields of the options table `kind` at `position`; an enumeration's unknown number stays a number."""
    cls, fields = _fields(kind)
    options = table(cls, file, position)
    return MappingProxyType({name: read(options) for name, read in fields})


def unknown_enumerations(options: Mapping[str, OptionValue]) -> list[tuple[str, int]]:
    """(field, number) of the enumeration fields whose number has no name."""
    return [(name, value) for name, value in options.items() if isinstance(value, int) and name in _ENUMS]


@cache
def _fields(kind: str) -> tuple[Any, tuple[tuple[str, Callable[[Any], OptionValue]], ...]]:
    """The generated class, and for each of its fields the name and how to read it."""
    cls = getattr(importlib.import_module(f"tflite.{kind}"), kind)
    methods = [
        m for m in vars(cls) if m[0].isupper() and m != "Init" and not re.match(r"GetRootAs|\w+BufferHasIdentifier", m)
    ]
    vectors = {m.removesuffix("IsNone") for m in methods if m.endswith("IsNone")}
    derived = {v + suffix for v in vectors for suffix in ("AsNumpy", "Length", "IsNone")}
    return cls, tuple((_snake(m), _reader(m, m in vectors)) for m in methods if m not in derived)


def _vector(options: Any, method: str) -> OptionValue:
    values = getattr(options, method + "AsNumpy")() or ()
    if isinstance(values, memoryview):
        options._tab.file.charge(len(values))
        return bytes(values)
    result: tuple[int, ...] = values
    return result


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _reader(method: str, is_vector: bool) -> Callable[[Any], OptionValue]:
    if is_vector:
        return lambda options: _vector(options, method)
    enum = _ENUMS.get(_snake(method))
    names: Mapping[int, str] = enum_names(enum) if enum else {}

    def read(options: Any) -> OptionValue:
        value = getattr(options, method)()
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        if value is None:
            return ""
        result: OptionValue = names.get(value, value)
        return result

    return read
