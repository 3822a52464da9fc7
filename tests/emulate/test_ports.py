"""The harness firmware on its real ports, emulated: the link, the model's bytes and the port's cycle counter."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import toy
from tinygen.boards import Board, load_board, port_folder
from tinygen.emulate import emulate
from tinygen.harness.device import Device
from tinygen.harness.exchange import Patience
from tinygen.harness.transport import open_serial
from tinygen.ir.target import TARGETS
from tinygen.resources import resource_dir

TOY = Path(__file__).parents[1] / "harness" / "toy_model.c"
PATIENT = Patience(answer_seconds=0.5, attempts=20, invoke_seconds=10, recoveries=3)


def build_toy(board: Board, folder: Path) -> Path:
    """The harness with the toy model and the board's port, as the project would build it."""
    gcc = shutil.which("arm-none-eabi-gcc")
    if not gcc:
        pytest.skip("arm-none-eabi-gcc is not on PATH")
    firmware = resource_dir("firmware")
    cortex_m = firmware / "ports" / "cortex_m"
    script = folder / "firmware.ld"
    memory = (
        f"MEMORY {{ FLASH (rx) : ORIGIN = {board.flash_origin}, LENGTH = {board.flash_bytes}\n"
        f"RAM (rwx) : ORIGIN = {board.ram_origin}, LENGTH = {board.ram_bytes} }}\n"
        f"tg_stack_bytes = {board.stack_bytes};\n"
    )
    script.write_text(memory + (cortex_m / "firmware.ld").read_text())
    sources = [path for place in (firmware / "harness", cortex_m, port_folder(board)) for path in place.glob("*.c")]
    defines = {**board.defines, "TG_CLOCK_HZ": f"{board.clock_hz}u", "TG_SERIAL_BAUD": str(board.serial_baud)}
    command = [gcc, *TARGETS[board.target].cflags, "-O2", "-std=c99", "-nostartfiles", "--specs=nano.specs"]
    command += ["--specs=nosys.specs", "-DTG_LINK_PAYLOAD=128", f"-I{firmware / 'harness'}", f"-I{cortex_m}"]
    command += [f"-D{name}={value}" for name, value in defines.items()] + [f"-Wl,-T,{script}", "-Wl,--gc-sections"]
    elf = folder / "firmware.elf"
    done = subprocess.run(
        [*command, *map(str, sources), str(TOY), "-o", str(elf)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return elf


@pytest.fixture(scope="module")
def toy_elf(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Board], Path]:
    return lambda board: build_toy(board, tmp_path_factory.mktemp(board.name))


@pytest.mark.parametrize("name", ["nrf52840", "feather-nrf52840", "qemu-m4"])
def test_the_harness_runs_on_the_emulated_board(toy_elf: Callable[[Board], Path], name: str) -> None:
    board = load_board(name)
    if board.runner == "qemu" and not shutil.which("qemu-system-arm"):
        pytest.skip("qemu-system-arm is not on PATH")
    if board.emulator:
        pytest.importorskip("unicorn", reason='needs pip install "tinygen[emulate]"')
        pytest.importorskip("capstone", reason='needs pip install "tinygen[emulate]"')
    model = toy.Toy()
    with emulate(board, toy_elf(board)) as emulated:
        with contextlib.closing(Device(open_serial(emulated.url, board.serial_baud), PATIENT)) as device:
            device.greet(toy.WANTED)
            cycles = []
            for given in toy.vectors(seed=1, count=3):
                outputs, _ = model.invoke(given)
                reply = device.invoke(given)
                assert reply.outputs == outputs, emulated.failure()
                cycles.append(reply.cycles)
                if counters := emulated.counters():
                    assert reply.cycles == counters.cycles
            profile = device.profile()
            assert 0 < sum(profile.probes) <= profile.cycles
        assert max(cycles) < 1.2 * min(cycles)  # a toy of hundreds of instructions; the data changes a branch or two
        assert emulated.failure() == ""
        assert (emulated.counters() is not None) == bool(board.emulator)
