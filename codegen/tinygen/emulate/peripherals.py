"""The peripherals of an nRF52840 that firmware without interrupts meets, as registers by offset.

Addresses and bits: nRF52840 Product Specification 1.7; Armv7-M Architecture Reference Manual for the core's own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from tinygen.emulate.line import Line

CLOCK_HZ = 64_000_000
_RAM_START, _RAM_END = 0x20000000, 0x20040000


class Chip(Protocol):
    """What peripherals may ask of the chip around them."""

    def fail(self, reason: str) -> None:
        """Stops the firmware for good, with the reason in words."""

    def reset(self) -> None:
        """Starts the firmware again."""

    def count(self, on: bool) -> None:
        """Asks for the window that is counted to be opened or closed; does nothing if it is so already."""

    def counted_cycles(self) -> int:
        """Cycles of the open window; 0 if none is open."""

    def read(self, address: int, size: int) -> bytes:
        """Bytes of the chip's memory."""

    def write(self, address: int, data: bytes) -> None:
        """Writes the chip's memory."""


def ticks(hz: int) -> int:
    """Periods of a clock of `hz` since some moment: emulated timers follow this computer's clock."""
    return time.monotonic_ns() * hz // 1_000_000_000


class Registers:
    """Registers that keep what is written, and do nothing."""

    def __init__(self, **initial: int) -> None:
        """initial: values by offset, as x400=1."""
        self.values = {int(name[1:], 16): value for name, value in initial.items()}

    def read(self, offset: int) -> int:
        return self.values.get(offset, 0)

    def write(self, offset: int, value: int) -> None:
        self.values[offset] = value


class Gpio(Registers):
    """Pins of both ports that are connected to nothing: OUT and DIR can be set and read back."""

    _WINDOWS = {0x508: (0x504, True), 0x50C: (0x504, False), 0x518: (0x514, True), 0x51C: (0x514, False)}

    def read(self, offset: int) -> int:
        base, register = offset // 0x300 * 0x300, offset % 0x300 + 0x300
        return super().read(base + self._WINDOWS.get(register, (register, True))[0])

    def write(self, offset: int, value: int) -> None:
        base, register = offset // 0x300 * 0x300, offset % 0x300 + 0x300
        if register in self._WINDOWS:
            register, is_set = self._WINDOWS[register]
            old = super().read(base + register)
            value = old | value if is_set else old & ~value
        super().write(base + register, value)


class ClockPower(Registers):
    """CLOCK and POWER: oscillators start at once."""

    def __init__(self, chip: Chip) -> None:
        super().__init__(x640=1)
        self._chip = chip

    def write(self, offset: int, value: int) -> None:
        task = offset if value & 1 else -1
        if task in (0x000, 0x004):  # HFCLKSTART, HFCLKSTOP
            self.values |= {0x408: 1 - task // 4, 0x40C: 0x10001 if task == 0 else 0x10000}
            self.values[0x100] = self.read(0x100) | (task == 0)
        elif task in (0x008, 0x00C):  # LFCLKSTART, LFCLKSTOP
            on = task == 0x008
            self.values |= {0x414: int(on), 0x418: 0x10000 | self.read(0x518) if on else 0}
            self.values[0x104] = self.read(0x104) | on
        elif task == 0x010:  # CAL
            self.values[0x10C] = 1
        elif task == 0x500:
            self._chip.fail("the firmware switched the chip off (SYSTEMOFF)")
        elif offset == 0x400:  # RESETREAS: ones clear
            self.values[offset] = self.read(offset) & ~value
        else:
            super().write(offset, value)


class Uart(Registers):
    """UART0 or UARTE0, as ENABLE says. Baud rate, parity and pins are ignored; a host never sends too fast."""

    _UART, _UARTE = 4, 8

    def __init__(self, chip: Chip, line: Line) -> None:
        super().__init__(x508=0xFFFFFFFF, x50C=0xFFFFFFFF, x510=0xFFFFFFFF, x514=0xFFFFFFFF, x524=0x04000000)
        self._chip = chip
        self._line = line
        self._receiving = False
        self._next = 0  # address of the next received byte
        self._room = 0  # bytes that still fit

    def read(self, offset: int) -> int:
        mode = super().read(0x500)
        if offset in (0x108, 0x110, 0x144) and self._receiving and not super().read(offset):
            self._receive(mode)
        if offset == 0x518 and mode == self._UART:  # RXD
            self.values[0x518], value = 0, super().read(0x518)
            return value
        return super().read(offset)

    def write(self, offset: int, value: int) -> None:
        tasks = {0x000: self._start_rx, 0x004: self._stop_rx, 0x008: self._start_tx, 0x00C: self._stop_tx}
        if offset in tasks:
            if value & 1 and super().read(0x500):
                tasks[offset]()
        elif offset == 0x51C and super().read(0x500) == self._UART:  # TXD
            self._line.send(bytes([value & 0xFF]))
            self.values[0x11C] = 1
        elif offset == 0x480:  # ERRORSRC: ones clear
            self.values[offset] = super().read(offset) & ~value
        else:
            if offset == 0x500:
                self._receiving = False
            super().write(offset, value)

    def _start_rx(self) -> None:
        self._receiving = True
        if super().read(0x500) == self._UARTE:
            self._next, self._room = super().read(0x534), super().read(0x538) & 0xFFFF
            if not self._reaches("RXD", self._next, self._room):
                self._room = 0
            self.values[0x53C] = 0
            self.values[0x14C] = 1  # RXSTARTED

    def _stop_rx(self) -> None:
        if self._receiving and super().read(0x500) == self._UARTE:
            self._end_rx()
        self._receiving = False
        self.values[0x144] = 1  # RXTO

    def _end_rx(self) -> None:
        self._receiving = False
        self.values[0x53C] = self._next - super().read(0x534)
        self.values[0x110] = 1  # ENDRX

    def _receive(self, mode: int) -> None:
        """Waits a moment for a byte, so that firmware which polls for one does not spin."""
        if mode == self._UART:
            if data := self._line.receive(1):
                self.values |= {0x518: data[0], 0x108: 1}
            return
        data = self._line.receive(max(self._room, 1)) if self._room else b""
        if data:
            self._chip.write(self._next, data)
            self._next += len(data)
            self._room -= len(data)
            self.values[0x108] = 1  # RXDRDY
        if self._room == 0:
            self._end_rx()
            shorts = super().read(0x200)
            if shorts & 1 << 5:
                self._start_rx()
            elif shorts & 1 << 6:
                self._stop_rx()

    def _start_tx(self) -> None:
        if super().read(0x500) == self._UARTE:
            address, count = super().read(0x544), super().read(0x548) & 0xFFFF
            if not self._reaches("TXD", address, count):
                return
            self._line.send(self._chip.read(address, count))
            self.values |= {0x54C: count, 0x150: 1, 0x120: 1, 0x11C: 1}  # TXSTARTED, ENDTX, TXDRDY

    def _stop_tx(self) -> None:
        self.values[0x158] = 1  # TXSTOPPED

    def _reaches(self, name: str, address: int, count: int) -> bool:
        is_ram = address >= _RAM_START and address + count <= _RAM_END
        if not is_ram:
            self._chip.fail(f"EasyDMA reaches RAM only, and UARTE0 {name}.PTR is 0x{address:08x} for {count} bytes,")
        return is_ram


class Timer(Registers):
    """TIMER or RTC: counts with this computer's clock; compare events, no shorts."""

    def __init__(self, rate: Callable[[int], int], bits: Callable[[int], int], offsets: tuple[int, int, int]) -> None:
        """rate: Hz by PRESCALER. bits: width by BITMODE. offsets: of TASKS_CLEAR, PRESCALER and COUNTER (0: none)."""
        super().__init__()
        self._rate, self._bits = rate, bits
        self._clear, self._prescaler, self._counter = offsets
        self._start = 0  # tick at which the count was 0, while running
        self._count = 0  # while stopped
        self._running = False

    def _ticks(self) -> int:
        return ticks(self._rate(super().read(self._prescaler)))

    def _value(self) -> int:
        return self._ticks() - self._start if self._running else self._count

    def _mask(self) -> int:
        return (1 << self._bits(super().read(0x508))) - 1

    def read(self, offset: int) -> int:
        if offset == self._counter and offset:
            return self._value() & self._mask()
        if 0x140 <= offset < 0x158 and self._running and self._value() >= super().read(offset + 0x400):
            self.values[offset] = 1  # EVENTS_COMPARE
        return super().read(offset)

    def write(self, offset: int, value: int) -> None:
        if offset == 0x000 and not self._running:
            self._running, self._start = True, self._ticks() - self._count
        elif offset == 0x004 and self._running:
            self._count, self._running = self._value(), False
        elif offset == self._clear:
            self._count, self._start = 0, self._ticks()
        elif 0x040 <= offset < 0x058 and not self._counter:  # TASKS_CAPTURE
            self.values[offset + 0x500] = self._value() & self._mask()
        else:
            super().write(offset, value)


class Dwt(Registers):
    """The cycle counter: while it is enabled, the chip counts what it executes."""

    def __init__(self, chip: Chip) -> None:
        super().__init__(x000=0x40000000)
        self._chip = chip
        self._before = 0  # CYCCNT without the cycles of the open window
        self._tracing = False

    def trace(self, on: bool) -> None:
        """DEMCR.TRCENA, which switches the whole unit."""
        self._tracing = on
        self._update()

    def add(self, cycles: int) -> None:
        """Keeps the cycles of a window that closes."""
        self._before += cycles

    def read(self, offset: int) -> int:
        if offset == 0x004:
            return (self._before + self._chip.counted_cycles()) & 0xFFFFFFFF
        return super().read(offset)

    def write(self, offset: int, value: int) -> None:
        if offset == 0x004:
            self._before = value - self._chip.counted_cycles()
            return
        super().write(offset, value)
        self._update()

    def _update(self) -> None:
        self._chip.count(self._tracing and bool(self.values[0x000] & 1))


class SystemControl(Registers):
    """SysTick, NVIC and SCB. SysTick follows this computer's clock; no interrupt is ever delivered."""

    def __init__(self, chip: Chip, dwt: Dwt, vector_table: int) -> None:
        super().__init__(xD00=0x410FC241, xD08=vector_table, xD0C=0xFA050000, xD14=0x200)
        self._chip = chip
        self._dwt = dwt
        self._start = 0  # tick at which SysTick was loaded
        self._wraps = 0  # that COUNTFLAG has told of

    def read(self, offset: int) -> int:
        period = self.values.get(0x014, 0) + 1
        elapsed = ticks(CLOCK_HZ) - self._start if self.values.get(0x010, 0) & 1 else 0
        if offset == 0x018:
            return -elapsed % period
        if offset == 0x010:
            flag = elapsed // period > self._wraps
            self._wraps = elapsed // period
            return super().read(offset) & 7 | flag << 16
        if 0x180 <= offset < 0x1A0:  # NVIC_ICER reads as NVIC_ISER
            offset -= 0x80
        return super().read(offset)

    def write(self, offset: int, value: int) -> None:
        if offset in (0x010, 0x018):
            self._start, self._wraps = ticks(CLOCK_HZ), 0
        if 0x100 <= offset < 0x120:
            value |= self.read(offset)
        elif 0x180 <= offset < 0x1A0:
            offset, value = offset - 0x80, self.read(offset) & ~value
        super().write(offset, value)
        if offset == 0xDFC:
            self._dwt.trace(bool(value & 1 << 24))
        elif offset == 0xD0C and value >> 16 == 0x05FA and value & 4:
            self._chip.reset()
