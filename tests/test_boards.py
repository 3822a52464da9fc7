"""Board files: those that tinygen brings are right, and a wrong one is told in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinygen.boards import Board, all_boards, board_names, load_board, port_folder
from tinygen.errors import TinygenError

GOOD = """title = "My board"
chip = "nRF52840"
target = "cortex-m4"
clock_hz = 64_000_000
ram_origin = 0x20000000
ram_bytes = 0x40000
flash_origin = 0
flash_bytes = 0x100000
stack_bytes = 4096
port = "nrf52840"
serial_baud = 115200
runner = "serial"
"""


def write(folder: Path, text: str, name: str = "mine") -> str:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_every_board_loads_under_its_file_name() -> None:
    boards = all_boards()
    assert tuple(board.name for board in boards) == board_names()
    assert {"host", "nrf52840", "qemu-m0", "qemu-m4", "qemu-m55"} <= set(board_names())


@pytest.mark.parametrize("board", all_boards(), ids=lambda board: board.name)
def test_a_board_names_a_port_with_c_files(board: Board) -> None:
    assert list(port_folder(board).glob("*.c"))


@pytest.mark.parametrize("board", [b for b in all_boards() if b.chip == "nRF52840"], ids=lambda board: board.name)
def test_an_nrf52840_firmware_stays_within_the_chip(board: Board) -> None:
    assert board.flash_origin + board.flash_bytes <= 0x100000
    assert board.ram_origin >= 0x20000000
    assert board.ram_origin + board.ram_bytes <= 0x20040000
    pins = {int(board.defines["TG_UART_TX"]), int(board.defines["TG_UART_RX"])}
    assert len(pins) == 2
    assert max(pins) < 48


@pytest.mark.parametrize(("name", "origin"), [("feather-nrf52840", 0x26000), ("xiao-nrf52840", 0x27000)])
def test_an_adafruit_bootloader_keeps_its_flash(name: str, origin: int) -> None:
    board = load_board(name)
    assert (board.flash_origin, board.flash_origin + board.flash_bytes) == (origin, 0xED000)


def test_a_board_of_the_users_own_is_given_by_path(tmp_path: Path) -> None:
    board = load_board(write(tmp_path, GOOD))
    assert (board.name, board.ram_bytes, board.images, board.flash_tool) == ("mine", 262144, ("elf",), "")


def test_a_port_of_the_users_own_lies_beside_its_board(tmp_path: Path) -> None:
    (tmp_path / "stm32").mkdir()
    board = load_board(write(tmp_path, GOOD.replace('"nrf52840"', '"./stm32"')))
    assert port_folder(board) == (tmp_path / "stm32").resolve()


def test_an_unknown_board_is_told_with_the_known_ones() -> None:
    with pytest.raises(TinygenError) as error:
        load_board("nrf52480")
    assert "qemu-m4" in error.value.message
    assert "Did you mean nrf52840?" in error.value.hint


@pytest.mark.parametrize(
    ("line", "wrong", "sentence"),
    [
        ("chip = ", "", "chip is missing"),
        ("clock_hz = ", "clock_mhz = 64\nclock_hz = 1", "clock_mhz is not a key (did you mean clock_hz?)"),
        ("ram_bytes = ", 'ram_bytes = "256K"', "ram_bytes is '256K', it must be a whole number"),
        ("ram_bytes = ", "ram_bytes = -1", "ram_bytes is -1, it must be a whole number"),
        ("title = ", "title = 3", "title is 3, it must be a text"),
        ("title = ", 'title = ""\nimages = "hex"', "images is 'hex', it must be a list"),
        ("runner = ", 'runner = "serial"\n[defines]\nTG_UART_TX = 3', "defines must be a table of texts"),
        ("target = ", 'target = "cortex-m9"', "target is 'cortex-m9', it must be one of 'cortex-m0'"),
        ("runner = ", 'runner = "usb"', "runner is 'usb'"),
        ("runner = ", 'runner = "qemu"', "qemu_machine and qemu_cpu must be given"),
        ("title = ", 'title = ""\nimages = ["hex"]', "images must hold 'elf'"),
        ("title = ", 'title = ""\nimages = ["elf", "exe"]', "an item of images is 'exe'"),
        ("title = ", 'title = ""\nflash_tool = "openocd"', "flash_tool is 'openocd'"),
        ("port = ", 'port = "stm32"', "port is 'stm32', and there is no folder"),
        ("clock_hz = ", "clock_hz = 0", "must be above 0"),
        ("stack_bytes = ", "stack_bytes = 1004", "stack_bytes must be a multiple of 8"),
        ("stack_bytes = ", "stack_bytes = 64", "a chip needs a stack_bytes of at least 512"),
        ("flash_origin = ", "flash_origin = 0x26010", "flash_origin of 256"),
    ],
)
def test_a_broken_rule_is_one_sentence(tmp_path: Path, line: str, wrong: str, sentence: str) -> None:
    text = "\n".join(wrong if known.startswith(line) else known for known in GOOD.splitlines())
    with pytest.raises(TinygenError) as error:
        load_board(write(tmp_path, text))
    assert sentence in error.value.message


def test_all_broken_rules_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(TinygenError) as error:
        load_board(write(tmp_path, 'title = 3\ncolour = "red"\n'))
    for sentence in ("title is 3", "colour is not a key", "chip is missing", "runner is missing"):
        assert sentence in error.value.message


@pytest.mark.parametrize("text", ["title = ", "\x00", "a = 1\na = 2\n"])
def test_a_file_that_is_not_toml_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(TinygenError, match="is not TOML"):
        load_board(write(tmp_path, text))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TinygenError, match="can't be read"):
        load_board(str(tmp_path / "none.toml"))


def test_a_name_that_is_no_file_name_for_a_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TinygenError, match="its name is 'My Board'"):
        load_board(write(tmp_path, GOOD, "My Board"))
