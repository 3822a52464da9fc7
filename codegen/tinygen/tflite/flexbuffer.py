"""A custom operator's own options: a FlexBuffer that holds a map of numbers -> names and values."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from types import MappingProxyType

from tinygen.tflite.flatbuffer import DamagedError
from tinygen.tflite.model import OptionValue

_FORMATS = {
    "int": {1: "<b", 2: "<h", 4: "<i", 8: "<q"},
    "uint": {1: "<B", 2: "<H", 4: "<I", 8: "<Q"},
    "float": {2: "<e", 4: "<f", 8: "<d"},
}
_INLINE = {1: "int", 2: "uint", 3: "float", 26: "uint"}
"""Values that stand in the map itself, by type."""
_INDIRECT = {6: "int", 7: "uint", 8: "float"}
"""Values to which the map only points."""
_BOOL = 26
_MAP = 9
_MOST_ENTRIES = 256
_LONGEST_NAME = 256


def decode_flexbuffer(data: bytes) -> Mapping[str, OptionValue]:
    """The numbers and truth values of the map in `data`, by name; entries of other types are left out.

    No bytes are a map without entries. Raises DamagedError if an offset leaves `data` or the root is no map.
    Format: https://flatbuffers.dev/internals/#flexbuffers
    """
    if not data:
        return MappingProxyType({})
    file = _File(data)
    kind, width = file.uint(len(data) - 2, 1), file.uint(len(data) - 1, 1)
    if kind >> 2 != _MAP:
        raise DamagedError("its options are no map")
    return MappingProxyType(dict(_entries(file, file.target(len(data) - 2 - width, width), 1 << (kind & 3))))


def _entries(file: _File, start: int, width: int) -> list[tuple[str, OptionValue]]:
    """The entries of the map whose values begin at `start`."""
    count = file.uint(start - width, width)
    if count > _MOST_ENTRIES:
        raise DamagedError(f"its options have {count} entries, which are more than {_MOST_ENTRIES}")
    keys, key_width = file.target(start - 3 * width, width), file.uint(start - 2 * width, width)
    entries: list[tuple[str, OptionValue]] = []
    for i in range(count):
        name = file.text(file.target(keys + i * key_width, key_width))
        packed = file.uint(start + count * width + i, 1)
        value = file.value(start + i * width, width, packed)
        entries += [] if value is None else [(name, value)]
    return entries


class _File:
    """The bytes of a FlexBuffer; whatever is read lies within them."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def number(self, at: int, width: int, kind: str) -> int | float:
        form = _FORMATS[kind].get(width)
        if form is None or not 0 <= at <= len(self.data) - width:
            raise DamagedError(f"its options refer to byte {at} of {len(self.data)}")
        value: int | float = struct.unpack_from(form, self.data, at)[0]
        return value

    def uint(self, at: int, width: int) -> int:
        return int(self.number(at, width, "uint"))

    def target(self, at: int, width: int) -> int:
        """What an offset, which counts backwards from itself, points at."""
        return at - self.uint(at, width)

    def text(self, at: int) -> str:
        end = self.data.find(b"\0", at, at + _LONGEST_NAME) if at >= 0 else -1
        if end < 0:
            raise DamagedError(f"a name of its options should be at byte {at} of {len(self.data)}")
        return self.data[at:end].decode("utf-8", "replace")

    def value(self, at: int, width: int, packed: int) -> OptionValue | None:
        """None for what is neither a number nor a truth value; packed: type and width."""
        kind = packed >> 2
        if kind in _INDIRECT:
            return self.number(self.target(at, width), 1 << (packed & 3), _INDIRECT[kind])
        if kind in _INLINE:
            number = self.number(at, width, _INLINE[kind])
            return bool(number) if kind == _BOOL else number
        return None
