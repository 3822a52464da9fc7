"""scripts/bench.py: what it says of today's numbers against the record, and the record itself."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from rich.console import Console

from command_line import MODELS, script
from profiles import need_emulator
from tinygen.ir.target import Optimize

bench = script("bench")
ROW = bench.Row(
    cycles=2000, instructions=1000, flash_reads=500, ram_bytes=64, code_bytes=800, weights_bytes=400, bit_exact=True
)


def drawn(**rows: object) -> str:
    """The table for rows "sine m4 NAME", against a record of ROW each."""
    results = {f"sine m4 {name}": row for name, row in rows.items()}
    console = Console(width=200)
    with console.capture() as capture:
        console.print(bench.table(results, dict.fromkeys(results, ROW)))
    return capture.get()


def test_what_changed_is_marked() -> None:
    assert "changed" not in drawn(speed=ROW)
    text = drawn(speed=replace(ROW, cycles=1900, code_bytes=808))
    assert "1,900 (-5.0 %)" in text
    assert "808 (+1.0 %)" in text
    assert "1,000 (" not in text
    assert "changed" in text
    assert "NO" in drawn(speed=replace(ROW, bit_exact=False))
    assert "does not fit" in drawn(speed="it does not fit")


def test_the_summary_is_a_geometric_mean() -> None:
    record = {"a m4 speed": ROW, "b m4 speed": ROW}
    rows = [replace(ROW, cycles=4000), replace(ROW, cycles=1000)]
    (line,) = bench.summary(dict(zip(record, rows, strict=True)), record)
    assert line == "cycles: +0.00 % on average; 1 rows better, 1 worse, of 2"
    assert list(bench.summary(record, record)) == ["All 2 rows that are in the record are as recorded."]
    assert list(bench.summary(record, {})) == []


def test_wrong_bytes_and_lost_rows_fail() -> None:
    record = {"a m4 speed": ROW}
    assert bench.bad(record, record) == []
    assert bench.bad({"b m4 speed": "not supported"}, record) == []
    assert bench.bad({"a m4 speed": "not supported"}, record) == ["a m4 speed"]
    assert bench.bad({"b m4 speed": replace(ROW, bit_exact=False)}, record) == ["b m4 speed"]
    assert bench.bad({"b m4 speed": replace(ROW, bit_exact=None)}, record) == []


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new" / "record.json"
    rows = {"b m3 ram": replace(ROW, cycles=None, flash_reads=None), "a m4 speed": ROW}
    bench.write_record("gcc 12", rows, path)
    assert bench.read_record(path) == ("gcc 12", rows)
    assert list(bench.read_record(path)[1]) == sorted(rows)
    assert bench.read_record(tmp_path / "nothing.json") == ("", {})


def test_the_record_of_the_project_has_the_shipped_models() -> None:
    if not bench.RECORD.is_file():
        pytest.skip("there is no benchmarks/record.json yet: `scripts/bench.py --update` writes it")
    _, rows = bench.read_record(bench.RECORD)
    wanted = {f"{path.stem} m4 {level.value}" for path in MODELS.glob("*.tflite") for level in Optimize}
    assert wanted <= set(rows)
    assert all(row.bit_exact is not False for row in rows.values())


def test_a_model_is_measured_as_its_user_compiles_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_emulator()
    monkeypatch.setenv("TINYGEN_CACHE", str(tmp_path))
    (case,) = bench.cases([MODELS / "sine.tflite"], ["m4"], ["speed"], "sine")
    row = bench.measured(case)
    assert row.bit_exact is True
    assert {field.name for field in fields(row) if not getattr(row, field.name)} == set()
    assert row.flash_reads < row.instructions < row.cycles
    assert "nothing" in bench.measured(replace(case, model=tmp_path / "nothing.tflite"))


def test_only_what_is_wanted_is_measured() -> None:
    models = [MODELS / "sine.tflite", MODELS / "digits_cnn.tflite"]
    assert len(bench.cases(models, ["m4", "m3"], ["speed", "ram"], "")) == 8
    assert [case.key for case in bench.cases(models, ["m4", "m3"], ["speed", "ram"], "cnn m3")] == [
        "digits_cnn m3 speed", "digits_cnn m3 ram",
    ]  # fmt: skip
