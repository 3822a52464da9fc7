"""What every command prints with: JSON, a console, a spinner."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from tinygen.session import Progress


def print_json(value: Mapping[str, Any]) -> None:
    click.echo(json.dumps(value, indent=2, default=str))


def make_console() -> Console:
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=160)


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A spinner on stderr while something takes time; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda line: None
        return
    with console.status(f"{what} ...") as status:
        yield lambda line: status.update(f"{what} ... {escape(line[:60])}")
