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
    alive: dict[int, list[tuple[Block, int]]] = {}
    top = 0
    for i in order:
        group = groups[i]
        offsets[i] = _lowest(sorted(_forbidden(group, alive)))
        top = max(top, align(offsets[i] + group_bytes(group)))
        for block in group:
            for bucket in range(block.first // _BUCKET, (block.end - 1) // _BUCKET + 1):
                alive.setdefault(bucket, []).append((block, offsets[i] + block.at))
    return offsets, top


_BUCKET = 8
"""Moments that are looked up together."""


def _forbidden(group: Group, alive: dict[int, list[tuple[Block, int]]]) -> set[tuple[int, int]]:
    """Open intervals of offsets at which some block of the group would meet a placed one."""
    intervals = set()
    for block in group:
        for bucket in range(block.first // _BUCKET, (block.end - 1) // _BUCKET + 1):
            for other, start in alive.get(bucket, ()):
                if other.first < block.end and block.first < other.end:
                    intervals.add((start - block.at - block.bytes, start + other.bytes - block.at))
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
