"""What a .tflite file says: tensors, operators, subgraphs and signatures, in the file's own words and order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OptionValue = int | float | bool | str | bytes | tuple[int, ...] | tuple[float, ...]


@dataclass(frozen=True)
class SparsityDimension:
    """How one level of a sparse tensor's tree is stored."""

    is_sparse: bool
    """False: all `dense_size` children are there. True: `segments` and `indices` say which."""
    dense_size: int
    """Children per node of a dense level."""
    segments: tuple[int, ...] | None
    """Per parent node, where its children begin in `indices`, and one end; None when the file has none."""
    indices: tuple[int, ...] | None
    """The coordinate of each stored child; None when the file has none."""


@dataclass(frozen=True)
class Sparsity:
    """The tree in which a sparse constant's values are stored."""

    traversal_order: tuple[int, ...]
    """The dimensions from the outermost level in: first those of the shape, then those of the blocks."""
    block_map: tuple[int, ...]
    """For each block dimension, the dimension of the shape that it cuts."""
    dimensions: tuple[SparsityDimension, ...]
    """One per entry of `traversal_order`."""


@dataclass(frozen=True)
class Blockwise:
    """Scales per block of consecutive elements, which are themselves a tensor."""

    scales: int
    """The index of the tensor that holds the scales."""
    zero_points: int
    """The index of the tensor that holds the zero points; -1 or 0: none."""
    block_size: int
    """Elements that share a scale."""


@dataclass(frozen=True)
class TensorInfo:
    """A tensor of a subgraph."""

    index: int
    """Its place in the subgraph's list."""
    name: str
    """As in the file; may be empty, repeated, or a megabyte long. Bytes that are not UTF-8 are replaced."""
    shape: tuple[int, ...]
    """Elements per dimension."""
    shape_signature: tuple[int, ...]
    """The shape with -1 where the model was exported with an open dimension; empty when the file says nothing."""
    dtype: str
    """The schema's name in lower case, such as "int8" or "float32"; "type_99" for a number that the schema lacks."""
    buffer: memoryview | None
    """A constant's raw little-endian bytes as in the file (int4: two per byte, low half first); None: no constant."""
    scales: tuple[float, ...]
    """Empty: not quantized. One: per tensor. More: per channel along `quantized_dimension`."""
    zero_points: tuple[int, ...]
    """As many as `scales`: a single or missing one in the file is repeated."""
    quantized_dimension: int
    """The channels' dimension; without meaning (and often out of range) for a single scale."""
    blockwise: Blockwise | None
    """Quantization per block, instead of `scales`; None: no such thing."""
    is_variable: bool
    """State that stays from one invocation to the next."""
    sparsity: Sparsity | None
    """How `buffer` holds a sparse constant; None: densely."""

    @property
    def is_sparse(self) -> bool:
        return self.sparsity is not None

    @property
    def is_constant(self) -> bool:
        return self.buffer is not None


@dataclass(frozen=True)
class Operator:
    """An operator of a subgraph."""

    index: int
    """Its place in the subgraph's list, which is the order of execution."""
    name: str
    """The schema's name, such as "CONV_2D" or "CUSTOM"; "BUILTIN_999" for a number that the schema lacks."""
    custom_name: str
    """What a custom operator calls itself; otherwise empty."""
    version: int
    """The operator's own version, from 1."""
    inputs: tuple[int, ...]
    """Tensor indices; -1 where an optional input is absent."""
    outputs: tuple[int, ...]
    """Tensor indices."""
    intermediates: tuple[int, ...]
    """Tensors that hold only quantization, for the gates of an LSTM."""
    options: Mapping[str, OptionValue]
    """The schema's field names and values, defaults included; enumerations by name. Empty when there are none.

    Of a custom operator that TFLite Micro has, what `custom_options` holds.
    """
    options_type: str
    """The schema's table of the options, such as "Conv2DOptions"; empty when there are none."""
    custom_options: bytes
    """A custom operator's own options, as in the file."""

    @property
    def has_options(self) -> bool:
        return self.options_type != ""


@dataclass(frozen=True)
class Subgraph:
    """Operators in order of execution over tensors."""

    index: int
    """Its place in the model's list; 0 is the one that is invoked."""
    name: str
    """As in the file; may be empty."""
    tensors: tuple[TensorInfo, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    """Tensor indices."""
    outputs: tuple[int, ...]
    """Tensor indices; a tensor may be output twice."""


@dataclass(frozen=True)
class Signature:
    """A named way to call a subgraph."""

    key: str
    """Its name, such as "serving_default"."""
    subgraph: int
    """The index of the subgraph."""
    inputs: Mapping[str, int]
    """The caller's names of the inputs, to tensor indices."""
    outputs: Mapping[str, int]
    """The caller's names of the outputs, to tensor indices."""


@dataclass(frozen=True)
class Model:
    """A whole .tflite file."""

    name: str
    """What the caller calls it, usually the file name without its ending."""
    description: str
    """What the converter wrote about itself."""
    subgraphs: tuple[Subgraph, ...]
    signatures: tuple[Signature, ...]
    crc32: int
    """Of all bytes of the file."""
    size: int
    """Bytes of the file."""
