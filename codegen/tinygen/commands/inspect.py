"""`tinygen inspect`: what a model is made of."""

from __future__ import annotations

from pathlib import Path

import click

from tinygen.commands.console import make_console, print_json
from tinygen.commands.options import json_option, model_argument


@click.command()
@model_argument
@json_option
def inspect(model: Path, as_json: bool) -> None:
    """Show a model's ops, what is supported, the memory it takes and the boards it fits on."""
    from tinygen.boards import all_boards
    from tinygen.inspection import inspect_model
    from tinygen.tables import inspection_lines, inspection_table

    inspection = inspect_model(model, all_boards())
    if as_json:
        print_json(inspection.as_json())
        return
    console = make_console()
    console.print(inspection_table(inspection))
    for line in inspection_lines(inspection):
        console.print(line)
