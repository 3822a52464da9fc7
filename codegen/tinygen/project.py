"""Writes generated C, the harness and a board's port as a PlatformIO project, and builds it into a Build."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from tinygen.boards import Board, board_names, load_board, port_folder
from tinygen.emit.render import render
from tinygen.errors import DoesNotFitError, TinygenError, ToolError
from tinygen.ir.target import TARGETS, Rounding, Target
from tinygen.memory import MemoryReport, firmware_memory, host_memory
from tinygen.platformio_core import cache_folder, run_platformio, write_if_changed
from tinygen.resources import resource_dir
from tinygen.stack import UNKNOWN_ON_HOST, StackReport, firmware_stack
from tinygen.uf2 import uf2

_UPLOAD_COMMANDS = {"pyocd": "$PYTHONEXE -m pyocd flash --no-wait -t nrf52840 $BUILD_DIR/firmware.hex"}
_OWN_FOLDERS = ("model", "harness", "port")


class Generated(Protocol):
    """What a project needs of generated C; emit's result has all of it."""

    @property
    def name(self) -> str: ...
    @property
    def files(self) -> Mapping[str, str]: ...
    @property
    def crc32(self) -> int: ...
    @property
    def arena_bytes(self) -> int: ...
    @property
    def weights_bytes(self) -> int: ...
    @property
    def inputs(self) -> Sequence[object]: ...
    @property
    def outputs(self) -> Sequence[object]: ...
    @property
    def probes(self) -> int: ...
    @property
    def target(self) -> Target: ...


@dataclass(frozen=True)
class Project:
    """A PlatformIO project on disk, ready to build."""

    board: Board
    folder: Path
    """Holds platformio.ini."""
    arena_bytes: int
    """RAM of the model, as planned."""
    weights_bytes: int
    """Flash of the model's weights, as planned."""
    name: str
    """The C identifier that prefixes the model's names."""


@dataclass(frozen=True)
class Build:
    """A firmware that has been built and fits."""

    board: Board
    folder: Path
    """The project's folder."""
    artifacts: Mapping[str, Path]
    """The board's images, by kind: "elf", "hex", "bin", "uf2"."""
    memory: MemoryReport
    """Who uses how much."""
    stack: StackReport
    """How deep the stack can grow."""


def build_folder(generated: Generated, board: Board) -> Path:
    """The folder of the cache where this model, made with these choices, is built for this board."""
    try:
        release = version("tinygen")
    except PackageNotFoundError:
        release = "checkout"
    target = generated.target
    compiler = os.environ.get("TINYGEN_TOOLCHAIN", "")
    choices = (generated.crc32, generated.name, target, compiler, release, board)
    key = hashlib.sha256(repr(choices).encode()).hexdigest()[:16]
    return cache_folder() / "builds" / f"{generated.name}-{board.name}-{key}"


def write_project(generated: Generated, board: Board, folder: Path) -> Project:
    """Makes `folder` a PlatformIO project of test firmware; files that are right already are left alone.

    Raises ToolError when the folder can't be written.
    """
    files = _project_files(generated, board)
    for name, text in files.items():
        write_if_changed(folder / name, text)
    for own in _OWN_FOLDERS:
        for path in sorted((folder / "src" / own).glob("*.[ch]")):
            if path.relative_to(folder).as_posix() not in files:
                path.unlink()
    return Project(board, folder, generated.arena_bytes, generated.weights_bytes, generated.name)


def build_project(project: Project, progress: Callable[[str], None] = lambda line: None) -> Build:
    """Compiles and links; progress gets each line that PlatformIO prints.

    Raises DoesNotFitError when the board has too little RAM or flash, ToolError when anything else fails.
    """
    board = project.board
    code, output = run_platformio(project.folder, board.name, progress)
    if code != 0:
        raise _build_error(board, output)
    folder = project.folder / ".pio" / "build" / board.name
    program = folder / (
        "firmware.exe" if board.is_host and os.name == "nt" else "firmware" if board.is_host else "firmware.elf"
    )
    if board.is_host:
        objects = (folder / "src" / "model").glob("*.o")
        memory = host_memory(program, objects, project.arena_bytes, project.weights_bytes)
    else:
        memory = firmware_memory(program)
    _check_fit(board, memory.ram_bytes - board.ram_bytes, memory.flash_bytes - board.flash_bytes)
    artifacts = artifact_paths(project.folder, board)
    if "uf2" in artifacts:
        artifacts["uf2"].write_bytes(uf2((folder / "firmware.bin").read_bytes(), board.flash_origin))
    entries = (f"{project.name}_invoke", f"{project.name}_push_rows")
    stack = UNKNOWN_ON_HOST if board.is_host else firmware_stack(program, entries)
    return Build(board, project.folder, artifacts, memory, stack)


def artifact_paths(folder: Path, board: Board) -> Mapping[str, Path]:
    """Where a build of the project in `folder` puts the board's images, by kind, whether it has been built or not."""
    suffixes = {"elf": ".elf"}
    if board.is_host:
        suffixes = {"elf": ".exe" if os.name == "nt" else ""}
    built = folder / ".pio" / "build" / board.name
    return {kind: built / f"firmware{suffixes.get(kind, f'.{kind}')}" for kind in board.images}


def find_project(board_or_dir: str) -> tuple[Path, str]:
    """The folder of a project that `tinygen build` wrote, and its board as load_board takes it.

    board_or_dir: such a folder; or a board, for the newest of the folders build/*-<board> here.
    Raises TinygenError when there is none.
    """
    folder = Path(board_or_dir)
    name = _project_board(folder)
    if name in board_names():
        return folder, name
    if name:
        raise TinygenError(
            f"{folder} was built for the board {name}, which is not one that tinygen brings.",
            f"Give the board's file: `tinygen flash {name}.toml`, where {folder} lies in a folder called build.",
        )
    if folder.is_dir() and board_or_dir not in board_names():
        raise TinygenError(
            f"{folder} is not a project that `tinygen build` wrote: it has no platformio.ini with the test firmware.",
            f"Write one: `tinygen build MODEL --board BOARD -o {folder}`.",
        )
    board = load_board(board_or_dir)
    found = [path for path in Path("build").glob(f"*-{board.name}") if _project_board(path) == board.name]
    if not found:
        raise TinygenError(
            f"There is no firmware for {board.title}: no folder build/*-{board.name} in {Path.cwd()} holds a project.",
            f"Run `tinygen build MODEL --board {board_or_dir}` here first, or give the folder that it wrote.",
        )
    return max(
        found, key=lambda path: _written(artifact_paths(path, board)["elf"], path / "platformio.ini")
    ), board_or_dir


def _project_board(folder: Path) -> str:
    """The board that `tinygen build` wrote the folder for; empty when it did not."""
    try:
        text = (folder / "platformio.ini").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
    found = re.search(r"^default_envs = (\S+)$", text, re.MULTILINE)
    if not found or not (folder / "src" / "harness" / "tg_glue.c").is_file():
        return ""
    return found[1] if (folder / "boards" / f"{found[1]}.json").is_file() else ""


def _written(*paths: Path) -> float:
    """When the newest of the files that exist was written."""
    return max((path.stat().st_mtime for path in paths if path.is_file()), default=0.0)


def _project_files(generated: Generated, board: Board) -> dict[str, str]:
    """All files of the project: path below its folder -> text."""
    firmware = resource_dir("firmware")
    files = {f"src/model/{name}": text for name, text in generated.files.items() if name != "main.c"}
    folders = [("harness", firmware / "harness"), ("port", port_folder(board))]
    if not board.is_host:
        folders.append(("port", firmware / "ports" / "cortex_m"))
        script = (firmware / "ports" / "cortex_m" / "firmware.ld").read_text(encoding="utf-8")
        files["firmware.ld"] = _memory_script(board) + script
    for name, source in folders:
        for path in sorted(source.glob("*.[ch]")):
            files[f"src/{name}/{path.name}"] = path.read_text(encoding="utf-8")
    files["src/harness/tg_glue.c"] = render(
        "glue.c.j2",
        name=generated.name,
        upper=generated.name.upper(),
        crc32=generated.crc32,
        probes=generated.probes,
        inputs=len(generated.inputs),
        outputs=len(generated.outputs),
        single=int(generated.target.rounding is Rounding.SINGLE),
        push=generated.target.push,
    )
    files[f"boards/{board.name}.json"] = _board_manifest(board)
    files["platformio.ini"] = render(
        "platformio.ini.j2",
        name=generated.name,
        board=board.name,
        title=board.title,
        platform=str(firmware / "platform"),
        flags=(*generated.target.recommended_cflags, "-DTG_TRACE"),
        baud=board.serial_baud or 115200,
        upload_command=_UPLOAD_COMMANDS.get(board.flash_tool, ""),
    )
    return files


def _memory_script(board: Board) -> str:
    """The head of firmware.ld: where the board's memories are."""
    return (
        "MEMORY\n{\n"
        f"    FLASH (rx) : ORIGIN = {board.flash_origin:#x}, LENGTH = {board.flash_bytes:#x}\n"
        f"    RAM (rwx) : ORIGIN = {board.ram_origin:#x}, LENGTH = {board.ram_bytes:#x}\n"
        f"}}\ntg_stack_bytes = {board.stack_bytes};\n"
    )


def _board_manifest(board: Board) -> str:
    """The board for PlatformIO, as firmware/platform reads it."""
    target = TARGETS[board.target]
    defines = {**board.defines, "TG_CLOCK_HZ": f"{board.clock_hz}u", "TG_SERIAL_BAUD": str(board.serial_baud)}
    manifest = {
        "name": board.title,
        "vendor": "tinygen",
        "url": "",
        "build": {
            "mcu": board.chip,
            "f_cpu": f"{board.clock_hz}L",
            "gcc": target.cflags,
            "zig": target.zig,
            "defines": defines,
        },
        "upload": {"maximum_ram_size": board.ram_bytes, "maximum_size": board.flash_bytes},
    }
    return json.dumps(manifest, indent=2) + "\n"


def _build_error(board: Board, output: str) -> Exception:
    """The linker's overflow as DoesNotFitError; else ToolError with the first lines that tell what is wrong."""
    missing = {"RAM": 0, "FLASH": 0}
    for region, amount in re.findall(r"region [`'](RAM|FLASH)'?:? overflowed by (\d+) bytes", output):
        missing[region] = max(missing[region], int(amount))
    try:
        _check_fit(board, missing["RAM"], missing["FLASH"])
    except DoesNotFitError as error:
        return error
    no_compiler = re.search(r"^tinygen: (no compiler: .*)$", output, re.MULTILINE)
    if no_compiler:
        hint = "Install arm-none-eabi-gcc, or `pip install tinygen[zig]`, which needs no administrator."
        return ToolError(f"The firmware for {board.title} was not built, {no_compiler[1]}.", hint)
    lines = [
        line for line in output.splitlines() if re.search(r"\berror\b|undefined reference|undefined symbol", line, re.I)
    ]
    shown = "\n".join(lines[:8] or output.splitlines()[-12:])
    return ToolError(f"The firmware for {board.title} was not built; the first errors:\n{shown}")


def _check_fit(board: Board, ram_excess: int, flash_excess: int) -> None:
    """Raises DoesNotFitError when either excess, in bytes, is above 0."""
    memories = (("RAM", ram_excess, board.ram_bytes), ("flash", flash_excess, board.flash_bytes))
    lacks = [f"{excess:,} more bytes of {what} than its {size:,}" for what, excess, size in memories if excess > 0]
    if lacks:
        raise DoesNotFitError(
            f"The firmware does not fit on {board.title}: it needs {' and '.join(lacks)}.",
            "Less RAM: `--optimize ram`; less flash: `--optimize size`; or a board with more of it.",
        )
