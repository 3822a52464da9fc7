"""Whether a compiled model can fit on a board, before anything is built; and if not, what is to blame."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.boards import Board
from tinygen.emit.kernels import source_characters
from tinygen.errors import DoesNotFitError
from tinygen.ir.program import Program
from tinygen.ir.target import Optimize
from tinygen.memory_map import memory_map
from tinygen.pipeline import Compiled
from tinygen.schedule.feed import fed_by_rows

HARNESS_RAM_BYTES = 2048
"""At most what the test firmware uses besides the model and the stack."""
HARNESS_FLASH_BYTES = 8192
"""About what the test firmware uses besides the model."""
BYTES_PER_CHARACTER = 0.36
"""About what a kernel takes for each character of its source, as measured on a Cortex-M4."""
CALL_BYTES = 100
"""About what one call with its parameters takes."""
MODEL_BYTES = 400
"""About what the functions around the calls take."""
CULPRITS = 4
"""How many tensors or constants an error names."""


@dataclass(frozen=True)
class Estimate:
    """What a model will take; RAM is exact, code is a guess until it is built."""

    ram_bytes: int
    """sizeof(<name>_t)"""
    weights_bytes: int
    code_bytes: int
    """About: the kernels and the schedule."""

    def missing_ram(self, board: Board) -> int:
        return max(self.ram_bytes + board.stack_bytes - board.ram_bytes, 0)

    def missing_flash(self, board: Board) -> int:
        return max(self.weights_bytes + self.code_bytes - board.flash_bytes, 0)

    def fits(self, board: Board) -> bool:
        firmware_ram = 0 if board.is_host else HARNESS_RAM_BYTES
        return (
            self.ram_bytes + board.stack_bytes + firmware_ram <= board.ram_bytes
            and self.weights_bytes + self.code_bytes + HARNESS_FLASH_BYTES <= board.flash_bytes
        )


def estimate(program: Program) -> Estimate:
    """From the plan alone."""
    characters = sum(source_characters(kernel, program.target) for kernel in program.kernels)
    calls = sum(len(routine.calls) for code in (*program.functions, program) for routine in code.routines)
    code = BYTES_PER_CHARACTER * characters + CALL_BYTES * calls + MODEL_BYTES
    return Estimate(program.ram_bytes, program.weights_bytes, int(round(code, -2)))


def check_fit(compiled: Compiled, board: Board, others: tuple[Board, ...]) -> None:
    """Raises DoesNotFitError when the arena or the weights alone are too large for the board.

    others: the boards that the error may recommend.
    """
    needed = estimate(compiled.program)
    problems = []
    if needed.missing_ram(board):
        problems.append(
            f"{needed.missing_ram(board):,} more bytes of RAM than its {board.ram_bytes:,} (the model needs "
            f"{needed.ram_bytes:,}, the stack {board.stack_bytes:,}); at the peak these are live: "
            + _listed(peak_tensors(compiled))
        )
    if needed.missing_flash(board):
        largest = sorted(compiled.program.constants.items(), key=lambda item: -item[0].bytes)
        problems.append(
            f"{needed.missing_flash(board):,} more bytes of flash than its {board.flash_bytes:,} (the constants need "
            f"{needed.weights_bytes:,}); the largest constants: "
            + "; ".join(_constant_label(compiled.program, name, c.bytes) for c, name in largest[:CULPRITS])
        )
    if problems:
        large = [other for other in others if needed.fits(other) and not other.is_host]
        alike = [other for other in large if other.runner == board.runner] or large
        hint = (
            f"It fits on {', '.join(b.name for b in alike)}." if large else "No board that tinygen has is large enough."
        )
        if needed.missing_ram(board) and compiled.program.target.optimize is not Optimize.RAM:
            hint = f"Try `--optimize ram`. {hint}"
        raise DoesNotFitError(
            f"{compiled.original.name} does not fit on {board.title}: it needs " + "; and ".join(problems) + ".", hint
        )


def peak_tensors(compiled: Compiled) -> list[tuple[str, int]]:
    """(label, bytes) of the arena's users at the step where most bytes are live, the largest first."""
    target, graph = compiled.program.target, compiled.graph
    memory = memory_map(fed_by_rows(graph) if target.push else graph, compiled.schedule, target)
    return [(f"{region.name[-60:]!r} ({region.label})", size) for region, size in memory.users(memory.peak_step)]


def _listed(users: list[tuple[str, int]]) -> str:
    return "; ".join(f"{label}, {size:,} bytes" for label, size in users[:CULPRITS])


def _constant_label(program: Program, name: str, size: int) -> str:
    return f"{name.removeprefix(program.name + '_')}, {size:,} bytes"
