"""The `tinygen` command: its commands, and how every error ends in words and an exit status."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

import click

from tinygen import __version__
from tinygen.commands.boards import boards
from tinygen.commands.build import build
from tinygen.commands.compare import compare
from tinygen.commands.console import print_json
from tinygen.commands.flash import flash
from tinygen.commands.generate import generate
from tinygen.commands.inspect import inspect
from tinygen.commands.ops import ops
from tinygen.commands.plan import plan
from tinygen.commands.profile import profile
from tinygen.commands.run import run
from tinygen.commands.test import test
from tinygen.errors import TinygenError

USAGE_EXIT = 64
"""For a wrong command line; 2 means a broken model here. BSD's EX_USAGE."""


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
    7 the board computes other bytes, 8 a profile has become slower, 64 wrong usage.
    """


for command in (inspect, generate, plan, build, flash, run, test, profile, compare, boards, ops):
    cli.add_command(command)


def main() -> None:
    """Runs the command; every error that a user can cause ends in words and an exit status."""
    # stopped by another program, it ends what it has started, too: emulators would go on
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        cli.main(prog_name="tinygen", standalone_mode=False)
    except TinygenError as error:
        stop(error.message, error.hint, error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        stop("stopped.", "", 130)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(USAGE_EXIT)
    except click.ClickException as error:
        context = error.ctx if isinstance(error, click.UsageError) else None
        stop(error.format_message(), f"`{context.command_path} --help` explains it." if context else "", USAGE_EXIT)
    except OSError as error:  # such as a full disk, which may be met anywhere
        stop(f"{error.filename or 'The system'}: {error.strerror or error}.", "", TinygenError.exit_code)


def stop(message: str, hint: str, exit_code: int) -> NoReturn:
    """Ends with the words on stderr, and where JSON was asked for, with one object on stdout, too."""
    click.echo(f"tinygen: {message}", err=True)
    if hint:
        click.echo(f"  hint: {hint}", err=True)
    if "--json" in sys.argv:
        print_json({"error": message, "hint": hint, "exit_code": exit_code})
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
