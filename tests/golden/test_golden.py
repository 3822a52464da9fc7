"""The generated C of three small models, compared with the files beside this one."""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import MODELS, tinygen
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.pipeline import compile_model

HERE = Path(__file__).parent
CASES = {
    "sine": ("generic", "double", (".h", ".c", "_weights.h", "_weights.c")),
    "digits_mlp_float_io": ("cortex-m0", "single", (".h", ".c")),
    "digits_cnn": ("cortex-m4", "double", (".h", ".c", "_weights.h")),
}
"""Model, which also names the folder -> target, rounding, and the ends of the names of files that are worth reading."""
ALWAYS = ("main.c", "tg_config.h")


def golden_names(model: str) -> set[str]:
    return {*ALWAYS, *(model + end for end in CASES[model][2])}


def generated(model: str) -> dict[str, str]:
    target, rounding, _ = CASES[model]
    chosen = TARGETS[target].with_choices(Optimize.SPEED, Rounding(rounding))
    return dict(compile_model(MODELS / f"{model}.tflite", chosen).generated.files)


@pytest.mark.parametrize("model", CASES)
def test_generated_c_is_as_reviewed(model: str, request: pytest.FixtureRequest) -> None:
    files, names, folder = generated(model), golden_names(model), HERE / model
    if request.config.getoption("update_golden", default=False):
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name in names:
            (folder / name).write_text(files[name], encoding="utf-8", newline="\n")
    assert {path.name for path in folder.iterdir()} == names
    changes: list[str] = []
    for name in sorted(names):
        before = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        changes += difflib.unified_diff(before, files[name].splitlines(keepends=True), f"golden/{model}/{name}", "now")
    shown = "".join(changes[:80])
    assert not changes, f"\n{shown}\nIf this is as it should be: pytest tests/golden --update-golden"


@pytest.mark.parametrize("model", CASES)
def test_no_date_no_path_and_plain_text(model: str) -> None:
    for name, text in generated(model).items():
        assert text.isascii(), name
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name
        assert "\t" not in text, name
        assert "\r" not in text, name
        assert not re.search(r"[ ]$", text, re.MULTILINE), name
        assert not re.search(r"\b(19|20)\d\d-\d\d-\d\d|\d\d:\d\d:\d\d|__DATE__|__TIME__", text), name
        for place in (str(MODELS), str(MODELS.parent), "/home/", "/tmp/"):
            assert place not in text, name


def test_another_process_with_another_hash_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    """No order of a set, no place and no user shows."""
    ours, theirs = tmp_path / "ours", tmp_path / "deeper" / "theirs"
    assert tinygen("generate", MODELS / "digits_cnn.tflite", "-o", ours).code == 0
    path = os.pathsep.join(entry for entry in sys.path if entry)
    subprocess.run(
        [sys.executable, "-m", "tinygen.cli", "generate", MODELS / "digits_cnn.tflite", "-o", theirs],
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "12345", "TZ": "Asia/Tokyo"},
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert {p.name: p.read_bytes() for p in ours.iterdir()} == {p.name: p.read_bytes() for p in theirs.iterdir()}
