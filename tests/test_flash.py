"""Flashing, with tools that only write down how they were called, and on a computer that has none."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tinygen import flash as flash_module
from tinygen.boards import load_board
from tinygen.errors import ToolError
from tinygen.flash import flash

BOARDS = {"pyocd": "nrf52840", "adafruit-nrfutil": "feather-nrf52840", "bossac": "nano33ble"}


@pytest.fixture
def images(tmp_path: Path) -> Mapping[str, Path]:
    paths = {kind: tmp_path / f"firmware.{kind}" for kind in ("elf", "hex", "bin", "uf2")}
    for path in paths.values():
        path.write_bytes(b"image")
    return paths


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with one empty folder, and a Python without flash tools."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python" / "python"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    return folder


def fake_tool(folder: Path, name: str, code: int = 0) -> Path:
    """A program that appends its arguments to a log, one call a line, and ends with `code`."""
    if os.name == "nt":
        pytest.skip("the stand-in tools are shell scripts")
    log = folder / "log"
    script = folder / name
    script.write_text(f'#!/bin/sh\necho "{name} $*" >> "{log}"\necho "no probe"\nexit {code}\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return log


def test_pyocd_gets_the_hex_file_and_the_chip(images: Mapping[str, Path], empty_path: Path) -> None:
    log = fake_tool(empty_path, "pyocd")
    assert "pyocd" in flash(images, load_board("nrf52840"))
    assert log.read_text() == f"pyocd flash --no-wait -t nrf52840 {images['hex']}\n"


def test_nrfutil_packs_the_hex_file_and_sends_it(images: Mapping[str, Path], empty_path: Path) -> None:
    log = fake_tool(empty_path, "adafruit-nrfutil")
    flash(images, load_board("feather-nrf52840"), "/dev/ttyACM7")
    package = images["hex"].with_suffix(".zip")
    pack, send = log.read_text().splitlines()
    assert pack == f"adafruit-nrfutil dfu genpkg --dev-type 0x0052 --application {images['hex']} {package}"
    assert send == f"adafruit-nrfutil dfu serial --package {package} -p /dev/ttyACM7 -b 115200 --singlebank"


def test_bossac_gets_the_bin_file(images: Mapping[str, Path], empty_path: Path) -> None:
    log = fake_tool(empty_path, "bossac")
    flash(images, load_board("nano33ble"), "/dev/ttyACM7")
    assert log.read_text() == f"bossac --port=/dev/ttyACM7 --write --erase -U --reset {images['bin']}\n"


@pytest.mark.parametrize(("tool", "board"), BOARDS.items())
def test_a_missing_tool_is_told_with_how_to_get_it(
    tool: str, board: str, images: Mapping[str, Path], empty_path: Path
) -> None:
    with pytest.raises(ToolError, match=f"{tool}, which is not on PATH") as error:
        flash(images, load_board(board), "/dev/ttyACM7")
    assert "nstall" in error.value.hint
    assert error.value.exit_code == 5


@pytest.mark.parametrize(("tool", "board"), BOARDS.items())
def test_a_tool_that_fails_is_quoted(tool: str, board: str, images: Mapping[str, Path], empty_path: Path) -> None:
    fake_tool(empty_path, tool, code=3)
    with pytest.raises(ToolError, match=r"(?s)exit code 3.*no probe"):
        flash(images, load_board(board), "/dev/ttyACM7")


@pytest.mark.parametrize("board", ["feather-nrf52840", "nano33ble"])
def test_a_serial_bootloader_needs_a_port(board: str, images: Mapping[str, Path], empty_path: Path) -> None:
    fake_tool(empty_path, "adafruit-nrfutil")
    fake_tool(empty_path, "bossac")
    with pytest.raises(ToolError, match="no port was given") as error:
        flash(images, load_board(board))
    assert "reset button" in error.value.hint


def drive(folder: Path, name: str) -> Path:
    path = folder / name
    path.mkdir()
    (path / "INFO_UF2.TXT").write_text("UF2 Bootloader 0.6.1\n")
    return path


def test_uf2_is_copied_to_the_only_bootloader_drive(
    images: Mapping[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stick").mkdir()
    found = drive(tmp_path, "XIAO-BOOT")
    monkeypatch.setattr(flash_module, "mount_points", lambda: [tmp_path / "stick", found])
    flash(images, load_board("xiao-nrf52840"))
    assert (found / "firmware.uf2").read_bytes() == b"image"


def test_uf2_goes_to_the_drive_that_is_named(images: Mapping[str, Path], tmp_path: Path) -> None:
    one, _other = drive(tmp_path, "ONE"), drive(tmp_path, "OTHER")
    flash(images, load_board("xiao-nrf52840"), str(one))
    assert (one / "firmware.uf2").is_file()


def test_no_drive_and_several_drives_are_told(
    images: Mapping[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = load_board("xiao-nrf52840")
    monkeypatch.setattr(flash_module, "mount_points", lambda: [tmp_path])
    with pytest.raises(ToolError, match=r"looked for INFO_UF2\.TXT in"):
        flash(images, board)
    drives = [drive(tmp_path, "ONE"), drive(tmp_path, "OTHER")]
    monkeypatch.setattr(flash_module, "mount_points", lambda: drives)
    with pytest.raises(ToolError, match="several bootloader drives"):
        flash(images, board)


def test_mount_points_are_folders() -> None:
    assert all(path.is_dir() for path in flash_module.mount_points())


def test_a_missing_image_is_told(images: Mapping[str, Path], empty_path: Path) -> None:
    fake_tool(empty_path, "pyocd")
    images["hex"].unlink()
    with pytest.raises(ToolError, match=r"firmware\.hex does not exist"):
        flash(images, load_board("nrf52840"))


def test_a_board_without_a_tool_is_not_flashed(images: Mapping[str, Path]) -> None:
    with pytest.raises(ToolError, match="names no flash_tool"):
        flash(images, load_board("qemu-m4"))


def test_pyocd_is_also_found_as_a_module(images: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *args, **kwargs: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    calls: list[list[str]] = []
    monkeypatch.setattr(flash_module, "_run", lambda command, board, hint: calls.append(command))
    flash(images, load_board("nrf52840"))
    assert calls[0][:4] == [sys.executable, "-m", "pyocd", "flash"]
