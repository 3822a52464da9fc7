"""The far end of an emulated UART: a TCP server on this computer that one host at a time connects to."""

from __future__ import annotations

import contextlib
import socket

_SLICE_SECONDS = 0.05  # how long a wait may last before stop() is noticed


class Line:
    """A serial line, for one thread; only `stop` may be called from another."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0), backlog=4)
        self._server.settimeout(_SLICE_SECONDS)
        self.port: int = self._server.getsockname()[1]
        self._peer: socket.socket | None = None
        self._met = False  # a host has been here
        self._waiting = b""
        self._stopped = False

    def receive(self, limit: int) -> bytes:
        """Up to `limit` bytes from the host; empty if none came in a twentieth of a second."""
        if not self._waiting and (self._peer or self._accept()):
            assert self._peer is not None
            try:
                self._waiting = self._peer.recv(65536)
                if not self._waiting:
                    self._hang_up()
            except TimeoutError:
                pass
            except OSError:
                self._hang_up()
        data, self._waiting = self._waiting[:limit], self._waiting[limit:]
        return data

    def send(self, data: bytes) -> None:
        """Hands over `data`. Waits for the first host; what is sent after a host has left is lost, as on a cable."""
        while not self._met and not self._stopped:
            self._accept()
        rest = memoryview(data)
        while rest and self._peer and not self._stopped:
            try:
                rest = rest[self._peer.send(rest) :]
            except TimeoutError:
                continue
            except OSError:
                self._hang_up()

    def stop(self) -> None:
        """Ends waits within a twentieth of a second, now and from now on."""
        self._stopped = True

    def close(self) -> None:
        """Ends the connection and lets nobody in any more."""
        self._stopped = True
        self._hang_up()
        self._server.close()

    def _accept(self) -> bool:
        try:
            self._peer, _ = self._server.accept()
        except OSError:
            return False
        self._met = True
        self._peer.settimeout(_SLICE_SECONDS)
        self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return True

    def _hang_up(self) -> None:
        peer, self._peer = self._peer, None
        if peer:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
            peer.close()
