"""Runs firmware for a QEMU machine: starts qemu-system-arm with the board's serial line on a socket."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

from tinygen.boards import Board
from tinygen.emulate.device import Counters, EmulatedBoard
from tinygen.errors import ToolError

_START_SECONDS = 30.0
_END_SECONDS = 0.5
_LISTENING = re.compile(r"waiting for connection on: \S*?:127\.0\.0\.1:(\d+)")


class QemuBoard(EmulatedBoard):
    """A running QEMU. The firmware starts when the first host connects."""

    def __init__(self, board: Board, elf: Path, program: str = "qemu-system-arm") -> None:
        """Raises ToolError when QEMU is missing, does not start, or `elf` can't be read."""
        found = shutil.which(program)
        if not found:
            raise ToolError(
                f"The board {board.name} runs in QEMU, and there is no {program}.",
                "Install it (Debian: qemu-system-arm; Homebrew: qemu) so that it is on PATH.",
            )
        if not elf.is_file():
            raise ToolError(f"The firmware image {elf} can't be read: there is no such file.", "Build it first.")
        # Port 0: the system picks one, and QEMU says which, so that two runs can't meet on one port.
        # icount: time is counted in instructions, 2^shift ns each, so that SysTick is repeatable.
        shift = board.defines.get("TG_ICOUNT_SHIFT", "10")
        command = [found, "-machine", board.qemu_machine, "-cpu", board.qemu_cpu, "-kernel", str(elf)]
        command += ["-icount", f"shift={shift}", "-display", "none", "-monitor", "none"]
        # nodelay: an answer in two parts would wait 40 ms between them.
        command += ["-serial", "tcp:127.0.0.1:0,server=on,wait=on,nodelay=on"]
        self._closed = False
        self._said: list[str] = []
        self._port = 0
        self._ready = threading.Event()
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
        except OSError as error:
            raise ToolError(f"{found} could not be started: {error.strerror}.", "Install QEMU again.") from None
        self._reader = threading.Thread(target=self._listen, name="qemu messages", daemon=True)
        self._reader.start()
        self._ready.wait(_START_SECONDS)
        if not self._port:
            reason = self.failure() or "it did not open its serial line"
            self.close()
            raise ToolError(f"QEMU did not start for the board {board.name}: {reason}.", "QEMU 7 or newer is needed.")

    @property
    def url(self) -> str:
        return f"socket://127.0.0.1:{self._port}"

    def counters(self) -> Counters | None:
        return None

    def failure(self) -> str:
        if self._closed:
            return ""
        deadline = time.monotonic() + _END_SECONDS if self._ready.is_set() and not self._port else 0.0
        while self._process.poll() is None:
            if time.monotonic() >= deadline:
                return ""
            time.sleep(0.01)
        self._reader.join(_END_SECONDS)
        said = " ".join(self._said).strip()
        return f"QEMU ended with code {self._process.returncode}" + (f": {said}" if said else "")

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._process.terminate()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_END_SECONDS)
        assert self._process.stderr is not None
        self._process.stderr.close()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if found := _LISTENING.search(line):
                self._port = int(found[1])
                self._ready.set()
            else:
                self._said = [*self._said[-20:], line.strip()]
        self._ready.set()
