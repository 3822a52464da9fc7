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
UNLIMITED = 2**62


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
    best_top = UNLIMITED
    table = [_Row.of(group) for group in groups]
    for order in _first_orders(groups):
        offsets, top = _place(table, order, best_top)
        if top < best_top:
            best, best_top, best_order = offsets, top, order
        if best_top <= least or sum(map(len, groups)) > SEARCHED_PARTS:
            return tuple(best)
    chance = random.Random(0)
    for _ in range(steps):
        order = best_order.copy()
        i, j = chance.randrange(len(order)), chance.randrange(len(order))
        order[i], order[j] = order[j], order[i]
        offsets, top = _place(table, order, best_top)
        if top <= best_top:
            best, best_top, best_order = offsets, top, order
        if best_top <= least:
            break
    return tuple(best)


def group_bytes(group: Group) -> int:
    return max((block.at + block.bytes for block in group), default=0)


def lower_bound(groups: Sequence[Group]) -> int:
    """The most bytes that live at one moment."""
    blocks = [block for group in groups for block in group]
    if not blocks:
        return 0
    sizes = [block.bytes for block in blocks]
    begin = np.bincount([block.first for block in blocks], sizes)
    end = np.bincount([block.end for block in blocks], sizes)
    end[: len(begin)] -= begin
    return align(int(-end.cumsum().min(initial=0)))


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


def _place(table: Sequence[_Row], order: Sequence[int], most: int) -> tuple[list[int], int]:
    """Offsets and the arena's bytes when groups go, in order, to the lowest offset where they meet no other.

    It gives up as soon as the arena is larger than `most`.
    """
    offsets = [0] * len(table)
    placed = np.empty((4, sum(row.blocks.shape[1] for row in table)), np.int64)
    count = top = 0
    for i in order:
        row = table[i]
        offsets[i] = _lowest(row, placed[:, :count])
        top = max(top, align(offsets[i] + row.bytes))
        if top > most:
            break
        end = count + row.blocks.shape[1]
        placed[:2, count:end] = row.blocks[:2]
        placed[2:, count:end] = row.blocks[2:] + offsets[i]
        count = end
    return offsets, top


@dataclass(frozen=True)
class _Row:
    """A group as numbers."""

    blocks: Numbers
    """First moments, ends, first bytes and ends of its blocks."""
    first: int
    end: int
    bytes: int

    @staticmethod
    def of(group: Group) -> _Row:
        blocks = np.array([(b.first, b.end, b.at, b.at + b.bytes) for b in group], np.int64).reshape(-1, 4).T
        return _Row(blocks, *(_life(group) if group else (0, 0)), group_bytes(group))


def _lowest(row: _Row, placed: Numbers) -> int:
    """The lowest aligned offset at which no block of the group meets a placed one."""
    near = placed[:, (placed[0] < row.end) & (placed[1] > row.first)]
    group = row.blocks
    mine, others = ((near[0] < group[1][:, None]) & (group[0][:, None] < near[1])).nonzero()
    if not mine.size:
        return 0
    # offsets inside the open intervals (low, high) are taken
    low, high = near[2][others] - group[3][mine], near[3][others] - group[2][mine]
    order = low.argsort()
    above = np.maximum.accumulate(np.maximum(-(-high[order] // ALIGNMENT) * ALIGNMENT, 0))
    reached = np.concatenate(([0], above[:-1]))
    (free,) = (low[order] >= reached).nonzero()
    return int(reached[free[0]] if free.size else above[-1])
