"""What an inference costs, op by op: on emulated boards, with a board's own counter, and as a file."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from bare_firmware import link
from command_line import MODELS, SHARED
from emulate.host import wait_for_failure
from profiles import need_emulator, op, profile
from tinygen.boards import load_board
from tinygen.commands.profile import profile as command
from tinygen.commands.profile import profile_table, share_bar
from tinygen.emulate.device import Counters, Regions
from tinygen.emulate.nrf52840 import Nrf52840
from tinygen.errors import TinygenError, ToolError
from tinygen.harness import device
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.pipeline import Compiled, compile_model
from tinygen.profiling import Cost, Profile, check_profilable, measure, read_profile, trace_calls, write_profile
from tinygen.session import Session, build_cached, open_session
from tinygen.vectors import random_vectors

CNN, SINE = MODELS / "digits_cnn.tflite", MODELS / "sine.tflite"
BOARD = load_board("nrf52840")


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TINYGEN_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@dataclass(frozen=True)
class Measured:
    """A model that has been profiled in the emulator."""

    compiled: Compiled
    plain: Counters
    """Of the same inference, not watched."""
    watched: Counters
    regions: Regions
    profile: Profile
    progress: list[str]


@pytest.fixture(scope="module", params=[Optimize.SPEED, Optimize.RAM], ids=lambda choice: choice.value)
def measured(request: pytest.FixtureRequest, cache: None) -> Measured:
    need_emulator()
    target = TARGETS[BOARD.target].with_choices(request.param, Rounding.DOUBLE)
    compiled = compile_model(CNN, target, "model")
    inputs = random_vectors(compiled.original, 1).inputs[0]
    built = build_cached(compiled, BOARD, lambda line: None)
    progress: list[str] = []
    with open_session(built, compiled, "", True) as session:
        session.device.invoke([array.tobytes() for array in inputs])
        plain = session.counters
        found = measure(session, BOARD, compiled, inputs, progress.append)
        assert session.emulated
        regions, watched = session.emulated.regions(), session.counters
    assert plain and watched and regions
    return Measured(compiled, plain, watched, regions, found, progress)


def test_watching_does_not_change_what_is_executed(measured: Measured) -> None:
    assert measured.watched == measured.plain


def test_the_total_is_the_counters_without_harness_and_tracing(measured: Measured) -> None:
    """A call of tg_trace executes a dozen instructions when nobody wants its rows; the harness some thirty."""
    assert measured.profile.total.instructions and measured.profile.total.cycles
    calls = sum(trace_calls(measured.compiled.program))
    overhead = measured.plain.instructions - measured.profile.total.instructions
    assert 3 * calls < overhead < 15 * calls + 100
    assert overhead <= measured.plain.cycles - measured.profile.total.cycles < 4 * overhead


def test_the_ops_add_up_to_the_total(measured: Measured) -> None:
    found = measured.profile
    other = found.other
    assert sum((each.cost for each in found.ops), start=other) == found.total
    assert other == Cost(
        measured.regions.rest.counters.instructions,
        measured.regions.rest.counters.cycles,
        measured.regions.rest.flash_reads,
    )
    assert other.instructions is not None and 0 < other.instructions < 20


def test_every_op_is_there_with_its_work_and_its_steps(measured: Measured) -> None:
    program = measured.compiled.program
    found = measured.profile.ops
    assert [each.label for each in found] == [str(probe.op) for probe in program.probes]
    assert sum(each.macs for each in found) == measured.compiled.generated.macs == measured.profile.macs
    assert sum(each.steps for each in found) == len(program.order)
    for each in found:
        assert each.cost.instructions and each.cost.cycles and each.cost.flash_reads
        assert each.cost.cycles > each.cost.instructions > each.macs // 2
        assert each.cycles_per_mac is None or each.cycles_per_mac == each.cost.cycles / each.macs


def test_each_probe_is_traced_as_often_as_the_program_says(measured: Measured) -> None:
    calls = {probe: share.regions for probe, share in measured.regions.probes.items()}
    assert calls == dict(enumerate(trace_calls(measured.compiled.program)))


def test_weights_are_read_from_flash_at_least_once(measured: Measured) -> None:
    assert measured.profile.total.flash_reads is not None
    assert measured.profile.total.flash_reads > measured.compiled.generated.weights_bytes / 4


def test_progress_is_told_to_the_last_step(measured: Measured) -> None:
    calls = sum(trace_calls(measured.compiled.program))
    assert len(measured.progress) == min(calls, 100)
    assert measured.progress[-1] == f"{calls} of {calls} steps"


def test_an_emulator_that_goes_astray_while_it_is_watched_is_not_believed(measured: Measured) -> None:
    class Astray:
        """Computes other bytes when it is watched."""

        def __init__(self) -> None:
            self.replies = iter((device.Reply((b"right",), 5), device.Reply((b"wrong",), 5)))

        def reset(self) -> None:
            pass

        def invoke(self, inputs: list[bytes]) -> device.Reply:
            return next(self.replies)

        def watch(self, invoke: str, traced: object) -> None:
            pass

        def counters(self) -> Counters:
            return measured.plain

        def regions(self) -> Regions:
            return measured.regions

    fake = Astray()
    inputs = random_vectors(measured.compiled.original, 1).inputs[0]
    with pytest.raises(ToolError, match="while it was watched"):
        measure(Session(fake, fake), BOARD, measured.compiled, inputs, lambda line: None)  # type: ignore[arg-type]


# An independent counter.


def test_the_counts_are_those_of_another_counter(tmp_path: Path) -> None:
    """The same image in QEMU, counted by a plugin."""
    counter = SHARED / "tools" / "m4count" / "m4count.py"
    if not counter.is_file():
        pytest.skip("there is no ../shared/tools/m4count")
    if not shutil.which("qemu-system-arm") or not shutil.which("cc"):
        pytest.skip("the other counter needs qemu-system-arm and cc")
    need_emulator()
    target = TARGETS["cortex-m4"].with_choices(Optimize.RAM, Rounding.DOUBLE)
    compiled = compile_model(CNN, target, "model")
    elf = link(compiled.generated, tmp_path / "model")
    theirs = tmp_path / "counts.json"
    words: list[str | Path] = ["--func", "model_invoke", "--split", "^tg_trace$", "--mem", "--json", theirs]
    subprocess.run([sys.executable, counter, elf, *words], check=True, capture_output=True)
    (whole,) = json.loads(theirs.read_text())
    ours = regions_of(elf)
    stub = 1  # instruction of a tg_trace that does nothing
    calls = sum(trace_calls(compiled.program))
    shares = [*ours.probes.values(), ours.rest]
    assert len(whole["regions"]) == calls + 1
    assert sum(share.counters.instructions for share in shares) == whole["insns"] - stub * calls
    assert sum(share.flash_reads for share in shares) == whole["flash_rd"]
    assert sum(share.counters.cycles for share in shares) == pytest.approx(whole["cycles"], rel=0.02)
    first = whole["regions"][0]
    order = [compiled.program.routines[number].op for number in compiled.program.order]
    if order.count(order[0]) == 1:
        assert ours.probes[0].counters.instructions == first["insns"]
    assert ours.rest.counters.instructions == whole["regions"][-1]["insns"] - stub


def regions_of(elf: Path) -> Regions:
    """Of an image that ends in a breakpoint."""

    class Watched(Nrf52840):
        """Watches before the first instruction."""

        def _run(self) -> None:
            self.watch("model_invoke", lambda: None)
            super()._run()

    with Watched(elf) as board:
        assert "BKPT" in wait_for_failure(board), board.failure()
        regions = board.regions()
    assert regions is not None
    return regions


# A counter that the firmware reads.


class Counting:
    """A device whose cycles are known: 7 more per traced step than without tracing."""

    def __init__(self, cycles: int, probes: tuple[int, ...]) -> None:
        self._cycles, self._probes = cycles, probes
        self.asked: list[str] = []

    def reset(self) -> None:
        self.asked.append("reset")

    def invoke(self, inputs: list[bytes]) -> device.Reply:
        self.asked.append("invoke")
        return device.Reply((), self._cycles)

    def profile(self) -> device.Profile:
        self.asked.append("profile")
        return device.Profile(sum(self._probes) + 50, self._probes)


@pytest.mark.parametrize(("board", "kind"), [("nrf52840", "measured"), ("qemu-m4", "unknown")])
def test_what_tracing_costs_is_taken_off_each_step(board: str, kind: str) -> None:
    target = TARGETS["cortex-m4"].with_choices(Optimize.RAM, Rounding.DOUBLE)
    compiled = compile_model(CNN, target)
    calls = trace_calls(compiled.program)
    assert max(calls) > 1
    true = [1000 * (number + 1) for number in range(len(calls))]
    fake = Counting(sum(true), tuple(t + 7 * c for t, c in zip(true, calls, strict=True)))
    inputs = random_vectors(compiled.original, 1).inputs[0]
    found = measure(Session(fake, None), load_board(board), compiled, inputs, lambda line: None)  # type: ignore[arg-type]
    assert fake.asked == ["reset", "invoke", "profile"]
    assert [each.cost.time for each in found.ops] == true
    assert found.total.time == sum(true)
    assert found.other.time == 0
    assert found.cycles_are == kind
    assert (found.total.cycles is None, found.total.instructions is None) == (kind == "unknown", kind == "measured")
    assert (found.milliseconds(found.total) is None) == (kind == "unknown")


@pytest.mark.parametrize("measured", [Optimize.SPEED], indirect=True)
def test_qemu_counts_the_same_instructions_as_the_emulator(measured: Measured) -> None:
    if not shutil.which("qemu-system-arm"):
        pytest.skip("there is no qemu-system-arm on PATH")
    done = run(CNN, "--board", "qemu-m4", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    for ours, theirs in zip(found["ops"], measured.profile.ops, strict=True):
        assert ours["instructions"] == pytest.approx(theirs.cost.instructions, rel=0.001, abs=20 * ours["steps"])
        assert (ours["cycles"], ours["flash_reads"], ours["milliseconds"]) == (None, None, None)
    assert found["total"]["instructions"] == pytest.approx(measured.plain.instructions, rel=0.001)


# The file.

WHOLE = profile(op(0, 10_000), op(1, 20_000, "ADD"))


def test_the_json_has_its_form() -> None:
    found = WHOLE.as_json()
    assert json.loads(json.dumps(found)) == found
    assert set(found) == {
        "schema", "tinygen", "model", "crc32", "board", "target", "clock_hz", "optimize", "rounding", "ram_limit",
        "push", "cycles_are",
        "total", "other", "ops",
    }  # fmt: skip
    costs = {"macs", "instructions", "cycles", "flash_reads", "cycles_per_mac", "milliseconds"}
    assert set(found["total"]) == costs
    assert set(found["other"]) == {"instructions", "cycles", "flash_reads"}
    assert set(found["ops"][0]) == costs | {"label", "index", "kind", "output", "steps"}
    assert found["schema"] == 1
    assert found["ops"][0]["cycles_per_mac"] == 100
    assert found["total"]["milliseconds"] == pytest.approx(1000 * 30_010 / 64e6, abs=1e-4)


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    unknown = replace(WHOLE, total=Cost(5), ops=(), cycles_are="unknown")
    for each in (WHOLE, unknown):
        write_profile(tmp_path / "new" / "profile.json", each)
        assert read_profile(tmp_path / "new" / "profile.json") == each


def damaged() -> Iterator[tuple[str, Any]]:
    good = dict(WHOLE.as_json())
    yield "no profile that tinygen wrote", []
    yield "it has no 'schema'", {}
    yield "schema is 2", good | {"schema": 2}
    yield "it has no 'board'", {name: value for name, value in good.items() if name != "board"}
    yield "not of type int", good | {"clock_hz": "fast"}
    yield "not of type int", good | {"clock_hz": True}
    yield "clock_hz is not positive", good | {"clock_hz": 0}
    yield "not of type str", good | {"model": 5}
    yield "not of type bool", good | {"push": 0}
    yield "it has no 'cycles'", good | {"total": {"instructions": 1}}
    yield "not of type int", good | {"total": {"instructions": 1, "cycles": 1.5, "flash_reads": None}}
    yield "", good | {"ops": [5]}
    yield "", good | {"ops": 5}


@pytest.mark.parametrize(("words", "value"), tuple(damaged()))
def test_what_is_no_profile_is_told_in_words(words: str, value: Any, tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(value))
    with pytest.raises(TinygenError, match="is not a profile that tinygen wrote") as error:
        read_profile(path)
    assert words.removeprefix("no profile that tinygen wrote") in error.value.message


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_told_in_words(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "profile.json").write_bytes(data)
    with pytest.raises(TinygenError, match="is not a profile"):
        read_profile(tmp_path / "profile.json")


def test_places_that_can_not_be_read_or_written_are_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(TinygenError, match="can't be read"):
        read_profile(tmp_path / "nothing.json")
    with pytest.raises(TinygenError, match="can't be written"):
        write_profile(tmp_path, WHOLE)


# The command.


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, list(map(str, arguments)))


def test_boards_that_can_not_be_profiled_are_refused_in_words() -> None:
    error = run(SINE, "--board", "host").exception
    assert isinstance(error, ToolError)
    assert "host can't be profiled" in error.message
    assert "nrf52840" in error.hint and "qemu-m4" in error.hint
    with pytest.raises(ToolError, match="can't be emulated"):
        check_profilable(replace(BOARD, emulator=""), True)
    check_profilable(replace(BOARD, emulator=""), False)
    check_profilable(BOARD, True)
    check_profilable(load_board("qemu-m0"), False)


def test_the_table_has_a_bar_per_op_and_the_file_has_the_same_numbers(tmp_path: Path) -> None:
    need_emulator()
    inputs = tmp_path / "in.npy"
    np.save(inputs, np.load(SINE.with_name("sine_vectors.npz"))["v0_in0"])
    kept = tmp_path / "profile.json"
    done = run(SINE, "--board", "nrf52840", "--emulate", "--inputs", inputs, "-o", kept)
    assert done.exit_code == 0, done.output
    found = read_profile(kept)
    lines = done.output.splitlines()
    for each in found.ops:
        assert [line for line in lines if each.kind in line and f"{each.cost.cycles:,}" in line and "%" in line]
    assert [line for line in lines if "total" in line and f"{found.total.instructions:,}" in line]
    assert "~cycles" in done.output
    assert "Cycles are estimated" in done.output
    assert "64 MHz" in done.output


def columns(whole: Profile, width: int) -> list[str]:
    """Of the table that fits into so many characters."""
    console = Console(width=width, file=io.StringIO())
    table = profile_table(whole, BOARD, console)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    printed = console.file.getvalue()
    assert all(f"{each.cost.time:,}" in printed for each in whole.ops), "no number is cut off"
    return [str(column.header) for column in table.columns]


ALL = ["#", "op", "output", "steps", "instructions", "~cycles", "MACs", "cycles/MAC", "flash reads", "ms", "share"]


def test_columns_that_the_board_can_not_fill_are_left_out() -> None:
    ops = tuple(replace(each, cost=Cost(None, each.cost.cycles)) for each in WHOLE.ops)
    measured = replace(WHOLE, total=Cost(None, 30_010), ops=ops, cycles_are="measured")
    assert columns(WHOLE, 160) == ALL
    assert columns(measured, 160) == ["#", "op", "output", "steps", "cycles", "MACs", "cycles/MAC", "ms", "share"]


def test_columns_that_a_terminal_has_no_room_for_are_left_out() -> None:
    assert columns(WHOLE, 120) == [name for name in ALL if name != "output"]
    assert columns(WHOLE, 110) == [name for name in ALL if name not in ("output", "steps", "MACs")]
    assert columns(WHOLE, 80) == ["#", "op", "~cycles", "cycles/MAC", "ms", "share"]
    ops = tuple(replace(each, cost=Cost(each.cost.instructions)) for each in WHOLE.ops)
    counted = replace(WHOLE, total=Cost(30_010), ops=ops, cycles_are="unknown")
    assert columns(counted, 50) == ["#", "op", "instructions", "share"]


@pytest.mark.parametrize(
    ("part", "whole", "bar"),
    [(0, 100, " " * 16 + "  0.0 %"), (50, 100, "#" * 8 + " " * 8 + " 50.0 %"), (100, 100, "#" * 16 + " 100.0 %")],
)
def test_a_bar_is_as_long_as_its_share(part: int, whole: int, bar: str) -> None:
    assert share_bar(part, whole, "#") == bar
