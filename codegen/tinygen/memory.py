"""Reads an ELF file's sections into a MemoryReport: who uses how much RAM and flash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection


@dataclass(frozen=True)
class MemoryReport:
    """Bytes of a firmware; 0 where this computer's programs don't tell."""

    arena_bytes: int
    """RAM of the model."""
    firmware_ram_bytes: int
    """RAM of everything else: harness, port, C library."""
    stack_bytes: int
    """RAM reserved for the stack."""
    ram_bytes: int
    """All of it."""
    weights_bytes: int
    """Flash of the model's weights."""
    code_bytes: int
    """Flash of the model's code: steps, kernels and their tables."""
    firmware_flash_bytes: int
    """Flash of everything else: vectors, harness, port, C library, initial values of variables."""
    flash_bytes: int
    """All of it."""


def firmware_memory(elf: Path) -> MemoryReport:
    """What a firmware linked by firmware.ld uses."""
    with elf.open("rb") as file:
        sections = [s for s in ELFFile(file).iter_sections() if s["sh_flags"] & SH_FLAGS.SHF_ALLOC]
        sizes = {section.name: int(section["sh_size"]) for section in sections}
        writable = {s.name for s in sections if s["sh_flags"] & SH_FLAGS.SHF_WRITE or s["sh_type"] == "SHT_NOBITS"}
        loaded = {s.name for s in sections if s["sh_type"] != "SHT_NOBITS"}
    arena, stack = sizes.get(".model_arena", 0), sizes.get(".stack", 0)
    weights, code = sizes.get(".model_weights", 0), sizes.get(".model_code", 0)
    ram = sum(sizes[name] for name in writable)
    flash = sum(sizes[name] for name in loaded)
    return MemoryReport(
        arena_bytes=arena,
        firmware_ram_bytes=ram - arena - stack,
        stack_bytes=stack,
        ram_bytes=ram,
        weights_bytes=weights,
        code_bytes=code,
        firmware_flash_bytes=flash - weights - code,
        flash_bytes=flash,
    )


def host_memory(program: Path, model_objects: Iterable[Path], arena_bytes: int, weights_bytes: int) -> MemoryReport:
    """What a program for this computer uses, as far as its files are ELF; the model's numbers stand in otherwise."""
    code = 0
    for path in model_objects:
        constant = _constant_bytes(path)
        if not path.name.endswith("_weights.o"):
            code += constant
        elif constant:
            weights_bytes = constant
    arena_bytes = _symbol_bytes(program, "tg_model_instance") or arena_bytes
    flash = max(_constant_bytes(program), weights_bytes + code)
    return MemoryReport(
        arena_bytes=arena_bytes,
        firmware_ram_bytes=0,
        stack_bytes=0,
        ram_bytes=arena_bytes,
        weights_bytes=weights_bytes,
        code_bytes=code,
        firmware_flash_bytes=flash - weights_bytes - code,
        flash_bytes=flash,
    )


def _constant_bytes(path: Path) -> int:
    """Code and constants of an object or program; 0 when it is not ELF."""
    try:
        with path.open("rb") as file:
            return sum(
                int(s["sh_size"])
                for s in ELFFile(file).iter_sections()
                if s["sh_flags"] & SH_FLAGS.SHF_ALLOC
                and not s["sh_flags"] & SH_FLAGS.SHF_WRITE
                and s.name.startswith((".text", ".rodata"))
            )
    except (ELFError, OSError):
        return 0


def _symbol_bytes(path: Path, name: str) -> int:
    try:
        with path.open("rb") as file:
            for section in ELFFile(file).iter_sections():
                if isinstance(section, SymbolTableSection):
                    for symbol in section.get_symbol_by_name(name) or ():
                        return int(symbol["st_size"])
    except (ELFError, OSError):
        pass
    return 0
