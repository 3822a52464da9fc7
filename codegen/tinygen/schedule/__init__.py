"""Graph -> Schedule: which rows are computed when, and where they lie in the arena."""

from __future__ import annotations

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Schedule
from tinygen.ir.target import Optimize, Target
from tinygen.schedule.check import check
from tinygen.schedule.plan import plan
from tinygen.schedule.rows import Choices
from tinygen.schedule.search import least_ram


def make_schedule(graph: Graph, target: Target) -> Schedule:
    """A checked schedule: whole tensors one after the other, or, to save RAM, the rows of many interleaved."""
    if target.optimize is Optimize.RAM:
        schedule = least_ram(graph, target)
    else:
        schedule = plan(graph, target, Choices())
    check(graph, schedule, target)
    return schedule
