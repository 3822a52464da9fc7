"""Looks for the choices that need the least RAM, or the least time within a limit of RAM."""

from __future__ import annotations

from collections.abc import Iterator

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Schedule
from tinygen.ir.target import Target
from tinygen.schedule.plan import plan
from tinygen.schedule.rows import Choices

STEPS_REPLAYED = 120_000
"""Steps that all tried schedules may have together: a few seconds. A larger graph is searched less."""


class _Search:
    """Remembers what was tried, and what it may still cost."""

    def __init__(self, graph: Graph, target: Target) -> None:
        self.graph = graph
        self.target = target
        self.budget = STEPS_REPLAYED
        self.ops = [op for op in graph.ops if not op.IS_ALIAS]

    def cost(self, choices: Choices) -> tuple[int, int]:
        """(arena bytes, steps) of some choices."""
        schedule = plan(self.graph, self.target, choices, search=0)
        self.budget -= len(schedule.steps) + 20
        return schedule.arena_bytes, len(schedule.steps)

    def least_ram(self) -> Choices:
        """Single rows everywhere, then whatever cut or coarser step makes the arena smaller, or as small with less work."""
        best = Choices(dict.fromkeys(self.ops, 1))
        best_cost = self.cost(best)
        improved = True
        while improved and self.budget > 0:
            improved = False
            for candidate in self.neighbours(best):
                if self.budget <= 0:
                    break
                cost = self.cost(candidate)
                if cost < best_cost:
                    best, best_cost, improved = candidate, cost, True
        return best

    def neighbours(self, choices: Choices) -> Iterator[Choices]:
        """One cut more or less; one op with coarser steps."""
        for op in self.ops:
            yield Choices(choices.rows_per_step, choices.complete ^ {op})
        for op in self.ops:
            rows = choices.rows_per_step.get(op, op.step_rows)
            if rows < op.step_rows:
                yield Choices({**choices.rows_per_step, op: min(rows * 2, op.step_rows)}, choices.complete)


def least_ram(graph: Graph, target: Target) -> Schedule:
    """The schedule with the smallest arena that was found."""
    return plan(graph, target, _Search(graph, target).least_ram())
