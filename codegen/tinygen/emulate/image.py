"""Reads an Arm ELF file into what a flasher would write, and the functions by address."""

from __future__ import annotations

import bisect
import struct
from dataclasses import dataclass
from pathlib import Path

from tinygen.errors import ToolError

_EM_ARM = 40
_PT_LOAD = 1
_SHT_SYMTAB, _SHT_NOBITS = 2, 8
_SHF_ALLOC = 2
_STT_FUNC = 2


@dataclass(frozen=True)
class Segment:
    """Bytes that belong at an address of the chip's memory."""

    address: int
    data: bytes


@dataclass(frozen=True)
class Function:
    """A function of the firmware."""

    address: int
    size: int  # bytes; 0 if the ELF does not say
    name: str


@dataclass(frozen=True)
class Image:
    """A firmware image."""

    segments: tuple[Segment, ...]  # sorted by address, each with at least one byte
    functions: tuple[Function, ...]  # sorted by address

    def where(self, address: int) -> str:
        """ "0x00000126 in main": the address, with the function that it lies in if that is known."""
        last = bisect.bisect_right(self.functions, address, key=lambda function: function.address) - 1
        text = f"0x{address:08x}"
        if last < 0:
            return text
        function = self.functions[last]
        end = self.functions[last + 1].address if last + 1 < len(self.functions) else function.address + 4096
        inside = address < (function.address + function.size if function.size else end)
        return f"{text} in {function.name}" if inside else text


def read_image(path: Path) -> Image:
    """Reads `path`. Raises ToolError if it can't be read or is not an ELF file for 32-bit Arm."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ToolError(f"The firmware image {path} can't be read: {error.strerror}.", "Build it first.") from None
    if data[:6] != b"\x7fELF\x01\x01" or data[18:20] != struct.pack("<H", _EM_ARM):
        raise ToolError(f"{path} is not firmware: found no ELF file for 32-bit Arm.", "Give the .elf of the build.")
    try:
        segments = _segments(data)
        functions = _functions(data)
    except (struct.error, IndexError, ValueError):
        raise ToolError(f"The firmware image {path} is cut off or damaged.", "Build it again.") from None
    if not segments:
        raise ToolError(f"The firmware image {path} holds nothing to flash.", "Build it again.")
    return Image(segments, functions)


def _headers(data: bytes, at: int, shape: str) -> list[tuple[int, ...]]:
    """The table of program or section headers, whose offset stands at `at`; shape: of one header."""
    (table,) = struct.unpack_from("<I", data, at)
    size, count = struct.unpack_from("<HH", data, 42 if at == 28 else 46)
    return [struct.unpack_from(shape, data, table + index * size) for index in range(count)]


def _segments(data: bytes) -> tuple[Segment, ...]:
    """By section, since a linker may put the file's own headers into the first segment."""
    loads = [header for header in _headers(data, 28, "<5I") if header[0] == _PT_LOAD]
    found = []
    for _, kind, flags, _, offset, size, *_ in _headers(data, 32, "<10I"):
        if kind == _SHT_NOBITS or not flags & _SHF_ALLOC or not size:
            continue
        for _, start, _, address, in_file in loads:
            if start <= offset and offset + size <= start + in_file <= len(data):
                found.append(Segment(address + offset - start, data[offset : offset + size]))
                break
        else:
            raise ValueError
    return tuple(sorted(found, key=lambda segment: segment.address))


def _functions(data: bytes) -> tuple[Function, ...]:
    sections = _headers(data, 32, "<10I")
    found = set()
    for section in sections:
        _, kind, _, _, offset, length, link, *_ = section
        if kind != _SHT_SYMTAB:
            continue
        names = sections[link][4]
        for entry in range(offset, offset + length, 16):
            name, value, bytes_, info = struct.unpack_from("<IIIB", data, entry)
            if info & 15 == _STT_FUNC:
                end = data.index(0, names + name)
                text = data[names + name : end].decode(errors="replace")
                found.add(Function(value & ~1, bytes_, text))
    return tuple(sorted(found, key=lambda function: (function.address, function.name)))
