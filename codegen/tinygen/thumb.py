"""Thumb instructions -> what each function does to the stack, and whom it calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

_LR = 14


@dataclass
class Function:
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


class Code:
    """The instructions and words of one section."""

    def __init__(
        self, start: int, data: bytes, marks: list[tuple[int, str]], functions: dict[int, Function], pointed: set[int]
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
        function = Function("")
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

    def load(self, function: Function, register: int, value: int) -> None:
        self.loaded[register] = value
        function.loads.add(value)

    def half(self, at: int) -> int:
        return int.from_bytes(self.data[at - self.start : at - self.start + 2], "little")

    def narrow(self, function: Function, at: int, half: int) -> None:
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

    def wide(self, function: Function, at: int, one: int, two: int) -> None:
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

    def address(self, function: Function, target: int) -> None:
        """Of what lies around the code: of constants, or of the function's own instructions."""
        kind = max((mark for mark in self.marks if mark[0] <= target), default=(0, "$d"))[1]
        function.knows_places |= kind == "$t"

    def move(self, function: Function, one: int, two: int) -> None:
        value = (one & 15) << 12 | (one >> 10 & 1) << 11 | (two >> 12 & 7) << 8 | two & 0xFF
        register = two >> 8 & 15
        if one & 0x0080:
            value = value << 16 | self.loaded.get(register, 0) & 0xFFFF
            if value & 1 and value & ~1 in self.functions:
                self.pointed.add(value & ~1)
        self.load(function, register, value)

    def wide_branch(self, function: Function, at: int, one: int, two: int) -> None:
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

    def branch(self, function: Function, target: int) -> None:
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
