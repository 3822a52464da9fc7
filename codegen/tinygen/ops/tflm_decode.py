"""TFLM_DECODE: constants that the file holds compressed; they are decoded when the model is compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.huffman import HuffmanError, Tables, decoded
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.reshape import copy_blocks
from tinygen.ops.rule import Rule

HEADER_BYTES = 16
LUT, HUFFMAN, PRUNING = 0, 1, 2
NAMES = {LUT: "a lookup table", HUFFMAN: "Huffman codes", PRUNING: "pruning"}
DTYPES = (DType.BOOL, DType.FLOAT32, DType.INT8, DType.INT16, DType.INT32, DType.INT64)


class UndecodableError(Exception):
    """What of a tensor can't be decoded."""


def _is_known(op: TflmDecode) -> str:
    """Decoded outputs are constants already."""
    if len(op.sources) != 2 * len(op.outputs):
        return f"{len(op.sources)} inputs are for {len(op.outputs)} outputs"
    for i, output in enumerate(op.outputs):
        try:
            _decode(op.sources[2 * i], op.sources[2 * i + 1], output)
        except UndecodableError as reason:
            return str(reason)
    return ""


@dataclass(frozen=True, eq=False)
class TflmDecode(Op):
    """outputs[i] from sources[2 * i], which is encoded, and sources[2 * i + 1], which says how.

    The latter has a header of 16 bytes: the encoding, the version 1, and in byte 4 the encoding's own version 1.

    A lookup table: byte 5 has in its lowest three bits how many bits an index has, byte 6 how many values a channel's
    table has; the tables follow the header. Channels are those of the output's quantization. Pruning: one bit for each
    element, which says whether its value is the next of those that follow the header, or else the zero point. Huffman
    codes: byte 5 has in its highest four bits how many bits, less 1, choose an entry of the first table, and in its
    lowest whether entries have 32 bits, not 16. Indices, bits and codes begin with the highest bit of the first byte.
    """

    sources: tuple[Tensor, ...]
    decoded: tuple[Tensor, ...]

    KIND = "TFLM_DECODE"
    IS_CUSTOM = True
    RULES = (
        Rule(
            "each output has two inputs, constants that encode it by a lookup table, Huffman codes or pruning",
            _is_known,
        ),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        sources, decoded = tuple(node.input(i) for i in range(len(node.inputs))), list(node.outputs)
        for i, pair in enumerate(zip(sources[::2], sources[1::2], decoded, strict=False)):
            try:
                decoded[i] = replace(decoded[i], data=_decode(*pair))
            except UndecodableError:
                continue  # the rule says so
        return cls(node.index, sources, tuple(decoded))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return self.sources

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return self.decoded

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        return tuple(output.value for output in self.decoded)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        """Copies, which constant folding takes out of every graph before."""
        return tuple(
            copy_blocks(output, replace(output, data=None), 1, output.bytes, output.bytes, 0) for output in self.decoded
        )


def _decode(encoded: Tensor, ancillary: Tensor, output: Tensor) -> Array:
    """Raises UndecodableError."""
    for source in (encoded, ancillary):
        if source.data is None or source.dtype is not DType.UINT8:
            raise UndecodableError(f"{source} is no constant of uint8")
    if output.dtype not in DTYPES:
        raise UndecodableError(f"{output} is {output.dtype.label}")
    header = [int(byte) for byte in ancillary.value.reshape(-1)[:HEADER_BYTES]]
    if len(header) < HEADER_BYTES:
        raise UndecodableError(f"{ancillary} has no header")
    if header[0] not in NAMES or header[1] != 1 or header[4] != 1:
        name = NAMES.get(header[0], f"encoding {header[0]}")
        raise UndecodableError(f"{encoded} is encoded by {name}, version {header[1]}.{header[4]}")
    stored = np.ascontiguousarray(ancillary.value.reshape(-1)[HEADER_BYTES:])
    if header[0] == HUFFMAN:
        flat = _from_codes(encoded, header[5], stored, output)
        return np.ascontiguousarray(flat, output.dtype.numpy).reshape(output.shape)
    whole = len(stored) // output.dtype.size * output.dtype.size
    values = stored[:whole].view(output.dtype.numpy.newbyteorder("<"))
    bits = np.unpackbits(encoded.value.reshape(-1).astype(np.uint8))
    flat = _looked_up(bits, header, values, output) if header[0] == LUT else _filled_in(bits, values, output)
    return np.ascontiguousarray(flat, output.dtype.numpy).reshape(output.shape)


def _looked_up(bits: npt.NDArray[np.uint8], header: Sequence[int], values: Array, output: Tensor) -> Array:
    width, stride = header[5] & 7, header[6]
    if not width or len(bits) < width * output.elements:
        raise UndecodableError(f"{output} needs {output.elements} indices of {width} bits, there are {len(bits)} bits")
    digits = bits[: width * output.elements].reshape(output.elements, width).astype(np.int64)
    places = digits @ (1 << np.arange(width)[::-1]) + stride * _channels(output)
    if places.max(initial=-1) >= len(values):
        raise UndecodableError(f"value {int(places.max())} of {len(values)} is looked up for {output}")
    return values[places]


def _from_codes(encoded: Tensor, sizes: int, stored: Array, output: Tensor) -> Array:
    """The symbols in the bits of the output's type."""
    bits = 32 if sizes & 1 else 16
    if output.dtype is not DType.INT8 and (output.dtype is not DType.INT16 or bits == 16):
        raise UndecodableError(f"{output} is {output.dtype.label}, whose symbols tables of {bits} bits do not hold")
    whole = len(stored) // (bits // 8) * (bits // 8)
    entries = stored[:whole].view(f"<u{bits // 8}").tolist()
    tables = Tables(tuple(entries), bits, (sizes >> 4) + 1)
    try:
        symbols = decoded(encoded.value.reshape(-1).astype(np.uint8), tables, output.elements)
    except HuffmanError as reason:
        raise UndecodableError(f"{encoded} does not fit {output}: {reason}") from reason
    return symbols.astype(output.dtype.numpy)


def _filled_in(bits: npt.NDArray[np.uint8], values: Array, output: Tensor) -> Array:
    stored = bits[: output.elements].astype(bool)
    if len(stored) < output.elements or stored.sum() > len(values):
        raise UndecodableError(f"{output} needs more than {len(bits)} bits and {len(values)} values")
    zeros = np.array(output.quantization.zero_points if output.quantization else (0,))
    if zeros.any() and output.dtype is not DType.INT8:
        raise UndecodableError(f"{output} has the zero point {int(zeros[zeros != 0][0])}")
    filled = zeros[_channels(output)].astype(output.dtype.numpy)
    filled[stored] = values[: stored.sum()]
    return filled


def _channels(output: Tensor) -> npt.NDArray[np.int64]:
    """The channel of every element; TFLite Micro knows the first and the last dimension as that of the channels."""
    if output.quantization is None or not output.quantization.per_channel:
        return np.zeros(output.elements, np.int64)
    axis = output.quantization.axis
    if axis not in (0, len(output.shape) - 1):
        raise UndecodableError(f"{output} has its channels in dimension {axis}")
    channels: npt.NDArray[np.int64] = np.indices(output.shape)[axis].reshape(-1)
    return channels
