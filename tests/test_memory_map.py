"""The memory map: it is what the steps say, nothing in it overlaps, and its pictures are sound XML."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from command_line import MODELS
from ops.graphs import GRAPHS, GraphMaker
from tinygen.commands.plan import bar_chart
from tinygen.commands.plan import plan as plan_command
from tinygen.ir.graph import Graph, State
from tinygen.ir.schedule import Ring, Rows, Schedule, Step
from tinygen.ir.target import TARGETS
from tinygen.memory_map import MemoryMap, Span, memory_map
from tinygen.memory_picture import html_page, svg, ticks
from tinygen.schedule.feed import fed_by_rows
from tinygen.schedule.plan import plan
from tinygen.schedule.rows import Choices
from tinygen.schedule.search import least_ram

GENERIC = TARGETS["generic"]
SVG = "{http://www.w3.org/2000/svg}"


def overlaps(memory: MemoryMap) -> list[tuple[str, str]]:
    """Pairs of regions that are in the same byte at the same step."""
    spans = [(region.name, span) for region in memory.regions for span in region.spans]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(spans, 2)
        if a.first < b.end and b.first < a.end and a.offset < b.offset + b.bytes and b.offset < a.offset + a.bytes
    ]


def scheduled(name: str, chosen: str) -> tuple[Graph, Schedule]:
    graph = GRAPHS[name]()
    if chosen == "least":
        return graph, least_ram(graph, GENERIC)
    return graph, plan(graph, GENERIC, Choices() if chosen == "whole" else Choices(dict.fromkeys(graph.ops, 1)))


@pytest.mark.parametrize("chosen", ["whole", "single", "least"])
@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_in_the_map_overlaps(name: str, chosen: str) -> None:
    graph, schedule = scheduled(name, chosen)
    memory = memory_map(graph, schedule, GENERIC)
    assert overlaps(memory) == []
    assert memory.arena_bytes >= memory.peak_bytes == max(memory.used_bytes, default=0)
    assert len(memory.used_bytes) == len(memory.steps) == len(schedule.steps)
    for region in memory.regions:
        for span in region.spans:
            assert region.offset <= span.offset
            assert span.offset + span.bytes <= region.offset + region.bytes <= memory.arena_bytes
            assert 0 <= span.first < span.end <= max(len(memory.steps), 1)


@pytest.mark.parametrize("name", ["residual", "pooled"])
def test_an_overlap_would_be_seen(name: str) -> None:
    graph, schedule = scheduled(name, "whole")
    wrong = replace(schedule, rings={tensor: replace(ring, offset=0) for tensor, ring in schedule.rings.items()})
    assert overlaps(memory_map(graph, wrong, GENERIC))


def test_the_rows_of_a_ring_are_where_and_when_the_steps_say() -> None:
    make = GraphMaker((1, 5, 1, 8))
    graph = make.graph(make.conv(make.relu(make.input)))
    relu, conv = graph.ops
    middle, output = relu.outputs[0], conv.outputs[0]
    order = [
        (relu, 0),
        (relu, 1),
        (conv, 0),
        (relu, 2),
        (conv, 1),
        (relu, 3),
        (conv, 2),
        (relu, 4),
        (conv, 3),
        (conv, 4),
    ]
    rings = {graph.inputs[0]: Ring(0, 5, 8), middle: Ring(40, 3, 8), output: Ring(64, 5, 8)}
    steps = tuple(Step(op, Rows(row, row + 1)) for op, row in order)
    memory = memory_map(graph, Schedule(steps, rings, {conv: 104}, 104 + conv.scratch_bytes(GENERIC)), GENERIC)
    spans = {region.name: region.spans for region in memory.regions}
    assert spans[middle.name] == (
        Span(0, 5, 40, 8), Span(1, 7, 48, 8), Span(3, 9, 56, 8), Span(5, 10, 40, 8), Span(7, 10, 48, 8),
    )  # fmt: skip
    assert spans[graph.inputs[0].name] == tuple(Span(0, end, 8 * row, 8) for row, end in enumerate((1, 2, 4, 6, 8)))
    assert spans[output.name] == tuple(Span(first, 10, 64 + 8 * row, 8) for row, first in enumerate((2, 4, 6, 8, 9)))
    (ring,) = (region for region in memory.regions if region.name == middle.name)
    assert (ring.height, ring.rows) == (3, 5)


def test_an_operand_in_place_ends_where_its_output_begins() -> None:
    make = GraphMaker((1, 2, 2, 8))
    graph = make.graph(make.relu(make.relu(make.conv(make.input))))
    conv, relu, _ = (op.outputs[0] for op in graph.ops)
    schedule = plan(graph, GENERIC, Choices())
    assert schedule.rings[conv] == schedule.rings[relu]
    regions = {region.name: region for region in memory_map(graph, schedule, GENERIC).regions}
    assert (regions[conv.name].end, regions[relu.name].first) == (1, 1)


def test_the_peak_names_its_users() -> None:
    make = GraphMaker((1, 4, 4, 8))
    graph = make.graph(make.dense(make.conv(make.conv(make.input)), 3))
    memory = memory_map(graph, plan(graph, GENERIC, Choices()), GENERIC)
    users = memory.users(memory.peak_step)
    assert sum(size for _, size in users) == memory.peak_bytes
    sizes = [size for _, size in users]
    assert sizes == sorted(sizes, reverse=True)
    assert {128} < set(sizes)


def test_a_pushed_input_is_a_ring() -> None:
    make = GraphMaker((1, 8, 4, 8))
    graph = fed_by_rows(make.graph(make.mean(make.conv(make.input))))
    memory = memory_map(graph, least_ram(graph, GENERIC), GENERIC)
    (fed,) = (region for region in memory.regions if region.kind == "input")
    assert fed.height < fed.rows == 8
    assert fed.op == "the caller"
    assert overlaps(memory) == []


def test_a_state_keeps_its_place_for_ever() -> None:
    make = GraphMaker((1, 4, 4, 4), (1, 4, 4, 4))
    read, old = make.inputs
    new = make.add(old, make.conv(read))
    graph = make.graph(make.conv(new))
    graph = replace(graph, inputs=(read,), states=(State(old, np.zeros(old.shape, np.int8), new),))
    memory = memory_map(graph, least_ram(graph, GENERIC), GENERIC)
    (state,) = (region for region in memory.regions if region.kind == "state")
    assert (state.first, state.end, state.op) == (0, len(memory.steps), "the inference before")
    assert new.name in state.aliases
    assert overlaps(memory) == []


def hostile() -> MemoryMap:
    """Names that would break XML."""
    make = GraphMaker((1, 6, 5, 4))
    graph = make.graph(make.softmax(make.dense(make.pool(make.conv(make.input)), 3)))
    memory = memory_map(graph, plan(graph, GENERIC, Choices(dict.fromkeys(graph.ops, 1))), GENERIC)
    regions = tuple(replace(region, name=f'<a href="&{i}">\x00\x1b]') for i, region in enumerate(memory.regions))
    return replace(memory, title="<script>&", regions=regions)


@pytest.mark.parametrize("make", [svg, html_page])
def test_pictures_are_the_same_every_time_and_load_nothing(make: object) -> None:
    assert callable(make)
    text = make(hostile())
    assert text == make(hostile())
    assert "<script" not in text
    assert "\x00" not in text
    assert text.count("http") == 1, "only the SVG's namespace"


@pytest.mark.parametrize("name", [*GRAPHS, "hostile"])
def test_a_picture_shows_every_region(name: str) -> None:
    graph, schedule = scheduled(name, "least") if name in GRAPHS else (None, None)
    memory = memory_map(graph, schedule, GENERIC) if graph and schedule else hostile()
    root = ElementTree.fromstring(svg(memory))
    groups = [group for group in root.iter(f"{SVG}g") if group.get("class") == "block"]
    assert len(groups) == len(memory.regions)
    for group, region in zip(groups, memory.regions, strict=True):
        title = group.findtext(f"{SVG}title")
        assert title is not None
        assert f"{region.bytes:,} bytes" in title
        rows = group.findall(f"{SVG}path")[0].get("d", "")
        assert rows.count("M") == len(region.spans)


def test_round_ticks() -> None:
    assert ticks(252, 12) == [0, 50, 100, 150, 200, 252]
    assert ticks(16256, 8) == [0, 5000, 10000, 16256]
    assert ticks(5, 8) == [0, 1, 2, 3, 4, 5]
    assert ticks(1, 8) == [0, 1]


def test_a_chart_in_text() -> None:
    assert bar_chart([0, 4, 8, 16], 10, 2, 16) == ["   █", " ▄██"]
    assert bar_chart([1, 16, 3, 2], 2, 1, 16) == ["█▂"]
    assert bar_chart([], 10, 2, 16) == ["", ""]


@pytest.mark.parametrize("ending", ["html", "svg", "json"])
def test_the_command_writes_what_the_ending_says(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "new" / f"plan.{ending}"
    model = str(MODELS / "digits_cnn.tflite")
    done = CliRunner().invoke(plan_command, [model, "--optimize", "ram", "-o", str(path), "--json"])
    assert done.exit_code == 0, done.output
    printed = json.loads(done.output)
    assert printed["peak_bytes"] <= printed["arena_bytes"]
    assert sum(user["bytes"] for user in printed["peak_users"]) >= printed["peak_bytes"]
    text = path.read_text(encoding="utf-8")
    if ending == "json":
        assert json.loads(text) == printed
    else:
        assert f"arena {printed['arena_bytes']:,} bytes" in text
        assert text.startswith("<!DOCTYPE html>" if ending == "html" else "<svg ")


def test_the_command_prints_the_peak() -> None:
    done = CliRunner().invoke(plan_command, [str(MODELS / "digits_cnn.tflite"), "--push"])
    assert done.exit_code == 0, done.output
    assert "digits_cnn: arena " in done.output
    assert "▲" in done.output
    assert "live at step" in done.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-o", "plan.png"], "may end in .html, .svg or .json"),
        (["-o", "plan"], "may end in .html, .svg or .json"),
        (["--target", "z80"], "There is no target 'z80'"),
        (["--target", "cortex-m4", "--board", "nrf52840"], "either --board or --target"),
    ],
)
def test_a_wrong_option_is_told_in_words(options: list[str], words: str) -> None:
    done = CliRunner().invoke(plan_command, [str(MODELS / "sine.tflite"), *options])
    assert done.exit_code == 2
    assert words in done.output
