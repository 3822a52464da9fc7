"""Asks a device one thing at a time: sends a request again until its answer comes, or says why none did."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tinygen.errors import LinkError
from tinygen.harness import link
from tinygen.harness.link import Code, Frame, Kind
from tinygen.harness.transport import Transport

FLASH_AGAIN = "Build it again and flash it: tinygen build, tinygen flash."


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try again."""

    answer_seconds: float = 1.0  # silence after which a request is sent again
    attempts: int = 8  # times that a request other than INVOKE is sent
    invoke_seconds: float = 60.0  # at least so long may an INVOKE take, not counting while it streams
    recoveries: int = 5  # times that the invokes since the last reset are replayed, per call


class AstrayError(Exception):
    """Host and device no longer agree on what has been run; replaying helps."""


class Exchange:
    """Requests and answers over one transport."""

    def __init__(self, transport: Transport, patience: Patience) -> None:
        self._transport = transport
        self._patience = patience
        self._decoder = link.Decoder()
        self._sequence = random.randrange(256)
        self._bytes_heard = 0
        self._frames_heard = 0

    def ask(
        self,
        kind: Kind,
        fields: Sequence[int],
        answer: Kind,
        data: bytes = b"",
        streamed: list[bytes] | None = None,
    ) -> tuple[tuple[int, ...], bytes]:
        """Sends a request until its answer comes; the answer's fields and data.

        streamed: takes the payloads of ROWS and CYCLES. INVOKE is repeated ever more rarely, as the device is busy.
        Raises AstrayError if the device refuses, LinkError if no answer comes, ValueError if one is too short.
        """
        self._sequence = (self._sequence + 1) % 256
        request = link.encode(Frame(kind, self._sequence, link.pack(kind, *fields, data=data)))
        silences = self._silences(kind)
        for silence in silences:
            self._transport.write(request)
            again = time.monotonic() + silence
            waiting = True  # what has arrived is heard even if this computer was too busy to look in time
            while waiting:
                for frame in self._hear(max(again - time.monotonic(), 0.0)):
                    if frame.kind == answer:
                        return self._understand(answer, frame.payload)
                    if frame.kind == Kind.ERROR:
                        raise AstrayError(_words(frame.payload))
                    if streamed is not None and frame.kind in (Kind.ROWS, Kind.CYCLES):
                        streamed.append(frame.payload)
                        again = time.monotonic() + silence
                waiting = time.monotonic() < again
        raise self._no_answer(kind, sum(silences))

    def _silences(self, kind: Kind) -> list[float]:
        """Seconds to wait for an answer after each sending of a request."""
        patience = self._patience
        if kind is not Kind.INVOKE:
            return [patience.answer_seconds] * patience.attempts
        silences = [patience.answer_seconds]
        while sum(silences) < patience.invoke_seconds:
            silences.append(2 * silences[-1])
        return silences

    def _hear(self, timeout: float) -> list[Frame]:
        """The frames that answer the present request."""
        data = self._transport.read(timeout)
        frames = self._decoder.feed(data)
        self._bytes_heard += len(data)
        self._frames_heard += len(frames)
        return [frame for frame in frames if frame.sequence == self._sequence]

    def _understand(self, kind: Kind, payload: bytes) -> tuple[tuple[int, ...], bytes]:
        if kind is Kind.WELCOME:
            protocol = int.from_bytes(payload[:2], "little")
            if protocol != link.PROTOCOL:
                raise LinkError(
                    "The device's firmware is of another version of tinygen: "
                    f"it speaks serial protocol {protocol}, this tinygen {link.PROTOCOL}.",
                    FLASH_AGAIN,
                )
        return link.unpack(kind, payload)

    def _no_answer(self, kind: Kind, seconds: float) -> LinkError:
        if self._frames_heard:
            return LinkError(
                f"The device stopped answering: no answer to {kind.name} in {seconds:g} s.",
                "It may have crashed or hang: reset it. If the model is very slow on it, wait longer.",
            )
        if self._bytes_heard:
            return LinkError(
                f"The device sends {self._bytes_heard} bytes that are no frames of tinygen's test firmware.",
                "Is the baud rate right, and is the test firmware on the device? " + FLASH_AGAIN,
            )
        return LinkError(
            f"The device does not answer: nothing came in {seconds:g} s.",
            "Check that this is the board's port, that the board is powered and was flashed with the test firmware "
            "(tinygen flash), that RX and TX are not swapped, and that no other program reads the port.",
        )


def _words(payload: bytes) -> str:
    """What an ERROR says."""
    (code, _), _ = link.unpack(Kind.ERROR, payload)
    return link.WORDS[Code(code)] if code in set(Code) else f"the device reported error {code}"
