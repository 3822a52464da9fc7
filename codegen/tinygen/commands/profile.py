"""`tinygen profile`: what each op costs on a board, as a table with bars or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygen.commands.console import make_console, print_json, progress
from tinygen.commands.options import (
    PATH,
    Choices,
    board_option,
    cached_build,
    choice_options,
    compiled_to_run,
    emulate_option,
    find_board,
    json_option,
    model_argument,
    port_option,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from tinygen.boards import Board
    from tinygen.profiling import Cost, Profile

BAR_CELLS = 16
OUTPUT_WIDTH = 24
DISPENSABLE = ("output", "steps", "MACs", "instructions", "flash reads")
"""Columns that a narrow terminal does without, in this order."""


@click.command()
@model_argument
@board_option
@port_option
@emulate_option
@click.option("--inputs", type=PATH, help="An .npz or .npy of inputs, whose first inference is profiled.")
@choice_options
@click.option("-o", "--output", type=PATH, help="A .json to keep it in, for `tinygen compare`.")
@json_option
def profile(
    model: Path, board: str, port: str, emulate: bool, inputs: Path | None, choices: Choices, output: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Show what every op costs: cycles, instructions, reads of flash.

    On a board, cycles are measured by its own counter. In the emulator of an nRF52840, instructions and reads of flash
    are exact, and cycles are estimated from the core's published timings. QEMU counts instructions only.
    Without --inputs, the inputs are random, the same every time.
    """
    from tinygen.profiling import check_profilable, measure, write_profile
    from tinygen.session import open_session
    from tinygen.vectors import random_vectors, read_vectors

    chosen = find_board(board)
    check_profilable(chosen, emulate)
    compiled = compiled_to_run(model, chosen, choices)
    vectors = read_vectors(inputs, compiled.original) if inputs else random_vectors(compiled.original, 1)
    built = cached_build(compiled, chosen)
    with progress(f"Profiling on {chosen.title}") as report, open_session(built, compiled, port, emulate) as session:
        profiled = measure(session, chosen, compiled, vectors.inputs[0], report)
    if output:
        write_profile(output, profiled)
    if as_json:
        print_json(profiled.as_json())
        return
    console = make_console()
    console.print(profile_table(profiled, chosen, console))
    print_notes(console, profiled)


def profile_table(profiled: Profile, board: Board, console: Console) -> Table:
    """One line per op, what belongs to none, totals below; what the board can't tell or the console has no room for is
    left out."""
    from rich.measure import Measurement

    lines, totals = table_lines(profiled, "█" if console.encoding.startswith("utf") else "#")
    dispensable = [name for name in DISPENSABLE if name != "instructions" or profiled.total.cycles is not None]
    endless = console.options.update_width(10_000)
    for dropped in range(len(dispensable) + 1):
        columns = [name for name in totals if name not in dispensable[:dropped]]
        table = drawn(columns, lines, totals)
        if Measurement.get(console, endless, table).maximum <= console.width:
            break
    table.title = f"{profiled.model} on {board.title}, --optimize {profiled.optimize}".replace("[", r"\[")
    return table


def table_lines(profiled: Profile, block: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The cells of every line by column, and those of the totals."""
    whole = profiled.total.time

    def line(index: str, kind: str, output: str, steps: str, cost: Cost, macs: int, bar: str) -> dict[str, str]:
        head = {"#": index, "op": kind, "output": output, "steps": steps}
        return {**head, **numbers(profiled, cost, macs), "share": bar}

    lines = [
        line(
            str(op.index), op.kind, op.output, f"{op.steps:,}", op.cost, op.macs, share_bar(op.cost.time, whole, block)
        )
        for op in profiled.ops
    ]
    if profiled.other.time > 0:
        bar = share_bar(profiled.other.time, whole, block)
        lines.append(line("", "between ops", "", "", profiled.other, 0, bar))
    steps = f"{sum(op.steps for op in profiled.ops):,}"
    return lines, line("", "total", "", steps, profiled.total, profiled.macs, "")


def drawn(columns: Sequence[str], lines: Sequence[dict[str, str]], totals: dict[str, str]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title_justify="left", show_footer=True)
    for name in columns:
        is_text = name in ("op", "output", "share")
        table.add_column(
            name,
            justify="left" if is_text else "right",
            footer=totals[name],
            no_wrap=True,
            max_width=OUTPUT_WIDTH if name == "output" else None,
        )
    for line in lines:
        table.add_row(*(escape(line[name]) for name in columns))
    return table


def numbers(profiled: Profile, cost: Cost, macs: int) -> dict[str, str]:
    """The cells of one line, by column, of what this board can tell."""
    from tinygen.profiling import ESTIMATED, per_mac

    about = "~" if profiled.cycles_are == ESTIMATED else ""
    ratio, milliseconds = per_mac(cost, macs), profiled.milliseconds(cost)
    cells = {
        "instructions": f"{cost.instructions:,}" if cost.instructions is not None else None,
        f"{about}cycles": f"{cost.cycles:,}" if cost.cycles is not None else None,
        "MACs": f"{macs:,}",
        "cycles/MAC": f"{ratio:.2f}" if ratio is not None else "",
        "flash reads": f"{cost.flash_reads:,}" if cost.flash_reads is not None else None,
        "ms": f"{milliseconds:.3f}" if milliseconds is not None else None,
    }
    if cost.cycles is None:
        del cells["cycles/MAC"]
    return {name: cell for name, cell in cells.items() if cell is not None}


def share_bar(part: int, whole: int, block: str) -> str:
    """As "████ 25 %"."""
    share = max(part, 0) / max(whole, 1)
    return f"{block * round(share * BAR_CELLS):{BAR_CELLS}} {100 * share:4.1f} %"


def print_notes(console: Console, profiled: Profile) -> None:
    """What the numbers are."""
    from tinygen.profiling import ESTIMATED, MEASURED

    clock = f"{profiled.clock_hz / 1e6:g} MHz"
    notes = {
        ESTIMATED: f"Cycles are estimated from the core's published timings, for memory that never waits; "
        f"ms are at {clock}. Instructions and words read from flash are exact.",
        MEASURED: f"Cycles are measured by the chip's own counter; ms are at {clock}.",
    }
    words = notes.get(profiled.cycles_are, "QEMU counts instructions; it knows nothing of cycles.")
    console.print(words, highlight=False)
