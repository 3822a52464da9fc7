"""Peripherals of the nRF52840, register by register, without a CPU."""

from __future__ import annotations

from typing import cast

import pytest

from tinygen.emulate import peripherals
from tinygen.emulate.line import Line
from tinygen.emulate.peripherals import ClockPower, Dwt, Gpio, SystemControl, Timer, Uart

RAM = 0x20000000


class FakeChip:
    """Memory, and a record of what was asked for."""

    def __init__(self) -> None:
        self.ram = bytearray(256)
        self.failures: list[str] = []
        self.resets = 0
        self.counting = False
        self.cycles = 0

    def fail(self, reason: str) -> None:
        self.failures.append(reason)

    def reset(self) -> None:
        self.resets += 1

    def count(self, on: bool) -> None:
        self.counting = on

    def counted_cycles(self) -> int:
        return self.cycles if self.counting else 0

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.ram[address - RAM : address - RAM + size])

    def write(self, address: int, data: bytes) -> None:
        self.ram[address - RAM : address - RAM + len(data)] = data


class FakeLine:
    """A line with bytes that have arrived, and those that were sent."""

    def __init__(self, arrived: bytes = b"") -> None:
        self.arrived = arrived
        self.sent = b""

    def receive(self, limit: int) -> bytes:
        data, self.arrived = self.arrived[:limit], self.arrived[limit:]
        return data

    def send(self, data: bytes) -> None:
        self.sent += data


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that emulated timers see, in a list of one."""
    now = [1.0]
    monkeypatch.setattr(peripherals, "ticks", lambda hz: round(now[0] * hz))
    return now


def uarte(chip: FakeChip, line: FakeLine, room: int) -> Uart:
    """A UARTE that is on and receives into RAM."""
    uart = Uart(chip, cast(Line, line))
    for offset, value in ((0x500, 8), (0x534, RAM), (0x538, room), (0x000, 1)):
        uart.write(offset, value)
    return uart


def test_uarte_receives_until_the_buffer_is_full() -> None:
    chip, line = FakeChip(), FakeLine(b"abc")
    uart = uarte(chip, line, 4)
    assert uart.read(0x14C) == 1  # RXSTARTED
    assert uart.read(0x110) == 0  # three of four
    line.arrived = b"de"
    assert uart.read(0x110) == 1
    assert (uart.read(0x53C), bytes(chip.ram[:5]), line.arrived) == (4, b"abcd\0", b"e")


def test_uarte_stops_with_what_has_come() -> None:
    chip = FakeChip()
    uart = uarte(chip, FakeLine(b"ab"), 4)
    uart.read(0x110)
    uart.write(0x004, 1)
    assert (uart.read(0x110), uart.read(0x144), uart.read(0x53C)) == (1, 1, 2)


def test_uarte_starts_again_by_its_shortcut() -> None:
    chip = FakeChip()
    uart = uarte(chip, FakeLine(b"xy"), 1)
    uart.write(0x200, 1 << 5)
    assert uart.read(0x110) == 1 and chip.ram[0] == ord("x")
    uart.write(0x110, 0)
    assert uart.read(0x110) == 1 and chip.ram[0] == ord("y")


def test_uarte_does_nothing_while_it_is_off() -> None:
    chip, line = FakeChip(), FakeLine(b"x")
    uart = uarte(chip, line, 1)
    uart.write(0x500, 0)
    uart.write(0x008, 1)
    assert (uart.read(0x110), uart.read(0x120), line.sent) == (0, 0, b"")


@pytest.mark.parametrize(("register", "task"), [("TXD", 0x008), ("RXD", 0x000)])
def test_uarte_reaches_ram_only(register: str, task: int) -> None:
    chip, line = FakeChip(), FakeLine()
    uart = uarte(chip, line, 1)
    for pointer in (0x534, 0x544):
        uart.write(pointer, 0x2003FFFF)
        uart.write(pointer + 4, 2)
    uart.write(task, 1)
    assert len(chip.failures) == 1 and f"UARTE0 {register}.PTR is 0x2003ffff for 2 bytes" in chip.failures[0]
    assert line.sent == b""


def test_oscillators_start_and_stop() -> None:
    clock = ClockPower(FakeChip())
    assert (clock.read(0x100), clock.read(0x40C)) == (0, 0)
    clock.write(0x000, 1)
    assert (clock.read(0x100), clock.read(0x408), clock.read(0x40C)) == (1, 1, 0x10001)
    clock.write(0x100, 0)
    assert clock.read(0x100) == 0
    clock.write(0x518, 1)
    clock.write(0x008, 1)
    assert (clock.read(0x104), clock.read(0x418)) == (1, 0x10001)
    clock.write(0x00C, 1)
    assert (clock.read(0x104), clock.read(0x418)) == (1, 0)


def test_switching_off_ends_the_run() -> None:
    chip = FakeChip()
    ClockPower(chip).write(0x500, 1)
    assert "SYSTEMOFF" in chip.failures[0]


def test_pins_can_be_set_and_cleared_in_both_ports() -> None:
    gpio = Gpio()
    for base in (0x000, 0x300):
        gpio.write(base + 0x508, 0b1100)
        gpio.write(base + 0x50C, 0b0100)
        gpio.write(base + 0x518, 1)
        assert (gpio.read(base + 0x504), gpio.read(base + 0x508), gpio.read(base + 0x514)) == (0b1000, 0b1000, 1)
    assert gpio.read(0x700) == 0


def test_timer_counts_captures_and_compares(clock: list[float]) -> None:
    timer = Timer(lambda prescaler: 16_000_000 >> prescaler, lambda mode: (16, 8, 24, 32)[mode], (0x00C, 0x510, 0))
    timer.write(0x510, 4)  # 1 MHz
    timer.write(0x508, 3)
    timer.write(0x544, 1500)  # CC[1]
    timer.write(0x000, 1)
    clock[0] += 0.001
    timer.write(0x040, 1)
    assert (timer.read(0x540), timer.read(0x144)) == (1000, 0)
    clock[0] += 0.001
    assert timer.read(0x144) == 1
    timer.write(0x004, 1)
    clock[0] += 1
    timer.write(0x040, 1)
    assert timer.read(0x540) == 2000
    timer.write(0x00C, 1)
    timer.write(0x040, 1)
    assert timer.read(0x540) == 0


def test_rtc_counts_and_wraps(clock: list[float]) -> None:
    rtc = Timer(lambda prescaler: 32768 // (prescaler + 1), lambda _: 24, (0x008, 0x508, 0x504))
    rtc.write(0x000, 1)
    clock[0] += 2
    assert rtc.read(0x504) == 65536
    clock[0] += 512
    assert rtc.read(0x504) == 65536


def test_systick_counts_down_and_flags_a_wrap_once(clock: list[float]) -> None:
    chip = FakeChip()
    system = SystemControl(chip, Dwt(chip), 0)
    system.write(0x014, 63_999)  # a millisecond
    system.write(0x018, 0)
    system.write(0x010, 5)
    clock[0] += 0.00025
    assert (system.read(0x018), system.read(0x010)) == (48_000, 5)
    clock[0] += 0.001
    assert (system.read(0x018), system.read(0x010), system.read(0x010)) == (48_000, 0x10005, 5)


def test_nvic_reads_back_what_is_enabled() -> None:
    chip = FakeChip()
    system = SystemControl(chip, Dwt(chip), 0x26000)
    system.write(0x100, 0b0110)
    system.write(0x180, 0b0010)
    assert (system.read(0x100), system.read(0x180), system.read(0xD08)) == (0b0100, 0b0100, 0x26000)


def test_only_the_right_key_resets() -> None:
    chip = FakeChip()
    system = SystemControl(chip, Dwt(chip), 0)
    system.write(0xD0C, 4)
    assert chip.resets == 0
    system.write(0xD0C, 0x05FA0004)
    assert chip.resets == 1


def test_cycles_are_counted_while_both_switches_are_on() -> None:
    chip = FakeChip()
    dwt = Dwt(chip)
    system = SystemControl(chip, dwt, 0)
    dwt.write(0x000, 1)
    assert not chip.counting
    system.write(0xDFC, 1 << 24)
    assert chip.counting
    chip.cycles = 70
    dwt.write(0x004, 5)
    chip.cycles = 100
    assert dwt.read(0x004) == 35
    dwt.write(0x000, 0)
    assert not chip.counting
    dwt.add(100)  # as the chip does when the window closes
    assert dwt.read(0x004) == 35
