"""Writes a built image to a real board, with the tool that the board's bootloader or debugger speaks to."""

from __future__ import annotations

import importlib.util
import shutil
import string
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tinygen.boards import Board
from tinygen.errors import ToolError

_TIMEOUT_S = 300


def flash(images: Mapping[str, Path], board: Board, port: str = "") -> str:
    """Writes one of `images` (kind -> file, as in Build.artifacts) to the board; returns what was done, in words.

    port is the serial port of the bootloader, the folder where its USB drive is mounted, or empty.
    Raises ToolError when a tool, a port or a drive is missing, or when the tool fails.
    """
    method = _METHODS.get(board.flash_tool)
    if method is None:
        raise ToolError(f"{board.title} can't be flashed: its board file names no flash_tool.")
    return method(images, board, port)


def _pyocd(images: Mapping[str, Path], board: Board, port: str) -> str:
    program = _program("pyocd", "pyocd", board)
    command = [*program, "flash", "--no-wait", "-t", board.chip.lower(), str(_image(images, "hex"))]
    _run(command, board, "Is the board plugged in, and may you use its debug probe? `pyocd list` shows the probes.")
    return f"{board.title} flashed by pyocd"


def _nrfutil_serial(images: Mapping[str, Path], board: Board, port: str) -> str:
    program = _program("adafruit-nrfutil", "nordicsemi", board)
    image = _image(images, "hex")
    package = image.with_suffix(".zip")
    hint = "Double-click the reset button, so that the bootloader runs, and look which serial port it has."
    if not port:
        raise ToolError(f"{board.title} is flashed over its bootloader's serial port, and no port was given.", hint)
    _run([*program, "dfu", "genpkg", "--dev-type", "0x0052", "--application", str(image), str(package)], board, "")
    serial = ["--package", str(package), "-p", port, "-b", "115200", "--singlebank"]
    _run([*program, "dfu", "serial", *serial], board, hint)
    return f"{board.title} flashed by adafruit-nrfutil on {port}"


def _bossac(images: Mapping[str, Path], board: Board, port: str) -> str:
    program = _program("bossac", "", board)
    hint = "Double-click the reset button, so that the bootloader runs, and look which serial port it has."
    if not port:
        raise ToolError(f"{board.title} is flashed over its bootloader's serial port, and no port was given.", hint)
    _run([*program, f"--port={port}", "--write", "--erase", "-U", "--reset", str(_image(images, "bin"))], board, hint)
    return f"{board.title} flashed by bossac on {port}"


def _uf2(images: Mapping[str, Path], board: Board, port: str) -> str:
    image = _image(images, "uf2")
    looked = [Path(port)] if port else mount_points()
    drives = [folder for folder in looked if (folder / "INFO_UF2.TXT").is_file()]
    where = ", ".join(str(folder) for folder in looked) or "no mounted drive"
    if not drives:
        raise ToolError(
            f"The USB drive of {board.title}'s bootloader was not found: looked for INFO_UF2.TXT in {where}.",
            "Double-click the reset button, wait for the drive, mount it, and name its folder as the port if need be.",
        )
    if len(drives) > 1:
        names = ", ".join(str(drive) for drive in drives)
        raise ToolError(f"There are several bootloader drives: {names}.", "Name the folder of one of them as the port.")
    try:
        shutil.copyfile(image, drives[0] / image.name)
    except OSError as error:
        # The bootloader restarts as soon as it has the last block, and the drive goes away under the copy.
        if drives[0].exists():
            raise ToolError(f"{image.name} can't be copied to {drives[0]}: {error.strerror}.") from None
    return f"{board.title} flashed by copying {image.name} to {drives[0]}"


_METHODS: dict[str, Callable[[Mapping[str, Path], Board, str], str]] = {
    "pyocd": _pyocd,
    "nrfutil-serial": _nrfutil_serial,
    "bossac": _bossac,
    "uf2": _uf2,
}

_INSTALL = {
    "pyocd": "Install it: pip install pyocd.",
    "adafruit-nrfutil": "Install it: pip install adafruit-nrfutil.",
    "bossac": "Install Arduino's package for the board, which brings it, and put its folder on PATH.",
}


def mount_points() -> list[Path]:
    """Folders where this system mounts USB drives."""
    if sys.platform == "win32":
        return [Path(f"{letter}:\\") for letter in string.ascii_uppercase[2:] if Path(f"{letter}:\\").exists()]
    patterns = ("Volumes/*",) if sys.platform == "darwin" else ("media/*", "media/*/*", "run/media/*/*", "mnt/*")
    found: list[Path] = []
    for pattern in patterns:
        try:
            found += sorted(path for path in Path("/").glob(pattern) if path.is_dir())
        except OSError:
            continue
    return found


def _program(name: str, module: str, board: Board) -> list[str]:
    """The command that starts a tool: from PATH, else as a Python module (pyocd only has `python -m`)."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found:
        return [found]
    if module == name and importlib.util.find_spec(module):
        return [sys.executable, "-m", module]
    raise ToolError(f"{board.title} is flashed by {name}, which is not on PATH.", _INSTALL[name])


def _image(images: Mapping[str, Path], kind: str) -> Path:
    path = images.get(kind)
    if path is None or not path.is_file():
        found = f"{path} does not exist" if path else f"the board's images are {', '.join(images) or 'none'}"
        raise ToolError(f"There is no .{kind} image to flash: {found}.", "Build it first.")
    return path


def _run(command: list[str], board: Board, hint: str) -> None:
    name = Path(command[0]).stem if command[0] != sys.executable else command[2]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise ToolError(f"{name} did not end within {_TIMEOUT_S} s while flashing {board.title}.", hint) from None
    except OSError as error:
        raise ToolError(f"{name} can't be started: {error.strerror}.") from None
    if done.returncode != 0:
        told = "\n".join((done.stdout + done.stderr).strip().splitlines()[-6:])
        raise ToolError(f"{name} failed to flash {board.title} (exit code {done.returncode}):\n{told}", hint)
