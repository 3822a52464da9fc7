"""Reads boards/<name>.toml into a Board: what a board is made of, and how firmware gets there and is talked to."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from tinygen.errors import TinygenError
from tinygen.ir.target import TARGETS
from tinygen.resources import resource_dir

IMAGES = ("elf", "hex", "bin", "uf2")
RUNNERS = ("process", "qemu", "serial")
EMULATORS = ("", "nrf52840")
FLASH_TOOLS = ("", "pyocd", "nrfutil-serial", "uf2", "bossac")


@dataclass(frozen=True)
class Board:
    """One board, from its TOML file; sizes and addresses in bytes."""

    name: str
    """What `--board` takes: the file's name."""
    title: str
    """The name that people use."""
    chip: str
    """The chip, in its maker's spelling."""
    target: str
    """The core, a key of tinygen.ir.target.TARGETS."""
    clock_hz: int
    """Frequency of what the port counts cycles with."""
    ram_bytes: int
    """RAM that the firmware may use."""
    flash_bytes: int
    """Flash that the firmware may use."""
    ram_origin: int
    """Address of the first usable byte of RAM."""
    flash_origin: int
    """Address where the firmware starts: after a bootloader, if there is one."""
    stack_bytes: int
    """RAM reserved for the stack."""
    port: str
    """A folder of firmware/ports, or the absolute path of one."""
    serial_baud: int
    """Speed of the serial line; 0 where there is none."""
    runner: str
    """How a test reaches the firmware: one of RUNNERS."""
    defines: Mapping[str, str] = field(default_factory=dict)
    """C macros for the port, such as pins."""
    images: tuple[str, ...] = ("elf",)
    """Files that a build gives, of IMAGES."""
    qemu_machine: str = ""
    """`-machine` for qemu-system-arm; empty when runner is not "qemu"."""
    qemu_cpu: str = ""
    """`-cpu` for qemu-system-arm."""
    emulator: str = ""
    """Which emulated chip runs the image without the board, of EMULATORS; empty: none."""
    flash_tool: str = ""
    """What writes the image to the board, of FLASH_TOOLS; empty: nothing does."""
    platformio_board: str = ""
    """PlatformIO's own name of the board, for users who put the generated C in another project; empty: unknown."""

    @property
    def is_host(self) -> bool:
        """True for this computer, where there is no linker script and nothing to flash."""
        return self.target == "host"


def port_folder(board: Board) -> Path:
    """The folder with the port's C files."""
    return resource_dir("firmware") / "ports" / board.port


def board_names() -> tuple[str, ...]:
    """What `--board` takes by name, sorted."""
    return tuple(sorted(path.stem for path in resource_dir("boards").glob("*.toml")))


def all_boards() -> tuple[Board, ...]:
    """Every board that tinygen brings, by name."""
    return tuple(load_board(name) for name in board_names())


def load_board(name: str) -> Board:
    """The board called `name`, or the one in the TOML file at the path `name`.

    Raises TinygenError when there is no such board, or its file breaks a rule; all broken rules are listed at once.
    """
    is_path = name.endswith(".toml")
    path = Path(name) if is_path else resource_dir("boards") / f"{name}.toml"
    if not is_path and name not in board_names():
        close = difflib.get_close_matches(name, board_names(), 1)
        raise TinygenError(
            f"There is no board {name!r}; there are {', '.join(board_names())}.",
            f"Did you mean {close[0]}?" if close else "A board of your own: give the path of its .toml file.",
        )
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise TinygenError(f"The board file {path} can't be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TinygenError(f"The board file {path} is not TOML: {error}.") from None
    return _board(path, table)


def _board(path: Path, table: dict[str, Any]) -> Board:
    if str(table.get("port", "")).startswith("."):
        table["port"] = str((path.parent / str(table["port"])).resolve())
    broken = list(_broken_fields(table))
    if not broken:
        board = Board(name=path.stem, **{**table, "images": tuple(table.get("images", ("elf",)))})
        broken = list(_broken_rules(board))
        if not broken:
            return board
    listed = "; ".join(broken)
    raise TinygenError(f"The board file {path} breaks the rules: {listed}.", "See docs/adding-a-board.md.")


def _broken_fields(table: dict[str, Any]) -> list[str]:
    """Sentences about keys that are missing, unknown or of the wrong type."""
    known = {f.name: f for f in fields(Board) if f.name != "name"}
    broken = [
        f"{name} is missing"
        for name, f in known.items()
        if name not in table and f.default is MISSING and f.default_factory is MISSING
    ]
    for key, value in table.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, 1)
            broken.append(f"{key} is not a key" + (f" (did you mean {close[0]}?)" if close else ""))
        elif key == "images":
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                broken.append(f"images is {value!r}, it must be a list of {', '.join(IMAGES)}")
        elif key == "defines":
            if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
                broken.append("defines must be a table of texts")
        elif known[key].type == "int":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 32:
                broken.append(f"{key} is {value!r}, it must be a whole number from 0 to 2^32 - 1")
        elif not isinstance(value, str):
            broken.append(f"{key} is {value!r}, it must be a text")
    return broken


def _broken_rules(board: Board) -> list[str]:
    """Sentences about values that no build or test could work with."""
    broken = [
        f"{key} is {value!r}, it must be one of {', '.join(repr(a) for a in accepted)}"
        for key, value, accepted in (
            ("target", board.target, tuple(sorted(t for t in TARGETS if t != "generic"))),
            ("runner", board.runner, RUNNERS),
            ("emulator", board.emulator, EMULATORS),
            ("flash_tool", board.flash_tool, FLASH_TOOLS),
            *(("an item of images", image, IMAGES) for image in board.images),
        )
        if value not in accepted
    ]
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", board.name):
        broken.append(f"its name is {board.name!r}, it must be lower-case letters, digits, - and _")
    if not port_folder(board).is_dir():
        broken.append(f"port is {board.port!r}, and there is no folder {port_folder(board)}")
    if board.runner == "qemu" and not (board.qemu_machine and board.qemu_cpu):
        broken.append("runner is 'qemu', so qemu_machine and qemu_cpu must be given")
    if board.clock_hz == 0 or board.ram_bytes == 0 or board.flash_bytes == 0:
        broken.append("clock_hz, ram_bytes and flash_bytes must be above 0")
    if board.stack_bytes % 8 or board.stack_bytes > board.ram_bytes:
        broken.append("stack_bytes must be a multiple of 8 and at most ram_bytes")
    if not board.is_host and (board.ram_origin % 8 or board.flash_origin % 256):
        broken.append("ram_origin must be a multiple of 8 and flash_origin of 256, for the stack and the vector table")
    if not board.is_host and (board.stack_bytes < 512 or board.serial_baud == 0):
        broken.append("a chip needs a stack_bytes of at least 512 and a serial_baud")
    if "elf" not in board.images:
        broken.append("images must hold 'elf'")
    return broken
