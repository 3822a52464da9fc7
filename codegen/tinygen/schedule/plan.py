"""A graph and a choice of rows per step -> a Schedule with every ring and scratch at its offset."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Ring, Schedule
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.schedule.effort import effort
from tinygen.schedule.liveness import Storage, scratch_uses, storages
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
    stored = storages(graph, steps, where, target)
    scratch = scratch_uses(steps, target, choices.forms)
    groups: list[Group] = [*(storage.blocks for storage in stored), *scratch.values()]
    offsets = pack(groups)
    top = max((offset + group_bytes(group) for offset, group in zip(offsets, groups, strict=True)), default=0)
    return Schedule(
        steps=tuple(steps),
        rings=_rings(stored, offsets),
        scratch=dict(zip(scratch, offsets[len(stored) :], strict=True)),
        arena_bytes=align(top),
        forms=choices.forms,
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
    stored = storages(graph, steps, where, target)
    scratch = scratch_uses(steps, target, choices.forms)
    groups: list[Group] = [*(storage.blocks for storage in stored), *scratch.values()]
    arena, work = lower_bound(groups), len(steps) + WORK_OF_ANY
    if is_worth((arena, cycles)):
        offsets = pack(groups, steps=0)
        arena = align(max((o + group_bytes(group) for o, group in zip(offsets, groups, strict=True)), default=0))
        work += sum(map(len, groups))
    return (arena, cycles), work


def live_bytes(graph: Graph, target: Target, choices: Choices) -> int:
    """The most bytes of tensors, without scratch, that live together under some choices."""
    where = places(graph, choices.copied)
    steps = pull_steps(graph, choices, where)
    return lower_bound([storage.blocks for storage in storages(graph, steps, where, target)])


def _rings(stored: Sequence[Storage], offsets: Sequence[int]) -> dict[Tensor, Ring]:
    return {
        tensor: Ring(offset + at, storage.height or max(tensor.rows, 1), tensor.row_bytes)
        for storage, offset in zip(stored, offsets, strict=False)
        for tensor, at in storage.seats
    }
