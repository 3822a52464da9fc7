"""The documents tell the truth: code in them compiles, commands and links exist, what is generated is fresh."""

from __future__ import annotations

import importlib
import itertools
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from kernels.bench import WARNINGS, find_compiler
from tinygen.boards import board_names, load_board
from tinygen.cli import cli
from tinygen.ir.target import TARGETS
from tinygen.ops import OPS
from tinygen.pipeline import compile_model
from tinygen.writing import write_folder

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "models" / "README.md"])
README = (ROOT / "README.md").read_text(encoding="utf-8")
MODEL = ROOT / "models" / "digits_cnn.tflite"

sys.path.insert(0, str(ROOT / "scripts"))  # scripts, not a package
documents: Any = importlib.import_module("documents")


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(text: str) -> set[str]:
    """What a link can point at: the headings, as GitHub spells them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(text: str) -> list[str]:
    """Every `tinygen ...` that is written as code."""
    indented = re.findall(r"^(?:\$ |    )(?:\S*/)?(tinygen [a-z][^#\n]*)", text, re.MULTILINE)
    return [command.strip() for command in [*indented, *re.findall(r"`(tinygen [a-z][^`]*)`", text)]]


@pytest.mark.parametrize("path", DOCUMENTS, ids=label)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), target
        assert not anchor or anchor in anchors(found.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=label)
def test_commands_exist(path: Path) -> None:
    for command in commands(path.read_text(encoding="utf-8")):
        _, name, *words = shlex.split(command)
        assert name in cli.commands, command
        options = {option for p in cli.commands[name].params for option in p.opts} | {"--help"}
        assert {word for word in words if word.startswith("-")} <= options, command
        for option, value in itertools.pairwise(words):
            if option == "--board" and not value.isupper() and not value.endswith(".toml"):
                assert value in board_names(), command


def test_the_table_of_commands_is_whole() -> None:
    listed = re.findall(r"^\| `tinygen (\w+)", README, re.MULTILINE)
    assert sorted(listed) == sorted(cli.commands)


def test_exit_statuses_are_those_of_the_help() -> None:
    assert cli.help is not None
    told = re.findall(r"(\d+) [a-z]", cli.help.split("Exit status:")[1])
    assert re.findall(r"^\| (\d+) \|", README, re.MULTILINE) == told


def test_scripts_and_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"(?:`|^    |[\w.] )make (\w+)(?:`|$|  )", text, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{label(path)}: make {target}"
        for script in re.findall(r"\bscripts/[\w.]+", text):
            assert (ROOT / script).is_file(), f"{label(path)}: {script}"


def test_what_is_generated_is_fresh() -> None:
    for path, fresh in documents.documents(examples=False).items():
        assert path.read_text(encoding="utf-8") == fresh, f"{label(path)} is stale: run `make docs`"


def test_examples_show_the_numbers_of_today() -> None:
    """Of what firmware examples print, all that does not depend on the C compiler."""
    compiled = compile_model(MODEL, TARGETS[load_board("nrf52840").target])
    memory = dict(re.findall(r"^│ (RAM|flash) +│(.*)│$", README, re.MULTILINE))
    ram, flash = ([cell.strip() for cell in memory[name].split("│")] for name in ("RAM", "flash"))
    assert ram[0] == f"{compiled.generated.arena_bytes:,}"
    assert flash[1] == f"{compiled.generated.weights_bytes:,}"
    assert f"RAM of the model: {compiled.generated.arena_bytes:,} bytes" in README
    assert README.count("PASSED: 10 inferences") == 1
    assert README.count("98.61% right (354 of 359)") == 3
    assert len(re.findall(r"differ from .*: +0 of 3,590$", README, re.MULTILINE)) == 2


def test_every_kernel_belongs_to_an_operator() -> None:
    named = {kernel for op in OPS for kernel in documents.kernels_of(op)}
    named.add("tg_top_bit_u8")  # of an op that the importer makes
    assert named == {path.stem for path in (ROOT / "firmware" / "kernels" / "scalar").glob("*.c")}


def test_every_operator_of_tflite_micro_is_on_the_page() -> None:
    page = documents.supported_operators()
    headings = set(re.findall(r"^## (\S+)$", page, re.MULTILINE))
    named = re.findall(r"^TFLite Micro also has (.*);", page, re.MULTILINE)
    assert set(documents.TFLITE_MICRO) <= headings | {name for line in named for name in line.split(", ")}
    assert {"WHILE", "READ_VARIABLE", "LSTM"} <= headings


def test_the_page_says_the_types_of_every_form() -> None:
    kinds = {op.KIND: documents.element_types(op) for op in OPS}
    assert kinds["CONV_2D"].startswith("int8, int8 x int4, int16 x int8, int16 x int4, float32")
    assert kinds["PAD"] == kinds["RESHAPE"] == "any"
    assert kinds["REDUCE_ALL"] == "bool"


def test_the_program_in_the_readme_works(tmp_path: Path) -> None:
    compiler = find_compiler()
    if compiler is None:
        pytest.skip("there is no C compiler: neither cc, gcc, clang nor ziglang")
    (program,) = re.findall(r"```c\n(.*?)```", README, re.DOTALL)
    command, expected = re.findall(r"^    cc (.*) -o digit && ./digit\n    (.*)$", README, re.MULTILINE)[0]
    folder = re.findall(r"-I(\S+)", command)[0]
    generated = compile_model(MODEL, TARGETS["generic"]).generated
    write_folder(tmp_path / folder, generated.files)
    (tmp_path / "digit.c").write_text(program, encoding="utf-8")
    words = [str(path) for word in command.split() for path in (sorted(tmp_path.glob(word)) or [word])]
    strict = ["-std=c99", *(f"-W{name}" for name in WARNINGS)]
    built = subprocess.run(
        [*compiler, *strict, *words, "-o", str(tmp_path / "digit")], cwd=tmp_path, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr
    done = subprocess.run([tmp_path / "digit"], capture_output=True, text=True, check=True)
    assert done.stdout == f"{expected}\n"


def test_the_commands_of_the_help_exist() -> None:
    assert cli.help is not None
    for command in re.findall(r"^ +(tinygen .*?)(?:  .*)?$", cli.help, re.MULTILINE):
        assert isinstance(cli.commands[command.split()[1]], click.Command)
