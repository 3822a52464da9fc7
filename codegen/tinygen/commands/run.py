"""`tinygen run`: the outputs of the generated C for given inputs."""

from __future__ import annotations

from pathlib import Path

import click

from tinygen.commands.console import print_json, progress
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


@click.command()
@model_argument
@board_option
@port_option
@emulate_option
@click.option("--inputs", "inputs", type=PATH, required=True, help="An .npz or .npy of inputs.")
@click.option("-o", "--output", type=PATH, required=True, help="The .npz to write.")
@choice_options
@json_option
def run(
    model: Path, board: str, port: str, emulate: bool, inputs: Path, output: Path, choices: Choices,
    as_json: bool,
) -> None:  # fmt: skip
    """Run the generated C on a board with your inputs, and keep its outputs.

    The inputs v{k}_in{i} are inference k's, run in order without reset in between; outputs are v{k}_out{j}.
    """
    from tinygen.session import open_session, run_vectors
    from tinygen.vectors import read_vectors, write_outputs

    chosen = find_board(board)
    compiled = compiled_to_run(model, chosen, choices)
    vectors = read_vectors(inputs, compiled.original)
    built = cached_build(compiled, chosen)
    with progress(f"Running on {chosen.title}"), open_session(built, compiled, port, emulate) as session:
        outputs = run_vectors(session, compiled, vectors)
    write_outputs(output, outputs)
    if as_json:
        print_json({"board": chosen.name, "inferences": len(outputs), "output": str(output)})
        return
    click.echo(f"{output}: the outputs of {len(outputs)} inferences")
