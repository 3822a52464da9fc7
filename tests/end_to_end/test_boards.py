"""`tinygen test`, `run`, `build` and `flash` on this computer and on emulated boards, through the command line."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from command_line import MODELS, Outcome, tinygen
from tinygen import session
from tinygen.boards import Board, load_board
from tinygen.emit.generate import Generated
from tinygen.ir.dtype import Array
from tinygen.ir.target import Rounding
from tinygen.project import Project, write_project

TEST_KEYS = {
    "passed",
    "vectors",
    "mismatches",
    "first_difference",
    "instructions",
    "cycles",
    "arena_bytes",
    "stack_bytes_used",
}
BUILD_KEYS = {
    "board", "ram_bytes", "arena_bytes", "stack_bytes", "stack_worst_case_bytes", "model_stack_bytes",
    "flash_bytes", "weights_bytes", "code_bytes", "macs", "artifacts",
}  # fmt: skip
SINE, MLP, CNN, FLOAT_IO = (
    MODELS / f"{name}.tflite" for name in ("sine", "digits_mlp", "digits_cnn", "digits_mlp_float_io")
)
VECTORS = {model: model.with_name(f"{model.stem}_vectors.npz") for model in (SINE, MLP, CNN, FLOAT_IO)}


def need(board: str) -> tuple[str, ...]:
    """Options that run the board without hardware; skips the test where the tools for it are missing."""
    if board == "host":
        if not any(map(shutil.which, ("cc", "gcc", "clang"))) and not importlib.util.find_spec("ziglang"):
            pytest.skip("there is no C compiler")
        return ("--board", board)
    if not shutil.which("arm-none-eabi-gcc") and not importlib.util.find_spec("ziglang"):
        pytest.skip("there is neither arm-none-eabi-gcc nor ziglang")
    if board.startswith("qemu"):
        if not shutil.which("qemu-system-arm"):
            pytest.skip("there is no qemu-system-arm on PATH")
        return ("--board", board)
    if not importlib.util.find_spec("unicorn") or not importlib.util.find_spec("capstone"):
        pytest.skip("unicorn and capstone are not installed")
    return ("--board", board, "--emulate")


@pytest.mark.parametrize(
    ("model", "board"),
    [
        (CNN, "host"),
        (FLOAT_IO, "host"),
        (CNN, "qemu-m0"),
        (SINE, "qemu-m0plus"),
        (CNN, "qemu-m3"),
        (FLOAT_IO, "qemu-m4"),
        (CNN, "qemu-m55"),
        (CNN, "nrf52840"),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else value,
)
def test_a_board_computes_the_stored_outputs(model: Path, board: str) -> None:
    count = 3
    done = tinygen("test", model, *need(board), "--vectors", VECTORS[model], "--count", count, "--json")
    assert done.code == 0, done.err
    assert set(done.json) == TEST_KEYS
    assert done.json["passed"] is True
    assert done.json["vectors"] == count
    assert done.json["mismatches"] == []
    assert done.json["first_difference"] is None
    assert 0 < done.json["arena_bytes"] < 16384
    counts = {key: (done.json[key] or 0) > 0 for key in ("instructions", "cycles")}
    assert counts == {"instructions": board != "host", "cycles": board == "nrf52840"}
    assert done.err == ""


def test_random_vectors_are_the_same_every_time_and_words_say_passed() -> None:
    done = tinygen("test", SINE, *need("host"))
    assert done.code == 0, done.err
    assert "PASSED: 5 inferences on This computer" in done.out
    assert f"RAM of the model: {tinygen('test', SINE, *need('host'), '--json').json['arena_bytes']} bytes" in done.out


def test_single_rounding_passes_against_its_own_reference() -> None:
    done = tinygen("test", CNN, *need("host"), "--rounding", "single", "--json")
    assert (done.code, done.json["passed"]) == (0, True)


# What is wrong is found and named.

Change = Callable[[Generated], Generated]


@pytest.fixture
def corrupt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Change], None]:
    """From the call on, firmware is built of generated C that has been changed, outside the cache."""

    def start(change: Change) -> None:
        def write(generated: Generated, board: Board, folder: Path) -> Project:
            changed = change(generated)
            assert changed != generated
            return write_project(changed, board, tmp_path / folder.name)

        monkeypatch.setattr(session, "write_project", write)

    return start


def with_negated_weights(generated: Generated, op: int) -> Generated:
    """The weights of a FULLY_CONNECTED turned around in the C, not in the model."""
    file = f"{generated.name}_weights.c"

    def negated(array: re.Match[str]) -> str:
        return array[1] + re.sub(r"-?\d+", lambda value: str(max(-int(value[0]), -127)), array[2])

    pattern = rf"({generated.name}_op_{op}_weights\[\d+\] TG_ALIGN4 = )(\{{[^}}]*\}})"
    text, count = re.subn(pattern, negated, generated.files[file])
    assert count == 1
    return replace(generated, files={**generated.files, file: text})


@pytest.mark.parametrize("board", ["host", "nrf52840"])
@pytest.mark.parametrize("op", [0, 1])
def test_wrong_weights_are_found_in_their_op(board: str, op: int, corrupt: Callable[[Change], None]) -> None:
    corrupt(lambda generated: with_negated_weights(generated, op))
    done = tinygen("test", MLP, *need(board), "--vectors", VECTORS[MLP], "--json")
    assert done.code == 7, done.err
    assert set(done.json) == TEST_KEYS
    assert done.json["passed"] is False
    assert done.json["vectors"] == 10
    mismatches = done.json["mismatches"]
    assert {"vector", "output", "index", "expected", "got", "count"} == set(mismatches[0])
    assert f"first difference at op {op}, FULLY_CONNECTED" in done.json["first_difference"]


def test_wrong_weights_are_told_in_words(corrupt: Callable[[Change], None]) -> None:
    corrupt(lambda generated: with_negated_weights(generated, 1))
    done = tinygen("test", MLP, *need("host"), "--vectors", VECTORS[MLP])
    assert done.code == 7
    assert re.search(r"FAILED: \d+ outputs of 10 inferences on This computer differ", done.out)
    assert re.search(r"v0_out0\[\d\]: expected -?\d+, got -?\d+; \d+ elements differ", done.out)
    assert "first difference at op 1, FULLY_CONNECTED" in done.out


def test_wrong_stored_outputs_fail_even_if_the_board_is_right(tmp_path: Path) -> None:
    arrays = dict(np.load(VECTORS[MLP]))
    arrays["v2_out0"] = arrays["v2_out0"] ^ np.int8(1)
    np.savez(tmp_path / "wrong.npz", **arrays)
    done = tinygen("test", MLP, *need("host"), "--vectors", tmp_path / "wrong.npz", "--json")
    assert done.code == 7
    assert done.json["passed"] is False
    assert [m for m in done.json["mismatches"] if "v2_out0" in m]


@pytest.mark.parametrize("board", ["host", "nrf52840"])
def test_stale_firmware_is_refused_not_failed(board: str, corrupt: Callable[[Change], None]) -> None:
    corrupt(lambda generated: replace(generated, crc32=generated.crc32 ^ 1))
    done = tinygen("test", SINE, *need(board), "--json")
    assert done.code == 6
    assert done.json["exit_code"] == 6
    assert "sine" in done.err
    assert "hint:" in done.err


@pytest.mark.parametrize("board", ["host", "nrf52840"])
def test_firmware_of_another_rounding_is_refused_not_failed(board: str, corrupt: Callable[[Change], None]) -> None:
    corrupt(lambda generated: replace(generated, target=replace(generated.target, rounding=Rounding.SINGLE)))
    done = tinygen("test", SINE, *need(board))
    assert done.code == 6
    assert "built with --rounding single" in done.err


# Outputs for the user's own inputs.


def outputs_of(model: Path, inputs: Path, folder: Path) -> Mapping[str, Array]:
    """What `tinygen run` on this computer writes."""
    done = tinygen("run", model, *need("host"), "--inputs", inputs, "-o", folder / "out.npz", "--json")
    assert done.code == 0, done.err
    assert set(done.json) == {"board", "inferences", "output"}
    return dict(np.load(folder / "out.npz"))


def test_run_keeps_every_inference_of_numbered_arrays(tmp_path: Path) -> None:
    stored = np.load(VECTORS[CNN])
    outputs = outputs_of(CNN, VECTORS[CNN], tmp_path)
    assert sorted(outputs) == sorted(f"v{k}_out0" for k in range(10))
    for name, array in outputs.items():
        np.testing.assert_array_equal(array, stored[name])
        assert array.dtype == stored[name].dtype


def test_run_takes_an_npy_and_arrays_by_name(tmp_path: Path) -> None:
    stored = np.load(VECTORS[FLOAT_IO])
    np.save(tmp_path / "in.npy", stored["v3_in0"])
    np.savez(tmp_path / "in.npz", input=stored["v3_in0"].reshape(8, 8))
    for file in ("in.npy", "in.npz"):
        outputs = outputs_of(FLOAT_IO, tmp_path / file, tmp_path)
        assert list(outputs) == ["v0_out0"]
        np.testing.assert_array_equal(outputs["v0_out0"], stored["v3_out0"])


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"v0_in0": np.zeros((1, 64), np.uint8)}, "is uint8, but the model's tensor is"),
        ({"v0_in0": np.zeros((1, 63), np.int8)}, "has 63 elements"),
        ({"v0_in0": np.zeros((1, 64), np.int8), "v2_in0": np.zeros((1, 64), np.int8)}, "no array v1_in0"),
        ({"v0_in1": np.zeros((1, 64), np.int8)}, "no array v0_in0"),
        ({"a": np.zeros((1, 64), np.int8), "b": np.zeros(1)}, "no array for input"),
        ({}, "no array for input"),
    ],
    ids=["dtype", "size", "gap", "number", "names", "empty"],
)
def test_unsuitable_inputs_are_refused_in_words(arrays: dict[str, Array], words: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", **arrays)  # type: ignore[arg-type]
    done = tinygen("run", MLP, "--board", "host", "--inputs", tmp_path / "in.npz", "-o", tmp_path / "out.npz")
    assert done.code == 1
    assert words in done.err
    assert not (tmp_path / "out.npz").exists()


# The code is legal for its core.


def build(model: Path, board: str, folder: Path) -> Outcome:
    need(board)
    return tinygen("build", model, "--board", board, "-o", folder, "--json")


def test_each_cores_firmware_holds_only_instructions_that_the_core_has(tmp_path: Path) -> None:
    """Emulators execute what the chip would not, so the code itself is looked at."""
    code = {}
    for board in ("qemu-m0plus", "qemu-m3", "qemu-m4"):
        done = build(CNN, board, tmp_path / board)
        assert done.code == 0, done.err
        code[board] = instructions(Path(done.json["artifacts"]["elf"]))
    assert ("smlad", 4) in code["qemu-m4"]
    assert {("smull", 4), ("smlal", 4)} & code["qemu-m3"]
    assert not [name for name, _ in code["qemu-m3"] if name.startswith(NOT_IN_M3)]
    assert not [name for name, size in code["qemu-m0plus"] if name.startswith(NOT_IN_M0PLUS)]
    assert {name for name, size in code["qemu-m0plus"] if size == 4} <= M0PLUS_WIDE


NOT_IN_M3 = (
    "smlad", "smlsd", "smuad", "smusd", "smlab", "smlat", "smlaw", "smulb", "smult", "smulw", "smmul", "smmla", "smmls",
    "smlalb", "smlald", "sxtb16", "uxtb16", "sxtab", "uxtab", "sxtah", "uxtah", "qadd", "qsub", "sadd", "ssub", "uadd8",
    "pkh", "ssat16", "usat16", "sel", "umaal", "v",
)  # fmt: skip
"""The DSP extension and the FPU of ARMv7E-M, by their first letters."""
NOT_IN_M0PLUS = ("cbz", "cbnz", "it")
"""16-bit instructions that ARMv6-M lacks."""
M0PLUS_WIDE = {"bl", "msr", "mrs", "dmb", "dsb", "isb"}
"""All 32-bit instructions of ARMv6-M."""


def instructions(elf: Path) -> set[tuple[str, int]]:
    """(mnemonic, bytes) of the instructions in an image, without the constants between functions."""
    capstone = pytest.importorskip("capstone", reason="capstone is not installed")
    disassembler = capstone.Cs(capstone.CS_ARCH_ARM, capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS)
    found: set[tuple[str, int]] = set()
    with elf.open("rb") as file:
        image = ELFFile(file)
        table = image.get_section_by_name(".symtab")
        assert isinstance(table, SymbolTableSection)
        # $t begins code and $d data, until the next of them or the section's end.
        marks = sorted(
            (s["st_shndx"], s["st_value"], s.name[:2]) for s in table.iter_symbols() if s.name[:2] in ("$t", "$d")
        )
        for (number, start, kind), (next_number, next_start, _) in pairwise([*marks, (-1, 0, "")]):
            if kind != "$t":
                continue
            section = image.get_section(number)
            base = section["sh_addr"]
            end = next_start if next_number == number else base + section["sh_size"]
            code = section.data()[start - base : end - base]
            listed = list(disassembler.disasm_lite(code, start))
            # An instruction that capstone does not know would end the list early.
            assert end - start - sum(size for _, size, _, _ in listed) < 4, f"{elf}: not decoded after {start:#x}"
            found |= {(name.removesuffix(".w"), size) for _, size, name, _ in listed}
    return found


# Building and flashing.


def test_build_reports_all_memory_and_flash_finds_the_firmware(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("nrf52840")
    monkeypatch.chdir(tmp_path)
    done = tinygen("build", SINE, "--board", "nrf52840", "--json")
    assert done.code == 0, done.err
    found = done.json
    assert set(found) == BUILD_KEYS
    assert all(isinstance(found[key], int) and found[key] > 0 for key in BUILD_KEYS - {"board", "artifacts"})
    assert found["arena_bytes"] + found["stack_bytes"] < found["ram_bytes"]
    assert found["weights_bytes"] + found["code_bytes"] < found["flash_bytes"]
    assert set(found["artifacts"]) == set(load_board("nrf52840").images)
    assert all(Path(path).is_file() for path in found["artifacts"].values())
    assert found["artifacts"]["elf"].startswith(str(Path("build", "sine-nrf52840")))

    flashed: list[Mapping[str, Path]] = []

    def flash(images: Mapping[str, Path], board: Board, port: str) -> str:
        flashed.append(images)
        return f"flashed {board.name} {port}"

    monkeypatch.setattr("tinygen.flash.flash", flash)
    for place in ("nrf52840", Path("build", "sine-nrf52840"), tmp_path / "build" / "sine-nrf52840"):
        done = tinygen("flash", place, "--port", "p", "--json")
        assert (done.code, done.err) == (0, "")
        assert done.json["done"] == "flashed nrf52840 p"
        assert {kind: str(path.resolve()) for kind, path in flashed.pop().items()} == {
            kind: str(Path(path).resolve()) for kind, path in found["artifacts"].items()
        }
    Path(found["artifacts"]["hex"]).unlink()
    monkeypatch.undo()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    done = tinygen("flash", tmp_path / "build" / "sine-nrf52840")
    assert done.code == 5
    assert "Traceback" not in done.err


def test_build_again_is_the_same_and_another_model_takes_its_place(tmp_path: Path) -> None:
    first = build(MLP, "qemu-m4", tmp_path / "project")
    assert first.code == 0, first.err
    image = Path(first.json["artifacts"]["bin"])
    bytes_before = image.read_bytes()
    assert build(MLP, "qemu-m4", tmp_path / "project").json == first.json
    assert image.read_bytes() == bytes_before
    other = build(SINE, "qemu-m4", tmp_path / "project")
    assert other.code == 0, other.err
    assert image.read_bytes() != bytes_before


def test_a_tool_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The firmware is there, the emulator is not."""
    need("qemu-m4")
    (tmp_path / "empty").mkdir()
    board = need("qemu-m4")
    assert tinygen("test", SINE, *board).code == 0
    find = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, **kw: None if name == "qemu-system-arm" else find(name, **kw))
    done = tinygen("test", SINE, *board)
    assert done.code == 5
    assert "no qemu-system-arm" in done.err


def test_no_port_no_emulation_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    need("nrf52840")
    monkeypatch.setattr(session, "serial_ports", lambda: [])
    done = tinygen("test", SINE, "--board", "nrf52840")
    assert done.code == 6
    assert "--emulate" in done.err
    monkeypatch.setattr(session, "serial_ports", lambda: ["/dev/ttyX0 (one)", "/dev/ttyX1 (two)"])
    done = tinygen("test", SINE, "--board", "nrf52840")
    assert done.code == 6
    assert "--port" in done.err
    done = tinygen("test", SINE, "--board", "nrf52840", "--port", "/dev/not-a-port")
    assert done.code == 6
    done = tinygen("test", SINE, *need("host"), "--emulate")
    assert done.code == 5
    assert "can't be emulated" in done.err
