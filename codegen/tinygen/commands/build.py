"""`tinygen build`: firmware for a board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygen.commands.console import make_console, print_json, progress
from tinygen.commands.options import (
    PATH,
    Choices,
    board_option,
    choice_options,
    compiled_for,
    find_board,
    json_option,
    model_argument,
)

if TYPE_CHECKING:
    from tinygen.pipeline import Compiled
    from tinygen.project import Build


@click.command()
@model_argument
@board_option
@click.option("-o", "--output", "folder", type=PATH, help="The project's folder; build/MODEL-BOARD by default.")
@choice_options
@json_option
def build(model: Path, board: str, folder: Path | None, choices: Choices, as_json: bool) -> None:
    """Write a PlatformIO project with the model and the test firmware, and build it."""
    from tinygen.project import build_project, write_project
    from tinygen.session import output_folder
    from tinygen.tables import build_table

    chosen = find_board(board)
    compiled = compiled_for(model, chosen, choices)
    with progress(f"Building for {chosen.title}") as report:
        project = write_project(compiled.generated, chosen, folder or output_folder(compiled, chosen))
        built = build_project(project, report)
    if as_json:
        print_json(build_json(built, compiled))
        return
    make_console().print(build_table(built))
    for kind, path in built.artifacts.items():
        click.echo(f"{kind}: {path}")


def build_json(built: Build, compiled: Compiled) -> dict[str, Any]:
    memory = built.memory
    return {
        "board": built.board.name,
        "ram_bytes": memory.ram_bytes,
        "arena_bytes": memory.arena_bytes,
        "stack_bytes": memory.stack_bytes,
        "stack_worst_case_bytes": built.stack.worst_case_bytes,
        "model_stack_bytes": built.stack.model_bytes,
        "flash_bytes": memory.flash_bytes,
        "weights_bytes": memory.weights_bytes,
        "code_bytes": memory.code_bytes,
        "macs": compiled.generated.macs,
        "artifacts": {kind: str(path) for kind, path in built.artifacts.items()},
    }
