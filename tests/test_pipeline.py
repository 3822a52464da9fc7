"""From a file to C text: the same every time, named safely, for every target and choice."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from tflite_builder import conv_model

from command_line import MODELS
from tinygen.emit.c_text import identifier
from tinygen.errors import InvalidModelError, UnsupportedModelError
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.pipeline import compile_model, load
from tinygen.reference import evaluate

CNN = MODELS / "digits_cnn.tflite"


@pytest.mark.parametrize("path", sorted(MODELS.glob("*.tflite")), ids=lambda path: path.stem)
def test_the_passes_do_not_change_what_is_computed(path: Path) -> None:
    """The graph for the device and the graph of the file give the stored outputs, for the whole test set."""
    compiled = compile_model(path, TARGETS["cortex-m4"])
    with np.load(path.with_suffix(".npz")) as stored:
        inputs, expected = stored["inputs"][:40], stored["expected"][:40]
    for graph in (compiled.original, compiled.graph):
        for given, wanted in zip(inputs, expected, strict=True):
            (output,) = evaluate(graph, [given], Rounding.DOUBLE)
            np.testing.assert_array_equal(output.reshape(wanted.shape), wanted)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("optimize", Optimize)
def test_every_target_and_choice_compiles_to_the_same_names(target: str, optimize: Optimize) -> None:
    chosen = TARGETS[target].with_choices(optimize, Rounding.DOUBLE)
    compiled = compile_model(CNN, chosen)
    generated = compiled.generated
    assert compile_model(CNN, chosen).generated.files == generated.files
    assert {"digits_cnn.h", "digits_cnn.c", "digits_cnn_weights.h", "digits_cnn_weights.c", "main.c"} <= set(
        generated.files
    )
    assert set(generated.sources) == {name for name in generated.files if name.endswith(".c")} - {"main.c"}
    assert generated.target is chosen
    assert generated.probes == len(compiled.program.probes) > 0
    assert generated.crc32 == compiled.original.crc32
    assert [port.bytes for port in generated.inputs] == [64]
    assert [port.bytes for port in generated.outputs] == [10]
    assert 0 < generated.macs <= compiled.original.macs


def test_ram_is_never_more_when_ram_matters_most() -> None:
    sizes = {
        optimize: compile_model(CNN, TARGETS["cortex-m4"].with_choices(optimize, Rounding.DOUBLE)).generated.arena_bytes
        for optimize in Optimize
    }
    assert sizes[Optimize.RAM] == min(sizes.values())


def test_every_included_file_is_there() -> None:
    """The folder is complete: only standard headers come from elsewhere, and the firmware's trace."""
    for target in TARGETS:
        files = compile_model(CNN, TARGETS[target]).generated.files
        for name, text in files.items():
            for included in re.findall(r'^#include "(.+)"', text, re.MULTILINE):
                assert included in files or included == "tg_trace.h", f"{name} includes {included}"
            standard = set(re.findall(r"^#include <(.+)>", text, re.MULTILINE))
            allowed = {"stdint.h", "stdbool.h", "stddef.h"} | ({"stdio.h", "string.h"} if name == "main.c" else set())
            assert standard - {"arm_acle.h", "arm_mve.h"} <= allowed, name


def test_a_name_is_the_prefix_of_all_files_and_symbols() -> None:
    generated = compile_model(CNN, TARGETS["generic"], "eye").generated
    assert generated.name == "eye"
    assert "eye.h" in generated.files
    for name, text in generated.files.items():
        assert "digits_cnn_" not in text, name
        assert "DIGITS_CNN" not in text, name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kws", "kws"),
        ("my model-v2.final", "my_model_v2_final"),
        ("1st", "model_1st"),
        ("int", "model_int"),
        ("class", "model_class"),
        ("tg_x", "model_tg_x"),
        ("\u6a21\u578b", "model"),
        ("", "model"),
        ("__x__", "x"),
        ("*/ evil", "evil"),
    ],
)
def test_names_of_files_become_identifiers(text: str, name: str) -> None:
    assert identifier(text) == name
    assert identifier(name) == name


def test_long_names_are_cut() -> None:
    assert len(identifier("x" * 1000)) <= 40


def test_an_unusual_file_name_is_used_safely(tmp_path: Path) -> None:
    path = tmp_path / "1 *: \u00e9 #include.tflite"
    path.write_bytes(CNN.read_bytes())
    generated = compile_model(path, TARGETS["generic"]).generated
    assert re.fullmatch(r"[a-z]\w*", generated.name)
    for text in generated.files.values():
        assert text.isascii()
        for comment in re.findall(r"/\*.*?\*/", text, re.DOTALL):
            assert comment.count("/*") == 1


def test_errors_name_the_file_and_the_op(tmp_path: Path) -> None:
    path = tmp_path / "short.tflite"
    path.write_bytes(CNN.read_bytes()[:100])
    with pytest.raises(InvalidModelError, match=r"short\.tflite"):
        load(path)
    spec = conv_model()
    spec.main.operators[0].name = "LSH_PROJECTION"
    path.write_bytes(spec.bytes())
    with pytest.raises(UnsupportedModelError, match="op 0, LSH_PROJECTION"):
        compile_model(path, TARGETS["generic"])
