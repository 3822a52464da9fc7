"""The emulated nRF52840: serial line, faults in words, counters, bootloader offset, end."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from emulate.host import Host, wait_for_failure
from tinygen.boards import load_board
from tinygen.emulate import emulate
from tinygen.emulate.device import Counters
from tinygen.emulate.nrf52840 import Nrf52840
from tinygen.errors import ToolError

pytest.importorskip("unicorn", reason='needs pip install "tinygen[emulate]"')
pytest.importorskip("capstone", reason='needs pip install "tinygen[emulate]"')

Build = Callable[..., Path]
SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.mark.parametrize(("mode", "origin"), [("ECHO", 0), ("LEGACY", 0), ("ECHO", 0x26000)])
def test_echoes_bytes(build: Build, mode: str, origin: int) -> None:
    text = bytes(range(97, 109)) * 20
    with Nrf52840(build(mode, origin)) as board, Host(board) as host:
        assert host.ask(text, len(text)) == text
        assert board.failure() == ""


def test_the_next_host_is_served_when_one_has_left(build: Build) -> None:
    with emulate(load_board("nrf52840"), build("ECHO")) as board:
        for _ in range(3):
            with Host(board) as host:
                assert host.ask(b"again", 5) == b"again"


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("READ", "hard fault: read of 4 bytes from 0x30000000, which is no memory, at pc 0x[0-9a-f]{8} in break_down"),
        ("WRITE", "write of 4 bytes to 0x00010000, which is read-only memory, at pc 0x[0-9a-f]{8} in break_down"),
        ("JUMP", "jump to where there is no code, at pc 0x60000000, called from 0x[0-9a-f]{8} in"),
        ("UNDEFINED", "hard fault: undefined instruction at pc 0x[0-9a-f]{8} in break_down"),
        ("STUCK", "endless loop: a branch to itself at pc 0x[0-9a-f]{8} in break_down"),
        ("FLASH_DMA", "EasyDMA reaches RAM only, and UARTE0 TXD.PTR is 0x00000000 for 4 bytes, at pc .* in break_down"),
        ("PERIPHERAL", "read of 0x40027500, a peripheral that is not emulated, at pc 0x[0-9a-f]{8} in break_down"),
        ("MEASURE", r"breakpoint instruction \(BKPT\) at pc 0x[0-9a-f]{8} in stop_here"),
    ],
)
def test_says_why_the_firmware_stopped(build: Build, mode: str, reason: str) -> None:
    with Nrf52840(build(mode)) as board:
        assert re.search(reason, wait_for_failure(board)), board.failure()
        with pytest.raises(OSError):
            Host(board)


def test_a_host_that_waits_is_hung_up_on_by_a_fault(build: Build) -> None:
    with Nrf52840(build("FAULT_LATER")) as board, Host(board) as host:
        assert host.ask(b"f", 1) == b""
        assert "0x30000000" in wait_for_failure(board)


@pytest.mark.parametrize("mode", ["SPIN", "SLEEP", "ECHO", "RESET"])
def test_closes_within_a_second(build: Build, mode: str) -> None:
    board = Nrf52840(build(mode))
    time.sleep(0.1)
    start = time.monotonic()
    board.close()
    board.close()
    assert time.monotonic() - start < 1.0
    assert not board._thread.is_alive()
    assert board.failure() == ""


def test_a_reset_starts_the_firmware_again(build: Build) -> None:
    with Nrf52840(build("RESET")) as board, Host(board) as host:
        assert struct.unpack("<I", host.ask(b"", 4)) == (2,)


def test_a_known_loop_is_counted_exactly(build: Build) -> None:
    with Nrf52840(build("KNOWN")) as board:
        wait_for_failure(board)
        assert board.counters() == Counters(instructions=8002, cycles=10000)


def test_counts_the_same_when_only_the_public_hook_is_there(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "unicorn.unicorn_py3.unicorn", None)
    with Nrf52840(build("KNOWN")) as board:
        wait_for_failure(board)
        assert board.counters() == Counters(instructions=8002, cycles=10000)


def test_the_firmware_reads_the_cycles_that_were_counted(build: Build) -> None:
    with Nrf52840(build("ECHO")) as board, Host(board) as host:
        assert board.counters() is None
        (first,) = struct.unpack("<I", host.ask(b"m", 4))
        counters = board.counters()
        assert counters is not None
        assert first == counters.cycles > counters.instructions > 40_000
        assert host.ask(b"x", 1) == b"x"
        (second,) = struct.unpack("<I", host.ask(b"m", 4))
        assert abs(second - first) < first // 100  # other data, another path here and there


def test_counts_agree_with_m4count(build: Build) -> None:
    tool = SHARED / "tools" / "m4count" / "m4count.py"
    if not tool.is_file():
        pytest.skip("there is no folder shared with tools/m4count beside the checkout")
    elf = build("MEASURE")
    command = [sys.executable, str(tool), str(elf), "--begin", "window_open", "--end", "window_close"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    found = re.search(r"instructions (\d+)  est_cycles (\d+)", done.stdout)
    if not found:
        pytest.skip(f"m4count did not run here: {done.stderr[-300:]}")
    instructions, cycles = (int(number) for number in found.groups())
    with Nrf52840(elf) as board:
        wait_for_failure(board)
        counters = board.counters()
    assert counters is not None
    assert counters.instructions == instructions
    assert counters.cycles == pytest.approx(cycles, rel=0.02)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "can't be read"), (b"\x7fELF\x02\x01", "no ELF file"), (b"", "no ELF file")],
)
def test_refuses_what_is_no_firmware(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "x.elf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ToolError, match=message):
        Nrf52840(path)


def test_refuses_damaged_firmware_and_firmware_for_another_chip(build: Build, tmp_path: Path) -> None:
    cut = tmp_path / "cut.elf"
    cut.write_bytes(build("ECHO").read_bytes()[:200])
    with pytest.raises(ToolError, match="cut off or damaged"):
        Nrf52840(cut)
    with pytest.raises(ToolError, match="not for an nRF52840"):
        Nrf52840(build("ECHO", 0x08000000))


@pytest.mark.parametrize("module", ["unicorn", "capstone"])
def test_says_what_to_install(build: Build, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    elf = build("ECHO")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ToolError, match=r'pip install "tinygen\[emulate\]"'):
        Nrf52840(elf)


def test_a_board_without_emulator_is_refused() -> None:
    with pytest.raises(ToolError, match="host can't be emulated"):
        emulate(load_board("host"), Path("x.elf"))
