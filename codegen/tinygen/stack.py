"""A Cortex-M firmware's ELF file -> the most stack that it can take, from its instructions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from tinygen.thumb import Code, Function

EXCEPTION_BYTES = 32 + 72 + 4
"""What an interrupt pushes: eight registers, those of the FPU, a word to align."""
TRACE = "tg_trace"
"""Only the test firmware has it, so the model's stack is counted without."""


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
    functions: Mapping[int, Function]
    """By address."""
    pointed: frozenset[int]
    """Functions whose address lies in memory or is loaded: those that a pointer may call."""
    tables: Mapping[range, frozenset[int]]
    """The functions that the words of an array point at."""

    def callees(self, function: Function) -> set[int]:
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
        functions = {address: Function(name) for address, name in names.items()}
        objects = [range(value, value + size) for _, value, kind, size in symbols if kind == "STT_OBJECT"]
        tables: dict[range, frozenset[int]] = {}
        pointed: set[int] = set()
        for section in sections:
            if section["sh_type"] == "SHT_NOBITS" or section.name == ".vectors":
                continue
            start, data = int(section["sh_addr"]), section.data()
            marks = sorted((value & ~1, name[:2]) for name, value, _, _ in symbols if name[:2] in ("$t", "$d"))
            code = Code(start, data, [m for m in marks if start <= m[0] < start + len(data)], functions, pointed)
            code.read()
            inside = (place for place in objects if start <= place.start and place.stop <= start + len(data))
            tables |= {place: frozenset(code.pointers(place)) for place in inside}
    return _Program(functions, frozenset(pointed), tables)
