"""`tinygen compare`: two profiles side by side, with an exit status for continuous integration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygen.commands.console import make_console, print_json
from tinygen.commands.options import PATH, json_option

if TYPE_CHECKING:
    from rich.table import Table

    from tinygen.comparison import Change, Comparison

REGRESSION_EXIT = 8
COLOURS = {"slower": "red", "faster": "green", "added": "yellow", "removed": "yellow"}


@click.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@click.option(
    "--threshold",
    type=click.FloatRange(0),
    default=2.0,
    show_default=True,
    help="Growth in percent from which on something has become slower.",
)
@json_option
def compare(old: Path, new: Path, threshold: float, as_json: bool) -> None:
    """Compare two files of `tinygen profile -o`, op by op, and mark what has become slower.

    \b
    Exit status: 0 nothing has become slower, 8 something has, by more than the threshold:
    the total, or an op by at least a thousandth of the total.
    """
    from tinygen.comparison import compare as compare_profiles
    from tinygen.profiling import read_profile

    comparison = compare_profiles(read_profile(old), read_profile(new), threshold)
    if as_json:
        print_json(comparison.as_json())
    else:
        console = make_console()
        console.print(comparison_table(comparison))
        for note in comparison.notes:
            console.print(f"differs: {note}", highlight=False, markup=False)
        console.print(verdict(comparison), highlight=False, markup=False)
    if comparison.regressions:
        sys.exit(REGRESSION_EXIT)


def comparison_table(comparison: Comparison) -> Table:
    """One line per op, the total below."""
    from rich.markup import escape
    from rich.table import Table

    title = f"{escape(comparison.model)} on {escape(comparison.board)}, {comparison.unit}"
    table = Table(title=title, title_justify="left", show_footer=True)
    reads = comparison.total.old_flash_reads is not None and comparison.total.new_flash_reads is not None
    footer = cells(comparison.total, reads)
    names = ("old", "new", "change", *(("old flash reads", "new flash reads") if reads else ()), "")
    table.add_column("op", footer="total", overflow="fold")
    for name, total in zip(names, footer, strict=True):
        table.add_column(name, justify="right" if name else "left", footer=total, no_wrap=True)
    for change in comparison.ops:
        table.add_row(escape(change.label), *cells(change, reads))
    return table


def cells(change: Change, reads: bool) -> tuple[str, ...]:
    colour = COLOURS.get(change.verdict)
    mark = f"[{colour}]{change.verdict}[/{colour}]" if colour else ""
    percent = f"{change.percent:+.1f} %" if change.percent is not None else ""
    flash = (change.old_flash_reads, change.new_flash_reads) if reads else ()
    return (
        "" if change.verdict == "added" else f"{change.old:,}",
        "" if change.verdict == "removed" else f"{change.new:,}",
        "" if change.verdict in ("added", "removed") else percent,
        *("" if number is None else f"{number:,}" for number in flash),
        mark,
    )


def verdict(comparison: Comparison) -> str:
    """One sentence."""
    limit = f"{comparison.threshold:g} %"
    slower = comparison.regressions
    if not slower:
        return f"Nothing has become slower by more than {limit}."
    ops = sum(change in comparison.ops for change in slower)
    parts = [*(["the total"] if comparison.total.is_regression else []), *([f"{ops} of the ops"] if ops else [])]
    return f"SLOWER by more than {limit}: {' and '.join(parts)}."
