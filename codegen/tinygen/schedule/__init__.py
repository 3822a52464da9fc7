"""Graph -> Schedule: which rows are computed when, and where they lie in the arena."""

from __future__ import annotations

from tinygen.ir.graph import Graph
from tinygen.ir.program import progress_bytes
from tinygen.ir.schedule import Schedule
from tinygen.ir.target import Optimize, Target
from tinygen.schedule.check import check
from tinygen.schedule.feed import fed_by_rows
from tinygen.schedule.places import places
from tinygen.schedule.search import least_ram, nearly_whole, within


def make_schedule(graph: Graph, target: Target) -> Schedule:
    """A checked schedule: whole tensors one after the other, or, to save RAM, the rows of many interleaved."""
    scheduled = fed_by_rows(graph) if target.push else graph
    if target.ram_limit:
        idle = places(scheduled).idle
        pushed = [op for op in scheduled.ops if not op.IS_ALIAS or op not in idle] if target.push else []
        schedule = within(scheduled, target, target.ram_limit, progress_bytes(pushed))
    elif target.optimize is Optimize.RAM or target.push:
        schedule = least_ram(scheduled, target)
    else:
        schedule = nearly_whole(scheduled, target)
    check(scheduled, schedule, target)
    return schedule
