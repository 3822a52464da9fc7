"""Runs an nRF52840's firmware image with Unicorn: the very ELF file that would be flashed.

Interrupts are not delivered: firmware must poll. Faults end the run instead of entering a handler. The FPU works even
if CPACR leaves it off, and unaligned access is not checked. Timers follow this computer's clock.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tinygen.emulate.cost import capstone_arm
from tinygen.emulate.counting import Window
from tinygen.emulate.device import Counters, EmulatedBoard, Regions
from tinygen.emulate.hooks import add_block_hook, add_read_hook, load_unicorn
from tinygen.emulate.image import read_image
from tinygen.emulate.line import Line
from tinygen.emulate.peripherals import ClockPower, Dwt, Gpio, Registers, SystemControl, Timer, Uart
from tinygen.emulate.regions import NO_TRACE, Marks, RegionWindow
from tinygen.errors import ToolError

_FLASH_BYTES, _RAM, _RAM_BYTES = 0x100000, 0x20000000, 0x40000
_FICR, _UICR, _ROM_TABLE = 0x10000000, 0x10001000, 0xF0000000
_NOWHERE = 0xFFFFFFFE  # Unicorn must be told where to stop: an address that nothing executes
_ENDLESS = (b"\xfe\xe7", b"\xff\xf7\xfe\xbf")  # a branch to itself, 16 and 32 bits
_WFE, _WFI, _YIELD = b"\x20\xbf", b"\x30\xbf", b"\x10\xbf"
_CLOSE_SECONDS = 1.0
_FICR_VALUES = {0x010: 4096, 0x014: 256, 0x100: 0x52840, 0x104: 0x41414430, 0x108: 0x2004, 0x10C: 256, 0x110: 1024}
_EXCEPTIONS = {
    1: "undefined instruction",
    2: "SVC instruction, and interrupts are not emulated",
    3: "instruction fetch from where there is no code",
    4: "data abort",
    7: "breakpoint instruction (BKPT)",
    8: "return from an exception that never happened",
    17: "FPU instruction while the FPU is off",
    18: "jump to an even address, which would leave Thumb state",
}


class Nrf52840(EmulatedBoard):
    """A running nRF52840. The firmware starts at once; what it sends waits for the first host."""

    def __init__(self, elf: Path) -> None:
        """Raises ToolError when Unicorn or capstone is missing, or `elf` is no image for this chip."""
        self._unicorn, self._arm = load_unicorn()
        capstone_arm()
        self._image = read_image(elf)
        for segment in self._image.segments:
            end = segment.address + len(segment.data)
            if end > _FLASH_BYTES and not _RAM <= segment.address <= end <= _RAM + _RAM_BYTES:
                raise ToolError(
                    f"{elf} is not for an nRF52840: it has bytes at 0x{segment.address:08x} to 0x{end:08x}, "
                    f"and flash ends at 0x{_FLASH_BYTES:08x}.",
                    "Build it for this board.",
                )
        self._vectors = self._image.segments[0].address
        self._line = Line()
        self._url = f"socket://127.0.0.1:{self._line.port}"
        self._window: Window | None = None
        self._hooks: list[Callable[[], None]] = []  # what removes the window's
        self._counters: Counters | None = None
        self._watched: tuple[Marks, Callable[[], None]] | None = None
        self._regions: Regions | None = None
        self._failure = ""
        self._fault = ""  # the reason to stop, while the address is not yet known
        self._wanted_count: bool | None = None
        self._wanted_reset = False
        self._closing = threading.Event()
        self._cpu: Any = None
        self._thread = threading.Thread(target=self._run, name="emulated nRF52840", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return self._url

    def counters(self) -> Counters | None:
        return self._counters

    def watch(self, invoke: str, traced: Callable[[], None]) -> None:
        addresses = {function.name: function.address for function in self._image.functions}
        if invoke not in addresses:
            raise ToolError(f"The firmware image has no function {invoke}.", "Build it again, with its symbols.")
        self._watched = Marks(addresses[invoke], addresses.get("tg_trace", NO_TRACE)), traced

    def regions(self) -> Regions | None:
        return self._regions

    def failure(self) -> str:
        if self._failure:
            self._thread.join(_CLOSE_SECONDS)  # so that the line is closed when this tells why
        return self._failure

    def close(self) -> None:
        self._closing.set()
        self._line.stop()
        for _ in range(50):
            if not self._thread.is_alive():
                break
            if self._cpu is not None:
                self._cpu.emu_stop()
            self._thread.join(_CLOSE_SECONDS / 50)

    # What peripherals ask of the chip (peripherals.Chip); they are called while an instruction runs, so a request
    # that needs its address stops the CPU first. Unicorn then repeats the instruction when it goes on.

    def fail(self, reason: str) -> None:
        self._fault = self._fault or reason
        self._cpu.emu_stop()

    def reset(self) -> None:
        self._wanted_reset = True
        self._cpu.emu_stop()

    def count(self, on: bool) -> None:
        if on != (self._window is not None):
            self._wanted_count = on
            self._cpu.emu_stop()

    def counted_cycles(self) -> int:
        return self._window.total().cycles if self._window else 0

    def read(self, address: int, size: int) -> bytes:
        return bytes(self._cpu.mem_read(address, size))

    def write(self, address: int, data: bytes) -> None:
        self._cpu.mem_write(address, data)

    # The thread.

    def _run(self) -> None:
        try:
            self._cpu = self._assemble()
            self._load()
            address = self._boot()
            while not self._closing.is_set() and not self._failure:
                address = self._go(address)
        except Exception as error:  # the thread's last resort: a host that waits must be told
            self._failure = f"the emulator failed: {type(error).__name__}: {error}"
        finally:
            self._line.close()

    def _assemble(self) -> Any:
        """A CPU with memory, peripherals' addresses and hooks."""
        unicorn = self._unicorn
        # UC_MODE_MCLASS would silently give a Cortex-M33.
        cpu = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB)
        cpu.ctl_set_cpu_model(self._arm.UC_CPU_ARM_CORTEX_M4)
        cpu.mem_map(0, _FLASH_BYTES, unicorn.UC_PROT_READ | unicorn.UC_PROT_EXEC)
        cpu.mem_map(_RAM, _RAM_BYTES)
        for page in (_FICR, _UICR, _ROM_TABLE):
            cpu.mem_map(page, 0x1000, unicorn.UC_PROT_READ)
        for start, size in ((0x40000000, 0x40000), (0x50000000, 0x1000), (0xE0000000, 0x100000)):
            cpu.mmio_map(start, size, self._read_register, start, self._write_register, start)
        cpu.hook_add(unicorn.UC_HOOK_MEM_INVALID, self._invalid_access)
        cpu.hook_add(unicorn.UC_HOOK_INTR, self._exception)
        return cpu

    def _load(self) -> None:
        cpu = self._cpu
        cpu.mem_write(0, b"\xff" * _FLASH_BYTES)
        cpu.mem_write(_UICR, b"\xff" * 0x1000)
        cpu.mem_write(_UICR + 0x200, (18).to_bytes(4, "little") * 2)  # PSELRESET: the reset pin
        cpu.mem_write(_FICR, b"\xff" * 0x1000)
        for offset, value in _FICR_VALUES.items():
            cpu.mem_write(_FICR + offset, value.to_bytes(4, "little"))
        for segment in self._image.segments:
            cpu.mem_write(segment.address, segment.data)
            for address in _endless_loops(segment.address, segment.data):
                cpu.hook_add(self._unicorn.UC_HOOK_BLOCK, self._stuck, None, address, address)

    def _boot(self) -> int:
        """Resets CPU and peripherals; returns where to start."""
        self._close_window(None)
        dwt = Dwt(self)
        system = SystemControl(self, dwt, self._vectors)
        timer = (lambda prescaler: 16_000_000 >> (prescaler & 15)), (lambda mode: (16, 8, 24, 32)[mode & 3])
        rtc = (lambda prescaler: 32768 // ((prescaler & 0xFFF) + 1)), (lambda _: 24)
        self._dwt = dwt
        self._peripherals: dict[int, Registers] = {
            0x40000000: ClockPower(self),
            0x40002000: Uart(self, self._line),
            0x50000000: Gpio(),
            0x4001E000: Registers(x400=1, x408=1),  # NVMC: ready
            0xE0001000: dwt,
            0xE000E000: system,
        }
        for page in (0x40008000, 0x40009000, 0x4000A000, 0x4001A000, 0x4001B000):
            self._peripherals[page] = Timer(*timer, (0x00C, 0x510, 0))
        for page in (0x4000B000, 0x40011000, 0x40024000):
            self._peripherals[page] = Timer(*rtc, (0x008, 0x508, 0x504))
        for page in (0x40006000, 0x40010000, 0x4001F000, 0xE0000000, 0xE0002000, 0xE0040000, 0xE00FF000):
            self._peripherals[page] = Registers()  # GPIOTE, WDT, PPI, ITM, FPB, TPIU, ROM table: inert
        stack, start = (int.from_bytes(self.read(self._vectors + 4 * word, 4), "little") for word in (0, 1))
        if not start & 1 or not stack or stack == 0xFFFFFFFF:
            self._failure = f"there is no vector table at 0x{self._vectors:08x}, where the image starts"
        self._cpu.reg_write(self._arm.UC_ARM_REG_SP, stack)
        self._cpu.reg_write(self._arm.UC_ARM_REG_LR, 0xFFFFFFFF)
        return start & ~1

    def _go(self, address: int) -> int:
        """Runs from `address` until something is to be done, and does it; returns where to go on."""
        reason = ""
        try:
            self._cpu.emu_start(address | 1, _NOWHERE)
        except self._unicorn.UcError as error:
            is_undefined = error.errno == self._unicorn.UC_ERR_INSN_INVALID
            reason = _EXCEPTIONS[1] if is_undefined else str(error)
        stopped = int(self._cpu.reg_read(self._arm.UC_ARM_REG_PC)) & ~1
        if self._closing.is_set():
            return stopped
        if self._fault:
            self._failure = f"{self._fault} at pc {self._image.where(stopped)}{self._caller(stopped)}"
        elif self._wanted_reset:
            self._wanted_reset = False
            return self._boot()
        elif self._wanted_count is not None:
            on, self._wanted_count = self._wanted_count, None
            self._open_window(stopped) if on else self._close_window(stopped)
        elif not self._waits(stopped):
            self._failure = f"hard fault: {reason or 'the CPU stopped'} at pc {self._image.where(stopped)}"
        return stopped

    def _waits(self, address: int) -> bool:
        """Whether the CPU stopped for WFE, WFI or YIELD before `address`; sleeps a moment if so."""
        with contextlib.suppress(self._unicorn.UcError):
            if self.read(address - 2, 2) in (_WFE, _WFI, _YIELD):
                self._closing.wait(0.001)
                return True
        return False

    def _caller(self, address: int) -> str:
        """Where a jump into nowhere came from, as far as the link register knows."""
        if address < _FLASH_BYTES or _RAM <= address < _RAM + _RAM_BYTES:
            return ""
        back = int(self._cpu.reg_read(self._arm.UC_ARM_REG_LR)) & ~1
        return f", called from {self._image.where(back)}"

    def _open_window(self, address: int) -> None:
        if self._watched:
            marks, traced = self._watched
            window = RegionWindow(self.read, address, marks, self._arguments, self._forget_it, traced)
            self._hooks = [add_read_hook(self._unicorn, self._cpu, window.read_flash, 0, _FLASH_BYTES - 1)]
            self._window = window
        else:
            self._window = Window(self.read, address)
        self._hooks.append(add_block_hook(self._unicorn, self._cpu, self._window.enter))
        self._cpu.ctl_flush_tb()  # blocks that were translated without the hook would not call it

    def _arguments(self) -> tuple[int, int]:
        """r0 and lr: the first argument of the function that begins, and where it returns to."""
        return int(self._cpu.reg_read(self._arm.UC_ARM_REG_R0)), int(self._cpu.reg_read(self._arm.UC_ARM_REG_LR))

    def _forget_it(self) -> None:
        """Clears ITSTATE, bits 26, 25 and 15 to 10 of what Unicorn calls CPSR."""
        flags = int(self._cpu.reg_read(self._arm.UC_ARM_REG_CPSR))
        self._cpu.reg_write(self._arm.UC_ARM_REG_CPSR, flags & ~0x0600FC00)

    def _close_window(self, address: int | None) -> None:
        if self._window:
            self._counters = self._window.total(address)
            if isinstance(self._window, RegionWindow):
                self._regions = self._window.regions()
            self._dwt.add(self._counters.cycles)
            self._window = None
            for remove in self._hooks:
                remove()
            self._hooks = []
            self._cpu.ctl_flush_tb()

    # What Unicorn calls while an instruction runs.

    def _peripheral(self, address: int, verb: str) -> Registers:
        found = self._peripherals.get(address & ~0xFFF)
        if found is None:
            self.fail(f"hard fault: {verb} 0x{address:08x}, a peripheral that is not emulated,")
            return Registers()
        return found

    def _read_register(self, _cpu: object, offset: int, size: int, start: int) -> int:
        address = start + offset
        value = self._peripheral(address, "read of").read(offset & 0xFFC)
        return value >> 8 * (offset & 3) & ((1 << 8 * size) - 1)

    def _write_register(self, _cpu: object, offset: int, size: int, value: int, start: int) -> None:
        peripheral = self._peripheral(start + offset, "write to")
        if size < 4:  # narrow writes keep the rest of the register
            shift, mask = 8 * (offset & 3), (1 << 8 * size) - 1
            value = peripheral.read(offset & 0xFFC) & ~(mask << shift) | (value & mask) << shift
        peripheral.write(offset & 0xFFC, value & 0xFFFFFFFF)

    def _invalid_access(self, _cpu: object, access: int, address: int, size: int, _value: int, _user: object) -> bool:
        unicorn = self._unicorn
        if access in (unicorn.UC_MEM_FETCH_UNMAPPED, unicorn.UC_MEM_FETCH_PROT):
            self._fault = "hard fault: jump to where there is no code,"
        elif access in (unicorn.UC_MEM_WRITE_PROT, unicorn.UC_MEM_WRITE_UNMAPPED):
            what = "read-only memory" if access == unicorn.UC_MEM_WRITE_PROT else "no memory"
            self._fault = f"hard fault: write of {size} bytes to 0x{address:08x}, which is {what},"
        else:
            self._fault = f"hard fault: read of {size} bytes from 0x{address:08x}, which is no memory,"
        return False

    def _exception(self, _cpu: object, number: int, _user: object) -> None:
        self.fail(f"hard fault: {_EXCEPTIONS.get(number, f'exception {number}')}")

    def _stuck(self, _cpu: object, _address: int, _size: int, _user: object) -> None:
        self.fail("endless loop: a branch to itself")


def _endless_loops(address: int, data: bytes) -> list[int]:
    """Where a branch to itself may be; data that looks like one does no harm, as it is not executed."""
    found = []
    for code in _ENDLESS:
        at = data.find(code)
        while at >= 0:
            if at % 2 == 0:
                found.append(address + at)
            at = data.find(code, at + 1)
    return found
