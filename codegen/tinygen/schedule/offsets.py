"""Packs blocks with lifetimes into the smallest arena it can find; knows nothing of tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    for order in _first_orders(groups):
        offsets, top = _place(groups, order)
        if best_top < 0 or top < best_top:
            best, best_top, best_order = offsets, top, order
        if best_top <= least or sum(map(len, groups)) > SEARCHED_PARTS:
            return tuple(best)
    chance = random.Random(0)
    for _ in range(steps):
        order = best_order.copy()
        i, j = chance.randrange(len(order)), chance.randrange(len(order))
        order[i], order[j] = order[j], order[i]
        offsets, top = _place(groups, order)
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


def _place(groups: Sequence[Group], order: Sequence[int]) -> tuple[list[int], int]:
    """Offsets and the arena's bytes when groups go, in order, to the lowest offset where they meet no other."""
    offsets = [0] * len(groups)
    placed = _Placed(groups)
    top = 0
    for i in order:
        offsets[i] = _lowest(sorted(placed.forbidden(groups[i])))
        top = max(top, align(offsets[i] + group_bytes(groups[i])))
        placed.add(groups[i], offsets[i])
    return offsets, top


class _Placed:
    """Blocks that have their place, found by the moments of their lives."""

    def __init__(self, groups: Sequence[Group]) -> None:
        blocks = [block for group in groups for block in group]
        # buckets about as long as a life: few to look in, and few blocks in each
        total = sum(block.end - block.first for block in blocks)
        self.bucket = max(total // max(len(blocks), 1), 8)
        self.alive: dict[int, list[tuple[int, int, int, int]]] = {}

    def buckets(self, block: Block) -> range:
        return range(block.first // self.bucket, (block.end - 1) // self.bucket + 1)

    def add(self, group: Group, offset: int) -> None:
        for block in group:
            start = offset + block.at
            entry = (block.first, block.end, start, start + block.bytes)
            for bucket in self.buckets(block):
                self.alive.setdefault(bucket, []).append(entry)

    def forbidden(self, group: Group) -> set[tuple[int, int]]:
        """Open intervals of offsets at which some block of the group would meet a placed one."""
        intervals = set()
        for block in group:
            low, high = block.at + block.bytes, block.at
            for bucket in self.buckets(block):
                for first, end, start, stop in self.alive.get(bucket, ()):
                    if first < block.end and block.first < end:
                        intervals.add((start - low, stop - high))
        return intervals


def _lowest(forbidden: Sequence[tuple[int, int]]) -> int:
    """The lowest aligned offset inside none of the open intervals, which are in ascending order."""
    offset = 0
    for low, high in forbidden:
        if low >= offset:
            break
        if offset < high:
            offset = align(high)
    return offset
