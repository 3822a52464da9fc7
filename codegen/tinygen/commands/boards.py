"""`tinygen boards`: the boards."""

from __future__ import annotations

import click

from tinygen.commands.console import make_console, print_json
from tinygen.commands.options import json_option


@click.command()
@json_option
def boards(as_json: bool) -> None:
    """List the boards."""
    from tinygen.boards import all_boards
    from tinygen.tables import boards_table

    found = all_boards()
    if as_json:
        print_json({"boards": [{**vars(board)} for board in found]})
        return
    make_console().print(boards_table(found))
