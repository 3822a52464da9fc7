"""transport.py: pipes, sockets, pseudo-terminals, and what is said when they fail."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Iterator

import pytest
import serial

from harness import toy
from harness.simulated import SimulatedDevice
from tinygen.errors import LinkError
from tinygen.harness import transport
from tinygen.harness.device import Device
from tinygen.harness.exchange import Patience
from tinygen.harness.transport import ProcessTransport, open_serial

PROGRAM = "import os\nwhile data := os.read(0, 99): os.write(1, data)"
ECHO = [sys.executable, "-c", PROGRAM]


def read_all(line: transport.Transport, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = line.read(5)
        assert part, "nothing came"
        data += part
    return data


def test_a_process_gets_and_gives_all_bytes() -> None:
    line = ProcessTransport(ECHO)
    data = bytes(range(256)) * 8
    line.write(data)
    assert read_all(line, len(data)) == data
    assert line.read(0.01) == b""
    line.close()
    line.close()
    with pytest.raises(LinkError, match="is closed"):
        line.read(0.01)
    with pytest.raises(LinkError, match="is closed"):
        line.write(b"x")


def test_a_process_that_ends_is_told_with_its_last_words() -> None:
    line = ProcessTransport([sys.executable, "-c", "import sys; sys.exit('out of luck')"])
    with pytest.raises(LinkError, match=r"ended with code 1 in the middle\. It said: out of luck"):
        for _ in range(3):
            line.read(10)
    line.close()


def test_a_program_that_does_not_exist() -> None:
    with pytest.raises(LinkError, match="no-such-firmware could not be started"):
        ProcessTransport(["no-such-firmware"])


class Server:
    """A TCP port behind which a device sits, as an emulator offers it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        device = SimulatedDevice()
        line, _ = self._listener.accept()
        with line:
            while data := line.recv(4096):
                device.write(data)
                while answer := device.read(0):
                    line.sendall(answer)

    def close(self) -> None:
        self._listener.close()
        self._thread.join(5)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def test_a_device_behind_a_socket(server: Server) -> None:
    device = Device(open_serial(server.url, 115200), Patience())
    device.greet(toy.WANTED)
    inputs = toy.vectors(seed=1, count=3)
    assert [device.invoke(given).outputs for given in inputs] == toy.expected(inputs)
    device.close()


def test_a_socket_that_nobody_serves() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(LinkError, match=f"socket://127.0.0.1:{port} could not be opened"):
        open_serial(f"socket://127.0.0.1:{port}", 115200)


def test_a_socket_that_closes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = open_serial(f"socket://127.0.0.1:{listener.getsockname()[1]}", 115200)
        listener.accept()[0].close()
        with pytest.raises(LinkError, match="was lost"):
            line.read(5)
        line.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_terminal_carries_bytes_and_is_opened_only_once() -> None:
    import pty
    import tty

    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    name = os.ttyname(theirs)
    line = open_serial(name, 115200)
    line.write(b"\0ping")
    assert os.read(ours, 99) == b"\0ping"
    os.write(ours, b"pong\0\xff")
    assert read_all(line, 6) == b"pong\0\xff"
    assert line.read(0) == b""
    with pytest.raises(LinkError, match="in use by another program"):
        open_serial(name, 115200)
    line.close()
    os.close(ours)
    os.close(theirs)


def test_a_port_that_does_not_exist_lists_those_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = "COM250" if sys.platform == "win32" else "/dev/no-such-port"
    monkeypatch.setattr(transport, "serial_ports", lambda: ("COM3 (CMSIS-DAP)",))
    with pytest.raises(LinkError, match=r"There is no serial port .*Ports found: COM3 \(CMSIS-DAP\)"):
        open_serial(missing, 115200)
    monkeypatch.setattr(transport, "serial_ports", lambda: ())
    with pytest.raises(LinkError, match="No serial port was found"):
        open_serial(missing, 115200)


def test_the_ports_of_this_computer_can_be_listed() -> None:
    assert all(isinstance(port, str) for port in transport.serial_ports())


@pytest.mark.parametrize(
    "error",
    [
        serial.SerialException(13, "could not open port /dev/ttyACM0: [Errno 13] Permission denied"),
        serial.SerialException("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)"),
    ],
)
def test_a_port_that_may_not_be_opened(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(serial, "serial_for_url", refuse)
    with pytest.raises(LinkError, match=r"permission denied.*dialout.*udev"):
        open_serial("/dev/ttyACM0", 115200)


def test_a_url_of_an_unknown_kind() -> None:
    with pytest.raises(LinkError, match="could not be opened"):
        open_serial("carrier-pigeon://loft", 115200)
