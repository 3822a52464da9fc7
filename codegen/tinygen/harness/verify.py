"""Compares what a device computes with what the reference computed, byte for byte, and finds where they part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tinygen.errors import LinkError
from tinygen.harness.device import Reply

Array = NDArray[Any]
Layer = tuple[str, Array]  # such as "op 7, CONV_2D 'conv2d_3'", and its tensor as [rows, ...]


class Runner(Protocol):
    """What verification needs of a Device."""

    def reset(self) -> None:
        """Puts the model in its first state."""

    def invoke(self, inputs: Sequence[bytes]) -> Reply:
        """Runs the model once."""

    def trace(self, probe: int) -> Mapping[int, bytes]:
        """The rows of a probe in the last invoke."""


@dataclass(frozen=True)
class Mismatch:
    """An output of one vector that is not what the reference says."""

    vector: int  # its index
    output: int  # its index
    index: int  # of the first element that differs, in the flat output
    expected: str  # that element in the reference
    got: str  # that element on the device
    count: int  # elements that differ


@dataclass(frozen=True)
class FirstDifference:
    """The first place, in the order of computation, where the device computed something else."""

    probe: int  # its number
    layer: str  # such as "op 7, CONV_2D 'conv2d_3'"
    row: int  # of the layer's tensor
    position: tuple[int, ...]  # within the row: (column, channel) if it has two axes; () if rows differ in size
    expected: str  # the element there in the reference
    got: str  # the element there on the device

    def __str__(self) -> str:
        names = {0: (), 1: ("element",), 2: ("column", "channel")}.get(len(self.position))
        named = zip(names or [f"axis {axis}" for axis in range(len(self.position))], self.position, strict=True)
        place = ", ".join([f"row {self.row}", *(f"{name} {number}" for name, number in named)])
        return f"first difference at {self.layer}, {place}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True)
class Verification:
    """What came out of running all vectors."""

    vectors: int  # how many were run
    mismatches: tuple[Mismatch, ...]  # at most one per vector and output
    cycles: tuple[int, ...]  # of each vector
    first_difference: FirstDifference | None  # of the first vector that failed
    note: str  # why a failed vector has no first difference, or empty

    @property
    def passed(self) -> bool:
        """Whether every byte of every output was right."""
        return self.vectors > 0 and not self.mismatches


def verify(
    device: Runner,
    inputs: Sequence[Sequence[bytes]],
    expected: Sequence[Sequence[Array]],
    layers: Callable[[int], Sequence[Layer]] | None = None,
    sequence: bool = False,
) -> Verification:
    """Runs all vectors on a greeted device.

    inputs: per vector, the bytes of each input. expected: per vector, the array of each output.
    layers: gives what every probe should compute for a vector, in the order of the probes and in the device's layout.
    sequence: the vectors follow each other from one reset; otherwise the model is reset before each.
    Raises LinkError if the device is lost, or has outputs of another size.
    """
    assert len(inputs) == len(expected)
    mismatches: list[Mismatch] = []
    cycles: list[int] = []
    first: FirstDifference | None = None
    note = ""
    for vector, (given, wanted) in enumerate(zip(inputs, expected, strict=True)):
        if vector == 0 or not sequence:
            device.reset()
        reply = device.invoke(given)
        found = compare(vector, wanted, reply.outputs)
        if found and not mismatches and layers is not None:
            first, note = _locate(device, layers(vector))
        mismatches += found
        cycles.append(reply.cycles)
    return Verification(len(cycles), tuple(mismatches), tuple(cycles), first, note)


def compare(vector: int, expected: Sequence[Array], got: Sequence[bytes]) -> list[Mismatch]:
    """The outputs that differ in any byte. Raises LinkError if their number or sizes differ."""
    sizes = [array.nbytes for array in expected]
    if sizes != [len(data) for data in got]:
        raise LinkError(f"The device has outputs of {[len(data) for data in got]} bytes, the reference of {sizes}.")
    found = []
    for output, (array, data) in enumerate(zip(expected, got, strict=True)):
        differing = _differing(array, data)
        if differing.size:
            index = int(differing[0])
            values = np.frombuffer(data, array.dtype)
            wanted = str(array.reshape(-1)[index])
            found.append(Mismatch(vector, output, index, wanted, str(values[index]), int(differing.size)))
    return found


def _differing(expected: Array, got: bytes) -> NDArray[np.intp]:
    """Flat indices of the elements of which any byte differs: NaN equals itself, -0.0 does not equal 0.0."""
    ours = np.frombuffer(np.ascontiguousarray(expected).tobytes(), np.uint8)
    theirs = np.frombuffer(got, np.uint8)
    return np.flatnonzero((ours != theirs).reshape(-1, expected.dtype.itemsize).any(axis=1))


def _locate(device: Runner, layers: Sequence[Layer]) -> tuple[FirstDifference | None, str]:
    """The first difference in the last invoke, or None and why."""
    try:
        for probe, (layer, tensor) in enumerate(layers):
            difference = _first_in(probe, layer, tensor, device.trace(probe))
            if difference is not None:
                return difference, ""
    except LinkError as error:
        return None, f"The layers could not be compared: {error}"
    return None, "No layer differs from the reference, only the outputs do."


def _first_in(probe: int, layer: str, tensor: Array, rows: Mapping[int, bytes]) -> FirstDifference | None:
    """The first difference within the rows that the device computed."""
    for row, data in sorted(rows.items()):
        if row >= len(tensor):
            return FirstDifference(probe, layer, row, (), f"{len(tensor)} rows", "one more")
        wanted = tensor[row]
        if wanted.nbytes != len(data):
            return FirstDifference(probe, layer, row, (), f"{wanted.nbytes} bytes", f"{len(data)} bytes")
        differing = _differing(wanted, data)
        if differing.size:
            index = int(differing[0])
            position = tuple(int(axis) for axis in np.unravel_index(index, wanted.shape))
            got = str(np.frombuffer(data, tensor.dtype)[index])
            return FirstDifference(probe, layer, row, position, str(wanted.reshape(-1)[index]), got)
    return None
