"""Counts executed blocks of code while a window is open, and prices them when it closes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from tinygen.emulate.cost import TAKEN_BRANCH_CYCLES, Price, price
from tinygen.emulate.device import Counters

OUTSIDE = -1  # the block before the window's first

Edges = dict[tuple[int, int], int]  # (block, next block) -> times
BlockHook = Callable[[object, int, int, object], None]


class Window:
    """Counts from one instruction, exclusive, to another, inclusive: those that start and stop the cycle counter."""

    def __init__(self, read: Callable[[int, int], bytes], starter: int) -> None:
        """read: (address, bytes) of the chip's memory. starter: address where the first block will begin, whose first
        instruction is not counted."""
        self._read = read
        self._starter = starter
        self._edges: Edges = {}
        self._ends: dict[int, int] = {}  # block -> address after its last instruction
        self._last, self.enter = self._recorder()

    def _recorder(self) -> tuple[Callable[[], int], BlockHook]:
        """A closure over locals, not a method: it runs for every few instructions of the firmware."""
        edges, ends = self._edges, self._ends
        last = OUTSIDE

        def enter(_emulator: object, address: int, size: int, _user: object) -> None:
            nonlocal last
            try:
                edges[last, address] += 1
            except KeyError:
                edges[last, address] = 1
                ends[address] = address + size
            last = address

        return lambda: last, enter

    def total(self, stopper: int | None = None) -> Counters:
        """What was counted up to the instruction at `stopper`, inclusive; without it, to the end of the last block."""
        total = sum(map(self._cost, self._all_edges()), Price(0, 0))
        total -= self._head(self._starter, self._starter)
        last = self._last()
        if stopper is not None and last != OUTSIDE and last <= stopper < self._ends[last]:
            total -= self._price(last, self._ends[last]) - self._head(last, stopper)
        return Counters(total.instructions, max(total.cycles, 0))

    def _all_edges(self) -> tuple[Edges, ...]:
        return (self._edges,)

    def _cost(self, edges: Edges) -> Price:
        """The price of the second block of each edge, and of the branch to it."""
        total = Price(0, 0)
        for (block, after), times in edges.items():
            block_price = self._price(after, self._ends[after])
            taken = block != OUTSIDE and self._ends[block] != after
            cycles = block_price.cycles + (TAKEN_BRANCH_CYCLES if taken else 0)
            total += Price(block_price.instructions * times, cycles * times)
        return total

    def _counters(self, edges: Edges) -> Counters:
        cost = self._cost(edges)
        return Counters(cost.instructions, cost.cycles)

    def _head(self, block: int, last: int) -> Price:
        """The price of a block up to its instruction at `last`, inclusive; nothing if the block never ran."""
        if block not in self._ends:
            return Price(0, 0)
        size = 4 if self._read(last, 2)[1] >= 0xE8 else 2
        return self._price(block, last + size)

    def _price(self, start: int, end: int) -> Price:
        return _price(self._read(start, end - start), start)


@lru_cache(maxsize=65536)
def _price(code: bytes, address: int) -> Price:
    return price(code, address)
