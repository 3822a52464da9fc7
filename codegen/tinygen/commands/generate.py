"""`tinygen generate`: standalone C."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from tinygen.commands.console import print_json
from tinygen.commands.options import (
    PATH,
    Choices,
    checked_name,
    choice_options,
    chosen_target,
    json_option,
    model_argument,
    print_cautions,
)


@click.command()
@model_argument
@click.option("-o", "--output", "folder", type=PATH, required=True, help="The folder to write.")
@click.option("--name", default="", help="Prefix of all C names; made from the file's name by default.")
@click.option(
    "--target",
    "target_name",
    default="generic",
    show_default=True,
    help="The core: cortex-m0, -m0plus, -m3, -m4, -m7, -m33 or -m55; generic C runs on any.",
)
@choice_options
@json_option
def generate(model: Path, folder: Path, name: str, target_name: str, choices: Choices, as_json: bool) -> None:
    """Write standalone C: the model, its weights, the kernels that it uses, and an example main.c."""
    from tinygen.pipeline import compile_model
    from tinygen.writing import write_folder

    compiled = compile_model(model, chosen_target(target_name, choices), checked_name(name))
    print_cautions(compiled)
    generated = compiled.generated
    write_folder(folder, generated.files)
    if as_json:
        print_json(
            {
                "name": generated.name,
                "sources": [str(folder / file) for file in (*generated.sources, "main.c")],
                "headers": [str(folder / file) for file in generated.files if file.endswith(".h")],
                "include_dirs": [str(folder)],
                "cflags": list(generated.target.recommended_cflags),
                "ram_bytes": generated.arena_bytes,
                "weights_bytes": generated.weights_bytes,
                "macs": generated.macs,
            }
        )
        return
    flags = " ".join(generated.target.recommended_cflags)
    click.echo(f"{folder}: {len(generated.files)} files for {target_name}")
    click.echo(f"RAM {generated.arena_bytes:,} bytes, constants {generated.weights_bytes:,}, {generated.macs:,} MACs")
    click.echo(f"Try it: cc {flags} {shlex.quote(str(folder))}/*.c -o example && ./example")
