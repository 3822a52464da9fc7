"""Whether a model fits, what the error blames when it does not, and what it recommends."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import MODELS
from tinygen.boards import Board, all_boards, load_board
from tinygen.errors import DoesNotFitError
from tinygen.fit import Estimate, check_fit, estimate, peak_tensors
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.pipeline import Compiled, compile_model
from tinygen.project import build_project, write_project


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_model(MODELS / "digits_cnn.tflite", TARGETS["cortex-m4"])


BOARD = replace(load_board("qemu-m4"), name="mine", title="Mine", ram_bytes=8192, flash_bytes=65536, stack_bytes=1024)


def refusal(compiled: Compiled, board: Board, others: tuple[Board, ...] = ()) -> DoesNotFitError:
    with pytest.raises(DoesNotFitError) as caught:
        check_fit(compiled, board, others)
    assert caught.value.exit_code == 4
    assert compiled.original.name in caught.value.message
    assert board.title in caught.value.message
    return caught.value


def test_ram_is_enough_to_the_byte(compiled: Compiled) -> None:
    arena = compiled.generated.arena_bytes
    check_fit(compiled, replace(BOARD, ram_bytes=arena + 1024), ())
    error = refusal(compiled, replace(BOARD, ram_bytes=arena + 1023))
    assert "1 more bytes of RAM" in error.message
    assert f"the model needs {arena:,}, the stack 1,024" in error.message
    assert "flash" not in error.message


def test_flash_is_enough_to_the_byte(compiled: Compiled) -> None:
    needed = estimate(compiled.program)
    flash = needed.weights_bytes + needed.code_bytes
    check_fit(compiled, replace(BOARD, flash_bytes=flash), ())
    error = refusal(compiled, replace(BOARD, flash_bytes=flash - 1))
    assert "1 more bytes of flash" in error.message
    assert "RAM" not in error.message
    assert "--optimize ram" not in error.hint


def test_both_are_told_at_once(compiled: Compiled) -> None:
    message = refusal(compiled, replace(BOARD, ram_bytes=1024, flash_bytes=1024)).message
    assert "bytes of RAM" in message
    assert "bytes of flash" in message


def test_the_largest_constants_are_named(compiled: Compiled) -> None:
    sizes = sorted((constant.bytes for constant in compiled.program.constants), reverse=True)
    message = refusal(compiled, replace(BOARD, flash_bytes=1024)).message
    named = message.split("the largest constants: ")[1]
    assert [int(part.split(", ")[1].split()[0].replace(",", "")) for part in named.rstrip(".").split("; ")] == sizes[:4]


def test_the_tensors_at_the_peak_are_those_that_fill_the_arena(compiled: Compiled) -> None:
    users = peak_tensors(compiled)
    sizes = [size for _, size in users]
    assert sizes == sorted(sizes, reverse=True)
    assert 0 < sum(sizes) <= compiled.generated.arena_bytes
    assert sum(sizes) > compiled.generated.arena_bytes // 2
    assert users[0][0] in refusal(compiled, replace(BOARD, ram_bytes=1024)).message


def test_a_larger_board_of_the_same_kind_is_recommended(compiled: Compiled) -> None:
    small = replace(BOARD, ram_bytes=1024)
    qemu, serial, host = load_board("qemu-m7"), load_board("nrf52840"), load_board("host")
    assert "It fits on qemu-m7." in refusal(compiled, small, (small, qemu, serial, host)).hint
    assert "It fits on nrf52840." in refusal(compiled, small, (small, serial, host)).hint
    assert "No board that tinygen has is large enough." in refusal(compiled, small, (small, host)).hint
    assert "No board" in refusal(compiled, small).hint


def test_less_ram_is_suggested_unless_it_was_asked_for(compiled: Compiled) -> None:
    small = replace(BOARD, ram_bytes=1024)
    assert "--optimize ram" in refusal(compiled, small).hint
    target = TARGETS["cortex-m4"].with_choices(Optimize.RAM, Rounding.DOUBLE)
    least = compile_model(MODELS / "digits_cnn.tflite", target)
    assert "--optimize ram" not in refusal(least, small).hint


def test_fits_leaves_room_for_the_test_firmware() -> None:
    needed = Estimate(ram_bytes=1000, weights_bytes=5000, code_bytes=3000)
    assert needed.fits(replace(BOARD, ram_bytes=1000 + 1024 + 2048, flash_bytes=8000 + 8192))
    assert not needed.fits(replace(BOARD, ram_bytes=1000 + 1024 + 2047))
    assert not needed.fits(replace(BOARD, flash_bytes=8000 + 8191))


@pytest.mark.parametrize("name", ["digits_cnn", "digits_mlp"])
def test_the_guess_of_the_code_is_near(name: str, tmp_path: Path) -> None:
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("arm-none-eabi-gcc is not on PATH")
    board = load_board("qemu-m4")
    made = compile_model(MODELS / f"{name}.tflite", TARGETS["cortex-m4"])
    built = build_project(write_project(made.generated, board, tmp_path)).memory.code_bytes
    assert 0.7 * built < estimate(made.program).code_bytes < 1.4 * built


def test_every_board_holds_the_smallest_model() -> None:
    needed = estimate(compile_model(MODELS / "sine.tflite", TARGETS["cortex-m0"]).program)
    assert all(needed.fits(board) for board in all_boards())
