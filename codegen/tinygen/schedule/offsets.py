"""Packs blocks with lifetimes into the smallest arena it can find; knows nothing of tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ALIGNMENT = 8
"""Of every block, in bytes: enough for int64_t and double."""
SEARCHED_BLOCKS = 400
"""More blocks than this are packed once; a search would take longer than it is worth."""
SEARCH_STEPS = 400
"""Orders tried when the first is not optimal."""


@dataclass(frozen=True)
class Block:
    """Bytes that must not move while they live."""

    first: int
    """The first moment of its life."""
    end: int
    """The moment after its last; blocks whose lives [first, end) meet must not share bytes."""
    bytes: int


def align(value: int) -> int:
    return -(-value // ALIGNMENT) * ALIGNMENT


def pack(blocks: Sequence[Block]) -> tuple[int, ...]:
    """An offset for every block, all multiples of ALIGNMENT.

    Greedy in several orders, then swaps of the best order's neighbours from a fixed seed, until the arena is as small
    as the blocks that live together or the steps are used up.
    """
    least = lower_bound(blocks)
    best: list[int] = []
    best_top = -1
    best_order: list[int] = []
    for order in _first_orders(blocks):
        offsets, top = _place(blocks, order)
        if best_top < 0 or top < best_top:
            best, best_top, best_order = offsets, top, order
        if best_top == least or len(blocks) > SEARCHED_BLOCKS:
            return tuple(best)
    chance = random.Random(0)
    for _ in range(SEARCH_STEPS):
        order = best_order.copy()
        i, j = chance.randrange(len(order)), chance.randrange(len(order))
        order[i], order[j] = order[j], order[i]
        offsets, top = _place(blocks, order)
        if top <= best_top:
            best, best_top, best_order = offsets, top, order
        if best_top == least:
            break
    return tuple(best)


def lower_bound(blocks: Sequence[Block]) -> int:
    """The most bytes that live at one moment."""
    changes: dict[int, int] = {}
    for block in blocks:
        changes[block.first] = changes.get(block.first, 0) + align(block.bytes)
        changes[block.end] = changes.get(block.end, 0) - align(block.bytes)
    live = most = 0
    for moment in sorted(changes):
        live += changes[moment]
        most = max(most, live)
    return most


def _first_orders(blocks: Sequence[Block]) -> Iterator[list[int]]:
    """By size; by size times life; by first moment."""
    indices = range(len(blocks))
    yield sorted(indices, key=lambda i: (-blocks[i].bytes, blocks[i].first, i))
    yield sorted(indices, key=lambda i: (-blocks[i].bytes * (blocks[i].end - blocks[i].first), i))
    yield sorted(indices, key=lambda i: (blocks[i].first, -blocks[i].bytes, i))


def _place(blocks: Sequence[Block], order: Sequence[int]) -> tuple[list[int], int]:
    """Offsets and the arena's bytes when blocks go, in order, to the lowest offset where they meet no other."""
    offsets = [0] * len(blocks)
    alive: dict[int, list[int]] = {}
    top = 0
    for i in order:
        block = blocks[i]
        met = {j for moment in range(block.first, block.end) for j in alive.get(moment, ())}
        offsets[i] = _lowest_gap(sorted((offsets[j], offsets[j] + blocks[j].bytes) for j in met), block.bytes)
        top = max(top, align(offsets[i] + block.bytes))
        for moment in range(block.first, block.end):
            alive.setdefault(moment, []).append(i)
    return offsets, top


def _lowest_gap(taken: Sequence[tuple[int, int]], wanted: int) -> int:
    """The lowest aligned offset with `wanted` free bytes; taken: [start, end) in ascending order."""
    offset = 0
    for start, end in taken:
        if start - offset >= wanted:
            break
        offset = max(offset, align(end))
    return offset
