"""A transport that harms what passes through it, by a seed: the bad cable, the weak power supply, the pulled plug."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tinygen.errors import LinkError
from tinygen.harness.transport import Transport


@dataclass(frozen=True)
class Faults:
    """Probabilities."""

    drop: float = 0.0  # per byte: it never arrives
    double: float = 0.0  # per byte: it arrives twice
    flip: float = 0.0  # per byte: one of its bits changes
    delay: float = 0.0  # per read: what arrived is held back until a later read
    reset: float = 0.0  # per write: the device starts anew after a part of the bytes, or before it answers
    vanish: float = 0.0  # per write: the port goes away and stays away


class Faulty:
    """Wraps the transport that `start` makes; a reset closes it and makes another."""

    def __init__(self, start: Callable[[], Transport], faults: Faults, seed: int) -> None:
        self._start = start
        self._faults = faults
        self._random = random.Random(seed)
        self._inner = start()
        self._held = b""
        self._vanished = False
        self.harms = 0

    def read(self, timeout: float) -> bytes:
        self._check_present()
        data = self._held + self._harm(self._inner.read(timeout))
        self._held = b""
        if data and self._happens(self._faults.delay):
            cut = self._random.randrange(len(data))
            data, self._held = data[:cut], data[cut:]
        return data

    def write(self, data: bytes) -> None:
        if self._happens(self._faults.vanish):
            self._vanished = True
        self._check_present()
        harmed = self._harm(data)
        if not self._happens(self._faults.reset):
            self._inner.write(harmed)
            return
        cut = self._random.randrange(len(harmed) + 1)
        self._inner.write(harmed[:cut])
        self._inner.close()
        self._inner = self._start()
        self._inner.write(harmed[cut:])

    def close(self) -> None:
        self._inner.close()

    def _happens(self, probability: float) -> bool:
        happens = self._random.random() < probability
        self.harms += happens
        return happens

    def _check_present(self) -> None:
        if self._vanished:
            raise LinkError("The connection to the faulty port was lost.")

    def _harm(self, data: bytes) -> bytes:
        out = bytearray()
        for byte in data:
            if self._happens(self._faults.drop):
                continue
            flipped = byte ^ (1 << self._random.randrange(8)) if self._happens(self._faults.flip) else byte
            out += bytes([flipped]) * (2 if self._happens(self._faults.double) else 1)
        return bytes(out)
