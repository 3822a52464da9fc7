"""The generated C: strict compilers, sanitizers, stored outputs, C++, two models in one program, nothing static."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from end_to_end.cases import Case, every_case, shipped, shipped_cases
from end_to_end.native import (
    C_FLAGS,
    CPP_FLAGS,
    SANITIZE,
    answers,
    build_server,
    compiler,
    differences,
    requests,
    run,
    sanitizing,
    write_model,
)
from ops.nodes import model_bytes
from ops.recurrent_nodes import svdf
from tinygen.ir.target import Rounding
from tinygen.pipeline import load
from tinygen.reference import Memory, evaluate
from tinygen.vectors import random_vectors

FROM_LIBC = {"memcpy", "memset"}


@every_case
@pytest.mark.parametrize(("cc", "target"), [("gcc", "generic"), ("clang", "generic"), ("gcc", "cortex-m4")])
def test_generated_c_is_clean_and_gives_the_stored_outputs(case: Case, cc: str, target: str, tmp_path: Path) -> None:
    """A Cortex-M4's kernels mean the same on this computer."""
    folder = write_model(tmp_path / "c", case.model, target)
    vectors = case.vectors(5)
    program = build_server(sanitizing(cc), [folder], len(vectors.inputs), tmp_path / "server", *SANITIZE)
    got = run([program], requests(vectors))
    assert vectors.outputs
    assert differences(answers(vectors.outputs), got) == ""


@pytest.mark.parametrize("model", ["digits_cnn", "svdf"])
def test_rows_may_be_pushed_in_any_portions(model: str, tmp_path: Path) -> None:
    """Also into a model that remembers: a new inference forgets nothing."""
    path = shipped(model).model if model == "digits_cnn" else tmp_path / "svdf.tflite"
    if model == "svdf":
        path.write_bytes(model_bytes(svdf()))
    graph = load(path).complete
    folder = write_model(tmp_path / "c", path, "generic", push=True)
    given = random_vectors(graph, 4)
    program = build_server(sanitizing("gcc"), [folder], len(given.inputs), tmp_path / "server", *SANITIZE)
    memory: Memory = {}
    expected = [evaluate(graph, inputs, Rounding.DOUBLE, memory) for inputs in given.inputs]
    assert differences(answers(expected), run([program], requests(given))) == ""


def test_sanitizers_would_have_spoken(tmp_path: Path) -> None:
    """The flags above stop a program that writes past its arena."""
    folder = write_model(tmp_path / "c", shipped("sine").model, "generic")
    source = tmp_path / "c" / "sine.c"
    text = source.read_text()
    assert "m->arena.bytes;" in text
    source.write_text(text.replace("m->arena.bytes;", "m->arena.bytes + SINE_ARENA_BYTES;"))
    vectors = shipped("sine").vectors(1)
    program = build_server(sanitizing("gcc"), [folder], 1, tmp_path / "server", *SANITIZE)
    done = subprocess.run([program], input=requests(vectors), capture_output=True, check=False)
    assert done.returncode != 0
    assert b"AddressSanitizer" in done.stderr


@every_case
def test_single_rounding_is_the_references(case: Case, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "c", case.model, "generic", Rounding.SINGLE)
    vectors = case.vectors(5)
    program = build_server(sanitizing("gcc"), [folder], len(vectors.inputs), tmp_path / "server", *SANITIZE)
    graph = case.graph
    expected = [evaluate(graph, inputs, Rounding.SINGLE) for inputs in vectors.inputs]
    assert differences(answers(expected), run([program], requests(vectors))) == ""


@every_case
def test_single_rounding_is_what_litert_computes_by_default(case: Case) -> None:
    litert = pytest.importorskip("ai_edge_litert.interpreter", reason="ai-edge-litert is not installed")
    try:
        interpreter = litert.Interpreter(str(case.model), num_threads=1)
        interpreter.allocate_tensors()
    except ValueError as error:
        if "quantized_dimension" not in str(error):
            raise
        pytest.skip("LiteRT refuses this file: quantized_dimension of its bias tensors is out of range")
    graph = case.graph
    for inputs in case.vectors(5).inputs:
        for array, detail in zip(inputs, interpreter.get_input_details(), strict=True):
            interpreter.set_tensor(detail["index"], array.reshape(detail["shape"]))
        interpreter.invoke()
        theirs = [interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()]
        for ours, other in zip(evaluate(graph, inputs, Rounding.SINGLE), theirs, strict=True):
            np.testing.assert_array_equal(ours, other)


@pytest.mark.parametrize("cc", ["g++", "clang++"])
@shipped_cases
def test_header_is_for_cpp_too(case: Case, cc: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "c", case.model, "generic")
    name = folder.generated.name
    user = tmp_path / "user.cpp"
    user.write_text(
        f'#include "{name}.h"\n#include "{name}.h"\nstatic {name}_t model;\n'
        f"int main() {{\n    {name}_init(&model);\n    {name}_invoke(&model);\n"
        f"    const float scale = {name.upper()}_INPUT_0_SCALE;\n    return scale > 0.0f ? 0 : 1;\n}}\n"
    )
    objects = tmp_path / "objects"
    objects.mkdir()
    cpp = compiler(cc)
    c = compiler(cc.replace("clang++", "clang").replace("g++", "gcc"))
    sources = [path.resolve() for path in folder.sources]
    subprocess.run([c, "-O1", "-c", *map(str, sources)], cwd=objects, check=True)
    run([cpp, *CPP_FLAGS, f"-I{folder.path}", user, *objects.glob("*.o"), "-o", tmp_path / "user"])
    run([tmp_path / "user"])


@shipped_cases
def test_example_main_runs(case: Case, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "c", case.model, "generic")
    program = tmp_path / "example"
    run([sanitizing("cc"), *C_FLAGS, *SANITIZE, *folder.sources, folder.path / "main.c", "-o", program])
    lines = run([program]).decode().splitlines()
    assert len(lines) == sum(port.tensor.elements for port in folder.generated.outputs)
    assert all(re.fullmatch(r"output \d+\[\d+\] = -?\d\S*", line) for line in lines)


@every_case
@pytest.mark.parametrize("target", ["generic", "cortex-m4"])
def test_nothing_is_static_and_nothing_is_needed(case: Case, target: str, tmp_path: Path) -> None:
    """All RAM is the caller's <name>_t; libc gives memcpy and memset at most; no name can collide."""
    folder = write_model(tmp_path / "c", case.model, target)
    objects = tmp_path / "objects"
    objects.mkdir()
    # Position-dependent, as on a chip: otherwise a constant struct with a pointer would need relocating.
    flags = ("-O2", "-fno-pic", "-fno-pie", "-fno-stack-protector")
    subprocess.run(
        [compiler("gcc"), *flags, "-c", *(str(path.resolve()) for path in folder.sources)], cwd=objects, check=True
    )
    listing = run([compiler("nm"), *sorted(objects.glob("*.o"))]).decode()
    symbols = [tuple(line.split()[-2:]) for line in listing.splitlines() if len(line.split()) in (2, 3)]
    defined = {name for kind, name in symbols if kind not in "Uw"}
    undefined = {name for kind, name in symbols if kind in "Uw"}
    assert f"{folder.generated.name}_invoke" in defined
    assert not [name for kind, name in symbols if kind in "bBdDCcsSgG"]
    assert undefined - defined <= FROM_LIBC
    exported = {name for kind, name in symbols if kind in "TRDBC"}
    assert not [name for name in exported if not name.startswith(f"{folder.generated.name}_")]


def test_two_models_and_two_roundings_live_in_one_program(tmp_path: Path) -> None:
    mlp, cnn, sine = shipped("digits_mlp"), shipped("digits_cnn"), shipped("sine")
    built = [
        (mlp, write_model(tmp_path / "mlp", mlp.model, "generic"), Rounding.DOUBLE),
        (cnn, write_model(tmp_path / "cnn", cnn.model, "cortex-m4"), Rounding.DOUBLE),
        (sine, write_model(tmp_path / "one", sine.model, "generic", Rounding.DOUBLE, "sine_double"), Rounding.DOUBLE),
        (sine, write_model(tmp_path / "two", sine.model, "generic", Rounding.SINGLE, "sine_single"), Rounding.SINGLE),
    ]
    asked, expected = b"", []
    for case, _, rounding in built:
        vectors = case.vectors(10)
        asked += requests(vectors)
        expected.append(answers([evaluate(case.graph, inputs, rounding) for inputs in vectors.inputs]))
    folders = [folder for _, folder, _ in built]
    program = build_server(sanitizing("gcc"), folders, 10, tmp_path / "server", *SANITIZE)
    assert differences(b"".join(expected), run([program], asked)) == ""
    assert expected[2] != expected[3], "these inputs do not tell the roundings apart"


def test_config_of_another_rounding_is_refused_by_the_compiler(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "c", shipped("sine").model, "generic")
    config = folder.path / "tg_config.h"
    config.write_text(config.read_text().replace("TG_ROUNDING_SINGLE 0", "TG_ROUNDING_SINGLE 1"))
    done = subprocess.run(
        [compiler("cc"), "-c", folder.path / "sine.c", "-o", tmp_path / "sine.o"], capture_output=True, check=False
    )
    assert done.returncode != 0
    assert b"another rounding" in done.stderr
