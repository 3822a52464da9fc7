"""Carries bytes to a device and back: serial ports, sockets, a process's pipes; the only module that knows serial."""

from __future__ import annotations

import contextlib
import errno
import queue
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import Protocol

import serial
import serial.tools.list_ports

from tinygen.errors import LinkError

_POLL_SECONDS = 0.05  # a fixed timeout: changing it sets up the port again on some systems
_WRITE_SECONDS = 5.0
_END_SECONDS = 2.0
_CHECK_CABLE = "Check the cable and that the board is powered, and that no other program uses the port."


class Transport(Protocol):
    """A line to a device. All three raise LinkError when the line is gone."""

    def read(self, timeout: float) -> bytes:
        """What has arrived, after waiting up to `timeout` seconds for its first byte; empty if nothing came."""

    def write(self, data: bytes) -> None:
        """Hands over all of `data`."""

    def close(self) -> None:
        """Ends the line; may be called twice."""


class SerialTransport:
    """A serial port, or whatever URL pyserial knows."""

    def __init__(self, port: str, line: serial.SerialBase) -> None:
        self._port = port
        self._line = line

    def read(self, timeout: float) -> bytes:
        deadline = time.monotonic() + timeout
        try:
            data = bytes(self._line.read(1))
            while not data and time.monotonic() < deadline:
                data = bytes(self._line.read(1))
            while data and (waiting := self._line.in_waiting):
                data += bytes(self._line.read(waiting))
        except (OSError, TypeError) as error:  # TypeError: pyserial, when another thread or a signal closed the port
            raise self._gone(error) from error
        return data

    def write(self, data: bytes) -> None:
        try:
            self._line.write(data)
        except OSError as error:
            raise self._gone(error) from error

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._line.close()

    def _gone(self, error: Exception) -> LinkError:
        return LinkError(f"The connection to {self._port} was lost: {error}.", _CHECK_CABLE)


def serial_ports() -> tuple[str, ...]:
    """The names of this computer's serial ports, with what they say of themselves."""
    return tuple(sorted(f"{port.device} ({port.description})" for port in serial.tools.list_ports.comports()))


def _not_opened(port: str, error: Exception) -> LinkError:
    number = getattr(error, "errno", None)
    text = str(error)
    if number == errno.ENOENT or "FileNotFoundError" in text:
        found = serial_ports()
        known = f"Ports found: {', '.join(found)}." if found else "No serial port was found: is the board plugged in?"
        return LinkError(f"There is no serial port {port}.", known)
    if number in (errno.EACCES, errno.EPERM) or "PermissionError" in text:
        hint = (
            "On Linux, add yourself to the port's group (`sudo usermod -aG dialout $USER`, then log in again) "
            "or install the board's udev rules; on Windows and macOS, close the program that has the port open."
        )
        return LinkError(f"This user may not open {port}: permission denied.", hint)
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in text:
        return LinkError(f"{port} is in use by another program.", "Close serial monitors and other runs of tinygen.")
    return LinkError(f"{port} could not be opened: {error}.", _CHECK_CABLE)


def open_serial(port: str, baud: int) -> SerialTransport:
    """Opens a port ("/dev/ttyACM0", "COM3") or a URL ("socket://127.0.0.1:4000").

    Raises LinkError if there is no such port, if it is in use, or if the user may not open it.
    """
    try:
        line = serial.serial_for_url(
            port, baudrate=baud, timeout=_POLL_SECONDS, write_timeout=_WRITE_SECONDS, exclusive=True
        )
    except (OSError, ValueError) as error:
        raise _not_opened(port, error) from error
    return SerialTransport(port, line)


class ProcessTransport:
    """A program that speaks the protocol over its stdin and stdout."""

    def __init__(self, command: Sequence[str]) -> None:
        """Starts `command`. Raises LinkError if it can't be started."""
        self._name = command[0]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (close() closes it)
        try:
            self._process = subprocess.Popen(
                list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, bufsize=0
            )
        except OSError as error:
            self._errors.close()
            raise LinkError(f"{self._name} could not be started: {error}.", "Build it again.") from error
        self._closed = False
        self._queue: queue.Queue[bytes] = queue.Queue()
        self._ended = threading.Event()
        # A thread, since Windows can't wait for a pipe with a timeout.
        self._reader = threading.Thread(target=self._read_all, name="tinygen link", daemon=True)
        self._reader.start()

    def _read_all(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            while data := self._process.stdout.read(65536):
                self._queue.put(data)
        self._ended.set()
        self._queue.put(b"")

    def read(self, timeout: float) -> bytes:
        if self._closed or (self._ended.is_set() and self._queue.empty()):
            raise self._gone()
        try:
            data = self._queue.get(timeout=max(timeout, 0.0))
        except queue.Empty:
            return b""
        if not data:
            raise self._gone()
        return data

    def write(self, data: bytes) -> None:
        if self._closed:
            raise self._gone()
        assert self._process.stdin is not None
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._process.stdin.write(rest) or 0 :]
        except OSError as error:
            raise self._gone() from error

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_END_SECONDS)
        self._process.stdout.close()
        self._errors.close()

    def _gone(self) -> LinkError:
        if self._closed:
            return LinkError(f"The connection to {self._name} is closed.")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip()[-2000:]
        ended = f"The process {self._name} ended with code {self._process.returncode} in the middle."
        return LinkError(f"{ended} It said: {said}" if said else ended)
