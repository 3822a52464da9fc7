"""The `tinygen` command: reads options, calls the rest, prints what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygen import __version__
from tinygen.errors import MismatchError, TinygenError

if TYPE_CHECKING:
    from rich.console import Console

    from tinygen.boards import Board
    from tinygen.ir.target import Target
    from tinygen.pipeline import Compiled
    from tinygen.project import Build
    from tinygen.session import Progress, Tested

USAGE_EXIT = 64
"""For a wrong command line; 2 means a broken model here. BSD's EX_USAGE."""
CHOICES = {"optimize": ("speed", "balanced", "size", "ram"), "rounding": ("double", "single")}
PATH = click.Path(path_type=Path, readable=False)
"""Files are looked at where they are read: then the error can say what was being done."""

model_argument = click.argument("model", type=PATH)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
board_option = click.option("--board", required=True, help="A board of `tinygen boards`, or a .toml file of your own.")
port_option = click.option("--port", default="", help="The board's serial port, such as /dev/ttyACM0 or COM3.")
emulate_option = click.option("--emulate", is_flag=True, help="Run the firmware in an emulator instead of the board.")


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--optimize and --rounding."""
    command = click.option(
        "--rounding",
        type=click.Choice(CHOICES["rounding"]),
        default="double",
        show_default=True,
        help="double: TFLite Micro's arithmetic. single: what desktop LiteRT computes by default.",
    )(command)
    return click.option(
        "--optimize",
        type=click.Choice(CHOICES["optimize"]),
        default="speed",
        show_default=True,
        help="What matters most.",
    )(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="tinygen")
def cli() -> None:
    """Compile a quantized .tflite model to standalone C for a small chip, and prove on the chip that it is exact.

    \b
    First steps:
      tinygen inspect model.tflite                          what is in it, and where it fits
      tinygen generate model.tflite -o model_c              C that any compiler builds
      tinygen build model.tflite --board nrf52840           firmware for a board
      tinygen test model.tflite --board nrf52840 --emulate  run it without the board, compare every byte
      tinygen flash nrf52840                                put the built firmware on the board
      tinygen test model.tflite --board nrf52840            the same comparison over the serial port

    \b
    Exit status: 0 all is well, 1 other errors, 2 the model file is broken, 3 the model is not supported,
    4 it does not fit on the board, 5 a tool is missing or failed, 6 the board does not answer,
    7 the board computes other bytes, 64 wrong usage.
    """


@cli.command()
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


@cli.command()
@model_argument
@click.option("-o", "--output", "folder", type=PATH, required=True, help="The folder to write.")
@click.option("--name", default="", help="Prefix of all C names; made from the file's name by default.")
@click.option("--target", "target_name", default="generic", show_default=True, help="The core, such as cortex-m4.")
@choice_options
@json_option
def generate(
    model: Path, folder: Path, name: str, target_name: str, optimize: str, rounding: str, as_json: bool
) -> None:
    """Write standalone C: the model, its weights, the kernels that it uses, and an example main.c."""
    from tinygen.pipeline import compile_model
    from tinygen.writing import write_folder

    compiled = compile_model(model, chosen_target(target_name, optimize, rounding), checked_name(name))
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
    click.echo(f"Try it: cc {flags} {folder}/*.c -o example && ./example")


@cli.command()
@model_argument
@board_option
@click.option("-o", "--output", "folder", type=PATH, help="The project's folder.")
@choice_options
@json_option
def build(model: Path, board: str, folder: Path | None, optimize: str, rounding: str, as_json: bool) -> None:
    """Write a PlatformIO project with the model and the test firmware, and build it."""
    from tinygen.project import build_project, write_project
    from tinygen.session import output_folder
    from tinygen.tables import build_table

    chosen = find_board(board)
    compiled = compiled_for(model, chosen, optimize, rounding)
    with progress(f"Building for {chosen.title}") as report:
        project = write_project(compiled.generated, chosen, folder or output_folder(compiled, chosen))
        built = build_project(project, report)
    if as_json:
        print_json(build_json(built, compiled))
        return
    make_console().print(build_table(built))
    for kind, path in built.artifacts.items():
        click.echo(f"{kind}: {path}")


@cli.command()
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


@cli.command()
@model_argument
@board_option
@port_option
@emulate_option
@click.option("--inputs", "inputs", type=PATH, required=True, help="An .npz or .npy of inputs.")
@click.option("-o", "--output", type=PATH, required=True, help="The .npz to write.")
@choice_options
@json_option
def run(
    model: Path, board: str, port: str, emulate: bool, inputs: Path, output: Path, optimize: str, rounding: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Run the generated C on a board with your inputs, and keep its outputs.

    The inputs v{k}_in{i} are inference k's, run in order without reset in between; outputs are v{k}_out{j}.
    """
    from tinygen.session import open_session, run_vectors
    from tinygen.vectors import read_vectors, write_outputs

    chosen = find_board(board)
    compiled = compiled_to_run(model, chosen, optimize, rounding)
    vectors = read_vectors(inputs, compiled.original)
    built = cached_build(compiled, chosen)
    with progress(f"Running on {chosen.title}"), open_session(built, compiled, port, emulate) as session:
        outputs = run_vectors(session, compiled, vectors)
    write_outputs(output, outputs)
    if as_json:
        print_json({"board": chosen.name, "inferences": len(outputs), "output": str(output)})
        return
    click.echo(f"{output}: the outputs of {len(outputs)} inferences")


@cli.command()
@model_argument
@board_option
@port_option
@emulate_option
@click.option("--vectors", "vectors_file", type=PATH, help="Inputs, with stored outputs if any.")
@click.option("--count", type=click.IntRange(1), help="How many inferences; 5 random ones without --vectors.")
@choice_options
@json_option
def test(
    model: Path, board: str, port: str, emulate: bool, vectors_file: Path | None, count: int | None, optimize: str,
    rounding: str, as_json: bool,
) -> None:  # fmt: skip
    """Prove that a board computes the same bytes as the Python reference, op by op where it does not."""
    from tinygen.session import open_session, run_test
    from tinygen.vectors import random_vectors, read_vectors

    chosen = find_board(board)
    compiled = compiled_to_run(model, chosen, optimize, rounding)
    if vectors_file:
        vectors = read_vectors(vectors_file, compiled.original).first(count)
    else:
        vectors = random_vectors(compiled.original, count or 5)
    built = cached_build(compiled, chosen)
    with progress(f"Testing on {chosen.title}"), open_session(built, compiled, port, emulate) as session:
        tested = run_test(session, compiled, vectors)
    if as_json:
        print_json(test_json(tested))
    else:
        for line in test_lines(tested, chosen):
            click.echo(line)
    if not tested.passed:
        sys.exit(MismatchError.exit_code)


@cli.command()
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


@cli.command()
@json_option
def ops(as_json: bool) -> None:
    """List the operators that are supported, and on what conditions."""
    from tinygen.ops import OPS
    from tinygen.tables import ops_table

    if as_json:
        print_json({"ops": [{"name": op.KIND, "rules": [rule.sentence for rule in op.RULES]} for op in OPS]})
        return
    make_console().print(ops_table(OPS))


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


def find_board(name: str) -> Board:
    from tinygen.boards import load_board

    return load_board(name)


def chosen_target(name: str, optimize: str, rounding: str) -> Target:
    from tinygen.ir.target import TARGETS, Optimize, Rounding

    if name not in TARGETS:
        raise click.UsageError(f"There is no target {name!r}; there are {', '.join(TARGETS)}.")
    return TARGETS[name].with_choices(Optimize(optimize), Rounding(rounding))


def checked_name(name: str) -> str:
    from tinygen.emit.c_text import identifier

    if name and identifier(name) != name:
        raise click.UsageError(f"--name {name!r} is not a usable C identifier; {identifier(name)!r} would be.")
    return name


def compiled_for(model: Path, board: Board, optimize: str, rounding: str, name: str = "") -> Compiled:
    """The model compiled for a board that it can fit on."""
    from tinygen.boards import all_boards
    from tinygen.fit import check_fit
    from tinygen.pipeline import compile_model

    compiled = compile_model(model, chosen_target(board.target, optimize, rounding), name)
    if not board.is_host:
        check_fit(compiled, board, all_boards())
    return compiled


def compiled_to_run(model: Path, board: Board, optimize: str, rounding: str) -> Compiled:
    """The model as it is named in a firmware of this command, or in the one that is on a real board."""
    from tinygen.session import SHARED_NAME

    return compiled_for(model, board, optimize, rounding, "" if board.runner == "serial" else SHARED_NAME)


def cached_build(compiled: Compiled, board: Board) -> Build:
    from tinygen.session import build_cached

    with progress(f"Building for {board.title}") as report:
        return build_cached(compiled, board, report)


def build_json(built: Build, compiled: Compiled) -> dict[str, Any]:
    memory = built.memory
    return {
        "board": built.board.name,
        "ram_bytes": memory.ram_bytes,
        "arena_bytes": memory.arena_bytes,
        "stack_bytes": memory.stack_bytes,
        "flash_bytes": memory.flash_bytes,
        "weights_bytes": memory.weights_bytes,
        "code_bytes": memory.code_bytes,
        "macs": compiled.generated.macs,
        "artifacts": {kind: str(path) for kind, path in built.artifacts.items()},
    }


def test_json(tested: Tested) -> dict[str, Any]:
    verification = tested.verification
    counters = tested.counters
    first = verification.first_difference
    cycles = verification.cycles[-1] if verification.cycles else 0
    return {
        "passed": tested.passed,
        "vectors": verification.vectors,
        "mismatches": [vars(mismatch) for mismatch in verification.mismatches] + list(tested.stored_mismatches),
        "first_difference": str(first) if first else verification.note or None,
        "instructions": counters.instructions if counters else None,
        "cycles": counters.cycles if counters else cycles or None,
        "arena_bytes": tested.arena_bytes,
    }


def test_lines(tested: Tested, board: Board) -> Iterator[str]:
    verification = tested.verification
    if tested.passed:
        yield f"PASSED: {verification.vectors} inferences on {board.title}, every output byte equals the reference's"
    else:
        wrong = len(verification.mismatches) + len(tested.stored_mismatches)
        yield f"FAILED: {wrong} outputs of {verification.vectors} inferences on {board.title} differ"
    for m in verification.mismatches[:5]:
        yield f"  v{m.vector}_out{m.output}[{m.index}]: expected {m.expected}, got {m.got}; {m.count} elements differ"
    yield from (f"  {line}" for line in tested.stored_mismatches[:5])
    if verification.first_difference or verification.note:
        yield f"  {verification.first_difference or verification.note}"
    if tested.counters:
        yield f"  {tested.counters.instructions:,} instructions, about {tested.counters.cycles:,} cycles per inference"
    elif verification.cycles and not board.is_host:
        yield f"  {verification.cycles[-1]:,} cycles per inference"
    yield f"  RAM of the model: {tested.arena_bytes:,} bytes"


def main() -> None:
    """Runs the command; every error that a user can cause ends in words and an exit status."""
    try:
        cli.main(prog_name="tinygen", standalone_mode=False)
    except TinygenError as error:
        click.echo(f"tinygen: {error.message}", err=True)
        if error.hint:
            click.echo(f"  hint: {error.hint}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("tinygen: stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE_EXIT)
    except OSError as error:  # such as a full disk, which may be met anywhere
        click.echo(f"tinygen: {error.filename or 'The system'}: {error.strerror or error}.", err=True)
        sys.exit(TinygenError.exit_code)


if __name__ == "__main__":
    main()
