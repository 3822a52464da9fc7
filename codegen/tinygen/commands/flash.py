"""`tinygen flash`: puts a built firmware on its board."""

from __future__ import annotations

import click

from tinygen.commands.console import print_json, progress
from tinygen.commands.options import find_board, json_option, port_option


@click.command()
@click.argument("board_or_dir")
@port_option
@json_option
def flash(board_or_dir: str, port: str, as_json: bool) -> None:
    """Put a built firmware on its board: give the board's name, or the folder that `tinygen build` wrote."""
    from tinygen.flash import flash as flash_images
    from tinygen.project import artifact_paths, find_project

    folder, name = find_project(board_or_dir)
    board = find_board(name)
    with progress(f"Flashing {board.title}"):
        done = flash_images(artifact_paths(folder, board), board, port)
    if as_json:
        print_json({"board": board.name, "folder": str(folder), "done": done})
        return
    click.echo(done)
