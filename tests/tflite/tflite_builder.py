"""Writes .tflite files from plain, changeable descriptions, so that a test can break any one thing."""

from __future__ import annotations

import importlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flatbuffers

Indices = Sequence[int]
_NEWER_OPTIONS = ("DilateOptions", "ReduceWindowOptions", "StablehloPadOptions")


@dataclass
class TensorSpec:
    """A tensor; `data` makes it a constant."""

    name: str | bytes
    shape: Indices
    dtype: str | int = "INT8"
    data: bytes | None = None
    scales: Sequence[float] = ()
    zero_points: Sequence[int] | None = None
    axis: int = 0
    signature: Indices = ()
    variable: bool = False
    buffer: int | None = None
    """A buffer index to write instead of the right one."""
    sparsity: tuple[Indices, Sequence[tuple[int, Indices | None, Indices | None]]] | None = None
    """(traversal order, per level (dense size, segments, indices))."""
    block_map: Indices = ()
    """Of a sparse tensor: the dimensions that are cut into blocks."""
    blockwise: tuple[int, int, int] | None = None
    """(index of the tensor of scales, of that of zero points, elements per block)."""


@dataclass
class OperatorSpec:
    """An operator; `options` is a table's name and its fields, as the schema's generated code spells them."""

    name: str | int
    inputs: Indices
    outputs: Indices
    options: tuple[str, Mapping[str, Any]] | None = None
    version: int = 1
    custom: str | bytes = ""
    custom_options: bytes = b""
    code: int | None = None
    """An operator code index to write instead of the right one."""


@dataclass
class SubgraphSpec:
    tensors: list[TensorSpec]
    operators: list[OperatorSpec]
    inputs: Indices
    outputs: Indices


@dataclass
class ModelSpec:
    subgraphs: list[SubgraphSpec]
    version: int = 3
    codes: str = "both"
    """Which of the two fields hold an operator's number: "both", "old" or "new"."""
    buffers: bool = True
    external: bool = False
    """Whether constants lie behind the flatbuffer."""
    external_place: tuple[int, int] | None = None
    """(offset, size) to write instead of the right ones."""
    signature: tuple[int, int, int] | None = None
    """(subgraph, input tensor, output tensor)."""

    @property
    def main(self) -> SubgraphSpec:
        return self.subgraphs[0]

    def bytes(self) -> bytes:
        data = _Writer(self, 0).write()
        if self.external:
            size = len(data)
            data = _Writer(self, size).write()
            assert len(data) == size
            data += b"".join(t.data or b"" for s in self.subgraphs for t in s.tensors)
        return data


def one_operator(
    name: str | int,
    inputs: Sequence[TensorSpec],
    outputs: Sequence[TensorSpec],
    options: tuple[str, Mapping[str, Any]] | None = None,
    **more: Any,
) -> ModelSpec:
    """A model of one operator; tensors without data are the model's inputs."""
    tensors = [*inputs, *outputs]
    read, made = list(range(len(inputs))), list(range(len(inputs), len(tensors)))
    operator = OperatorSpec(name, read, made, options, **more)
    return ModelSpec([SubgraphSpec(tensors, [operator], [i for i in read if inputs[i].data is None], made)])


def activation(name: str, *shape: int, scale: float = 0.5, dtype: str = "INT8") -> TensorSpec:
    return TensorSpec(name, shape, dtype, scales=(scale,))


def integers(name: str, *values: int, shape: Indices | None = None) -> TensorSpec:
    """A constant of int32."""
    return TensorSpec(
        name, (len(values),) if shape is None else shape, "INT32", struct.pack(f"<{len(values)}i", *values)
    )


def conv_model() -> ModelSpec:
    """One CONV_2D 3x3, SAME, int8, from [1, 4, 4, 2] to [1, 4, 4, 3], weights per channel."""
    w = TensorSpec("w", (3, 3, 3, 2), "INT8", bytes(range(54)), (0.1, 0.2, 0.3))
    b = TensorSpec("b", (3,), "INT32", struct.pack("<3i", 1, -2, 3), (0.05, 0.1, 0.15))
    options = {"Padding": 0, "StrideW": 1, "StrideH": 1, "DilationWFactor": 1, "DilationHFactor": 1}
    return one_operator(
        "CONV_2D",
        [activation("input", 1, 4, 4, 2), w, b],
        [activation("output", 1, 4, 4, 3)],
        ("Conv2DOptions", options),
        version=3,
    )


class _Writer:
    def __init__(self, spec: ModelSpec, external_start: int) -> None:
        self.spec = spec
        self.external_at = external_start
        self.builder = flatbuffers.Builder(1024)
        self.codes: list[tuple[int, str | bytes, int]] = []
        self.buffers: list[bytes] = [b""]

    def write(self) -> bytes:
        subgraphs = [self._subgraph(s) for s in self.spec.subgraphs]
        codes = [self._code(*code) for code in self.codes]
        buffers = [self._buffer(data) for data in self.buffers] if self.spec.buffers else []
        fields: dict[str, Any] = {"Version": self.spec.version, "Subgraphs": self._tables(subgraphs)}
        fields |= {"OperatorCodes": self._tables(codes), "Buffers": self._tables(buffers)}
        if self.spec.signature:
            fields["SignatureDefs"] = self._tables([self._signature(*self.spec.signature)])
        fields["Description"] = self.builder.CreateString("made by a test")
        self.builder.Finish(self._table("Model", fields), b"TFL3")
        return bytes(self.builder.Output())

    def _table(self, kind: str, fields: Mapping[str, Any]) -> int:
        module = importlib.import_module(f"tflite.{kind}")
        getattr(module, f"{kind}Start")(self.builder)
        for name, value in fields.items():
            if value is not None:
                getattr(module, f"{kind}Add{name}")(self.builder, value)
        end: int = getattr(module, f"{kind}End")(self.builder)
        return end

    def _tables(self, offsets: Sequence[int]) -> int:
        self.builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            self.builder.PrependUOffsetTRelative(offset)
        return int(self.builder.EndVector())

    def _vector(self, values: Sequence[float], kind: str = "Int32", size: int = 4) -> int | None:
        if not values:
            return None
        self.builder.StartVector(size, len(values), size)
        for value in reversed(values):
            getattr(self.builder, f"Prepend{kind}")(value)
        return int(self.builder.EndVector())

    def _text(self, text: str | bytes) -> int | None:
        return self.builder.CreateString(text) if text else None

    def _subgraph(self, spec: SubgraphSpec) -> int:
        tensors = self._tables([self._tensor(t) for t in spec.tensors])
        operators = self._tables([self._operator(o) for o in spec.operators])
        inputs, outputs = self._vector(spec.inputs), self._vector(spec.outputs)
        return self._table(
            "SubGraph", {"Tensors": tensors, "Inputs": inputs, "Outputs": outputs, "Operators": operators}
        )

    def _tensor(self, spec: TensorSpec) -> int:
        quantization = None
        if spec.scales:
            zeros = [0] * len(spec.scales) if spec.zero_points is None else spec.zero_points
            quantization = self._table(
                "QuantizationParameters",
                {
                    "Scale": self._vector(spec.scales, "Float32"),
                    "ZeroPoint": self._vector(zeros, "Int64", 8),
                    "QuantizedDimension": spec.axis,
                },
            )
        if spec.blockwise:
            quantization = self._table("QuantizationParameters", self._blockwise(*spec.blockwise))
        number = spec.dtype if isinstance(spec.dtype, int) else _number("TensorType", spec.dtype)
        index = 0
        if spec.data is not None:
            index = len(self.buffers)
            self.buffers.append(spec.data)
        fields = {
            "Shape": self._vector(spec.shape),
            "ShapeSignature": self._vector(spec.signature),
            "Name": self._text(spec.name),
            "Quantization": quantization,
            "Sparsity": self._sparsity(*spec.sparsity, spec.block_map) if spec.sparsity else None,
            "Type": number,
            "Buffer": index if spec.buffer is None else spec.buffer,
            "IsVariable": spec.variable,
        }
        return self._table("Tensor", fields)

    def _blockwise(self, *values: int) -> Mapping[str, Any]:
        """The fields of its quantization; the package's schema lacks the table."""
        self.builder.StartObject(len(values))
        for slot, value in enumerate(values):
            self.builder.PrependInt32Slot(slot, value, 0)
        return {"Details": self.builder.EndObject(), "DetailsType": 2}

    def _sparsity(
        self, order: Indices, levels: Sequence[tuple[int, Indices | None, Indices | None]], block_map: Indices
    ) -> int:
        tables = []
        for dense, segments, indices in levels:
            fields: dict[str, Any] = {"Format": 0 if segments is None and indices is None else 1, "DenseSize": dense}
            for what, values in (("ArraySegments", segments), ("ArrayIndices", indices)):
                if values is not None:
                    fields[what] = self._table("Int32Vector", {"Values": self._vector(values)})
                    fields[what + "Type"] = 1
            tables.append(self._table("DimensionMetadata", fields))
        return self._table(
            "SparsityParameters",
            {
                "TraversalOrder": self._vector(order),
                "BlockMap": self._vector(block_map),
                "DimMetadata": self._tables(tables),
            },
        )

    def _operator(self, spec: OperatorSpec) -> int:
        number = spec.name if isinstance(spec.name, int) else _number("BuiltinOperator", spec.name)
        code = number, spec.custom, spec.version
        if code not in self.codes:
            self.codes.append(code)
        fields: dict[str, Any] = {"OpcodeIndex": self.codes.index(code) if spec.code is None else spec.code}
        if spec.options:
            kind, values = spec.options
            ready = {k: self._numbers(v, kind) if isinstance(v, tuple) else v for k, v in values.items()}
            union = "BuiltinOptions2" if kind in _NEWER_OPTIONS else "BuiltinOptions"
            fields[union] = self._table(kind, ready)
            fields[f"{union}Type"] = _number(union, kind)
        if spec.custom_options:
            fields["CustomOptions"] = self.builder.CreateByteVector(spec.custom_options)
        fields |= {"Inputs": self._vector(spec.inputs), "Outputs": self._vector(spec.outputs)}
        return self._table("Operator", fields)

    def _numbers(self, values: Sequence[float], kind: str) -> int | None:
        if kind.startswith("Stablehlo"):
            return self._vector(values, "Int64", 8)
        return self._vector(values, "Float32" if any(isinstance(value, float) for value in values) else "Int32")

    def _code(self, number: int, custom: str | bytes, version: int) -> int:
        fields: dict[str, Any] = {"CustomCode": self._text(custom), "Version": version}
        if self.spec.codes != "old":
            fields["BuiltinCode"] = number
        if self.spec.codes != "new":
            fields["DeprecatedBuiltinCode"] = max(-128, min(number, 127))
        return self._table("OperatorCode", fields)

    def _buffer(self, data: bytes) -> int:
        if not data:
            return self._table("Buffer", {})
        if self.spec.external:
            # the first pass only measures, with offsets as wide as the second's
            place = self.spec.external_place or (max(self.external_at, 2), len(data))
            self.external_at += len(data)
            return self._table("Buffer", {"Offset": place[0], "Size": place[1]})
        self.builder.StartVector(1, len(data), 16)
        self.builder.head -= len(data)
        self.builder.Bytes[self.builder.head : self.builder.head + len(data)] = data
        return self._table("Buffer", {"Data": self.builder.EndVector()})

    def _signature(self, subgraph: int, read: int, made: int) -> int:
        maps = []
        for name, index in (("x", read), ("y", made)):
            maps.append(self._tables([self._table("TensorMap", {"Name": self._text(name), "TensorIndex": index})]))
        fields = {"Inputs": maps[0], "Outputs": maps[1], "SignatureKey": self._text("serve"), "SubgraphIndex": subgraph}
        return self._table("SignatureDef", fields)


def _number(enum: str, name: str) -> int:
    value: int = getattr(getattr(importlib.import_module(f"tflite.{enum}"), enum), name)
    return value
