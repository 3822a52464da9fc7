"""Packs blocks with lifetimes into the smallest arena it can find; knows nothing of tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
ALIGNMENT = 8
"""Of every group, in bytes: enough for int64_t and double."""
SEARCHED_PARTS = 1500
"""More blocks than this are packed once; a search would take longer than it is worth."""
SEARCH_STEPS = 400
"""Orders tried when the first are not optimal."""


@dataclass(frozen=True)
class Block:
    """Bytes that must not move while they live."""

    first: int
    """The first moment of its life."""
    end: int
    """The moment after its last; blocks whose lives [first, end) meet must not share bytes."""
    bytes: int
    at: int = 0
    """Where it lies in its group."""


Group = Sequence[Block]
"""Blocks that keep their distances, such as the rows of a tensor that die one after the other."""


def align(value: int) -> int:
    return -(-value // ALIGNMENT) * ALIGNMENT


def pack(groups: Sequence[Group], steps: int = SEARCH_STEPS) -> tuple[int, ...]:
    """An offset for every group, all multiples of ALIGNMENT.

    Greedy in several orders, then swaps within the best order from a fixed seed, until the arena is as small as what
    lives together or the steps are used up.
    """
    least = lower_bound(groups)
    best: list[int] = []
    best_order: list[int] = []
    best_top = -1
    table = [_table(group) for group in groups]
    for order in _first_orders(groups):
        offsets, top = _place(groups, order, table)
        if best_top < 0 or top < best_top:
            best, best_top, best_order = offsets, top, order
        if best_top <= least or sum(map(len, groups)) > SEARCHED_PARTS:
            return tuple(best)
    chance = random.Random(0)
    for _ in range(steps):
        order = best_order.copy()
        i, j = chance.randrange(len(order)), chance.randrange(len(order))
        order[i], order[j] = order[j], order[i]
        offsets, top = _place(groups, order, table)
        if top <= best_top:
            best, best_top, best_order = offsets, top, order
        if best_top <= least:
            break
    return tuple(best)


def group_bytes(group: Group) -> int:
    return max((block.at + block.bytes for block in group), default=0)


def lower_bound(groups: Sequence[Group]) -> int:
    """The most bytes that live at one moment."""
    changes: dict[int, int] = {}
    for group in groups:
        for block in group:
            changes[block.first] = changes.get(block.first, 0) + block.bytes
            changes[block.end] = changes.get(block.end, 0) - block.bytes
    live = most = 0
    for moment in sorted(changes):
        live += changes[moment]
        most = max(most, live)
    return align(most)


def _life(group: Group) -> tuple[int, int]:
    return min(block.first for block in group), max(block.end for block in group)


def _first_orders(groups: Sequence[Group]) -> Iterator[list[int]]:
    """By size; by size times life; by first moment."""
    indices = range(len(groups))
    sizes = [group_bytes(group) for group in groups]
    lives = [_life(group) for group in groups]
    yield sorted(indices, key=lambda i: (-sizes[i], lives[i][0], i))
    yield sorted(indices, key=lambda i: (-sizes[i] * (lives[i][1] - lives[i][0]), i))
    yield sorted(indices, key=lambda i: (lives[i][0], -sizes[i], i))


def _place(groups: Sequence[Group], order: Sequence[int], table: Sequence[Numbers]) -> tuple[list[int], int]:
    """Offsets and the arena's bytes when groups go, in order, to the lowest offset where they meet no other.

    table: the groups as _table gives them.
    """
    offsets = [0] * len(groups)
    placed = np.empty((4, sum(map(len, groups))), np.int64)
    count = top = 0
    for i in order:
        rows = table[i]
        offsets[i] = _lowest(rows, placed[:, :count])
        end = count + rows.shape[1]
        placed[:2, count:end] = rows[:2]
        placed[2:, count:end] = rows[2:] + offsets[i]
        count = end
        top = max(top, align(offsets[i] + group_bytes(groups[i])))
    return offsets, top


def _table(group: Group) -> Numbers:
    """First moments, ends, first bytes and ends of the blocks of a group."""
    return np.array([(b.first, b.end, b.at, b.at + b.bytes) for b in group], np.int64).reshape(-1, 4).T


def _lowest(group: Numbers, placed: Numbers) -> int:
    """The lowest aligned offset at which no block of the group meets a placed one."""
    if not group.size:
        return 0
    near = placed[:, (placed[0] < group[1].max()) & (placed[1] > group[0].min())]
    mine, others = np.nonzero((near[0] < group[1][:, None]) & (group[0][:, None] < near[1]))
    if not mine.size:
        return 0
    # offsets inside the open intervals (low, high) are taken
    low, high = near[2][others] - group[3][mine], near[3][others] - group[2][mine]
    order = low.argsort()
    above = np.maximum.accumulate(np.maximum(-(-high[order] // ALIGNMENT) * ALIGNMENT, 0))
    reached = np.concatenate(([0], above[:-1]))
    free = np.flatnonzero(low[order] >= reached)
    return int(reached[free[0]] if free.size else above[-1])
