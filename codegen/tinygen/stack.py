"""A Cortex-M firmware's ELF file -> the most stack that it can take, from its instructions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

EXCEPTION_BYTES = 32 + 72 + 4
"""What an interrupt pushes: eight registers, those of the FPU, a word to align."""
TRACE = "tg_trace"
"""Only the test firmware has it, so the model's stack is counted without."""
_LR = 14


@dataclass(frozen=True)
class StackReport:
    """The deepest that calls can go, in bytes; None where it is not known."""

    worst_case_bytes: int | None
    """Of the whole firmware: from reset, with an interrupt at the deepest place."""
    model_bytes: int | None
    """Of one call of the model, without the test firmware's trace."""
    model_path: tuple[tuple[str, int], ...]
    """The calls on the way to the model's deepest place: function, its bytes."""
    unknown: str
    """Why something is not known; empty when all is."""


UNKNOWN_ON_HOST = StackReport(None, None, (), "programs of this computer are not looked into")


class _UnknownError(Exception):
    """Why the depth of a function is not known."""


@dataclass
class _Function:
    """What the instructions of one function do to the stack."""

    name: str
    frame: int = 0
    """The sum of all that it pushes: an upper bound where not every path pushes all."""
    calls: set[int] = field(default_factory=set)
    tail_calls: set[int] = field(default_factory=set)
    """Calls after its frame is gone."""
    loads: set[int] = field(default_factory=set)
    """Constants that may be addresses."""
    calls_pointers: bool = False
    jumps: bool = False
    """It has a BX: a call by pointer after its frame is gone, or a jump to a place of its own."""
    knows_places: bool = False
    """It takes the address of code in itself (ADR), which is then where its BX goes."""
    unknown: str = ""


def firmware_stack(elf: Path, entries: tuple[str, ...]) -> StackReport:
    """entries: the model's functions that the firmware may call; the first that exists is the model."""
    program = _read(elf)
    by_name = {function.name: address for address, function in program.functions.items()}
    problems: list[str] = []

    def known(name: str, hidden: str = "") -> tuple[int, tuple[str, ...]] | None:
        try:
            return _Depths(program, by_name.get(hidden, -1)).deepest(by_name[name])
        except _UnknownError as reason:
            problems.append(str(reason))
        except KeyError:
            problems.append(f"{name} is not in the firmware")
        return None

    entry = next((name for name in entries if name in by_name), entries[0])
    model = known(entry, TRACE)
    whole, interrupt = known("Reset_Handler"), known("SysTick_Handler")
    frames = {function.name: function.frame for function in program.functions.values()}
    return StackReport(
        whole[0] + EXCEPTION_BYTES + interrupt[0] if whole and interrupt else None,
        model[0] if model else None,
        tuple((name, frames[name]) for name in model[1]) if model else (),
        "; ".join(dict.fromkeys(problems)),
    )


@dataclass(frozen=True)
class _Program:
    functions: Mapping[int, _Function]
    """By address."""
    pointed: frozenset[int]
    """Functions whose address lies in memory or is loaded: those that a pointer may call."""
    tables: Mapping[range, frozenset[int]]
    """The functions that the words of an array point at."""

    def callees(self, function: _Function) -> set[int]:
        """A pointer comes from where its caller looks: a constant, or an array; else from anywhere."""
        if not (function.calls_pointers or (function.jumps and not function.knows_places)):
            return function.calls
        found = {load & ~1 for load in function.loads if load & 1} & self.pointed
        for place, pointed in self.tables.items():
            if any(load in place for load in function.loads):
                found |= pointed
        return function.calls | (found or self.pointed)


class _Depths:
    """Depths of functions, each computed once."""

    def __init__(self, program: _Program, hidden: int) -> None:
        self.program = program
        self.hidden = hidden
        self.known: dict[int, tuple[int, tuple[str, ...]]] = {}
        self.open: list[int] = []

    def deepest(self, address: int) -> tuple[int, tuple[str, ...]]:
        """(bytes, the functions on the way). Raises _UnknownError."""
        if address in self.known:
            return self.known[address]
        if address not in self.program.functions:
            raise _UnknownError(f"there is no function at {address:#x}")
        function = self.program.functions[address]
        if address in self.open:
            raise _UnknownError(f"{function.name} may call itself")
        if function.unknown:
            raise _UnknownError(f"{function.name} {function.unknown}")
        self.open.append(address)
        below = [self.deepest(callee) for callee in sorted(self.program.callees(function) - {self.hidden})]
        deepest = max(below, default=(0, ()))
        tails = [self.deepest(callee) for callee in sorted(function.tail_calls - {self.hidden})]
        found = (function.frame + deepest[0], (function.name, *deepest[1]))
        for tail in tails:
            found = max(found, (tail[0], (function.name, *tail[1])))
        self.open.pop()
        self.known[address] = found
        return found


def _read(elf: Path) -> _Program:
    with elf.open("rb") as file:
        image = ELFFile(file)
        sections = [s for s in image.iter_sections() if s["sh_flags"] & SH_FLAGS.SHF_ALLOC]
        symbols = [
            (symbol.name, int(symbol["st_value"]), symbol["st_info"]["type"], int(symbol["st_size"]))
            for table in image.iter_sections()
            if isinstance(table, SymbolTableSection)
            for symbol in table.iter_symbols()
            if isinstance(symbol["st_shndx"], int)
        ]
        names = {value & ~1: name for name, value, kind, _ in reversed(symbols) if kind == "STT_FUNC"}
        functions = {address: _Function(name) for address, name in names.items()}
        objects = [range(value, value + size) for _, value, kind, size in symbols if kind == "STT_OBJECT"]
        tables: dict[range, frozenset[int]] = {}
        pointed: set[int] = set()
        for section in sections:
            if section["sh_type"] == "SHT_NOBITS" or section.name == ".vectors":
                continue
            start, data = int(section["sh_addr"]), section.data()
            marks = sorted((value & ~1, name[:2]) for name, value, _, _ in symbols if name[:2] in ("$t", "$d"))
            code = _Code(start, data, [m for m in marks if start <= m[0] < start + len(data)], functions, pointed)
            code.read()
            inside = (place for place in objects if start <= place.start and place.stop <= start + len(data))
            tables |= {place: frozenset(code.pointers(place)) for place in inside}
    return _Program(functions, frozenset(pointed), tables)


class _Code:
    """The instructions and words of one section."""

    def __init__(
        self, start: int, data: bytes, marks: list[tuple[int, str]], functions: dict[int, _Function], pointed: set[int]
    ) -> None:
        self.start = start
        self.data = data
        self.marks = marks
        self.functions = functions
        self.pointed = pointed
        self.loaded: dict[int, int] = {}
        """What a constant load has put into a register."""

    def read(self) -> None:
        """Adds to the functions what their instructions do, and to `pointed` what words point at."""
        function = _Function("")
        for first, end, is_code in self.parts():
            if not is_code:
                self.read_words(first, end)
                continue
            at = first
            while at < end:
                if at in self.functions:
                    function = self.functions[at]
                    self.loaded = {}
                half = self.half(at)
                if half >> 11 in (0b11101, 0b11110, 0b11111):
                    self.wide(function, at, half, self.half(at + 2))
                    at += 4
                else:
                    self.narrow(function, at, half)
                    at += 2

    def parts(self) -> Iterator[tuple[int, int, bool]]:
        """[first, end) of code and of words in between; a section without marks has words only."""
        end = self.start + len(self.data) & ~1
        marks = [(self.start, "$d"), *self.marks, (end, "")]
        for (first, kind), (after, _) in pairwise(marks):
            if after > first:
                yield first, after, kind == "$t"

    def read_words(self, first: int, end: int) -> None:
        self.pointed.update(self.pointers(range(first, end)))

    def pointers(self, place: range) -> Iterator[int]:
        """The functions that the words in a place point at."""
        for at in range(-(-place.start // 4) * 4, place.stop - 3, 4):
            value = self.word(at)
            if value & 1 and value & ~1 in self.functions:
                yield value & ~1

    def word(self, at: int) -> int:
        return int.from_bytes(self.data[at - self.start : at - self.start + 4], "little")

    def load(self, function: _Function, register: int, value: int) -> None:
        self.loaded[register] = value
        function.loads.add(value)

    def half(self, at: int) -> int:
        return int.from_bytes(self.data[at - self.start : at - self.start + 2], "little")

    def narrow(self, function: _Function, at: int, half: int) -> None:
        """A 16-bit instruction (Arm v7-M Architecture Reference Manual, A5.2)."""
        if half & 0xFE00 == 0xB400:  # PUSH
            function.frame += 4 * (half & 0x1FF).bit_count()
        elif half & 0xFF80 == 0xB080:  # SUB SP, #
            function.frame += 4 * (half & 0x7F)
        elif half & 0xFF87 == 0x4485:  # ADD SP, register
            value = self.loaded.get(half >> 3 & 15)
            if value is None:
                function.unknown = "moves the stack pointer by a number that is not constant"
            elif value >= 1 << 31:
                function.frame += (1 << 32) - value
        elif half & 0xF800 == 0x2000:  # MOVS #
            self.loaded[half >> 8 & 7] = half & 0xFF
        elif half & 0xF800 == 0x0000 and half >> 3 & 7 in self.loaded:  # LSLS #
            self.loaded[half & 7] = self.loaded[half >> 3 & 7] << (half >> 6 & 31) & 0xFFFFFFFF
        elif half & 0xF800 == 0x4800:  # LDR from the words behind the code
            self.load(function, half >> 8 & 7, self.word((at + 4 & ~3) + 4 * (half & 0xFF)))
        elif half & 0xFF87 == 0x4780:  # BLX
            function.calls_pointers = True
        elif half & 0xFF87 == 0x4700 and half >> 3 & 15 != _LR:  # BX
            function.jumps = True
        elif half & 0xF800 == 0xA000:  # ADR
            self.address(function, (at + 4 & ~3) + 4 * (half & 0xFF))
        elif half & 0xF800 == 0xE000:  # B
            self.branch(function, at + 4 + _signed((half & 0x7FF) << 1, 12))

    def wide(self, function: _Function, at: int, one: int, two: int) -> None:
        """A 32-bit instruction (A5.3; A6.4 for VPUSH)."""
        if one == 0xE92D:  # PUSH
            function.frame += 4 * two.bit_count()
        elif one == 0xE96D or one & 0xFFBF == 0xED2D:  # STRD [SP, #-]!, VPUSH
            function.frame += 4 * (two & 0xFF)
        elif one == 0xF84D and two & 0x0F00 == 0x0D00:  # STR [SP, #-]!
            function.frame += two & 0xFF
        elif one & 0xFBFF in (0xF1AD, 0xF2AD) and two & 0x8F00 == 0x0D00:  # SUB SP, #
            immediate = (one >> 10 & 1) << 11 | (two >> 12 & 7) << 8 | two & 0xFF
            function.frame += immediate if one & 0x0200 else _expanded(immediate)
        elif one == 0xEBAD and two & 0x0F00 == 0x0D00:  # SUB SP, register
            function.unknown = "takes a variable amount of stack"
        elif one & 0xFBF0 in (0xF240, 0xF2C0) and two & 0x8000 == 0:  # MOVW, MOVT
            self.move(function, one, two)
        elif one & 0xFF7F == 0xF85F:  # LDR from the words around the code
            distance = two & 0xFFF if one & 0x80 else -(two & 0xFFF)
            self.load(function, two >> 12, self.word((at + 4 & ~3) + distance))
        elif one & 0xFB5F == 0xF20F and two & 0x8000 == 0:  # ADR
            distance = (one >> 10 & 1) << 11 | (two >> 12 & 7) << 8 | two & 0xFF
            self.address(function, (at + 4 & ~3) + (-distance if one & 0x00A0 else distance))
        elif one & 0xF800 == 0xF000 and two & 0x8000:
            self.wide_branch(function, at, one, two)

    def address(self, function: _Function, target: int) -> None:
        """Of what lies around the code: of constants, or of the function's own instructions."""
        kind = max((mark for mark in self.marks if mark[0] <= target), default=(0, "$d"))[1]
        function.knows_places |= kind == "$t"

    def move(self, function: _Function, one: int, two: int) -> None:
        value = (one & 15) << 12 | (one >> 10 & 1) << 11 | (two >> 12 & 7) << 8 | two & 0xFF
        register = two >> 8 & 15
        if one & 0x0080:
            value = value << 16 | self.loaded.get(register, 0) & 0xFFFF
            if value & 1 and value & ~1 in self.functions:
                self.pointed.add(value & ~1)
        self.load(function, register, value)

    def wide_branch(self, function: _Function, at: int, one: int, two: int) -> None:
        """BL, B and B with a condition; others of the group are no branches."""
        sign = one >> 10 & 1
        if two & 0xD000 in (0xD000, 0x9000):
            i1, i2 = 1 - ((two >> 13 & 1) ^ sign), 1 - ((two >> 11 & 1) ^ sign)
            distance = sign << 24 | i1 << 23 | i2 << 22 | (one & 0x3FF) << 12 | (two & 0x7FF) << 1
            target = at + 4 + _signed(distance, 25)
            if not two & 0x4000 or self.is_inside(at, target):
                self.branch(function, target)
            else:
                function.calls.add(target)
        elif two & 0xD000 == 0x8000 and one >> 6 & 15 < 14:
            distance = sign << 20 | (two >> 11 & 1) << 19 | (two >> 13 & 1) << 18
            self.branch(function, at + 4 + _signed(distance | (one & 0x3F) << 12 | (two & 0x7FF) << 1, 21))

    def is_inside(self, at: int, target: int) -> bool:
        """Whether a BL stays in its function: the smallest cores have no other branch that goes far."""
        first, last = min(at, target), max(at, target)
        return target not in self.functions and not any(first < start <= last for start in self.functions)

    def branch(self, function: _Function, target: int) -> None:
        """Within a function, unless it goes to the start of another."""
        if target in self.functions and self.functions[target] is not function:
            function.tail_calls.add(target)


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def _expanded(immediate: int) -> int:
    """ThumbExpandImm (A5.3.2)."""
    low = immediate & 0xFF
    if immediate >> 10:
        rotation, value = immediate >> 7, 0x80 | immediate & 0x7F
        return (value >> rotation | value << (32 - rotation)) & 0xFFFFFFFF
    return (low, low << 16 | low, low << 24 | low << 8, low * 0x01010101)[immediate >> 8]
