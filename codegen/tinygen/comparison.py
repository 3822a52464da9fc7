"""Sets two profiles of one model side by side, op by op, and marks what has become slower: a Comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinygen.errors import TinygenError
from tinygen.profiling import Cost, OpProfile, Profile, rounded

LEAST_SHARE = 0.001
"""An op's increase counts from this part of the old total on: a few cycles more in a tiny op are not a regression."""
_SAME, _SLOWER, _FASTER, _ADDED, _REMOVED = "same", "slower", "faster", "added", "removed"


@dataclass(frozen=True)
class Change:
    """An op, or the total, before and after."""

    label: str
    old: int
    """Cycles or instructions, as Comparison.unit says; 0 for an op that is new."""
    new: int
    """0 for an op that is gone."""
    old_flash_reads: int | None
    new_flash_reads: int | None
    verdict: str
    """same, slower, faster, added or removed; slower is a regression."""

    @property
    def percent(self) -> float | None:
        """By how much it has grown; None where it was nothing before."""
        return 100 * (self.new - self.old) / self.old if self.old else None

    @property
    def is_regression(self) -> bool:
        return self.verdict == _SLOWER

    def as_json(self) -> Mapping[str, Any]:
        return {**vars(self), "percent": rounded(self.percent), "regression": self.is_regression}


@dataclass(frozen=True)
class Comparison:
    """Two profiles of one model on one board."""

    model: str
    board: str
    unit: str
    """What is compared: "cycles" or "instructions"."""
    threshold: float
    """Percent of growth up to which something is the same."""
    notes: tuple[str, ...]
    """What else differs between the two, such as the choices of the user, in words."""
    ops: tuple[Change, ...]
    """In the new profile's order; those that are gone come last."""
    total: Change

    @property
    def regressions(self) -> tuple[Change, ...]:
        return tuple(change for change in (*self.ops, self.total) if change.is_regression)

    def as_json(self) -> Mapping[str, Any]:
        """The object that `tinygen compare --json` prints."""
        return {
            "model": self.model,
            "board": self.board,
            "unit": self.unit,
            "threshold_percent": self.threshold,
            "notes": list(self.notes),
            "ops": [change.as_json() for change in self.ops],
            "total": self.total.as_json(),
            "regressions": [change.label for change in self.regressions],
        }


def compare(old: Profile, new: Profile, threshold: float) -> Comparison:
    """Matches ops by their labels; threshold: percent of growth that is none.

    Raises TinygenError when the profiles are not of the same model, board and way of counting.
    """
    _check_comparable(old, new)
    least = LEAST_SHARE * old.total.time
    before = dict(_labelled(old.ops))
    after = dict(_labelled(new.ops))
    changes = [_change(label, before.get(label), op, threshold, least) for label, op in after.items()]
    changes += [_change(label, op, None, threshold, least) for label, op in before.items() if label not in after]
    total = Change(
        "total",
        old.total.time,
        new.total.time,
        old.total.flash_reads,
        new.total.flash_reads,
        _verdict(old.total.time, new.total.time, threshold, 0),
    )
    unit = "instructions" if new.total.cycles is None else "cycles"
    return Comparison(new.model, new.board, unit, threshold, tuple(_notes(old, new)), tuple(changes), total)


def _check_comparable(old: Profile, new: Profile) -> None:
    """Tells all reasons at once."""
    reasons = []
    if (old.model, old.crc32) != (new.model, new.crc32):
        reasons.append(
            f"the old one is of the model {old.model} (CRC-32 {old.crc32}), the new one of {new.model} ({new.crc32})"
        )
    if old.board != new.board:
        reasons.append(f"the old one is of the board {old.board}, the new one of {new.board}")
    if old.cycles_are != new.cycles_are:
        reasons.append(f"the cycles of the old one are {old.cycles_are}, those of the new one {new.cycles_are}")
    if reasons:
        raise TinygenError(
            f"The two profiles can't be compared: {'; '.join(reasons)}.",
            "Profile the same model on the same board in the same way, before and after.",
        )


def _notes(old: Profile, new: Profile) -> list[str]:
    return [
        f"{name}: {getattr(old, name)} -> {getattr(new, name)}"
        for name in ("optimize", "rounding", "ram_limit", "push", "target", "clock_hz", "tinygen")
        if getattr(old, name) != getattr(new, name)
    ]


def _labelled(ops: Sequence[OpProfile]) -> list[tuple[str, OpProfile]]:
    """A pass may split an op into several of one label: they are numbered."""
    seen: Counter[str] = Counter()
    found = []
    for op in ops:
        seen[op.label] += 1
        found.append((op.label if seen[op.label] == 1 else f"{op.label} ({seen[op.label]})", op))
    return found


def _change(label: str, old: OpProfile | None, new: OpProfile | None, threshold: float, least: float) -> Change:
    before, after = (op.cost if op else Cost() for op in (old, new))
    verdict = (
        _ADDED if old is None else _REMOVED if new is None else _verdict(before.time, after.time, threshold, least)
    )
    return Change(label, before.time, after.time, before.flash_reads, after.flash_reads, verdict)


def _verdict(old: int, new: int, threshold: float, least: float) -> str:
    if abs(new - old) < least or abs(new - old) * 100 <= threshold * old:
        return _SAME
    return _SLOWER if new > old else _FASTER
