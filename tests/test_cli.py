"""The command line: help that teaches, JSON that programs can rely on, exit codes, and words for every wrong input."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from tflite_builder import activation, conv_model, one_operator

from command_line import CHECKOUT, MODELS, SHARED, tinygen
from tinygen.boards import board_names, load_board
from tinygen.cli import cli
from tinygen.errors import TinygenError
from tinygen.ops import OPS
from tinygen.project import write_project
from tinygen.vectors import write_outputs
from toy_generated import ToyGenerated

SINE = MODELS / "sine.tflite"
CNN = MODELS / "digits_cnn.tflite"
VECTORS = MODELS / "sine_vectors.npz"
commands = pytest.mark.parametrize("command", sorted(cli.commands))


# Help


@commands
def test_help_of_a_command_explains_it_and_every_option(command: str) -> None:
    done = tinygen(command, "--help")
    assert (done.code, done.err) == (0, "")
    description = cli.commands[command].help or ""
    assert len(description.split()) >= 3
    assert description.split()[0] in done.out
    for parameter in cli.commands[command].params:
        if isinstance(parameter, click.Option):
            assert parameter.help and len(parameter.help.split()) >= 3, parameter.name


def test_help_lists_the_commands_the_exit_codes_and_first_steps() -> None:
    text = tinygen("--help").out
    for command in cli.commands:
        assert re.search(rf"^  {command} +\w", text, re.MULTILINE), command
    for code in (0, 1, 2, 3, 4, 5, 6, 7, 64):
        assert re.search(rf"\b{code} ", text), code


def test_examples_in_the_help_are_right() -> None:
    """Every line `tinygen ...` of the help is a command line that the program understands."""
    assert cli.help
    examples = re.findall(r"^ +tinygen (.+?)(?:  |$)", cli.help, re.MULTILINE)
    assert len(examples) >= 5
    for example in examples:
        name, *arguments = shlex.split(example)
        context = cli.commands[name].make_context(name, list(arguments))
        board = context.params.get("board") or context.params.get("board_or_dir")
        assert board is None or board in board_names()


HEAVY = frozenset(
    {"numpy", "rich", "platformio", "jinja2", "tflite", "serial", "elftools", "filelock", "unicorn", "capstone"}
)


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [(["--help"], set()), (["inspect", str(SINE)], {"numpy", "rich", "tflite"})],
    ids=["help", "inspect"],
)
def test_nothing_heavy_is_imported_before_a_command_needs_it(arguments: list[str], needed: set[str]) -> None:
    script = (
        f"import sys\nfrom tinygen.cli import main\nsys.argv = ['tinygen', *{arguments}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nprint('loaded:', *sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    loaded = set(shown.stdout.partition("loaded: ")[2].split())
    assert "tinygen.cli" in loaded
    assert HEAVY & loaded == needed


def test_it_runs_as_a_module_and_says_its_version() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "tinygen.cli", "--version"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert re.fullmatch(r"tinygen, version \d+\.\d+\.\d+\S*\n", shown.stdout)


# What the commands print


def test_generate_prints_one_object_and_all_its_files_exist(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "c"
    done = tinygen("generate", SINE, "-o", folder, "--json")
    assert (done.code, done.err) == (0, "")
    found = done.json
    assert {"sources", "headers", "include_dirs", "cflags", "ram_bytes", "weights_bytes", "macs"} <= set(found)
    assert {Path(path) for path in found["sources"] + found["headers"]} == set(folder.iterdir())
    assert found["include_dirs"] == [str(folder)]
    assert f"#define SINE_ARENA_BYTES {found['ram_bytes']}\n" in (folder / "sine.h").read_text()
    assert found["weights_bytes"] > 0
    assert found["macs"] > 0
    words = tinygen("generate", SINE, "-o", tmp_path / "words").out
    assert f"RAM {found['ram_bytes']} bytes" in words
    assert "cc " in words


def test_name_prefixes_everything(tmp_path: Path) -> None:
    assert tinygen("generate", SINE, "-o", tmp_path / "c", "--name", "wave").code == 0
    assert (tmp_path / "c" / "wave.h").is_file()
    assert not [file for file in (tmp_path / "c").iterdir() if "sine_" in file.read_text(encoding="utf-8")]


def test_inspect_tells_ops_memory_and_boards() -> None:
    done = tinygen("inspect", CNN, "--json")
    assert (done.code, done.err) == (0, "")
    found = done.json
    assert found["supported"] is True
    assert [op["index"] for op in found["ops"]] == list(range(len(found["ops"])))
    assert found["ops"][0]["kind"] == "CONV_2D"
    assert found["macs"] == sum(op["macs"] for op in found["ops"]) > 0
    assert set(found["boards"]) == set(board_names())
    assert found["boards"]["host"] is True
    words = tinygen("inspect", CNN).out
    for text in ("CONV_2D", "8x8x1", f"{found['macs']:,}", f"RAM {found['ram_bytes']:,} bytes", "fits on: "):
        assert text in words


def test_inspect_says_what_is_not_supported(tmp_path: Path) -> None:
    path = tmp_path / "custom.tflite"
    path.write_bytes(one_operator("CUSTOM", [activation("x", 1, 2)], [activation("y", 1, 2)], custom="MyOp").bytes())
    done = tinygen("inspect", path, "--json")
    assert done.code == 0
    assert done.json["supported"] is False
    assert "MyOp" in done.json["refusal"]
    assert done.json["ops"][0]["supported"] is False
    assert "MyOp" in tinygen("inspect", path).out


def test_boards_and_ops_are_listed() -> None:
    boards = tinygen("boards", "--json").json["boards"]
    assert [board["name"] for board in boards] == list(board_names())
    assert all(board["ram_bytes"] > 0 and board["title"] for board in boards)
    ops = tinygen("ops", "--json").json["ops"]
    assert [op["name"] for op in ops] == [op.KIND for op in OPS]
    assert all(rules for op in ops for rules in op["forms"])
    assert {"WHILE", "VAR_HANDLE"} <= {op["name"] for op in tinygen("ops", "--json").json["resolved"]}
    assert [len(op["forms"]) for op in ops] == [1 + len(op.FORMS) for op in OPS]
    for command, words in (("boards", board_names()), ("ops", [op.KIND for op in OPS])):
        text = tinygen(command).out
        assert all(word in text for word in words)


@pytest.mark.parametrize(
    "arguments",
    [("inspect", SINE), ("generate", SINE, "-o", "out"), ("boards",), ("ops",)],
    ids=lambda arguments: arguments[0],
)
def test_json_is_one_object_and_nothing_else(
    arguments: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = tinygen(*arguments, "--json")
    value, end = json.JSONDecoder().raw_decode(done.out)
    assert isinstance(value, dict)
    assert done.out[end:] == "\n"
    assert done.err == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("generate", "missing.tflite", "-o", "out"), 2),
        (("generate", SINE, "-o", "out", "--ram-limit", "8"), 4),
        (("generate", SINE), 64),
        (("test", SINE, "--board", "nowhere"), 1),
        (("compare", "one", "other"), 1),
        (("flash", "host"), 1),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_an_error_is_one_object_too(
    arguments: tuple[object, ...], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = tinygen(*arguments, "--json")
    assert done.code == done.json["exit_code"] == code
    assert done.json["error"] in done.err
    assert set(done.json) == {"error", "hint", "exit_code"}


def test_the_proposed_command_can_be_pasted(tmp_path: Path) -> None:
    done = tinygen("generate", SINE, "-o", tmp_path / "two words")
    assert f"'{tmp_path / 'two words'}'/*.c" in done.out


# Exit codes


def refused(code: int, *arguments: object) -> str:
    """The error text of a command that must end with `code`, in words and on stderr only."""
    done = tinygen(*arguments)
    assert done.code == code, done.err or done.out
    assert done.out == ""
    assert "Traceback" not in done.err
    assert len(done.err.split()) >= 4
    return done.err


def test_2_the_file_is_broken(tmp_path: Path) -> None:
    cut = tmp_path / "cut.tflite"
    cut.write_bytes(SINE.read_bytes()[:700])
    text = tmp_path / "text.tflite"
    text.write_text("#include <stdint.h>\n")
    empty = tmp_path / "empty.tflite"
    empty.touch()
    for path, words in (
        (cut, "cut"),
        (text, "text"),
        (empty, "empty"),
        (tmp_path, "is a folder"),
        (tmp_path / "none.tflite", "No such file"),
    ):
        assert words in refused(2, "generate", path, "-o", tmp_path / "out")
        assert words in refused(2, "inspect", path)
        assert words in refused(2, "build", path, "--board", "host", "-o", tmp_path / "out")
        assert not (tmp_path / "out").exists()


def test_2_the_file_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.tflite"
    path.write_bytes(SINE.read_bytes())
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    assert "Permission denied" in refused(2, "inspect", path)


def test_3_every_unsupported_op_is_listed_with_its_reason(tmp_path: Path) -> None:
    spec = conv_model()
    spec.main.operators[0].name = "LSH_PROJECTION"
    path = tmp_path / "conv.tflite"
    path.write_bytes(spec.bytes())
    text = refused(3, "generate", path, "-o", tmp_path / "out")
    assert "op 0, LSH_PROJECTION: " in text
    assert "hint:" in text
    assert not (tmp_path / "out").exists()


def small_board(folder: Path, **changes: int) -> Path:
    """The file of a board like qemu-m0 with other numbers."""
    text = (CHECKOUT / "boards" / "qemu-m0.toml").read_text()
    for key, value in changes.items():
        text, count = re.subn(rf"^{key} = \S+", f"{key} = {value:#x}", text, flags=re.MULTILINE)
        assert count == 1
    path = folder / "small.toml"
    path.write_text(text)
    return path


def test_4_it_does_not_fit_into_the_ram(tmp_path: Path) -> None:
    board = small_board(tmp_path, ram_bytes=1024, stack_bytes=1024)
    arena = tinygen("generate", CNN, "-o", tmp_path / "c", "--target", "cortex-m0", "--json").json["ram_bytes"]
    text = refused(4, "build", CNN, "--board", board, "-o", tmp_path / "out")
    assert f"{arena:,} more bytes of RAM than its 1,024" in text
    assert re.search(r"these are live: .+, \d[\d,]* bytes", text)
    assert "qemu-m4" in text
    assert "flash" not in text
    assert not (tmp_path / "out").exists()


def test_4_it_does_not_fit_into_the_flash(tmp_path: Path) -> None:
    text = refused(4, "test", CNN, "--board", small_board(tmp_path, flash_bytes=1024))
    assert re.search(r"\d[\d,]* more bytes of flash than its 1,024", text)
    assert re.search(r"largest constants: op_\d+_\w+, \d[\d,]* bytes; ", text)
    assert "RAM" not in text


def test_5_the_firmware_to_flash_has_not_been_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project is there, its image is not."""
    board = load_board("xiao-nrf52840")
    write_project(ToyGenerated(), board, tmp_path / "build" / "toy-xiao-nrf52840")
    monkeypatch.chdir(tmp_path)
    for place in ("xiao-nrf52840", "build/toy-xiao-nrf52840"):
        assert "There is no .uf2 image to flash" in refused(5, "flash", place)


def test_1_there_is_nothing_to_flash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = refused(1, "flash", "nrf52840")
    assert "build/*-nrf52840" in text
    assert "`tinygen build MODEL --board nrf52840`" in text
    (tmp_path / "build").mkdir()
    assert "is not a project" in refused(1, "flash", "build")
    assert "There is no board 'nrf52841'" in refused(1, "flash", "nrf52841")


def test_flash_takes_the_newest_project_and_only_of_that_board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    board, other = load_board("xiao-nrf52840"), load_board("nano33ble")
    for name in ("a", "b", "c"):
        write_project(ToyGenerated(), board, tmp_path / "build" / f"{name}-xiao-nrf52840")
    write_project(ToyGenerated(), other, tmp_path / "build" / "d-xiao-nrf52840")
    (tmp_path / "build" / "e-xiao-nrf52840").mkdir()
    for name, age in (("a", 20), ("b", 10), ("c", 30), ("d", 0)):
        file = tmp_path / "build" / f"{name}-xiao-nrf52840" / "platformio.ini"
        os.utime(file, (time.time() - age, time.time() - age))
    monkeypatch.chdir(tmp_path)
    assert str(Path("build", "b-xiao-nrf52840")) in refused(5, "flash", "xiao-nrf52840")
    image = tmp_path / "build" / "c-xiao-nrf52840" / ".pio" / "build" / board.name / "firmware.elf"
    image.parent.mkdir(parents=True)
    image.touch()
    assert str(Path("build", "c-xiao-nrf52840")) in refused(5, "flash", "xiao-nrf52840")


def test_64_the_command_line_is_wrong(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for arguments in (
        ("nonsense",),
        ("--nonsense",),
        ("generate",),
        ("generate", SINE),
        ("generate", SINE, "-o", out, "--target", "z80"),
        ("generate", SINE, "-o", out, "--optimize", "beauty"),
        ("generate", SINE, "-o", out, "--rounding", "up"),
        ("generate", SINE, "-o", out, "--name", "int"),
        ("generate", SINE, "-o", out, "--name", "two words"),
        ("build", SINE),
        ("test", SINE, "--board", "host", "--count", "0"),
        ("test", SINE, "--board", "host", "--count", "x"),
        ("run", SINE, "--board", "host"),
    ):
        text = refused(64, *arguments)
        assert "--help` explains it" in text
    assert not out.exists()
    assert "cortex-m4" in refused(64, "generate", SINE, "-o", out, "--target", "z80")


def test_no_command_shows_the_help() -> None:
    done = tinygen()
    assert done.code == 64
    assert "First steps" in done.out + done.err


def test_130_stopped_by_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tinygen.boards.load_board", interrupt)
    done = tinygen("test", SINE, "--board", "host")
    assert done.code == 130
    assert "stopped" in done.err


def test_130_stopped_by_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinygen.boards.load_board", lambda name: signal.raise_signal(signal.SIGTERM))
    done = tinygen("test", SINE, "--board", "host")
    assert done.code == 130
    assert "stopped" in done.err


def test_an_error_of_the_system_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(name: str) -> None:
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr("tinygen.boards.load_board", full)
    assert "somewhere: No space left on device" in refused(1, "test", SINE, "--board", "host")


# Arguments that make no sense

LONG = "x" * 5000


@pytest.mark.parametrize("model", ["", "nothing", ".", os.devnull, LONG, "-", "a/b/c", "boards.toml"])
@pytest.mark.parametrize("command", ["inspect", "generate", "build", "test", "run"])
def test_any_model_argument_ends_in_words(
    command: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    more = {
        "inspect": (),
        "generate": ("-o", "out"),
        "build": ("--board", "host", "-o", "out"),
        "test": ("--board", "host"),
        "run": ("--board", "host", "--inputs", VECTORS, "-o", "out"),
    }[command]
    refused(2, command, *more, "--", model)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "board", ["", "nothing", ".", "../boards/host", LONG, LONG + ".toml", "none.toml", ".toml", "bad.toml", "raw.toml"]
)
@pytest.mark.parametrize("command", ["build", "test", "flash"])
def test_any_board_argument_ends_in_words(
    command: str, board: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.toml").write_text("title = [")
    Path("raw.toml").write_bytes(b"\xff\xfe\0")
    refused(1, *([command, board] if command == "flash" else [command, SINE, "--board", board]))


def test_a_board_file_of_ones_own_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\nram_byte = 5\n')
    text = refused(1, "build", SINE, "--board", path)
    assert "ram_byte is not a key (did you mean ram_bytes?)" in text
    assert "chip is missing" in text


@pytest.mark.parametrize("name", ["text.npy", "zip.npz", "objects.npz", "dir", "none.npz", ""])
@pytest.mark.parametrize("command", ["test", "run"])
def test_any_vectors_argument_ends_in_words(
    command: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dir").mkdir()
    Path("text.npy").write_text("1, 2, 3")
    Path("zip.npz").write_bytes(VECTORS.read_bytes()[:200])
    Path("objects.npz").write_bytes(b"PK\x03\x04")
    more = ("--vectors", name) if command == "test" else ("--inputs", name, "-o", "out.npz")
    refused(1, command, SINE, "--board", "host", *more)
    assert not Path("out.npz").exists()


# The output folder


def test_generate_into_a_folder_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert tinygen("generate", SINE, "-o", tmp_path).code == 0
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert first["notes.txt"] == b"mine"
    assert tinygen("generate", SINE, "-o", tmp_path).code == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first


def test_generate_into_what_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    for place in (file, file / "below", tmp_path / ("x" * 300)):
        assert "can't be written" in refused(1, "generate", SINE, "-o", place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert file.read_text() == "mine"


def test_generate_under_a_parent_that_may_not_be_written(tmp_path: Path) -> None:
    parent = tmp_path / "parent"
    parent.mkdir(mode=0o555)
    if os.access(parent, os.W_OK):
        pytest.skip("this user may write everywhere")
    refused(1, "generate", SINE, "-o", parent / "c")
    assert list(parent.iterdir()) == []
    parent.chmod(0o755)
    (parent / "c").mkdir()
    parent.chmod(0o555)
    assert tinygen("generate", SINE, "-o", parent / "c").code == 0


def test_outputs_of_run_need_a_file(tmp_path: Path) -> None:
    (tmp_path / "dir").mkdir()
    (tmp_path / "file").touch()
    for place in (tmp_path / "dir", tmp_path / "file" / "below.npz", Path()):
        with pytest.raises(TinygenError):
            write_outputs(place, [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dir", "file"]


# Broken files from elsewhere

ALLOWED = {"reject": (2,), "unsupported": (3,), "either": (0, 2, 3), "accept": (0,)}
SLOW = {"ops_20000.tflite"}


def test_broken_and_unsupported_files_are_told_apart(tmp_path: Path) -> None:
    manifest = SHARED / "bad" / "manifest.csv"
    if not manifest.is_file():
        pytest.skip("there is no folder ../shared/bad")
    wrong = []
    with manifest.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    models, vectors = (SHARED / "models").glob("*.tflite"), SHARED / "models" / "vectors"
    # a file may stand a second time among the models that are to be compiled
    to_compile = {
        hashlib.sha256(path.read_bytes()).digest() for path in models if (vectors / f"{path.stem}.npz").is_file()
    }
    for row in rows:
        if hashlib.sha256((SHARED / "bad" / row["file"]).read_bytes()).digest() in to_compile:
            row["cls"] = "accept"
    for i, row in enumerate(rows):
        out = tmp_path / str(i)
        start = time.process_time()
        done = tinygen("generate", SHARED / "bad" / row["file"], "-o", out)
        seconds = time.process_time() - start
        if done.code not in ALLOWED[row["cls"]]:
            wrong.append(f"{row['file']} is {row['cls']}, but: exit {done.code}: {done.err[:200]}")
        if done.code and (out.exists() or len(done.err.split()) < 4 or done.out):
            wrong.append(f"{row['file']} leaves something behind, or says nothing")
        if seconds > 2 and row["file"] not in SLOW:
            wrong.append(f"{row['file']} takes {seconds:.1f} s")
        if row["file"] not in SLOW:
            inspected = tinygen("inspect", SHARED / "bad" / row["file"], "--json")
            if inspected.code not in (0, 2) or (done.code == 2) != (inspected.code == 2):
                wrong.append(f"{row['file']}: inspect ends with {inspected.code}")
    assert rows
    assert wrong == []


# RAM


def generated_ram(folder: Path, *options: object) -> int:
    done = tinygen("generate", CNN, "-o", folder, "--target", "cortex-m4", *options, "--json")
    assert done.code == 0, done.err
    return int(done.json["ram_bytes"])


def test_a_limit_of_ram_is_kept_or_the_least_is_told(tmp_path: Path) -> None:
    fast, small = generated_ram(tmp_path / "a"), generated_ram(tmp_path / "b", "--optimize", "ram")
    assert small < fast
    between = (fast + small) // 2
    assert small <= generated_ram(tmp_path / "c", "--ram-limit", between) <= between
    assert f"{small:,} is the least" in refused(
        4, "generate", CNN, "-o", tmp_path / "d", "--target", "cortex-m4", "--ram-limit", small - 8
    )
    assert not (tmp_path / "d").exists()


def test_pushed_rows_compute_the_same_and_the_header_says_how(tmp_path: Path) -> None:
    pushed = generated_ram(tmp_path / "a", "--push")
    assert pushed < generated_ram(tmp_path / "b")
    header = (tmp_path / "a" / "digits_cnn.h").read_text()
    assert "int32_t digits_cnn_push_rows(digits_cnn_t *m, const void *rows, int32_t count);" in header
    assert "digits_cnn_invoke(" not in header
    done = tinygen("test", CNN, "--board", "host", "--push", "--json")
    assert (done.code, done.json["passed"]) == (0, True), done.err


def test_what_has_one_row_can_not_be_pushed(tmp_path: Path) -> None:
    assert "one input of several rows" in refused(3, "generate", SINE, "-o", tmp_path / "a", "--push")
