"""`tinygen plan`: what lies where in the arena and when, as a picture, a page, text or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygen.commands.console import make_console, print_json
from tinygen.commands.options import (
    PATH,
    Choices,
    choice_options,
    chosen_target,
    find_board,
    json_option,
    model_argument,
)
from tinygen.errors import TinygenError

if TYPE_CHECKING:
    from rich.table import Table

    from tinygen.ir.target import Target
    from tinygen.memory_map import MemoryMap

CHART_WIDTH, CHART_HEIGHT = 100, 8
"""Of the chart in the terminal, in characters."""
NAME_WIDTH = 48
"""Of a tensor's name in the terminal; its end tells more than its beginning."""
ENDINGS = (".html", ".svg", ".json")
"""What -o takes."""


@click.command()
@model_argument
@click.option("--board", default="", help="A board of `tinygen boards`, or a .toml file of your own.")
@click.option("--target", "target_name", default="", help="A core instead of a board, as for `tinygen generate`.")
@click.option("-o", "--output", type=PATH, help="A .html, .svg or .json file to write.")
@choice_options
@json_option
def plan(model: Path, board: str, target_name: str, output: Path | None, choices: Choices, as_json: bool) -> None:
    """Show which tensor lies where in RAM, step by step, and what is live when most of it is in use."""
    if board and target_name:
        raise click.UsageError("Give either --board or --target: a board has its own core.")
    if output and output.suffix.lower() not in ENDINGS:
        raise click.UsageError(
            f"-o {output}: the picture's file may end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}."
        )
    core = find_board(board).target if board else target_name or "generic"
    memory = _planned(model, chosen_target(core, choices))
    if output:
        _write(output, memory)
    if as_json:
        print_json(memory.as_json())
        return
    for line in summary_lines(memory):
        click.echo(line)
    make_console().print(peak_table(memory))
    if output:
        click.echo(f"{output}: the whole map")


def _planned(model: Path, target: Target) -> MemoryMap:
    """The map of the schedule that `tinygen generate` would use. Raises as compile_model does."""
    from tinygen.memory_map import memory_map
    from tinygen.pipeline import load, rewritten
    from tinygen.schedule import make_schedule
    from tinygen.schedule.feed import fed_by_rows

    graph = rewritten(load(model).complete, target)
    schedule = make_schedule(graph, target)
    return memory_map(fed_by_rows(graph) if target.push else graph, schedule, target)


def _write(path: Path, memory: MemoryMap) -> None:
    """Raises TinygenError when the file can't be written."""
    from tinygen.memory_picture import html_page, svg

    makers: dict[str, Callable[[MemoryMap], str]] = {
        ".html": html_page,
        ".svg": svg,
        ".json": lambda memory: json.dumps(memory.as_json(), indent=2) + "\n",
    }
    text = makers[path.suffix.lower()](memory)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise TinygenError(f"{path} can't be written: {error.strerror or error}.") from error


def summary_lines(memory: MemoryMap) -> Iterator[str]:
    """The arena's size, and a chart of its use per step."""
    yield f"{memory.title}: arena {memory.arena_bytes:,} bytes, {len(memory.steps):,} steps of {len(memory.ops)} ops"
    if not memory.steps:
        return
    lines = bar_chart(memory.used_bytes, CHART_WIDTH, CHART_HEIGHT, memory.arena_bytes)
    labels = [f"{memory.arena_bytes:,}", *[""] * (len(lines) - 2), "0"]
    margin = max(map(len, labels))
    for label, line in zip(labels, lines, strict=True):
        yield f"{label:>{margin}} ┤{line}".rstrip()
    column = memory.peak_step * len(lines[0]) // len(memory.steps)
    note = f"peak: {memory.peak_bytes:,} bytes at step {memory.peak_step:,}"
    at = margin + 2 + column
    yield " " * at + f"▲ {note}" if column < len(lines[0]) / 2 else f"{note} ▲".rjust(at + 1)


def peak_table(memory: MemoryMap) -> Table:
    """Who has how much at the peak."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f"live at step {memory.peak_step:,}", title_justify="left")
    table.add_column("tensor", overflow="fold")
    table.add_column("written by")
    for column in ("bytes", "rows in RAM", "address", "steps"):
        table.add_column(column, justify="right")
    for region, size in memory.users(memory.peak_step):
        rows = f"{region.height:,} of {region.rows:,}" if region.kind != "scratch" else ""
        steps = f"{region.first:,} to {region.end - 1:,}"
        name = escape(region.name if len(region.name) <= NAME_WIDTH else "…" + region.name[1 - NAME_WIDTH :])
        table.add_row(name, escape(region.label), f"{size:,}", rows, f"{region.offset:,}", steps)
    return table


def bar_chart(values: Sequence[int], width: int, height: int, top: int) -> list[str]:
    """Text lines of a chart, `height` high and at most `width` wide; a column shows the most of its values."""
    width = min(width, len(values))
    columns = [max(values[i * len(values) // width : (i + 1) * len(values) // width]) for i in range(width)]
    eighths = [-(-value * height * 8 // max(top, 1)) for value in columns]
    levels = " ▁▂▃▄▅▆▇█"
    return [
        "".join(levels[min(max(level - line * 8, 0), 8)] for level in eighths) for line in range(height - 1, -1, -1)
    ]
