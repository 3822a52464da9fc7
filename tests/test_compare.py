"""Two profiles side by side: verdicts, thresholds, what can't be compared, and the command's exit status."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from command_line import tinygen
from profiles import op, profile
from tinygen.commands.compare import REGRESSION_EXIT
from tinygen.commands.compare import compare as command
from tinygen.comparison import compare
from tinygen.errors import TinygenError
from tinygen.profiling import Cost, Profile, write_profile

BEFORE = profile(op(0, 10_000), op(1, 20_000), op(2, 70_000))


def verdicts(new: Profile, threshold: float = 2.0) -> list[str]:
    """Of every op, then of the total."""
    comparison = compare(BEFORE, new, threshold)
    return [change.verdict for change in (*comparison.ops, comparison.total)]


def test_a_profile_equals_itself() -> None:
    comparison = compare(BEFORE, BEFORE, 0)
    assert verdicts(BEFORE, 0) == ["same"] * 4
    assert comparison.regressions == ()
    assert comparison.notes == ()
    assert (comparison.unit, comparison.total.percent) == ("cycles", 0)


@pytest.mark.parametrize(
    ("cycles", "verdict"), [(20_400, "same"), (20_401, "slower"), (19_600, "same"), (19_599, "faster")]
)
def test_the_threshold_itself_is_the_same(cycles: int, verdict: str) -> None:
    assert verdicts(profile(op(0, 10_000), op(1, cycles), op(2, 70_000)))[1] == verdict


def test_an_op_can_regress_while_the_total_improves() -> None:
    comparison = compare(BEFORE, profile(op(0, 11_000), op(1, 10_000), op(2, 70_000)), 2.0)
    assert [change.verdict for change in comparison.ops] == ["slower", "faster", "same"]
    assert comparison.total.verdict == "faster"
    assert [change.label for change in comparison.regressions] == ["op 0, CONV_2D 'layer_0'"]


def test_a_few_cycles_in_a_tiny_op_are_no_regression() -> None:
    old = profile(op(0, 50), op(1, 100_000))
    small, large = (compare(old, profile(op(0, cycles), op(1, 100_000)), 2.0) for cycles in (150, 151))
    assert [small.ops[0].verdict, large.ops[0].verdict] == ["same", "slower"]  # a thousandth of 100,060 is 100.06


def test_many_small_increases_make_a_total_that_regresses() -> None:
    old = profile(*(op(index, 100) for index in range(2000)), between=0)
    new = profile(*(op(index, 103) for index in range(2000)), between=0)
    assert [change.label for change in compare(old, new, 2.0).regressions] == ["total"]


def test_ops_are_matched_by_label_and_the_rest_is_added_or_removed() -> None:
    new = profile(op(2, 70_000), op(1, 20_000, "ADD"), op(0, 10_000))
    comparison = compare(BEFORE, new, 2.0)
    assert [(change.label[:8], change.verdict) for change in comparison.ops] == [
        ("op 2, CO", "same"), ("op 1, AD", "added"), ("op 0, CO", "same"), ("op 1, CO", "removed"),
    ]  # fmt: skip
    assert [change.percent for change in comparison.ops] == [0, None, 0, -100]
    assert comparison.regressions == ()


def test_ops_of_one_label_are_matched_in_their_order() -> None:
    twice = profile(op(0, 10_000), op(0, 30_000))
    comparison = compare(twice, profile(op(0, 10_000), op(0, 33_000)), 2.0)
    assert [change.verdict for change in comparison.ops] == ["same", "slower"]
    assert comparison.ops[1].label.endswith("(2)")


def without_cycles(whole: Profile) -> Profile:
    ops = tuple(replace(each, cost=Cost(each.cost.instructions)) for each in whole.ops)
    return replace(whole, ops=ops, total=Cost(whole.total.instructions), cycles_are="unknown")


def test_instructions_are_compared_where_there_are_no_cycles() -> None:
    comparison = compare(without_cycles(BEFORE), without_cycles(BEFORE), 2.0)
    assert (comparison.unit, comparison.total.old) == ("instructions", BEFORE.total.instructions)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": "vww"}, "of the model kws .*, the new one of vww"),
        ({"crc32": "ffffffff"}, "CRC-32 0123abcd.*ffffffff"),
        ({"board": "nano33ble"}, "of the board nrf52840, the new one of nano33ble"),
        ({"cycles_are": "measured"}, "estimated, those of the new one measured"),
    ],
)
def test_what_is_not_alike_is_refused_in_words(change: dict[str, Any], words: str) -> None:
    with pytest.raises(TinygenError, match=words):
        compare(BEFORE, replace(BEFORE, **change), 2.0)


def test_other_choices_are_compared_and_told() -> None:
    assert compare(BEFORE, replace(BEFORE, optimize="ram"), 2.0).notes == ("optimize: speed -> ram",)


# The command.


def run(folder: Path, old: Profile, new: Profile, *options: str) -> Result:
    paths = folder / "old.json", folder / "new.json"
    for path, each in zip(paths, (old, new), strict=True):
        write_profile(path, each)
    return CliRunner().invoke(command, [*map(str, paths), *options])


SLOWER = profile(op(0, 10_000), op(1, 21_000), op(2, 70_000))


@pytest.mark.parametrize(
    ("new", "options", "status"),
    [
        (BEFORE, (), 0),
        (SLOWER, (), REGRESSION_EXIT),
        (SLOWER, ("--threshold", "5"), 0),
        (SLOWER, ("--threshold", "4.9"), REGRESSION_EXIT),
        (SLOWER, ("--threshold", "-1"), 2),
    ],
)
def test_the_exit_status_says_whether_something_is_slower(
    new: Profile, options: tuple[str, ...], status: int, tmp_path: Path
) -> None:
    assert run(tmp_path, BEFORE, new, *options).exit_code == status


def test_a_shell_sees_the_exit_status(tmp_path: Path) -> None:
    for name, each in (("old", BEFORE), ("new", SLOWER)):
        write_profile(tmp_path / f"{name}.json", each)
    assert tinygen("compare", tmp_path / "old.json", tmp_path / "new.json").code == REGRESSION_EXIT
    assert tinygen("compare", tmp_path / "new.json", tmp_path / "old.json").code == 0
    missing = tinygen("compare", tmp_path / "old.json", tmp_path / "gone.json")
    assert (missing.code, missing.out) == (1, "")
    assert "hint: Write one: `tinygen profile" in missing.err


def test_words_mark_what_is_slower(tmp_path: Path) -> None:
    lines = run(tmp_path, BEFORE, SLOWER).output.splitlines()
    assert [line for line in lines if "slower" in line and "layer_1" in line and "+5.0 %" in line]
    assert not [line for line in lines if "slower" in line and "layer_0" in line]
    assert lines[-1] == "SLOWER by more than 2 %: 1 of the ops."
    assert "20,000" in run(tmp_path, BEFORE, SLOWER).output


def test_json_holds_what_the_table_shows(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, BEFORE, SLOWER, "--json").output)
    assert set(found) == {"model", "board", "unit", "threshold_percent", "notes", "ops", "total", "regressions"}
    assert found["regressions"] == ["op 1, CONV_2D 'layer_1'"]
    assert found["ops"][1] == {
        "label": "op 1, CONV_2D 'layer_1'",
        "old": 20_000,
        "new": 21_000,
        "old_flash_reads": 7,
        "new_flash_reads": 7,
        "verdict": "slower",
        "percent": 5.0,
        "regression": True,
    }
