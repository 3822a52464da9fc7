"""Arguments and options that commands share, and what they choose: boards, targets, compiled models, builds."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygen.commands.console import progress

if TYPE_CHECKING:
    from tinygen.boards import Board
    from tinygen.ir.target import Target
    from tinygen.pipeline import Compiled
    from tinygen.project import Build

PATH = click.Path(path_type=Path, readable=False)
"""Files are looked at where they are read: then the error can say what was being done."""

model_argument = click.argument("model", type=PATH)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
board_option = click.option("--board", required=True, help="A board of `tinygen boards`, or a .toml file of your own.")
port_option = click.option("--port", default="", help="The board's serial port, such as /dev/ttyACM0 or COM3.")
emulate_option = click.option("--emulate", is_flag=True, help="Run the firmware in an emulator instead of the board.")


@dataclass(frozen=True)
class Choices:
    """What the user wants of the C."""

    optimize: str
    rounding: str
    ram_limit: int
    """0: none."""
    push: bool


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--optimize, --rounding, --ram-limit and --push; the command gets them as `choices`."""

    @click.option(
        "--optimize",
        type=click.Choice(("speed", "balanced", "size", "ram")),
        default="speed",
        show_default=True,
        help="What matters most. speed may spend flash, balanced a tenth of the weights at most; size writes the least "
        "code, ram needs the least RAM.",
    )
    @click.option(
        "--rounding",
        type=click.Choice(("double", "single")),
        default="double",
        show_default=True,
        help="double: TFLite Micro's arithmetic. single: what desktop LiteRT computes by default.",
    )
    @click.option(
        "--ram-limit", type=click.IntRange(1), help="Bytes that the model's RAM may take: the fastest C within them."
    )
    @click.option("--push", is_flag=True, help="The input comes row by row: the whole frame need never exist.")
    @functools.wraps(command)
    def with_choices(
        *args: Any, optimize: str, rounding: str, ram_limit: int | None, push: bool, **kwargs: Any
    ) -> object:
        return command(*args, choices=Choices(optimize, rounding, ram_limit or 0, push), **kwargs)

    return with_choices


def find_board(name: str) -> Board:
    from tinygen.boards import load_board

    return load_board(name)


def chosen_target(name: str, choices: Choices) -> Target:
    from tinygen.ir.target import TARGETS, Optimize, Rounding

    if name not in TARGETS:
        raise click.UsageError(f"There is no target {name!r}; there are {', '.join(TARGETS)}.")
    optimize, rounding = Optimize(choices.optimize), Rounding(choices.rounding)
    return TARGETS[name].with_choices(optimize, rounding, choices.ram_limit, choices.push)


def checked_name(name: str) -> str:
    from tinygen.emit.c_text import identifier

    if name and identifier(name) != name:
        raise click.UsageError(f"--name {name!r} is not a usable C identifier; {identifier(name)!r} would be.")
    return name


def compiled_for(model: Path, board: Board, choices: Choices, name: str = "") -> Compiled:
    """The model compiled for a board that it can fit on."""
    from tinygen.boards import all_boards
    from tinygen.fit import check_fit
    from tinygen.pipeline import compile_model

    compiled = compile_model(model, chosen_target(board.target, choices), name)
    print_cautions(compiled)
    if not board.is_host:
        check_fit(compiled, board, all_boards())
    return compiled


def print_cautions(compiled: Compiled) -> None:
    """What may surprise the user of an exact result, on stderr."""
    for op in compiled.original.ops:
        caution = op.caution(compiled.generated.target.rounding)
        if caution:
            click.echo(f"note: {op}: {caution}.", err=True)


def compiled_to_run(model: Path, board: Board, choices: Choices) -> Compiled:
    """The model as it is named in a firmware of this command, or in the one that is on a real board."""
    from tinygen.session import SHARED_NAME

    return compiled_for(model, board, choices, "" if board.runner == "serial" else SHARED_NAME)


def cached_build(compiled: Compiled, board: Board) -> Build:
    from tinygen.session import build_cached

    with progress(f"Building for {board.title}") as report:
        return build_cached(compiled, board, report)
