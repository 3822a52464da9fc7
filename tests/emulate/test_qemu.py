"""Boards in QEMU: the serial line, repeatable time, and what is said when something is missing."""

from __future__ import annotations

import os
import shutil
import signal
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from emulate.host import Host, wait_for_failure
from tinygen.boards import load_board
from tinygen.emulate import emulate
from tinygen.emulate.qemu import QemuBoard
from tinygen.errors import ToolError

Build = Callable[..., Path]
needs_qemu = pytest.mark.skipif(not shutil.which("qemu-system-arm"), reason="qemu-system-arm is not on PATH")


@needs_qemu
def test_echoes_and_its_time_is_repeatable(build: Build) -> None:
    elf = build("ECHO", source="cmsdk.c")
    ticks = []
    for _ in range(2):
        with emulate(load_board("qemu-m4"), elf) as board, Host(board) as host:
            assert host.ask(b"hello", 5) == b"hello"
            ticks.append(struct.unpack("<I", host.ask(b"t", 4))[0])
            assert board.failure() == ""
            assert board.counters() is None
    # A loop of 3 or 4 instructions, 1024 ns each, at 25 MHz.
    assert 1000 * 3 * 25 < ticks[0] < 1000 * 5 * 26
    assert abs(ticks[0] - ticks[1]) <= 26  # one instruction: where a tick falls


@needs_qemu
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_qemu_that_dies_is_a_failure(build: Build) -> None:
    with QemuBoard(load_board("qemu-m4"), build("ECHO", source="cmsdk.c")) as board:
        board._process.send_signal(signal.SIGKILL)
        assert wait_for_failure(board) == f"QEMU ended with code -{signal.SIGKILL}"


@needs_qemu
def test_a_machine_that_qemu_does_not_know_is_an_error_in_its_words(build: Build) -> None:
    board = replace(load_board("qemu-m4"), qemu_machine="no-such-machine")
    with pytest.raises(ToolError, match=r"did not start.*unsupported machine"):
        QemuBoard(board, build("ECHO", source="cmsdk.c"))


def test_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"there is no no-such-qemu.*Debian: qemu-system-arm"):
        QemuBoard(load_board("qemu-m4"), tmp_path / "x.elf", program="no-such-qemu")


@needs_qemu
def test_a_missing_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no such file"):
        QemuBoard(load_board("qemu-m4"), tmp_path / "x.elf")
