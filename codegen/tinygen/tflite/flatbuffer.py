"""A flatbuffer's tables, read strictly within the file, for the generated classes of the `tflite` package."""

# ruff: noqa: N802  (the generated classes call these methods by these names)

from __future__ import annotations

import struct
from typing import Any

_U16 = struct.Struct("<H")
_I32 = struct.Struct("<i")
_U32 = struct.Struct("<I")


class DamagedError(Exception):
    """An offset or a length of the flatbuffer does not fit the file."""


class Bytes:
    """The bytes of a file, what is known of its vtables, and how much more may be decoded.

    Tables and vectors may share bytes, so a small file can describe an endless amount of data. Decoding is therefore
    charged against an allowance that grows with the file's size; constants are not decoded and cost nothing.
    """

    MOST_DECODED = 32 << 20
    """8 million numbers or 300,000 tables: some 300 MB as Python objects, and some seconds."""
    PER_TABLE = 100
    """What a table costs besides its bytes; no table of a real file takes less than a fifth of that in the file."""

    def __init__(self, data: bytes) -> None:
        self.data = memoryview(data)
        self.size = len(data)
        self.vtables: dict[int, tuple[tuple[int, ...], int]] = {}
        self._allowance = min(8 * self.size + (1 << 20), self.MOST_DECODED)

    def charge(self, count: int) -> None:
        self._allowance -= count
        if self._allowance < 0:
            raise DamagedError("its tables refer to the same bytes over and over, far beyond its size")

    def u32(self, at: int) -> int:
        if not 0 <= at <= self.size - 4:
            raise DamagedError(f"an offset points to byte {at} of {self.size}")
        value: int = _U32.unpack_from(self.data, at)[0]
        return value

    def vtable(self, at: int) -> tuple[tuple[int, ...], int]:
        """The offset of each field in its table (0: absent), and the table's size; remembered in `vtables`."""
        if not 0 <= at <= self.size - 4:
            raise DamagedError(f"a table's description should be at byte {at} of {self.size}")
        size, table_size = _U16.unpack_from(self.data, at)[0], _U16.unpack_from(self.data, at + 2)[0]
        if size < 4 or size % 2 or at + size > self.size or table_size < 4:
            raise DamagedError(f"the description of a table at byte {at} makes no sense")
        fields = struct.unpack_from(f"<{(size - 4) // 2}H", self.data, at + 4)
        if any(field and not 4 <= field < table_size for field in fields):
            raise DamagedError(f"the description of a table at byte {at} has a field outside of the table")
        self.charge(size)
        self.vtables[at] = fields, table_size
        return fields, table_size


class Table:
    """A table at a position; stands in for flatbuffers.table.Table, which checks nothing and wraps negative offsets."""

    __slots__ = ("Bytes", "Pos", "fields", "file")

    def __init__(self, file: Bytes, position: int) -> None:
        if not 0 <= position <= file.size - 4:
            raise DamagedError(f"a table should be at byte {position} of {file.size}")
        self.file = file
        self.Bytes = file.data
        self.Pos = position
        described = position - _I32.unpack_from(file.data, position)[0]
        self.fields, size = file.vtables.get(described) or file.vtable(described)
        if position + size > file.size:
            raise DamagedError(
                f"a table at byte {position} of {file.size} ends {position + size - file.size} bytes past the end"
            )
        file.charge(size + file.PER_TABLE)

    def Offset(self, slot: int) -> int:
        index = (slot >> 1) - 2
        return self.fields[index] if index < len(self.fields) else 0

    def Indirect(self, at: int) -> int:
        position = at + self.file.u32(at)
        if position > self.file.size - 4:
            raise DamagedError(f"a table should be at byte {position} of {self.file.size}")
        return position

    def Union(self, other: Any, field: int) -> None:
        at = self.Pos + field
        other.Bytes, other.Pos = self.Bytes, at + self.file.u32(at)

    def Get(self, flags: Any, at: int) -> Any:
        return flags.packer_type.unpack_from(self.Bytes, at)[0]

    def Vector(self, field: int) -> int:
        at = self.Pos + field  # within the table, which is within the file
        start: int = at + 4 + _U32.unpack_from(self.Bytes, at)[0]
        return start

    def VectorLen(self, field: int) -> int:
        """Of a vector of offsets."""
        start = self.Vector(field)
        return self._length(start, 4)

    def String(self, at: int) -> bytes:
        start = at + self.file.u32(at) + 4
        length = self._length(start, 1)
        self.file.charge(length // 8)
        return bytes(self.Bytes[start : start + length])

    def GetVectorAsNumpy(self, flags: Any, field: int) -> memoryview | tuple[Any, ...]:
        """A view for bytes, a tuple for anything else: cheaper than numpy for the short vectors of a model."""
        start = self.Vector(field)
        if flags.bytewidth == 1:
            return self.Bytes[start : start + self._length(start, 1)]
        length = self._length(start, flags.bytewidth)
        return struct.unpack_from(f"<{length}{flags.packer_type.format[-1]}", self.Bytes, start)

    def _length(self, start: int, width: int) -> int:
        """The checked length of the vector whose elements begin at `start`."""
        length = self.file.u32(start - 4)
        if start + length * width > self.file.size:
            end = start + length * width
            raise DamagedError(f"a list of {length} elements would end at byte {end} of {self.file.size}")
        # a number costs 36 bytes as an object; bytes that are copied are charged where that is done
        self.file.charge(length * width if width > 1 else 0)
        return length


def table(kind: Any, file: Bytes, position: int) -> Any:
    """An object of the generated class `kind` over the checked table at `position`."""
    thing = kind()
    thing._tab = Table(file, position)
    return thing


def checked(thing: Any, file: Bytes) -> Any:
    """The object that a generated accessor returned, over a checked table; None stays None."""
    if thing is not None:
        thing._tab = Table(file, thing._tab.Pos)
    return thing
