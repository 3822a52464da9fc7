"""What every emulated board offers: an address to talk to, counters, and the reason why it stopped."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tinygen.errors import ToolError


@dataclass(frozen=True)
class Counters:
    """What the firmware executed while it had its cycle counter on."""

    instructions: int
    """Executed instructions, exact."""
    cycles: int
    """Core cycles, an estimate from published instruction timings with memory that never waits."""


@dataclass(frozen=True)
class Share:
    """What part of an inference was spent on."""

    counters: Counters
    flash_reads: int
    """Words of data that were loaded from flash: weights, tables, literals."""
    regions: int
    """How many stretches of code it was."""


@dataclass(frozen=True)
class Regions:
    """What the model executed in one inference, without the harness and without what tracing executes."""

    probes: Mapping[int, Share]
    """Up to each trace of a probe since the trace before it, added up."""
    rest: Share
    """After the last trace; everything where the model does not trace."""


class EmulatedBoard(ABC):
    """A running board; `with` closes it."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Where its serial line is, as pyserial takes it: "socket://127.0.0.1:PORT"."""

    @abstractmethod
    def counters(self) -> Counters | None:
        """Of the window that the firmware measured last; None if there is none, or the emulator does not count."""

    def watch(self, invoke: str, traced: Callable[[], None]) -> None:
        """Has regions told apart in the windows that are opened from now on, which makes them slower.

        invoke: the function that computes the model. traced: called at each trace, in another thread.
        Raises ToolError when the emulator does not count, or the firmware has no such function.
        """
        raise ToolError("This emulator does not count what each op executes.", "The one of an nRF52840 does.")

    def regions(self) -> Regions | None:
        """Of the window that the firmware measured last; None if nothing was watched."""
        return None

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
