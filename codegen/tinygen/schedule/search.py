"""Looks for the choices that need the least RAM, or the least work within a limit of RAM."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tinygen.errors import DoesNotFitError
from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Schedule
from tinygen.ir.target import Target
from tinygen.ops.op import Op
from tinygen.schedule.plan import cost, live_bytes, plan
from tinygen.schedule.rows import Choices

STEPS_REPLAYED = 120_000
"""Steps that all tried schedules may have together: a few seconds. A larger graph is searched less."""

SEARCHED_OPS = 500
"""A graph of more ops is left whole unless saving RAM was asked for."""
PARTS = (2, 3, 4, 6, 8)
"""Into how many steps ops are cut before as many as possible are made whole again."""
UNLIMITED = 2**40
STARTS = 3
"""How many of the best starts are followed."""
Cost = tuple[int, int]
"""(arena bytes, steps)"""
Move = Callable[[Choices], Choices | None]
"""Other choices near some; None where there is no such neighbour."""


def least_ram(graph: Graph, target: Target) -> Schedule:
    """The schedule with the smallest arena that was found."""
    return plan(graph, target, _Search(graph, target).least_ram())


def nearly_whole(graph: Graph, target: Target) -> Schedule:
    """One op after the other, but for a few that take several steps to make room for scratch and gaps.

    The arena is then no larger than the tensors that live together, where such steps were found.
    """
    whole = plan(graph, target, Choices())
    limit = live_bytes(graph)
    if whole.arena_bytes <= limit or len(graph.ops) > SEARCHED_OPS:
        return whole
    search = _Search(graph, target)
    for parts in PARTS:
        rows = {op: -(-op.step_rows // parts) for op in search.ops if op.is_divisible}
        # every second tensor complete: pairs of ops share steps, and a pair is over before the next begins
        for cuts in ((), search.ops[::2], search.ops[1::2]):
            start = Choices(rows, frozenset(cuts))
            if search.cost(start, limit)[0] <= limit:
                return plan(graph, target, search.descend(start, lambda cost: (max(cost[0], limit), cost[1])))
    return whole


def within(graph: Graph, target: Target, limit: int) -> Schedule:
    """The schedule with the fewest steps that was found and has an arena of at most `limit` bytes.

    Raises DoesNotFitError, with the least that was found, if none has.
    """
    whole = plan(graph, target, Choices())
    if whole.arena_bytes <= limit:
        return whole
    search = _Search(graph, target)
    smallest = search.least_ram()
    least = plan(graph, target, smallest).arena_bytes
    if least > limit:
        raise DoesNotFitError(
            f"{graph.name} can't be computed in {limit:,} bytes of RAM: {least:,} is the least that was found."
        )
    search.budget = STEPS_REPLAYED
    return plan(graph, target, search.descend(smallest, lambda cost: (max(cost[0], limit), cost[1])))


class _Search:
    """Steps from neighbour to neighbour while that gets better and the budget lasts."""

    def __init__(self, graph: Graph, target: Target) -> None:
        self.graph = graph
        self.target = target
        self.budget = STEPS_REPLAYED
        self.ops = [op for op in graph.ops if not op.IS_ALIAS and op.inputs]

    def cost(self, choices: Choices, ceiling: int) -> Cost:
        found = cost(self.graph, self.target, choices, ceiling)
        self.budget -= found[1] + 20
        return found

    def least_ram(self) -> Choices:
        """From the best few starts; of equal arenas, the one with fewer steps."""
        ranked = sorted(self.starts(), key=lambda start: self.cost(start, UNLIMITED))
        budget = self.budget
        ends = []
        for start in ranked[:STARTS]:
            self.budget = budget // STARTS
            ends.append(self.descend(start, lambda cost: cost))
        return min(ends, key=lambda end: self.cost(end, UNLIMITED))

    def starts(self) -> list[Choices]:
        """Single rows up to some op, and from there one op after the other: early maps are large, late ones small."""
        count = len(self.ops)
        single_rows = dict.fromkeys(self.graph.ops, 1)
        stride = max(count // 40, 1)
        starts = [Choices(single_rows)]
        for first_whole in range(0, count, stride):
            whole = self.ops[first_whole:]
            rows = {op: n for op, n in single_rows.items() if op not in set(whole)}
            starts.append(Choices(rows, frozenset(whole)))
        return starts

    def descend(self, start: Choices, rank: Callable[[Cost], Cost]) -> Choices:
        """Takes every move that lowers `rank`, until none does."""
        best, best_rank = start, rank(self.cost(start, UNLIMITED))
        improved = True
        while improved:
            improved = False
            for move in self.moves():
                candidate = move(best)
                if candidate is None:
                    continue
                if self.budget <= 0:
                    return best
                candidate_rank = rank(self.cost(candidate, best_rank[0]))
                if candidate_rank < best_rank:
                    best, best_rank, improved = candidate, candidate_rank, True
        return best

    def moves(self) -> list[Move]:
        """A cut more or less; coarser or finer steps of one op."""
        cuts = [_cut(op) for op in self.ops]
        return [*cuts, *(_coarser(op) for op in self.ops), *(_finer(op) for op in self.ops)]


def _cut(op: Op) -> Move:
    return lambda choices: replace(choices, complete=choices.complete ^ {op})


def _coarser(op: Op) -> Move:
    def move(choices: Choices) -> Choices | None:
        rows = choices.rows_per_step.get(op, op.step_rows)
        if rows >= op.step_rows or not op.is_divisible:
            return None
        return replace(choices, rows_per_step={**choices.rows_per_step, op: min(rows * 2, op.step_rows)})

    return move


def _finer(op: Op) -> Move:
    def move(choices: Choices) -> Choices | None:
        rows = choices.rows_per_step.get(op, op.step_rows)
        if rows == 1 or not op.is_divisible:
            return None
        return replace(choices, rows_per_step={**choices.rows_per_step, op: (rows + 1) // 2})

    return move
