"""What every emulated board offers: an address to talk to, counters, and the reason why it stopped."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Counters:
    """What the firmware executed while it had its cycle counter on."""

    instructions: int
    """Executed instructions, exact."""
    cycles: int
    """Core cycles, an estimate from published instruction timings with memory that never waits."""


class EmulatedBoard(ABC):
    """A running board; `with` closes it."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Where its serial line is, as pyserial takes it: "socket://127.0.0.1:PORT"."""

    @abstractmethod
    def counters(self) -> Counters | None:
        """Of the window that the firmware measured last; None if there is none, or the emulator does not count."""

    @abstractmethod
    def failure(self) -> str:
        """Why the firmware stopped, in words; empty while it runs."""

    @abstractmethod
    def close(self) -> None:
        """Stops it within a second; may be called twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
