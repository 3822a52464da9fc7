"""PlatformIO projects: what is written, and that it builds with every kind of compiler, without a network."""

from __future__ import annotations

import importlib.util
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tinygen.boards import load_board
from tinygen.errors import DoesNotFitError, ToolError
from tinygen.harness.link import Decoder, Frame, Kind, encode, pack
from tinygen.ir.target import TARGETS, Optimize
from tinygen.project import build_folder, build_project, write_project
from toy_generated import FILES, ToyGenerated

HOST = ToyGenerated(TARGETS["host"])
has_host = any(shutil.which(name) for name in ("cc", "gcc", "clang"))
needs_host = pytest.mark.skipif(not has_host, reason="no C compiler for this computer on PATH")
toolchains = pytest.mark.parametrize(
    "toolchain",
    [
        pytest.param(
            "gcc",
            marks=pytest.mark.skipif(not shutil.which("arm-none-eabi-gcc"), reason="no arm-none-eabi-gcc on PATH"),
        ),
        pytest.param(
            "zig", marks=pytest.mark.skipif(not importlib.util.find_spec("ziglang"), reason="no ziglang installed")
        ),
    ],
)


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One empty cache for the file, so that compiled objects are shared as a user's would be."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TINYGEN_CACHE", str(folder))
        patch.delenv("TINYGEN_TOOLCHAIN", raising=False)
        yield folder


def snapshot(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def read_hex(text: str) -> tuple[int, bytes]:
    """(address, data) of an Intel HEX file without gaps; checks every checksum."""
    base, memory = 0, {}
    for line in text.split():
        record = bytes.fromhex(line.removeprefix(":"))
        assert sum(record) % 256 == 0
        count, offset, kind = struct.unpack(">BHB", record[:4])
        data = record[4 : 4 + count]
        if kind == 0:
            memory.update({base + offset + i: byte for i, byte in enumerate(data)})
        elif kind in (2, 4):
            base = int.from_bytes(data, "big") << (4 if kind == 2 else 16)
    assert len(memory) == max(memory) - min(memory) + 1
    return min(memory), bytes(memory[address] for address in sorted(memory))


def test_a_project_is_a_plain_platformio_project(tmp_path: Path) -> None:
    write_project(ToyGenerated(), load_board("nrf52840"), tmp_path)
    settings = (tmp_path / "platformio.ini").read_text()
    for line in ("[env:nrf52840]", "platform = symlink://", "test_framework = custom", "-DTG_TRACE"):
        assert line in settings
    assert (tmp_path / "src" / "model" / "toy.c").read_text() == FILES["toy.c"]
    assert not (tmp_path / "src" / "model" / "main.c").exists()
    assert (tmp_path / "src" / "port" / "startup.c").is_file()


def test_writing_again_touches_nothing(tmp_path: Path) -> None:
    board = load_board("nrf52840")
    write_project(ToyGenerated(), board, tmp_path)
    before = snapshot(tmp_path)
    write_project(ToyGenerated(), board, tmp_path)
    assert snapshot(tmp_path) == before


def test_files_of_an_earlier_model_go_and_others_stay(tmp_path: Path) -> None:
    board = load_board("nrf52840")
    write_project(ToyGenerated(files={**FILES, "tg_old.c": "", "tg_old.h": ""}), board, tmp_path)
    (tmp_path / "src" / "mine.c").write_text("")
    (tmp_path / "notes.txt").write_text("")
    write_project(ToyGenerated(), board, tmp_path)
    assert {path.name for path in (tmp_path / "src" / "model").iterdir()} == {"toy.c", "toy.h", "toy_weights.c"}
    assert (tmp_path / "src" / "mine.c").is_file()
    assert (tmp_path / "notes.txt").is_file()


def test_every_choice_has_a_build_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    toy, board = ToyGenerated(), load_board("nrf52840")
    small = replace(toy, target=toy.target.with_choices(Optimize.SIZE, toy.target.rounding))
    folders = {
        build_folder(toy, board),
        build_folder(replace(toy, crc32=1), board),
        build_folder(replace(toy, name="other"), board),
        build_folder(small, board),
        build_folder(toy, load_board("nano33ble")),
    }
    monkeypatch.setenv("TINYGEN_TOOLCHAIN", "zig")
    folders.add(build_folder(toy, board))
    assert len(folders) == 6
    monkeypatch.delenv("TINYGEN_TOOLCHAIN")
    assert build_folder(toy, board) in folders


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolError, match="can't be written"):
        write_project(ToyGenerated(), load_board("nrf52840"), tmp_path / "file" / "project")


@toolchains
def test_firmware_builds_and_says_who_uses_what(
    toolchain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINYGEN_TOOLCHAIN", toolchain)
    board = replace(load_board("feather-nrf52840"), images=("elf", "hex", "bin", "uf2"))
    folder = tmp_path / "with spaces"
    project = write_project(ToyGenerated(), board, folder)
    build = build_project(project)
    memory = build.memory
    assert (memory.arena_bytes, memory.weights_bytes, memory.stack_bytes) == (64, 8, 4096)
    assert memory.arena_bytes + memory.firmware_ram_bytes + memory.stack_bytes == memory.ram_bytes
    assert memory.weights_bytes + memory.code_bytes + memory.firmware_flash_bytes == memory.flash_bytes
    assert 20 < memory.code_bytes < 400
    assert memory.firmware_ram_bytes < 2048

    image = build.artifacts["bin"].read_bytes()
    origin, flashed = read_hex(build.artifacts["hex"].read_text())
    assert (origin, flashed) == (0x26000, image)
    stack_top, reset = struct.unpack_from("<II", image)
    assert stack_top == board.ram_origin + board.stack_bytes
    assert board.flash_origin < reset < board.flash_origin + len(image)
    assert reset % 2 == 1
    assert len(build.artifacts["uf2"].read_bytes()) == 512 * -(-len(image) // 256)

    again: list[str] = []
    build_project(write_project(ToyGenerated(), board, folder), again.append)
    assert not [line for line in again if line.startswith(("Compiling", "Linking"))]


@toolchains
def test_firmware_that_does_not_fit_is_told_in_bytes(
    toolchain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINYGEN_TOOLCHAIN", toolchain)
    board = replace(load_board("feather-nrf52840"), ram_bytes=8192, flash_bytes=1024)
    files = {**FILES, "toy.h": FILES["toy.h"].replace("arena[64]", "arena[20000]")}
    project = write_project(ToyGenerated(files=files), board, tmp_path)
    with pytest.raises(DoesNotFitError, match=r"[\d,]+ more bytes of RAM .* and [\d,]+ more bytes of flash") as error:
        build_project(project)
    assert error.value.exit_code == 4


@needs_host
def test_the_host_program_answers(tmp_path: Path) -> None:
    build = build_project(write_project(HOST, load_board("host"), tmp_path))
    hello = encode(Frame(Kind.HELLO, 1, pack(Kind.HELLO, 77)))
    done = subprocess.run([build.artifacts["elf"]], input=hello, capture_output=True, timeout=20)
    assert done.returncode == 0
    (answer,) = Decoder().feed(done.stdout)
    assert answer.kind == Kind.WELCOME
    assert HOST.crc32.to_bytes(4, "little") in answer.payload
    assert build.memory.arena_bytes == 64


@needs_host
def test_compiled_objects_are_shared_between_projects(tmp_path: Path, cache: Path) -> None:
    for name in ("one", "other"):
        lines: list[str] = []
        toy = replace(HOST, crc32=len(name))
        build_project(write_project(toy, load_board("host"), tmp_path / name), lines.append)
    compiled = {Path(line.split()[1]).stem for line in lines if line.startswith("Compiling")}
    assert compiled == {"tg_glue"}
    assert (cache / "objects").is_dir()


@needs_host
def test_a_compiler_error_is_quoted(tmp_path: Path) -> None:
    files = {**FILES, "toy.c": FILES["toy.c"] + "int broken = ;\n"}
    with pytest.raises(ToolError, match=r"toy\.c:\d+:\d+: error:") as error:
        build_project(write_project(replace(HOST, files=files), load_board("host"), tmp_path))
    assert len(error.value.message.splitlines()) < 12


@pytest.mark.skipif(os.name == "nt", reason="an empty PATH keeps Windows from starting programs")
def test_a_missing_compiler_is_told_and_nothing_is_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYGEN_TOOLCHAIN", "gcc")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ToolError, match=r"looked for arm-none-eabi-gcc on PATH\.") as error:
        build_project(write_project(ToyGenerated(), load_board("nrf52840"), tmp_path / "project"))
    assert "tinygen[zig]" in error.value.hint


def test_an_unknown_toolchain_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYGEN_TOOLCHAIN", "iar")
    with pytest.raises(ToolError, match="TINYGEN_TOOLCHAIN is 'iar', it may be gcc or zig"):
        build_project(write_project(ToyGenerated(), load_board("nrf52840"), tmp_path))
