"""Walks the tables of a flatbuffer with the `tflite` package's classes and makes the model's nouns of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinygen.tflite.custom import CUSTOM_OPERATORS
from tinygen.tflite.flatbuffer import Bytes, Table, checked, table
from tinygen.tflite.flexbuffer import decode_flexbuffer
from tinygen.tflite.model import (
    Blockwise,
    Model,
    Operator,
    OptionValue,
    Signature,
    Sparsity,
    SparsityDimension,
    Subgraph,
    TensorInfo,
)
from tinygen.tflite.options import NO_OPTIONS, decode_options, enum_names
from tinygen.tflite.report import Report

_SCHEMA_VERSION = 3
_BUILTIN_CODE = 10
"""Slot of OperatorCode.builtin_code."""
_BLOCKWISE = 2
"""QuantizationDetails of blockwise quantization, which the package's schema lacks."""


class Decoder:
    """Reads one file. Contradictions that leave a model to build go to `report`; others raise DamagedError."""

    def __init__(self, data: bytes, report: Report) -> None:
        self.file = Bytes(data)
        self.report = report
        self.where = "the file's head"
        """What is being read, for the error if the bytes make no sense."""
        self._opcodes: list[tuple[str, str, int]] = []
        self._buffers: list[memoryview] = []
        self._dtypes: Mapping[int, str] = {}

    def model(self, name: str, crc32: int) -> Model:
        # the package imports all its 180 modules at once, which only a command that reads a model should pay for
        from tflite.Model import Model as Root

        root = table(Root, self.file, self.file.u32(0))
        if root.Version() != _SCHEMA_VERSION:
            self.report.add(f"the schema's version is {root.Version()}; only {_SCHEMA_VERSION} is accepted")
        self._dtypes = {number: label.lower() for number, label in enum_names("TensorType").items()}
        if not root.BuffersLength():
            self.report.add("the model has no buffers")
        self._opcodes = [self._opcode(i, root.OperatorCodes(i)) for i in range(root.OperatorCodesLength())]
        self._buffers = [self._buffer(i, root.Buffers(i)) for i in range(root.BuffersLength())]
        subgraphs = tuple(self._subgraph(i, root.Subgraphs(i)) for i in range(root.SubgraphsLength()))
        self.where = "the signatures"
        return Model(
            name=name,
            description=_text(root.Description()),
            subgraphs=subgraphs,
            signatures=tuple(self._signature(root.SignatureDefs(i)) for i in range(root.SignatureDefsLength())),
            crc32=crc32,
            size=self.file.size,
        )

    def _opcode(self, index: int, code: Any) -> tuple[str, str, int]:
        self.where = f"operator code {index}"
        code = checked(code, self.file)
        # the package's BuiltinCode() answers with the deprecated code whenever the real one is below 127
        number, old = self._int32(code._tab, _BUILTIN_CODE), code.DeprecatedBuiltinCode()
        if number < 0 or old < 0:
            self.report.add(f"operator code {index} is builtin operator {min(number, old)}; numbers begin at 0")
        # files from before 2020 have only the deprecated one
        number = max(number, old)
        name = enum_names("BuiltinOperator").get(number, f"BUILTIN_{number}")
        return name, _text(code.CustomCode()), code.Version()

    def _buffer(self, index: int, buffer: Any) -> memoryview:
        self.where = f"buffer {index}"
        buffer = checked(buffer, self.file)
        start, size = buffer.Offset(), buffer.Size()
        if start <= 1:  # 0 and 1 both mean that the data lies in the flatbuffer
            return buffer.DataAsNumpy() or memoryview(b"")
        return self._external(f"buffer {index}", start, size)

    def _external(self, what: str, start: int, size: int) -> memoryview:
        """Data that lies behind the flatbuffer, at 64-bit offsets."""
        if start + size > self.file.size:
            self.report.add(
                f"{what} has {size} bytes at byte {start}, past the end of the file ({self.file.size} bytes)"
            )
            return memoryview(b"")
        return self.file.data[start : start + size]

    def _subgraph(self, index: int, graph: Any) -> Subgraph:
        place = f" of subgraph {index}" if index else ""
        self.where = f"subgraph {index}"
        graph = checked(graph, self.file)
        name, inputs, outputs = _text(graph.Name()), _ints(graph.InputsAsNumpy()), _ints(graph.OutputsAsNumpy())
        tensors = []
        for i in range(graph.TensorsLength()):
            self.where = f"tensor {i}{place}"
            tensors.append(self._tensor(i, self.where, graph.Tensors(i)))
        operators = []
        for i in range(graph.OperatorsLength()):
            self.where = f"operator {i}{place}"
            operators.append(self._operator(i, self.where, graph.Operators(i)))
        return Subgraph(index, name, tuple(tensors), tuple(operators), inputs, outputs)

    def _tensor(self, index: int, label: str, tensor: Any) -> TensorInfo:
        tensor = checked(tensor, self.file)
        shape, number = _ints(tensor.ShapeAsNumpy()), tensor.Type()
        if number < 0:
            self.report.add(f"{label} has element type {number}; numbers begin at 0")
        quantization = checked(tensor.Quantization(), self.file)
        scales: tuple[float, ...] = ()
        zero_points: tuple[int, ...] = ()
        axis = 0
        if quantization is not None:
            scales, zero_points = tuple(quantization.ScaleAsNumpy() or ()), _ints(quantization.ZeroPointAsNumpy())
            axis = quantization.QuantizedDimension()
            if len(zero_points) <= 1:
                zero_points = (zero_points or (0,)) * len(scales)
        return TensorInfo(
            index=index,
            name=_text(tensor.Name()),
            shape=shape,
            shape_signature=_ints(tensor.ShapeSignatureAsNumpy()),
            dtype=self._dtypes.get(number, f"type_{number}"),
            buffer=self._constant(label, tensor.Buffer(), shape),
            scales=scales,
            zero_points=zero_points,
            quantized_dimension=axis,
            blockwise=self._blockwise(quantization),
            is_variable=tensor.IsVariable(),
            sparsity=self._sparsity(tensor.Sparsity()),
        )

    def _constant(self, label: str, index: int, shape: tuple[int, ...]) -> memoryview | None:
        """Buffer 0 and empty buffers mean no constant, except for a constant of no elements."""
        if not self._buffers and index == 0:
            return None
        if index >= len(self._buffers):
            self.report.add(f"{label} refers to buffer {index}, but the file has {len(self._buffers)} buffers")
            return None
        data = self._buffers[index]
        return data if len(data) or (index and 0 in shape) else None

    def _blockwise(self, quantization: Any) -> Blockwise | None:
        if quantization is None or quantization.DetailsType() != _BLOCKWISE:
            return None
        details = quantization.Details()
        if details is None:
            return None
        fields = Table(self.file, details.Pos)
        return Blockwise(*(self._int32(fields, slot) for slot in (4, 6, 8)))

    def _int32(self, fields: Table, slot: int) -> int:
        offset = fields.Offset(slot)
        value = self.file.u32(fields.Pos + offset) if offset else 0
        return value - (value >> 31 << 32)

    def _sparsity(self, sparsity: Any) -> Sparsity | None:
        sparsity = checked(sparsity, self.file)
        if sparsity is None:
            return None
        dimensions = [checked(sparsity.DimMetadata(i), self.file) for i in range(sparsity.DimMetadataLength())]
        return Sparsity(
            traversal_order=_ints(sparsity.TraversalOrderAsNumpy()),
            block_map=_ints(sparsity.BlockMapAsNumpy()),
            dimensions=tuple(
                SparsityDimension(
                    is_sparse=d.Format() != 0,
                    dense_size=d.DenseSize(),
                    segments=self._index_vector(d.ArraySegmentsType(), d.ArraySegments()),
                    indices=self._index_vector(d.ArrayIndicesType(), d.ArrayIndices()),
                )
                for d in dimensions
            ),
        )

    def _index_vector(self, kind: int, union: Any) -> tuple[int, ...] | None:
        from tflite.Int32Vector import Int32Vector
        from tflite.Uint8Vector import Uint8Vector
        from tflite.Uint16Vector import Uint16Vector

        kinds = (None, Int32Vector, Uint16Vector, Uint8Vector)
        if union is None or not 0 < kind < len(kinds):
            return None
        values = _ints(table(kinds[kind], self.file, union.Pos).ValuesAsNumpy())
        self.file.charge(len(values))
        return values

    def _operator(self, index: int, label: str, operator: Any) -> Operator:
        operator = checked(operator, self.file)
        code = operator.OpcodeIndex()
        name, custom, version = "UNKNOWN", "", 1
        if code < len(self._opcodes):
            name, custom, version = self._opcodes[code]
        else:
            self.report.add(f"{label} refers to operator code {code}, but the file has {len(self._opcodes)}")
        options_type, options = self._options(operator)
        custom_options = bytes(operator.CustomOptionsAsNumpy() or b"")
        if operator.LargeCustomOptionsOffset() > 1:
            place = operator.LargeCustomOptionsOffset(), operator.LargeCustomOptionsSize()
            custom_options = bytes(self._external(f"{label}: its options", *place))
        self.file.charge(len(custom_options) // 8)
        custom = custom if name == "CUSTOM" else ""
        if custom in CUSTOM_OPERATORS:
            options = decode_flexbuffer(custom_options)
        return Operator(
            index=index,
            name=name,
            custom_name=custom,
            version=version,
            inputs=_ints(operator.InputsAsNumpy()),
            outputs=_ints(operator.OutputsAsNumpy()),
            intermediates=_ints(operator.IntermediatesAsNumpy()),
            options=options,
            options_type=options_type,
            custom_options=custom_options,
        )

    def _options(self, operator: Any) -> tuple[str, Mapping[str, OptionValue]]:
        for enum, number, union in (
            ("BuiltinOptions", operator.BuiltinOptionsType(), operator.BuiltinOptions),
            ("BuiltinOptions2", operator.BuiltinOptions2Type(), operator.BuiltinOptions2),
        ):
            kind = enum_names(enum).get(number, f"options {number}") if number else ""
            place = union() if kind else None
            if place is not None:
                known = number in enum_names(enum)
                return kind, decode_options(self.file, kind, place.Pos) if known else NO_OPTIONS
        return "", NO_OPTIONS

    def _signature(self, signature: Any) -> Signature:
        signature = checked(signature, self.file)
        return Signature(
            key=_text(signature.SignatureKey()),
            subgraph=signature.SubgraphIndex(),
            inputs=self._tensor_map([signature.Inputs(i) for i in range(signature.InputsLength())]),
            outputs=self._tensor_map([signature.Outputs(i) for i in range(signature.OutputsLength())]),
        )

    def _tensor_map(self, entries: list[Any]) -> Mapping[str, int]:
        named = [checked(entry, self.file) for entry in entries]
        return {_text(entry.Name()): entry.TensorIndex() for entry in named}


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "replace")


def _ints(values: Any) -> tuple[int, ...]:
    """A vector of the file; an absent one reads as the number 0."""
    return tuple(values) if values else ()
