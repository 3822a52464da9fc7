"""Looks for the choices that need the least RAM, or the least time within a limit of RAM."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate, product

from tinygen.errors import DoesNotFitError
from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Forms, Schedule
from tinygen.ir.target import Optimize, Target
from tinygen.schedule.moves import Move, can_be_lean, cuts_and_rows, kernels, orders, pairs, stagings
from tinygen.schedule.plan import Cost, cost, live_bytes, plan
from tinygen.schedule.rows import Choices

WORK = 30_000
"""Steps and blocks that all schedules tried in one phase of a search may have together: less than a second."""
TRIES = 30
"""So many are tried of a large graph, though it is more work."""
MOST_WORK = 300_000
"""But together they have no more steps and blocks than this: a larger graph is searched less."""
SEARCHED_OPS = 500
"""A graph of more ops is left whole unless saving RAM was asked for."""
SEARCHED_ROWS = 200_000
"""A graph whose ops have more rows together is always left whole: a single schedule takes long to weigh."""
PARTS = (1, 2, 3, 4, 6, 8)
"""Into how many steps ops are cut before as many as possible are made whole again."""
SHARES = (0, 1 / 16, 1 / 8, 1 / 4, 1 / 2)
"""How much of the arena an op may have for its constants, before more or fewer are tried."""
STARTS = 3
"""How many of the best starts are followed."""
SLOWER = 1.15
"""How much slower than whole tensors the least RAM may be; beyond, a byte must be worth it."""
SLOWER_PUSHED = 1.4
"""Where rows are pushed: who does that lacks RAM more than time."""
WORTH = 20
"""How many hundredths of RAM a hundredth of time is worth there: a limit that small graphs may cross a little."""
NEARLY_LEAST = 1.004
"""Of schedules with so little more than the least RAM, the fastest is taken."""
Rank = Callable[[Cost], tuple[float, int]]
"""What is to be as low as possible; the first number is at least the arena's bytes."""


def least_ram(graph: Graph, target: Target) -> Schedule:
    """The schedule with the smallest arena that was found and is not much slower than whole tensors."""
    return plan(graph, target, Choices()) if _has_many_rows(graph) else _Search(graph, target).least_ram()


def nearly_whole(graph: Graph, target: Target, limit: int = 0) -> Schedule:
    """One op after the other, or in a few steps that make room for scratch, gaps, and constants out of slow flash.

    The ops come in the order that was found to need the least. Where such steps were found, the arena has at most
    `limit` bytes, or, without one, is no larger than the tensors that live together.
    """
    if len(graph.ops) > SEARCHED_OPS or _has_many_rows(graph):
        return plan(graph, target, Choices())
    search = _Search(graph, target)
    ordered = search.descend(Choices(), lambda cost: cost, search.orders)
    limit = limit or live_bytes(graph, target, ordered)
    start = search.least(search.in_parts(ordered, limit), _at_most(limit))
    search.allow(start)
    schedule = plan(graph, target, search.descend(start, _at_most(limit), search.faster))
    return schedule if schedule.arena_bytes <= limit else plan(graph, target, ordered)


def within(graph: Graph, target: Target, limit: int, beside: int = 0) -> Schedule:
    """The schedule with the least work that was found and whose arena, and what lies beside it, fit into `limit` bytes.

    Raises DoesNotFitError, with the least that was found, if none does.
    """
    limit -= beside
    whole = plan(graph, target, Choices())
    if whole.arena_bytes <= limit:
        found = nearly_whole(graph, target, limit)
        return found if found.arena_bytes <= limit else whole
    search = _Search(graph, target)
    smallest = search.least_choices()
    least = min(plan(graph, target, smallest), nearly_whole(graph, target), key=_arena_bytes)
    if least.arena_bytes <= limit:
        faster = plan(graph, target, search.descend(smallest, _at_most(limit), search.faster))
        return faster if faster.arena_bytes <= limit else least
    least = min(least, *_without_limit(graph, target), key=_arena_bytes)
    if least.arena_bytes <= limit:
        return least
    raise DoesNotFitError(
        f"{graph.name} can't be computed in {limit + beside:,} bytes of RAM: {least.arena_bytes + beside:,} is the"
        " least that was found.",
        "Try `--optimize ram` with it: kernels then need less scratch." if target.optimize is Optimize.SIZE else "",
    )


def _has_many_rows(graph: Graph) -> bool:
    return sum(op.step_rows for op in graph.ops) > SEARCHED_ROWS


def _without_limit(graph: Graph, target: Target) -> list[Schedule]:
    """What `--optimize ram` finds, so that nothing is missed, if the target's kernels need no more scratch."""
    free = replace(target, optimize=Optimize.RAM, ram_limit=0)
    found = least_ram(graph, free)
    given = {op: found.forms.scratch_bytes(op, free) for op in graph.ops}
    larger = {op for op in graph.ops if found.forms.scratch_bytes(op, target) > given[op]}
    forms = replace(found.forms, lean=found.forms.lean | larger)
    fits = all(forms.scratch_bytes(op, target) <= given[op] for op in larger)
    return [replace(found, forms=forms)] if fits else []


def _arena_bytes(schedule: Schedule) -> int:
    return schedule.arena_bytes


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
        steps = cuts_and_rows(self.ops)
        steps += kernels(self.ops, target)
        self.moves = [*steps, *self.orders, *pairs(self.ops)]
        self.faster = [*steps, *stagings(self.ops, target)]

    def cost(self, choices: Choices, rank: Rank | None = None, best: tuple[float, int] = (0, 0)) -> Cost:
        """At least so much, if its rank is not below the best; all of it otherwise."""
        found, work = cost(self.graph, self.target, choices, lambda cost: rank is None or rank(cost) < best)
        self.budget -= work
        return found

    def least_ram(self) -> Schedule:
        """The best that was found, made faster where that costs next to nothing."""
        smallest = self.least_choices()
        least = plan(self.graph, self.target, smallest)
        limit = int(least.arena_bytes * NEARLY_LEAST)
        self.allow(smallest)
        # packed in little time, the smallest may seem larger than it is
        seeming = _at_most(max(limit, self.cost(smallest)[0]))
        faster = plan(self.graph, self.target, self.descend(smallest, seeming, self.faster))
        # of a small graph, steps cost more than its arithmetic: what is nearly whole may then be smaller
        whole = nearly_whole(self.graph, self.target)
        return min(faster if faster.arena_bytes <= limit else least, whole, key=_arena_bytes)

    def least_choices(self) -> Choices:
        """From the best few starts; of equal arenas, the fastest."""
        slower = SLOWER_PUSHED if self.target.push else SLOWER
        acceptable = max(self.cost(Choices())[1], 1) * slower

        def rank(cost: Cost) -> tuple[float, int]:
            return cost[0] * (1 + WORTH * max(cost[1] / acceptable - 1, 0)), cost[1]

        followed: dict[tuple[float, int], Choices] = {}
        for start in self.starts():
            last = max(followed) if len(followed) == STARTS else (math.inf, 0)
            found = rank(self.cost(start, rank, last))
            if found < last and found not in followed:
                followed[found] = start
                followed = {each: followed[each] for each in sorted(followed)[:STARTS]}
        ends: list[tuple[tuple[float, int], int, Choices]] = []
        for start in followed.values():
            self.allow(start)
            end = self.descend(start, rank, self.moves)
            ends.append((rank(self.cost(end)), len(ends), end))
        return min(ends)[2]

    def in_parts(self, ordered: Choices, limit: int) -> list[Choices]:
        """The same number of steps for all ops, and more or less of them staged."""
        sizes = {op: op.staged_bytes(self.target) for op in self.ops}
        staged = {frozenset(op for op, size in sizes.items() if 0 < size <= limit * share) for share in SHARES}
        # every second tensor complete: pairs of ops share steps, and a pair is over before the next begins
        cuts = tuple(map(frozenset, ((), self.ops[::2], self.ops[1::2], self.ops)))
        rows = [{op: -(-op.step_rows // parts) for op in self.ops if op.is_divisible} for parts in PARTS]
        return [
            replace(ordered, rows_per_step=rows_per_step, complete=complete, forms=Forms(some))
            for rows_per_step, complete, some in product(rows, cuts, sorted(staged, key=len))
        ]

    def least(self, starts: Sequence[Choices], rank: Rank) -> Choices:
        """The one with the lowest rank."""
        best, best_rank = starts[0], rank(self.cost(starts[0]))
        for start in starts[1:]:
            start_rank = rank(self.cost(start, rank, best_rank))
            if start_rank < best_rank:
                best, best_rank = start, start_rank
        return best

    def allow(self, start: Choices) -> None:
        """The budget of a phase that begins at `start`."""
        self.budget = 0
        self.cost(start)
        self.budget = max(WORK, min(-TRIES * self.budget, MOST_WORK))

    def starts(self) -> list[Choices]:
        """A row or two up to some op, and from there one op after the other: early maps are large, late ones small."""
        stride = max(len(self.ops) // 20, 1)
        starts = []
        lean = Forms(lean=can_be_lean(self.ops, self.target))
        for count in (1, 2):
            starts.append(Choices(dict.fromkeys(self.graph.ops, count), forms=lean))
            for first_whole in range(0, len(self.ops), stride):
                whole = set(self.ops[first_whole:])
                rows = {op: count for op in self.graph.ops if op not in whole}
                starts.append(Choices(rows, frozenset(whole), forms=lean))
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
                candidate_rank = rank(self.cost(candidate, rank, best_rank))
                if candidate_rank < best_rank:
                    best, best_rank, improved = candidate, candidate_rank, True
        return best
