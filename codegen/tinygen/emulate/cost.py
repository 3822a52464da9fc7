"""Prices straight-line Thumb code in Cortex-M4 cycles, by the tables of the core's Technical Reference Manual.

Source: Arm DDI 0439, tables 3-1 and 7-1, for memory without wait states. Modelled: loads back to back, the wait of
an address for the instruction before it, folded IT instructions. Not modelled: wait states of flash, fetches of
32-bit instructions at odd halfwords, write buffer, interrupts. Instructions in an IT block count as executed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from tinygen.errors import ToolError

TAKEN_BRANCH_CYCLES = 2
"""To refill the pipeline: 1 to 3, by the alignment of the target."""
_DIVIDE_CYCLES = 7  # 2 to 12, by the operands
_FP_CYCLES = {"vdiv": 14, "vsqrt": 14} | dict.fromkeys(
    ("vmla", "vmls", "vfma", "vfms", "vnmla", "vnmls", "vfnma", "vfnms"), 3
)
_WIDTHS = ("", "b", "h", "sb", "sh")
_LOADS = {f"ldr{width}{user}" for width in _WIDTHS for user in ("", "t")} | {"ldrex", "ldrexb", "ldrexh"}
_STORES = {f"str{width}{user}" for width in ("", "b", "h") for user in ("", "t")} | {"strex", "strexb", "strexh"}
_PAIRS = {"ldrd", "strd"}
_STACKED = {"push", "pop", "vpush", "vpop"}
_MULTIPLE = {"ldm", "ldmdb", "stm", "stmdb", "vldmia", "vldmdb", "vstmia", "vstmdb"} | _STACKED | _PAIRS
_FP_MEMORY = {"vldr", "vstr"}


@dataclass(frozen=True)
class Price:
    """What code costs when it runs from its first to its last instruction, without the refill of a taken branch."""

    instructions: int
    cycles: int

    def __add__(self, other: Price) -> Price:
        return Price(self.instructions + other.instructions, self.cycles + other.cycles)

    def __sub__(self, other: Price) -> Price:
        return Price(self.instructions - other.instructions, self.cycles - other.cycles)


@dataclass
class _Before:
    """What the next instruction must know of the one before it."""

    folds_it: bool = False  # a 16-bit instruction that is not an IT itself
    loaded: int = 0  # register that a single load writes; 0: it was no single load
    computed: frozenset[int] = frozenset()  # registers written by arithmetic


def price(code: bytes, address: int) -> Price:
    """The price of `code`, whole Thumb instructions that run in order and lie at `address`.

    Raises ToolError when capstone is missing.
    """
    total = Price(0, 0)
    before = _Before()
    offset = 0
    while offset < len(code):
        for instruction in _decoder().disasm(code[offset:], address + offset):
            cycles, before = _one(instruction, before)
            total += Price(1, cycles)
            offset += instruction.size
        if offset < len(code):  # capstone stops at what it does not know: one cycle, and on
            total += Price(1, 1)
            offset += 4 if code[offset + 1] >= 0xE8 else 2
            before = _Before()
    return total


def capstone_arm() -> tuple[ModuleType, ModuleType]:
    """The modules capstone and capstone.arm. Raises ToolError when they are missing."""
    try:
        import capstone
        import capstone.arm
    except ImportError:
        raise ToolError("Counting cycles needs capstone.", 'Install it: pip install "tinygen[emulate]".') from None
    return capstone, capstone.arm


@cache
def _decoder() -> Any:
    capstone, _ = capstone_arm()
    decoder = capstone.Cs(capstone.CS_ARCH_ARM, capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS)
    decoder.detail = True
    return decoder


@cache
def _conditions() -> frozenset[int]:
    """Condition codes that add no suffix to a mnemonic."""
    _, arm = capstone_arm()
    return frozenset({arm.ARM_CC_AL, arm.ARM_CC_INVALID})


def _name(instruction: Any) -> str:
    name = str(instruction.mnemonic).split(".")[0]
    is_conditional = instruction.cc not in _conditions() and not name.startswith("it")
    return name[:-2] if is_conditional and len(name) > 3 else name


def _one(instruction: Any, before: _Before) -> tuple[int, _Before]:
    """Cycles of one instruction after another, and what the next one must know of it."""
    _, arm = capstone_arm()
    name = _name(instruction)
    after = _Before(folds_it=instruction.size == 2)
    memory = next((operand.mem for operand in instruction.operands if operand.type == arm.ARM_OP_MEM), None)
    address = {memory.base, memory.index} - {0} if memory else set()
    if name in _MULTIPLE and name not in _STACKED | _PAIRS:
        address = {instruction.operands[0].reg}
    is_free = bool(before.loaded) and before.loaded not in address
    if name in _LOADS:
        cycles = 1 if is_free else 2
        target = instruction.operands[0].reg
        if target == arm.ARM_REG_PC:
            cycles = 2
        else:
            after.loaded = target
    elif name in _STORES:
        cycles = 2 if memory and memory.index and not is_free else 1
    elif name in _MULTIPLE:
        cycles = 1 + _words(instruction, name, arm)
    elif name in _FP_MEMORY or name in ("tbb", "tbh"):
        cycles = 2
    elif name in ("sdiv", "udiv"):
        cycles = _DIVIDE_CYCLES
    elif name.startswith("it"):
        after.folds_it = False
        return (0 if before.folds_it else 1), after
    else:
        cycles = _FP_CYCLES.get(name, 1)
        after.computed = frozenset(instruction.regs_access()[1])
    return cycles + bool(address & before.computed), after


def _words(instruction: Any, name: str, arm: ModuleType) -> int:
    """How many words a multiple load or store moves."""
    if name in _PAIRS:
        return 2
    registers: list[int] = [operand.reg for operand in instruction.operands if operand.type == arm.ARM_OP_REG]
    if name not in _STACKED:
        registers = registers[1:]
    doubles: int = sum(arm.ARM_REG_D0 <= register <= arm.ARM_REG_D31 for register in registers)
    return max(len(registers) + doubles, 1)
