"""A limit of RAM misses nothing that the search for the least RAM finds, though it asks for other kernels."""

from __future__ import annotations

import pytest

from command_line import MODELS
from ops.graphs import GraphMaker
from tinygen.errors import DoesNotFitError
from tinygen.ir.graph import Graph
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.pipeline import compile_model
from tinygen.schedule import make_schedule, search


def chain() -> Graph:
    make = GraphMaker((1, 40, 40, 8))
    return make.graph(make.conv(make.conv(make.conv(make.input))))


def residual() -> Graph:
    make = GraphMaker((1, 48, 48, 8))
    first = make.conv(make.input)
    return make.graph(make.add(make.conv(make.relu(make.conv(first))), first))


@pytest.mark.parametrize("graph", [chain(), residual()], ids=["chain", "residual"])
@pytest.mark.parametrize("core", ["generic", "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m55"])
def test_what_the_least_ram_reaches_fits_within_that_limit(graph: Graph, core: str) -> None:
    target = TARGETS[core]
    least = make_schedule(graph, target.with_choices(Optimize.RAM, Rounding.DOUBLE)).arena_bytes
    limited = target.with_choices(Optimize.SPEED, Rounding.DOUBLE, least)
    assert make_schedule(graph, limited).arena_bytes <= least


def test_what_lies_beside_the_arena_counts() -> None:
    """The struct that rows are pushed into knows how far each op is."""
    target, path = TARGETS["cortex-m4"], MODELS / "digits_cnn.tflite"

    def ram(limit: int) -> int:
        return compile_model(
            path, target.with_choices(Optimize.RAM, Rounding.DOUBLE, limit, push=True)
        ).program.ram_bytes

    least = ram(0)
    assert ram(least) == least
    with pytest.raises(DoesNotFitError, match=f"in {least - 1:,} bytes of RAM: {least:,} is the least"):
        ram(least - 1)


def test_smaller_code_may_need_more_and_says_what_helps() -> None:
    target = TARGETS["cortex-m3"].with_choices(Optimize.SIZE, Rounding.DOUBLE, 1000)
    with pytest.raises(DoesNotFitError) as caught:
        make_schedule(chain(), target)
    assert "--optimize ram" in caught.value.hint


def test_a_graph_of_very_many_rows_is_left_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    graph, least = chain(), TARGETS["cortex-m4"].with_choices(Optimize.RAM, Rounding.DOUBLE)
    assert len(make_schedule(graph, least).steps) > len(graph.ops)
    monkeypatch.setattr(search, "SEARCHED_ROWS", sum(op.step_rows for op in graph.ops) - 1)
    for target in (TARGETS["cortex-m4"], least):
        assert len(make_schedule(graph, target).steps) == len(graph.ops)
