"""Packing groups of blocks: literal problems with names, and what must hold for any problem."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygen.schedule.offsets import ALIGNMENT, SEARCHED_PARTS, Block, align, group_bytes, lower_bound, pack

Problem = list[tuple[Block, ...]]


def alone(*blocks: tuple[int, int, int]) -> Problem:
    """Each (first, end, bytes) a group of its own."""
    return [(Block(*block),) for block in blocks]


def rows(first: int, births: int, deaths: int, size: int) -> tuple[Block, ...]:
    """Rows that are born and die one after the other."""
    return tuple(Block(first + i, births + deaths + i, size, i * size) for i in range(births))


PROBLEMS: dict[str, tuple[Problem, int]] = {
    "nothing": ([], 0),
    "one block": (alone((0, 1, 10)), 16),
    "one empty block": (alone((0, 1, 0)), 0),
    "two that never meet": (alone((0, 1, 24), (1, 2, 16)), 24),
    "two that touch": (alone((0, 2, 24), (1, 3, 16)), 40),
    "a chain of three": (alone((0, 2, 16), (1, 3, 64), (2, 4, 16)), 80),
    "the last fits under the first": (alone((0, 1, 32), (0, 3, 8), (1, 3, 32)), 40),
    "a residual block": (alone((0, 3, 40), (0, 2, 16), (1, 3, 24), (2, 4, 40)), 104),
    "sizes that are not aligned": (alone((0, 2, 1), (0, 2, 9), (0, 2, 7)), 32),
    "a hole in the middle": (alone((0, 4, 8), (0, 2, 16), (0, 4, 8), (2, 4, 16)), 32),
    "long and small, short and large": (alone((0, 6, 8), (0, 2, 40), (2, 4, 40), (4, 6, 40), (1, 5, 8)), 56),
    "rows follow rows that die": ([rows(0, 4, 0, 8), tuple(Block(4 + i, 9, 8, i * 8) for i in range(4))], 32),
    "a block in the hole that a dead row leaves": (
        [(Block(0, 9, 8), Block(0, 3, 16, 8), Block(0, 9, 8, 24)), (Block(3, 9, 16),)],
        32,
    ),
}

blocks = st.builds(
    lambda first, life, size: Block(first, first + life, size),
    st.integers(0, 12),
    st.integers(1, 6),
    st.integers(0, 60),
)


def stacked(parts: list[Block]) -> tuple[Block, ...]:
    """The blocks one behind the other in one group."""
    made, at = [], 0
    for part in parts:
        made.append(Block(part.first, part.end, part.bytes, at))
        at += part.bytes
    return tuple(made)


problems = st.lists(st.lists(blocks, min_size=1, max_size=4).map(stacked), max_size=10)


def top(groups: Problem, offsets: tuple[int, ...]) -> int:
    return max((align(at + group_bytes(group)) for group, at in zip(groups, offsets, strict=True)), default=0)


def check_solution(groups: Problem, offsets: tuple[int, ...]) -> None:
    """Every pair of blocks, the slow way."""
    assert len(offsets) == len(groups)
    assert all(offset >= 0 and offset % ALIGNMENT == 0 for offset in offsets)
    placed = [(block, at + block.at, i) for i, at in enumerate(offsets) for block in groups[i]]
    for (a, start, i), (b, other, j) in combinations(placed, 2):
        meet = i != j and a.first < b.end and b.first < a.end and 0 not in (a.bytes, b.bytes)
        assert not meet or start + a.bytes <= other or other + b.bytes <= start, (a, start, b, other)
    assert top(groups, offsets) >= lower_bound(groups)


@pytest.mark.parametrize("name", PROBLEMS)
def test_problem(name: str) -> None:
    groups, least = PROBLEMS[name]
    offsets = pack(groups)
    check_solution(groups, offsets)
    assert top(groups, offsets) == least


@settings(max_examples=150)
@given(problems)
def test_any_problem(groups: Problem) -> None:
    offsets = pack(groups)
    check_solution(groups, offsets)
    assert top(groups, offsets) <= sum(align(group_bytes(group)) for group in groups)
    assert pack(groups) == offsets


@given(problems)
def test_searching_never_makes_it_worse(groups: Problem) -> None:
    assert top(groups, pack(groups)) <= top(groups, pack(groups, 0))


@given(problems)
def test_lower_bound_is_the_most_at_one_moment(groups: Problem) -> None:
    every = [block for group in groups for block in group]
    live = [sum(b.bytes for b in every if b.first <= moment < b.end) for moment in range(20)]
    assert lower_bound(groups) == align(max(live))


def test_a_chain_is_packed_to_its_lower_bound() -> None:
    groups = alone(*((i, i + 2, 8 * (1 + i * 37 % 100)) for i in range(60)))
    assert top(groups, pack(groups)) == lower_bound(groups)


def test_more_blocks_than_are_searched() -> None:
    groups = alone(*((i % 97, i % 97 + 1 + i % 5, 1 + i * 7919 % 500) for i in range(SEARCHED_PARTS + 50)))
    offsets = pack(groups)
    assert len(offsets) == len(groups)
    assert offsets == pack(groups, 0)
