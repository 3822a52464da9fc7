"""Turns a plain description of a quantized network into the bytes of a .tflite file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import flatbuffers
import numpy as np
import numpy.typing as npt
import tflite
from tflite.BuiltinOperator import BuiltinOperator
from tflite.BuiltinOptions import BuiltinOptions
from tflite.TensorType import TensorType

SCHEMA_VERSION = 3
FILE_IDENTIFIER = b"TFL3"
BUFFER_ALIGNMENT = 16  # schema: `data:[ubyte] (force_align: 16)`

TENSOR_TYPES: Mapping[str, int] = {
    "int8": TensorType.INT8,
    "int32": TensorType.INT32,
    "float32": TensorType.FLOAT32,
}

# The lowest version of each operator that takes int8.
OPERATOR_VERSIONS: Mapping[str, int] = {
    "ADD": 2,
    "AVERAGE_POOL_2D": 2,
    "CONV_2D": 3,
    "DEPTHWISE_CONV_2D": 3,
    "DEQUANTIZE": 2,
    "FULLY_CONNECTED": 4,
    "QUANTIZE": 1,
    "RESHAPE": 1,
    "SOFTMAX": 2,
}

OPTIONS_TABLES: Mapping[str, str] = {
    "ADD": "AddOptions",
    "AVERAGE_POOL_2D": "Pool2DOptions",
    "CONV_2D": "Conv2DOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    "DEQUANTIZE": "DequantizeOptions",
    "FULLY_CONNECTED": "FullyConnectedOptions",
    "QUANTIZE": "QuantizeOptions",
    "RESHAPE": "ReshapeOptions",
    "SOFTMAX": "SoftmaxOptions",
}


@dataclass(frozen=True)
class Quantization:
    """How integers stand for reals: real = scale * (integer - zero_point)."""

    scale: tuple[float, ...]  # one, or one per channel; each a value of float32
    zero_point: int = 0  # the same for every channel
    axis: int = 0  # the dimension that the channels lie along

    @property
    def scales(self) -> npt.NDArray[np.float32]:
        """The scales as the file holds them."""
        return np.asarray(self.scale, np.float32)


@dataclass(frozen=True)
class Tensor:
    """An activation, or a constant if it has data."""

    name: str  # unique in the model
    shape: tuple[int, ...]  # with the batch of 1
    dtype: str  # a key of TENSOR_TYPES
    quantization: Quantization | None = None  # None for float32 and for shapes
    data: npt.NDArray[Any] | None = None  # the values of a constant, in `shape` and `dtype`


@dataclass(frozen=True)
class Operator:
    """One operation on tensors that are named by their index."""

    kind: str  # a key of OPERATOR_VERSIONS
    inputs: tuple[int, ...]  # indices into Model.tensors
    outputs: tuple[int, ...]  # indices into Model.tensors
    options: Mapping[str, Any] = field(default_factory=dict)  # the schema's fields in CamelCase; the rest keep defaults


@dataclass(frozen=True)
class Model:
    """A whole network, operators in the order of execution."""

    description: str  # one line for people
    tensors: tuple[Tensor, ...]  # activations and constants
    operators: tuple[Operator, ...]  # each reads only tensors that exist by then
    inputs: tuple[int, ...]  # indices into tensors
    outputs: tuple[int, ...]  # indices into tensors


def write(model: Model) -> bytes:
    """The file's bytes, which depend on nothing but `model`.

    Buffer 0 is the empty one that the schema asks for; constants follow in the order of the tensors.
    """
    builder = flatbuffers.Builder(4096)
    kinds = list(dict.fromkeys(operator.kind for operator in model.operators))
    codes = [_operator_code(builder, kind) for kind in kinds]
    constants = [index for index, tensor in enumerate(model.tensors) if tensor.data is not None]
    buffer_of = {tensor: buffer for buffer, tensor in enumerate(constants, start=1)}
    buffers = [_table(builder, "Buffer", {})]
    buffers += [_buffer(builder, model.tensors[index]) for index in constants]
    subgraph = _subgraph(builder, model, kinds, buffer_of)
    root = _table(
        builder,
        "Model",
        {
            "Version": SCHEMA_VERSION,
            "OperatorCodes": _offsets(builder, codes),
            "Subgraphs": _offsets(builder, [subgraph]),
            "Description": builder.CreateString(model.description),
            "Buffers": _offsets(builder, buffers),
        },
    )
    builder.Finish(root, FILE_IDENTIFIER)
    return bytes(builder.Output())


def _table(builder: flatbuffers.Builder, name: str, fields: Mapping[str, Any]) -> int:
    """One table of the schema from its fields, which are scalars or offsets of what is already written."""
    getattr(tflite, f"{name}Start")(builder)
    for key, value in fields.items():
        getattr(tflite, f"{name}Add{key}")(builder, value)
    return int(getattr(tflite, f"{name}End")(builder))


def _offsets(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def _vector(builder: flatbuffers.Builder, values: Sequence[float], dtype: str) -> int:
    return int(builder.CreateNumpyVector(np.asarray(values, dtype)))


def _operator_code(builder: flatbuffers.Builder, kind: str) -> int:
    code = getattr(BuiltinOperator, kind)
    # Codes below 127 stand in both fields, so that readers of the older schema find them too.
    fields = {"DeprecatedBuiltinCode": code, "Version": OPERATOR_VERSIONS[kind], "BuiltinCode": code}
    return _table(builder, "OperatorCode", fields)


def _buffer(builder: flatbuffers.Builder, tensor: Tensor) -> int:
    assert tensor.data is not None
    assert tensor.data.shape == tensor.shape, tensor.name
    assert tensor.data.dtype == np.dtype(tensor.dtype), tensor.name
    data = tensor.data.astype(tensor.data.dtype.newbyteorder("<")).tobytes()
    builder.StartVector(1, len(data), BUFFER_ALIGNMENT)
    builder.head -= len(data)
    builder.Bytes[builder.head : builder.head + len(data)] = data
    return _table(builder, "Buffer", {"Data": builder.EndVector()})


def _subgraph(builder: flatbuffers.Builder, model: Model, kinds: Sequence[str], buffer_of: Mapping[int, int]) -> int:
    tensors = [_tensor(builder, tensor, buffer_of.get(index, 0)) for index, tensor in enumerate(model.tensors)]
    operators = [_operator(builder, operator, kinds.index(operator.kind)) for operator in model.operators]
    fields = {
        "Tensors": _offsets(builder, tensors),
        "Inputs": _vector(builder, model.inputs, "<i4"),
        "Outputs": _vector(builder, model.outputs, "<i4"),
        "Operators": _offsets(builder, operators),
        "Name": builder.CreateString("main"),
    }
    return _table(builder, "SubGraph", fields)


def _tensor(builder: flatbuffers.Builder, tensor: Tensor, buffer: int) -> int:
    fields = {
        "Shape": _vector(builder, tensor.shape, "<i4"),
        "Type": TENSOR_TYPES[tensor.dtype],
        "Buffer": buffer,
        "Name": builder.CreateString(tensor.name),
    }
    if tensor.quantization is not None:
        fields["Quantization"] = _quantization(builder, tensor.quantization)
    return _table(builder, "Tensor", fields)


def _quantization(builder: flatbuffers.Builder, quantization: Quantization) -> int:
    zero_points = [quantization.zero_point] * len(quantization.scale)
    fields = {
        "Scale": _vector(builder, quantization.scale, "<f4"),
        "ZeroPoint": _vector(builder, zero_points, "<i8"),
        "QuantizedDimension": quantization.axis,
    }
    return _table(builder, "QuantizationParameters", fields)


def _operator(builder: flatbuffers.Builder, operator: Operator, code: int) -> int:
    table = OPTIONS_TABLES[operator.kind]
    options = {
        key: _vector(builder, value, "<i4") if isinstance(value, tuple) else value
        for key, value in operator.options.items()
    }
    fields = {
        "OpcodeIndex": code,
        "Inputs": _vector(builder, operator.inputs, "<i4"),
        "Outputs": _vector(builder, operator.outputs, "<i4"),
        "BuiltinOptionsType": getattr(BuiltinOptions, table),
        "BuiltinOptions": _table(builder, table, options),
    }
    return _table(builder, "Operator", fields)
