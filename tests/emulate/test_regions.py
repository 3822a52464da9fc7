"""What the emulated nRF52840 counts apart for each probe of a model."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from emulate.host import wait_for_failure
from tinygen.boards import load_board
from tinygen.emulate import emulate
from tinygen.emulate.device import Counters, Regions, Share
from tinygen.emulate.nrf52840 import Nrf52840
from tinygen.errors import ToolError

pytest.importorskip("unicorn", reason='needs pip install "tinygen[emulate]"')
pytest.importorskip("capstone", reason='needs pip install "tinygen[emulate]"')

Build = Callable[..., Path]
REFILL = 2  # cycles of a taken branch
PROBE_0 = (2 + 1 + 1 + 0 + 2 + 1 + 1) + (1 + 1)  # LDR, MOVS, CMP, IT, LDR, CMP, B; MOVS, BL
PROBE_1 = (3 + 2 + 2 + 3 + 1 + 1) + (1 + 1) + 5 * 2 + 1  # PUSH of two, LDR, LDRB that waits for it, LDRD, ...


def run(elf: Path, invoke: str = "", traced: Callable[[], None] = lambda: None) -> tuple[Counters, Regions | None]:
    """What is counted up to the breakpoint; watched if `invoke` is a function."""

    class Prepared(Nrf52840):
        """Watches before the first instruction."""

        def _run(self) -> None:
            if invoke:
                self.watch(invoke, traced)
            super()._run()

    with Prepared(elf) as board:
        assert "BKPT" in wait_for_failure(board), board.failure()
        counters = board.counters()
        assert counters is not None
        return counters, board.regions()


def test_each_probe_has_its_instructions_and_its_words_of_flash(build: Build) -> None:
    calls = []
    counters, regions = run(build("ALL", source="regions.S"), "model_invoke", lambda: calls.append(1))
    assert regions is not None
    assert {probe: share.counters.instructions for probe, share in regions.probes.items()} == {0: 9, 1: 6 + 13}
    assert {probe: share.flash_reads for probe, share in regions.probes.items()} == {0: 1, 1: 4}
    assert {probe: share.regions for probe, share in regions.probes.items()} == {0: 1, 1: 2}
    assert (regions.rest.counters.instructions, regions.rest.flash_reads) == (2, 1)
    assert counters.instructions == 1 + (6 + 9 + 13 + 2) + 3 * 6 + 2
    assert len(calls) == 3


def test_cycles_are_those_of_the_regions_code(build: Build) -> None:
    _, regions = run(build("ALL", source="regions.S"), "model_invoke")
    assert regions is not None
    branched, returned, loop, called = REFILL, REFILL, 4 * REFILL, REFILL
    assert regions.probes[0].counters.cycles == PROBE_0 + branched + returned
    assert regions.probes[1].counters.cycles == PROBE_1 + called + returned + loop


def test_watching_changes_nothing_in_the_window(build: Build) -> None:
    elf = build("ALL", source="regions.S")
    plain, nothing = run(elf)
    watched, _ = run(elf, "model_invoke")
    assert nothing is None
    assert watched == plain


def test_a_model_without_traces_is_all_rest(build: Build) -> None:
    _, regions = run(build("ALL", source="regions.S"), "inner")
    assert regions == Regions({}, Share(Counters(3 * 2, 3 * (2 + REFILL)), 0, 3))


def test_a_function_that_is_not_there_is_told(build: Build) -> None:
    with (
        Nrf52840(build("ALL", source="regions.S")) as board,
        pytest.raises(ToolError, match="no function kws_invoke"),
    ):
        board.watch("kws_invoke", lambda: None)


def test_qemu_has_no_regions(build: Build) -> None:
    if not shutil.which("qemu-system-arm"):
        pytest.skip("there is no qemu-system-arm on PATH")
    with emulate(load_board("qemu-m4"), build("ALL", source="regions.S")) as board:
        assert board.regions() is None
        with pytest.raises(ToolError, match="does not count"):
            board.watch("model_invoke", lambda: None)
