"""Constants in RAM while a step runs: when the scheduler wants that, what it costs, and that it is checked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ops.graphs import GraphMaker
from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Forms
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.schedule import make_schedule
from tinygen.schedule.check import ScheduleError, check
from tinygen.schedule.effort import effort
from tinygen.schedule.plan import live_bytes, plan
from tinygen.schedule.rows import Choices

M4 = TARGETS["cortex-m4"]


def convolved() -> Graph:
    """Large maps around a small one, beside which there is room for filters."""
    make = GraphMaker((1, 24, 24, 8))
    return make.graph(make.relu(make.conv(make.conv(make.relu(make.input)))))


def test_constants_are_staged_where_there_is_room() -> None:
    graph = convolved()
    schedule = make_schedule(graph, M4)
    convs = {op for op in graph.ops if op.staged_bytes(M4)}
    assert schedule.forms.staged == convs
    assert len(convs) == 2
    assert schedule.arena_bytes <= live_bytes(graph, M4, Choices())


def test_staging_spares_flash_and_takes_scratch() -> None:
    graph = convolved()
    staged = Choices(forms=Forms(staged=frozenset(graph.ops)))
    assert effort(graph, M4, staged) < effort(graph, M4, Choices())
    for op in graph.ops:
        size = op.staged_bytes(M4)
        assert staged.forms.scratch_bytes(op, M4) == op.scratch_bytes(M4) + size
        assert op.flash_reads(M4, op.step_rows, is_staged=True) == size // 4
        assert (op.flash_reads(M4, op.step_rows, is_staged=False) > size // 4) is (size > 0)


def test_small_code_and_other_kernels_stage_nothing() -> None:
    graph = convolved()
    for target in (M4.with_choices(Optimize.SIZE, Rounding.DOUBLE), TARGETS["generic"], TARGETS["cortex-m55"]):
        assert not any(op.staged_bytes(target) for op in graph.ops)
        assert make_schedule(graph, target).forms.staged == frozenset()


def test_a_tensor_over_staged_constants_is_found() -> None:
    graph = convolved()
    schedule = plan(graph, M4, Choices(forms=Forms(staged=frozenset(graph.ops))))
    check(graph, schedule, M4)
    conv = next(op for op in graph.ops if op.staged_bytes(M4))
    offset = schedule.arena_bytes - conv.scratch_bytes(M4)
    moved = replace(schedule, scratch={**schedule.scratch, conv: offset})
    with pytest.raises(ScheduleError, match="scratch"):
        check(graph, moved, M4)
