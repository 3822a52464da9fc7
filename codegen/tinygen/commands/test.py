"""`tinygen test`: proves that a board computes the same bytes as the reference."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from tinygen.errors import MismatchError

if TYPE_CHECKING:
    from tinygen.boards import Board
    from tinygen.session import Tested


@click.command()
@model_argument
@board_option
@port_option
@emulate_option
@click.option("--vectors", "vectors_file", type=PATH, help="An .npz or .npy of inputs, with their outputs if any.")
@click.option("--count", type=click.IntRange(1), help="How many inferences; 5 random ones without --vectors.")
@choice_options
@json_option
def test(
    model: Path, board: str, port: str, emulate: bool, vectors_file: Path | None, count: int | None, choices: Choices,
    as_json: bool,
) -> None:  # fmt: skip
    """Prove that a board computes the same bytes as the Python reference, op by op where it does not.

    A board on a serial port must have been flashed with this model and --rounding: `tinygen build`, `tinygen flash`.
    The vectors' inputs are v{k}_in{i} of inference k, run in order without reset in between; their outputs, if the file
    has some, are v{k}_out{j}.
    """
    from tinygen.session import open_session, run_test
    from tinygen.vectors import random_vectors, read_vectors

    chosen = find_board(board)
    compiled = compiled_to_run(model, chosen, choices)
    if vectors_file:
        vectors = read_vectors(vectors_file, compiled.original).first(count)
    else:
        vectors = random_vectors(compiled.original, count or 5)
    built = cached_build(compiled, chosen)
    with progress(f"Testing on {chosen.title}"), open_session(built, compiled, port, emulate) as session:
        tested = run_test(session, compiled, vectors)
    if as_json:
        print_json(test_json(tested, chosen))
    else:
        for line in test_lines(tested, f"{chosen.title}, emulated" if emulate else chosen.title, chosen):
            click.echo(line)
    if not tested.passed:
        sys.exit(MismatchError.exit_code)


def effort(tested: Tested, board: Board) -> tuple[int | None, int | None]:
    """(instructions, cycles) of the last inference, each None where the board can't tell."""
    if tested.counters:
        return tested.counters.instructions, tested.counters.cycles
    last = tested.verification.cycles[-1] if tested.verification.cycles and not board.is_host else None
    return (last, None) if board.runner == "qemu" else (None, last)  # QEMU's boards count instructions


def test_json(tested: Tested, board: Board) -> dict[str, Any]:
    verification = tested.verification
    first = verification.first_difference
    instructions, cycles = effort(tested, board)
    return {
        "passed": tested.passed,
        "vectors": verification.vectors,
        "mismatches": [vars(mismatch) for mismatch in verification.mismatches] + list(tested.stored_mismatches),
        "first_difference": str(first) if first else verification.note or None,
        "instructions": instructions,
        "cycles": cycles,
        "arena_bytes": tested.arena_bytes,
        "stack_bytes_used": tested.stack_bytes or None,
    }


def test_lines(tested: Tested, where: str, board: Board) -> Iterator[str]:
    verification = tested.verification
    instructions, cycles = effort(tested, board)
    if tested.passed:
        yield f"PASSED: {verification.vectors} inferences on {where}, every output byte equals the reference's"
    else:
        wrong = len(verification.mismatches) + len(tested.stored_mismatches)
        yield f"FAILED: {wrong} outputs of {verification.vectors} inferences on {where} differ"
    for m in verification.mismatches[:5]:
        yield f"  v{m.vector}_out{m.output}[{m.index}]: expected {m.expected}, got {m.got}; {m.count} elements differ"
    yield from (f"  {line}" for line in tested.stored_mismatches[:5])
    if verification.first_difference or verification.note:
        yield f"  {verification.first_difference or verification.note}"
    if instructions and cycles:
        yield f"  {instructions:,} instructions, about {cycles:,} cycles per inference"
    elif instructions or cycles:
        yield f"  {instructions or cycles:,} {'instructions' if instructions else 'cycles'} per inference"
    yield f"  RAM of the model: {tested.arena_bytes:,} bytes"
    if tested.stack_bytes:
        yield f"  stack used: {tested.stack_bytes:,} bytes"
