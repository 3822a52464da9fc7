"""Looks for the choices that need the least RAM, or the least time within a limit of RAM."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate

from tinygen.errors import DoesNotFitError
from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Schedule
from tinygen.ir.target import Optimize, Target
from tinygen.schedule.moves import Move, cuts_and_rows, orders, pairs
from tinygen.schedule.plan import Cost, cost, live_bytes, plan
from tinygen.schedule.rows import Choices

WORK = 60_000
"""Steps and blocks that all schedules tried in one phase of a search may have together: about a second."""
TRIES = 40
"""So many are tried of a large graph, though it is more work."""
MOST_WORK = 300_000
"""But together they have no more steps and blocks than this: a larger graph is searched less."""
SEARCHED_OPS = 500
"""A graph of more ops is left whole unless saving RAM was asked for."""
PARTS = (2, 3, 4, 6, 8)
"""Into how many steps ops are cut before as many as possible are made whole again."""
UNLIMITED = 2**40
STARTS = 3
"""How many of the best starts are followed."""
SLOWER = 1.14
"""How much slower than whole tensors the least RAM may be; beyond, a byte must be worth it."""
WORTH = 20
"""How many hundredths of RAM a hundredth of time is worth there: a limit that small graphs may cross a little."""
NEARLY_LEAST = 1.004
"""Of schedules with so little more than the least RAM, the fastest is taken."""
Rank = Callable[[Cost], tuple[float, int]]
"""What is to be as low as possible; the first number is at least the arena's bytes."""


def least_ram(graph: Graph, target: Target) -> Schedule:
    """The schedule with the smallest arena that was found and is not much slower than whole tensors."""
    return _Search(graph, target).least_ram()


def nearly_whole(graph: Graph, target: Target) -> Schedule:
    """One op after the other, but for a few that take several steps to make room for scratch and gaps.

    The ops come in the order that was found to need the least. The arena is then no larger than the tensors that live
    together, where such steps were found.
    """
    if len(graph.ops) > SEARCHED_OPS:
        return plan(graph, target, Choices())
    search = _Search(graph, target)
    ordered = search.descend(Choices(), lambda cost: cost, search.orders)
    whole = plan(graph, target, ordered)
    limit = live_bytes(graph, ordered)
    if whole.arena_bytes <= limit:
        return whole
    for parts in PARTS:
        rows = {op: -(-op.step_rows // parts) for op in search.ops if op.is_divisible}
        # every second tensor complete: pairs of ops share steps, and a pair is over before the next begins
        for cuts in ((), search.ops[::2], search.ops[1::2]):
            start = replace(ordered, rows_per_step=rows, complete=frozenset(cuts))
            if search.cost(start, limit)[0] <= limit:
                return plan(graph, target, search.descend(start, _at_most(limit), search.cuts_and_rows))
    return whole


def within(graph: Graph, target: Target, limit: int) -> Schedule:
    """The schedule with the least work that was found and has an arena of at most `limit` bytes.

    Raises DoesNotFitError, with the least that was found, if none has.
    """
    whole = plan(graph, target, Choices())
    if whole.arena_bytes <= limit:
        return whole
    search = _Search(graph, target)
    smallest = search.least_choices()
    least = plan(graph, target, smallest)
    if least.arena_bytes > limit:
        raise DoesNotFitError(
            f"{graph.name} can't be computed in {limit:,} bytes of RAM: {least.arena_bytes:,} is the least that was"
            " found.",
            "" if target.optimize is Optimize.RAM else "Try `--optimize ram` with it: kernels then need less scratch.",
        )
    faster = plan(graph, target, search.descend(smallest, _at_most(limit), search.cuts_and_rows))
    return faster if faster.arena_bytes <= limit else least


def _at_most(limit: int) -> Rank:
    """The fastest within some bytes."""
    return lambda cost: (max(cost[0], limit), cost[1])


class _Search:
    """Steps from neighbour to neighbour while that gets better and the budget lasts."""

    def __init__(self, graph: Graph, target: Target) -> None:
        self.graph = graph
        self.target = target
        self.ops = [op for op in graph.ops if not op.IS_ALIAS and op.inputs]
        self.budget = WORK
        self.orders = orders(graph)
        self.cuts_and_rows = cuts_and_rows(self.ops)
        self.moves = [*self.cuts_and_rows, *self.orders, *pairs(self.ops)]

    def cost(self, choices: Choices, ceiling: float = UNLIMITED) -> Cost:
        found, work = cost(self.graph, self.target, choices, ceiling)
        self.budget -= work
        return found

    def least_ram(self) -> Schedule:
        """The best that was found, made faster where that costs next to nothing."""
        smallest = self.least_choices()
        least = plan(self.graph, self.target, smallest)
        limit = int(least.arena_bytes * NEARLY_LEAST)
        self.allow(smallest)
        faster = plan(self.graph, self.target, self.descend(smallest, _at_most(limit), self.cuts_and_rows))
        return faster if faster.arena_bytes <= limit else least

    def least_choices(self) -> Choices:
        """From the best few starts; of equal arenas, the fastest."""
        acceptable = max(self.cost(Choices())[1], 1) * SLOWER

        def rank(cost: Cost) -> tuple[float, int]:
            return cost[0] * (1 + WORTH * max(cost[1] / acceptable - 1, 0)), cost[1]

        ranked = sorted((rank(self.cost(start)), i, start) for i, start in enumerate(self.starts()))
        ends: list[tuple[tuple[float, int], int, Choices]] = []
        for _, _, start in ranked[:STARTS]:
            self.allow(start)
            end = self.descend(start, rank, self.moves)
            ends.append((rank(self.cost(end)), len(ends), end))
        return min(ends)[2]

    def allow(self, start: Choices) -> None:
        """The budget of a phase that begins at `start`."""
        self.budget = 0
        self.cost(start)
        self.budget = max(WORK, min(-TRIES * self.budget, MOST_WORK))

    def starts(self) -> list[Choices]:
        """A row or two up to some op, and from there one op after the other: early maps are large, late ones small."""
        stride = max(len(self.ops) // 20, 1)
        starts = []
        for count in (1, 2):
            starts.append(Choices(dict.fromkeys(self.graph.ops, count)))
            for first_whole in range(0, len(self.ops), stride):
                whole = set(self.ops[first_whole:])
                rows = {op: count for op in self.graph.ops if op not in whole}
                starts.append(Choices(rows, frozenset(whole)))
        return self.affordable(starts)

    def affordable(self, starts: Sequence[Choices]) -> list[Choices]:
        """The starts, without those of the most steps if together they are too much work; at least one is left."""

        def steps(start: Choices) -> int:
            return sum(-(-op.step_rows // start.rows_per_step.get(op, op.step_rows)) for op in self.ops)

        work = [steps(start) for start in starts]
        shortest = sorted(range(len(starts)), key=work.__getitem__)
        together = list(accumulate(work[i] for i in shortest))
        kept = shortest[: max(bisect(together, MOST_WORK), 1)]
        return [starts[i] for i in sorted(kept)]

    def descend(self, start: Choices, rank: Rank, moves: Sequence[Move]) -> Choices:
        """Takes every move that lowers `rank`, until none does."""
        best, best_rank = start, rank(self.cost(start))
        improved = bool(moves)
        while improved:
            improved = False
            for move in moves:
                candidate = move(best)
                if candidate is None:
                    continue
                if self.budget <= 0:
                    return best
                candidate_rank = rank(self.cost(candidate, best_rank[0]))
                if candidate_rank < best_rank:
                    best, best_rank, improved = candidate, candidate_rank, True
        return best
