"""The host's side of an emulated board, for tests."""

from __future__ import annotations

import socket
import time

from tinygen.emulate.device import EmulatedBoard


class Host:
    """The other end of a board's serial line."""

    def __init__(self, board: EmulatedBoard) -> None:
        self._socket = socket.create_connection(("127.0.0.1", int(board.url.rpartition(":")[2])), timeout=10)

    def ask(self, data: bytes, count: int) -> bytes:
        """Sends `data` and returns the next `count` bytes; fewer if the board hangs up."""
        self._socket.sendall(data)
        answer = b""
        while len(answer) < count and (more := self._socket.recv(count - len(answer))):
            answer += more
        return answer

    def __enter__(self) -> Host:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def wait_for_failure(board: EmulatedBoard) -> str:
    """The reason why the board stopped; empty if it still runs after five seconds."""
    deadline = time.monotonic() + 5
    while not board.failure() and time.monotonic() < deadline:
        time.sleep(0.005)
    return board.failure()
