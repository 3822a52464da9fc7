"""Runs a board's real firmware image on this computer: give a board and its ELF file, get a socket to talk to."""

from __future__ import annotations

from pathlib import Path

from tinygen.boards import Board
from tinygen.emulate.device import Counters, EmulatedBoard
from tinygen.emulate.nrf52840 import Nrf52840
from tinygen.emulate.qemu import QemuBoard
from tinygen.errors import ToolError

__all__ = ["Counters", "EmulatedBoard", "emulate"]


def emulate(board: Board, elf: Path) -> EmulatedBoard:
    """Starts `elf`, the image that would be flashed to `board`. Close the result, or use it in a `with`.

    Raises ToolError when nothing emulates this board, the emulator is not installed, or `elf` is no image for it.
    """
    if board.runner == "qemu":
        return QemuBoard(board, elf)
    if board.emulator == "nrf52840":
        return Nrf52840(elf)
    raise ToolError(
        f"The board {board.name} can't be emulated.",
        "Boards with an emulator are those whose file says runner = 'qemu' or names an emulator.",
    )
