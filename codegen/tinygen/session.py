"""Builds a compiled model's test firmware for a board, starts or finds the board, and talks to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock

from tinygen.boards import Board
from tinygen.emulate import Counters, EmulatedBoard, emulate
from tinygen.errors import LinkError, ToolError
from tinygen.harness.device import Device, Wanted
from tinygen.harness.transport import ProcessTransport, Transport, open_serial, serial_ports
from tinygen.harness.verify import Layer, Verification, verify
from tinygen.ir.dtype import Array
from tinygen.pipeline import Compiled
from tinygen.project import Build, build_folder, build_project, write_project
from tinygen.reference import Memory, evaluate, evaluate_all
from tinygen.vectors import Vectors

Progress = Callable[[str], None]
SHARED_NAME = "model"
"""The C name of every model that is built only to be run here, so that compiled kernels are shared."""


@dataclass(frozen=True)
class Session:
    """A board that runs a model's firmware."""

    device: Device
    emulated: EmulatedBoard | None
    """None for real hardware and for the host."""

    @property
    def counters(self) -> Counters | None:
        """What the last inference executed, where the emulator counts."""
        return self.emulated.counters() if self.emulated else None


@dataclass(frozen=True)
class Tested:
    """What came of comparing a board with the references."""

    verification: Verification
    """Against the Python reference."""
    stored_mismatches: tuple[str, ...]
    """Where the reference differs from the outputs stored with the vectors, in words."""
    counters: Counters | None
    arena_bytes: int
    stack_bytes: int = 0
    """The most that the firmware has used since it started; 0 where it does not know."""

    @property
    def passed(self) -> bool:
        return self.verification.passed and not self.stored_mismatches


def build_cached(compiled: Compiled, board: Board, progress: Progress) -> Build:
    """Builds in the cache, where the next call with the same model and choices finds it.

    Raises DoesNotFitError or ToolError.
    """
    folder = build_folder(compiled.generated, board)
    lock = FileLock(folder.with_name(folder.name + ".lock"))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        raise ToolError(
            f"The folder {folder.parent}, where firmware is built, can't be written: {error.strerror or error}.",
            "Set TINYGEN_CACHE to a folder that can.",
        ) from error
    try:
        return build_project(write_project(compiled.generated, board, folder), progress)
    finally:
        lock.release()


@contextmanager
def open_session(build: Build, compiled: Compiled, port: str, emulated: bool) -> Iterator[Session]:
    """A greeted device; raises LinkError or ToolError when there is none, or it runs something else."""
    board = build.board
    if board.runner == "qemu" or emulated:
        with emulate(board, build.artifacts["elf"]) as running:
            yield from _greet(lambda: open_serial(running.url, board.serial_baud or 115200), compiled, running)
    elif board.runner == "process":
        yield from _greet(lambda: ProcessTransport([str(build.artifacts["elf"])]), compiled, None)
    else:
        name = port or find_port(board)
        try:
            yield from _greet(lambda: open_serial(name, board.serial_baud), compiled, None)
        except LinkError as error:
            raise error if name in error.message else LinkError(f"{name}: {error.message}", error.hint) from error


def _greet(connect: Callable[[], Transport], compiled: Compiled, running: EmulatedBoard | None) -> Iterator[Session]:
    device = Device(connect())
    try:
        generated = compiled.generated
        device.greet(Wanted(compiled.original.name, generated.crc32, generated.target.rounding))
        yield Session(device, running)
    except LinkError as error:
        reason = running.failure() if running else ""
        if reason:
            raise LinkError(f"The emulated board stopped: {reason}.", error.hint) from error
        raise
    finally:
        device.close()


def find_port(board: Board) -> str:
    """The only serial port of this computer; raises LinkError when there is none or a choice."""
    ports = serial_ports()
    if len(ports) == 1:
        return ports[0].split(" (")[0]
    if not ports:
        raise LinkError(
            f"No serial port was found for {board.title}: this computer has none.",
            "Connect the board, or give --port; --emulate runs the firmware without a board."
            if board.emulator
            else "Connect the board, or give --port.",
        )
    raise LinkError(f"Which serial port is {board.title}? There are {', '.join(ports)}.", "Give one with --port.")


def run_vectors(session: Session, compiled: Compiled, vectors: Vectors) -> list[tuple[Array, ...]]:
    """The outputs of all inferences, in order, without reset in between."""
    outputs = []
    session.device.reset()
    for inputs in vectors.inputs:
        reply = session.device.invoke([array.tobytes() for array in inputs])
        outputs.append(
            tuple(
                np.frombuffer(data, tensor.dtype.numpy).reshape(tensor.shape)
                for data, tensor in zip(reply.outputs, compiled.original.outputs, strict=True)
            )
        )
    return outputs


def run_test(session: Session, compiled: Compiled, vectors: Vectors) -> Tested:
    """Compares every output byte of the board with the reference, and the reference with the stored outputs."""
    rounding = compiled.generated.target.rounding
    memory: Memory = {}
    expected = [evaluate(compiled.original, inputs, rounding, memory) for inputs in vectors.inputs]

    def layers(vector: int) -> list[Layer]:
        before: Memory = {}
        for inputs in vectors.inputs[:vector] if compiled.graph.states else ():
            evaluate_all(compiled.graph, inputs, rounding, before)
        values = evaluate_all(compiled.graph, vectors.inputs[vector], rounding, before)
        return [
            (str(probe.op), values[probe.tensor].reshape(max(probe.tensor.rows, 1), *probe.tensor.row_shape))
            for probe in compiled.program.probes
        ]

    inputs = [[array.tobytes() for array in inference] for inference in vectors.inputs]
    verification = verify(session.device, inputs, expected, layers, sequence=True)
    stored = stored_mismatches(expected, vectors.outputs) if vectors.outputs else ()
    return Tested(
        verification, stored, session.counters, compiled.generated.arena_bytes, session.device.stack_bytes_used
    )


def stored_mismatches(expected: Sequence[Sequence[Array]], stored: Sequence[Sequence[Array]]) -> tuple[str, ...]:
    """Where the reference's outputs are not the stored ones; floats must be equal too."""
    found = []
    for k, (ours, theirs) in enumerate(zip(expected, stored, strict=True)):
        for j, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            same = (a == b) | ((a != a) & (b != b))  # NaN is NaN
            differing = np.flatnonzero(~same)
            if differing.size:
                i = int(differing[0])
                found.append(
                    f"v{k}_out{j}: the reference has {a.reshape(-1)[i]} at {i}, the file {b.reshape(-1)[i]}; "
                    f"{differing.size} of {a.size} differ"
                )
    return tuple(found)


def output_folder(compiled: Compiled, board: Board) -> Path:
    """Where `tinygen build` puts its project unless it is told otherwise."""
    return Path("build") / f"{compiled.generated.name}-{board.name}"
