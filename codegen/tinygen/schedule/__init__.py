"""Graph -> Schedule: which rows are computed when, and where they lie in the arena."""

from __future__ import annotations

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Schedule
from tinygen.ir.target import Target
from tinygen.schedule.check import check
from tinygen.schedule.whole_tensors import schedule_whole_tensors


def make_schedule(graph: Graph, target: Target) -> Schedule:
    """A checked schedule."""
    schedule = schedule_whole_tensors(graph, target)
    check(graph, schedule, target)
    return schedule
