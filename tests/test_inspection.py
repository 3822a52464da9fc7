"""What `tinygen inspect` says about models: good ones, unsupported ones, and odd ones."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec, activation, conv_model, one_operator

from command_line import MODELS, SHARED
from tinygen.boards import all_boards
from tinygen.errors import InvalidModelError
from tinygen.inspection import Inspection, inspect_model
from tinygen.ir.target import TARGETS
from tinygen.pipeline import compile_model
from tinygen.tables import SHOWN_OPS, inspection_lines, inspection_table, shape_text


def inspected(spec: ModelSpec, folder: Path) -> Inspection:
    path = folder / "made.tflite"
    path.write_bytes(spec.bytes())
    return inspect_model(path, all_boards())


@pytest.mark.parametrize("path", sorted(MODELS.glob("*.tflite")), ids=lambda path: path.stem)
def test_numbers_are_the_compilers(path: Path) -> None:
    inspection = inspect_model(path, all_boards())
    compiled = compile_model(path, TARGETS["cortex-m4"])
    assert inspection.supported
    assert inspection.refusal == ""
    assert inspection.estimate
    assert inspection.estimate.ram_bytes == compiled.generated.arena_bytes
    assert inspection.estimate.weights_bytes == compiled.generated.weights_bytes
    assert inspection.macs == compiled.original.macs
    assert inspection.file_bytes == path.stat().st_size
    assert [op.kind for op in inspection.ops] == [op.KIND for op in compiled.original.ops]
    assert [info.name for info in inspection.inputs] == [t.name for t in compiled.original.inputs]
    fits = {board.name: fit for board, fit in inspection.boards}
    assert fits["nrf52840"]
    assert set(fits) == {board.name for board in all_boards()}


def test_weights_and_macs_of_a_convolution(tmp_path: Path) -> None:
    """4x4x2 in, 3x3 kernel, 3 channels out, padding SAME."""
    op = inspected(conv_model(), tmp_path).ops[0]
    assert (op.index, op.kind, op.reason) == (0, "CONV_2D", "")
    assert op.input_shapes == ((1, 4, 4, 2),)
    assert op.output_shape == (1, 4, 4, 3)
    assert op.macs == 4 * 4 * 3 * 3 * 2 * 3
    assert op.weight_bytes >= 54
    assert op.quantization.startswith("int8 ")


def test_an_unsupported_op_is_told_apart_from_the_others(tmp_path: Path) -> None:
    spec = conv_model()
    spec.main.tensors.append(activation("end", 1, 4, 4, 3))
    spec.main.operators.append(OperatorSpec("UNIQUE", [3], [4]))
    spec.main.outputs = [4]
    inspection = inspected(spec, tmp_path)
    assert not inspection.supported
    assert inspection.estimate is None
    assert [bool(op.reason) for op in inspection.ops] == [False, True]
    assert "op 1, UNIQUE" in inspection.refusal
    assert not any(fits for _, fits in inspection.boards)
    (line,) = inspection_lines(inspection)
    assert "UNIQUE" in line
    as_json = json.loads(json.dumps(inspection.as_json()))
    assert as_json["ram_bytes"] is None
    assert [op["supported"] for op in as_json["ops"]] == [True, False]


def test_an_op_without_outputs_has_none(tmp_path: Path) -> None:
    handle = TensorSpec("state", (), "RESOURCE")
    spec = ModelSpec(
        [
            SubgraphSpec(
                [activation("x", 1, 2), handle, activation("y", 1, 2)],
                [
                    OperatorSpec("VAR_HANDLE", [], [1], ("VarHandleOptions", {})),
                    OperatorSpec("ASSIGN_VARIABLE", [1, 0], []),
                    OperatorSpec("RELU", [0], [2]),
                ],
                [0],
                [2],
            )
        ]
    )
    inspection = inspected(spec, tmp_path)
    assign = inspection.ops[1]
    assert (assign.kind, assign.output, assign.output_shape, assign.quantization) == ("ASSIGN_VARIABLE", "", (), "")


@pytest.mark.parametrize("dtype", ["STRING", "FLOAT64", "COMPLEX64"])
def test_inputs_of_foreign_types_are_told(dtype: str, tmp_path: Path) -> None:
    spec = one_operator("RELU", [TensorSpec("x", (1, 2), dtype)], [TensorSpec("y", (1, 2), dtype)])
    inspection = inspected(spec, tmp_path)
    assert not inspection.supported
    assert inspection.ops[0].reason


def test_brackets_in_names_are_only_text(tmp_path: Path) -> None:
    """rich would read [red] as a colour."""
    spec = one_operator("CUSTOM", [activation("x", 1, 2)], [activation("y", 1, 2)], custom="[red]Op[/nothing]")
    inspection = inspected(spec, tmp_path)
    assert inspection.ops[0].kind == "[red]Op[/nothing]"
    table = inspection_table(inspection)
    assert "\\[red]" in str(next(iter(table.columns[1].cells)))
    assert "\\[red]" in inspection_lines(inspection)[0]


def test_a_table_that_nobody_would_read_is_cut_in_words(tmp_path: Path) -> None:
    small = inspected(one_operator("RELU", [activation("x", 1, 2)], [activation("y", 1, 2)]), tmp_path)
    for count in (SHOWN_OPS, SHOWN_OPS + 7):
        table = inspection_table(replace(small, ops=small.ops * count))
        assert table.row_count == SHOWN_OPS
        assert table.columns[1].footer == f"{count} ops"
    assert "7 more ops are not shown" in str(table.caption)


def test_shapes_as_text() -> None:
    assert shape_text((1, 8, 8)) == "1x8x8"
    assert shape_text(()) == "scalar"


def test_broken_files_are_still_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tflite").write_bytes(b"TFL3" * 10)
    with pytest.raises(InvalidModelError):
        inspect_model(tmp_path / "x.tflite", all_boards())


def test_every_model_of_others_can_be_inspected() -> None:
    folder = SHARED / "models"
    if not folder.is_dir():
        pytest.skip("there is no folder ../shared/models")
    count = 0
    for path in sorted(folder.glob("*.tflite")):
        if path.stat().st_size > 200_000:
            continue
        try:
            inspection = inspect_model(path, all_boards())
        except InvalidModelError:
            continue
        assert inspection.supported == (inspection.estimate is not None), path.name
        assert len(json.loads(json.dumps(inspection.as_json()))["ops"]) == len(inspection.ops) > 0, path.name
        count += 1
    assert count > 0
