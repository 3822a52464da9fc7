"""A graph and a choice of rows per step -> a Schedule with every ring and scratch at its offset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Ring, Rows, Schedule
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.schedule.effort import effort
from tinygen.schedule.liveness import Replaceable, Storage, scratch_uses, storages
from tinygen.schedule.offsets import Group, align, group_bytes, lower_bound, pack
from tinygen.schedule.places import places
from tinygen.schedule.rows import Choices, pull_steps

Cost = tuple[int, int]
"""(arena bytes, estimated cycles)"""
WORK_OF_ANY = 20
"""Of trying a schedule, however small, next to its steps and blocks."""


def plan(graph: Graph, target: Target, choices: Choices) -> Schedule:
    """The schedule for some choices."""
    where = places(graph, choices.copied)
    steps = pull_steps(graph, choices, where)
    own, borrowed = _by_owner(storages(graph, steps, where, _replaceable(target, choices)))
    scratch = scratch_uses(steps, target, choices.forms)
    groups: list[Group] = [*(storage.blocks for storage in own), *scratch.values()]
    offsets = pack(groups)
    top = align(max((offset + group_bytes(group) for offset, group in zip(offsets, groups, strict=True)), default=0))
    behind = list(accumulate((align(group_bytes(storage.blocks)) for storage in borrowed), initial=top))
    return Schedule(
        steps=tuple(steps),
        rings=_rings([*own, *borrowed], [*offsets[: len(own)], *behind[:-1]]),
        scratch=dict(zip(scratch, offsets[len(own) :], strict=True)),
        arena_bytes=top,
        forms=choices.forms,
        borrowed_bytes=behind[-1] - top,
    )


def cost(graph: Graph, target: Target, choices: Choices, is_worth: Callable[[Cost], bool]) -> tuple[Cost, int]:
    """What some choices cost, packed in little time, and how much work it was to find out.

    The cycles are known first, then what lives together, which is less than or equal to the arena: as soon as not even
    that is worth it, it is the answer.
    """
    where = places(graph, choices.copied)
    cycles = effort(graph, target, choices, where.idle)
    if not is_worth((0, cycles)):
        return (0, cycles), 1
    steps = pull_steps(graph, choices, where)
    own, _ = _by_owner(storages(graph, steps, where, _replaceable(target, choices)))
    scratch = scratch_uses(steps, target, choices.forms)
    groups: list[Group] = [*(storage.blocks for storage in own), *scratch.values()]
    arena, work = lower_bound(groups), len(steps) + WORK_OF_ANY
    if is_worth((arena, cycles)):
        offsets = pack(groups, steps=0)
        arena = align(max((o + group_bytes(group) for o, group in zip(offsets, groups, strict=True)), default=0))
        work += sum(map(len, groups))
    return (arena, cycles), work


def live_bytes(graph: Graph, target: Target, choices: Choices) -> int:
    """The most bytes of tensors, without scratch, that live together under some choices.

    An output that can replace its operand only as a whole lives beside it here: a step would take all rows then.
    """
    where = places(graph, choices.copied)
    steps = pull_steps(graph, choices, where)
    replaceable, first = _replaceable(target, choices), Rows(0, 1)

    def by_rows(op: Op) -> tuple[tuple[Tensor, Tensor], ...]:
        return tuple(pair for pair in replaceable(op) if not op.BY_ROWS or op.needs(first, pair[0]) == first)

    own, _ = _by_owner(storages(graph, steps, where, by_rows))
    return lower_bound([storage.blocks for storage in own])


def _replaceable(target: Target, choices: Choices) -> Replaceable:
    return lambda op: choices.forms.replaceable(op, target)


def _by_owner(stored: Sequence[Storage]) -> tuple[list[Storage], list[Storage]]:
    """Those that the arena must have room for, and those that are borrowed."""
    return [s for s in stored if not s.is_borrowed], [s for s in stored if s.is_borrowed]


def _rings(stored: Sequence[Storage], offsets: Sequence[int]) -> dict[Tensor, Ring]:
    return {
        tensor: Ring(offset + at, storage.height or max(tensor.rows, 1), tensor.row_bytes)
        for storage, offset in zip(stored, offsets, strict=True)
        for tensor, at in storage.seats
    }
