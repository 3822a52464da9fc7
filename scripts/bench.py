"""Measures the generated C of today on emulated cores, and sets it against the record in benchmarks/record.json.

The code is that of `tinygen generate`, without tracing. On the M4 it runs in the emulator of an nRF52840, which counts
instructions and words read from flash, and estimates cycles; on the other cores in QEMU, which counts instructions.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import multiprocessing
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tinygen.boards import load_board
from tinygen.errors import TinygenError
from tinygen.ir.dtype import Array
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.pipeline import Compiled, compile_model
from tinygen.platformio_core import cache_folder
from tinygen.profiling import measure
from tinygen.project import build_project, write_project
from tinygen.session import SHARED_NAME, open_session, run_vectors, stored_mismatches
from tinygen.vectors import Vectors, random_vectors, read_vectors

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "benchmarks" / "record.json"
MORE = ROOT.parent / "shared" / "models"
MAIN = (
    "mlperf_kws_ref_model", "mlperf_vww_96_int8", "mlperf_pretrainedResnet_quant", "mlperf_ad01_int8",
    "mlperf_str_ww_ref_model", "tflm_person_detect", "tflm_micro_speech_quantized", "tflm_hello_world_int8",
)  # fmt: skip
"""Models of others, which are measured where there is a folder with them."""
BOARDS = {"m0plus": "qemu-m0plus", "m3": "qemu-m3", "m4": "nrf52840", "m7": "qemu-m7", "m55": "qemu-m55"}
CHECKED = 2
"""Inferences whose outputs are compared, in order, without reset."""


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    model: Path
    vectors: Path
    """Inputs and what they should give; random inputs where there is no such file."""
    core: str
    optimize: str

    @property
    def key(self) -> str:
        return f"{self.model.stem} {self.core} {self.optimize}"


@dataclass(frozen=True)
class Row:
    """What was measured; None where the emulator does not know."""

    cycles: int | None
    instructions: int | None
    flash_reads: int | None
    ram_bytes: int
    code_bytes: int
    weights_bytes: int
    bit_exact: bool | None


COSTS = tuple(field.name for field in fields(Row) if field.name != "bit_exact")


def cases(models: Sequence[Path], cores: Sequence[str], levels: Sequence[str], only: str) -> list[Case]:
    """models: files whose vectors lie beside them, as NAME_vectors.npz or vectors/NAME.npz."""
    found = []
    for model in models:
        beside = model.with_name(f"{model.stem}_vectors.npz")
        vectors = beside if beside.is_file() else model.parent / "vectors" / f"{model.stem}.npz"
        found += [Case(model, vectors, core, level) for core in cores for level in levels]
    return [case for case in found if only in case.key]


def measured(case: Case) -> Row | str:
    """The row, or why there is none."""
    try:
        board = load_board(BOARDS[case.core])
        target = TARGETS[board.target].with_choices(Optimize(case.optimize), Rounding.DOUBLE)
        compiled = untraced(compile_model(case.model, target, SHARED_NAME))
        vectors = read_vectors(case.vectors, compiled.original) if case.vectors.is_file() else None
        given = vectors or random_vectors(compiled.original, 1)
        folder = cache_folder() / "bench" / case.key.replace(" ", "-")
        built = build_project(write_project(compiled.generated, board, folder))
        with open_session(built, compiled, "", emulated=bool(board.emulator)) as session:
            outputs = run_vectors(session, compiled, given.first(CHECKED))
            cost = measure(session, board, compiled, given.inputs[0], lambda line: None).total
    except TinygenError as error:
        return error.message
    except Exception as error:  # a bug that one model meets; the others are still worth a line
        return f"{type(error).__name__}: {error}"
    memory = built.memory
    return Row(
        cycles=cost.cycles,
        instructions=cost.instructions,
        flash_reads=cost.flash_reads,
        ram_bytes=memory.arena_bytes,
        code_bytes=memory.code_bytes,
        weights_bytes=memory.weights_bytes,
        bit_exact=exact(vectors, outputs),
    )


def untraced(compiled: Compiled) -> Compiled:
    """The same C, deaf to the test firmware's TG_TRACE: what a user compiles."""
    generated = compiled.generated
    source = f"{generated.name}.c"
    files = {**generated.files, source: f"#undef TG_TRACE\n{generated.files[source]}"}
    return replace(compiled, generated=replace(generated, files=files))


def exact(vectors: Vectors | None, outputs: Sequence[Sequence[Array]]) -> bool | None:
    """Whether the outputs are the stored ones; None where none are stored."""
    if vectors is None or vectors.outputs is None:
        return None
    return not stored_mismatches(outputs, vectors.outputs[: len(outputs)])


def read_record(path: Path) -> tuple[str, dict[str, Row]]:
    """The compiler and the rows of the record; nothing where there is none."""
    if not path.is_file():
        return "", {}
    stored = json.loads(path.read_text(encoding="utf-8"))
    return stored["compiler"], {key: Row(**row) for key, row in stored["rows"].items()}


def write_record(compiler: str, rows: Mapping[str, Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(f"    {json.dumps(key)}: {json.dumps(asdict(row))}" for key, row in sorted(rows.items()))
    text = f'{{\n  "compiler": {json.dumps(compiler)},\n  "rows": {{\n{lines}\n  }}\n}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def compiler_name() -> str:
    """The one that builds firmware: the first line of what it says of its version."""
    gcc = shutil.which("arm-none-eabi-gcc")
    command = [gcc, "--version"] if gcc else [sys.executable, "-m", "ziglang", "version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{'' if gcc else 'zig '}{done.stdout.splitlines()[0] if done.stdout else 'unknown'}"


def cell(name: str, row: Row, old: Row | None) -> str:
    """A number, with its change against the record if there is one."""
    now, before = getattr(row, name), getattr(old, name) if old else None
    if now is None:
        return ""
    if old is None or now == before:
        return f"{now:,}"
    if not before:
        return f"[yellow]{now:,} (was {before})[/yellow]"
    colour = "green" if now < before else "red"
    return f"[{colour}]{now:,} ({100 * (now - before) / before:+.1f} %)[/{colour}]"


def table(results: Mapping[str, Row | str], record: Mapping[str, Row]) -> Table:
    """One line per case; what is not as in the record is coloured and has its percentage."""
    drawn = Table(title="generated C against the record", title_justify="left")
    for name in ("model", "core", "optimize"):
        drawn.add_column(name, no_wrap=True)
    for name in COSTS:
        drawn.add_column(name.replace("_bytes", "").replace("_", " "), justify="right", no_wrap=True)
    drawn.add_column("exact")
    drawn.add_column("record")
    for key, row in results.items():
        old = record.get(key)
        if isinstance(row, str):
            drawn.add_row(*key.split(), *[""] * len(COSTS), "[red]no[/red]" if old else "", row[:60])
            continue
        word = {True: "yes", False: "[red]NO[/red]", None: "not known"}[row.bit_exact]
        state = "new" if old is None else "" if row == old else "changed"
        drawn.add_row(*key.split(), *(cell(name, row, old) for name in COSTS), word, state)
    return drawn


def summary(results: Mapping[str, Row | str], record: Mapping[str, Row]) -> Iterator[str]:
    """How all rows together stand against the record, as geometric means."""
    pairs = [(row, record[key]) for key, row in results.items() if isinstance(row, Row) and key in record]
    for name in COSTS:
        ratios = [
            getattr(new, name) / getattr(old, name) for new, old in pairs if getattr(new, name) and getattr(old, name)
        ]
        if ratios and any(ratio != 1 for ratio in ratios):
            mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
            worse = sum(ratio > 1 for ratio in ratios)
            better = sum(ratio < 1 for ratio in ratios)
            yield f"{name}: {100 * (mean - 1):+.2f} % on average; {better} rows better, {worse} worse, of {len(ratios)}"
    if pairs and all(new == old for new, old in pairs):
        yield f"All {len(pairs)} rows that are in the record are as recorded."


def bad(results: Mapping[str, Row | str], record: Mapping[str, Row]) -> list[str]:
    """The cases that compute other bytes, or that the record has and today's tree can't do."""
    return [
        key
        for key, row in results.items()
        if (isinstance(row, str) and key in record) or (isinstance(row, Row) and row.bit_exact is False)
    ]


def run_all(wanted: Sequence[Case], jobs: int) -> dict[str, Row | str]:
    """Every case's result, in order; says on stderr how far it is."""
    results: dict[str, Row | str] = {}
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        for case, result in zip(wanted, pool.map(measured, wanted), strict=True):
            results[case.key] = result
            print(f"{len(results)} of {len(wanted)}: {case.key}", file=sys.stderr, flush=True)
    return results


def listed(allowed: Sequence[str], text: str) -> list[str]:
    """A comma-separated list as an argument's type."""
    words = [word.strip() for word in text.split(",")]
    if unknown := [word for word in words if word not in allowed]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(allowed)}")
    return words


def main() -> int:
    """0 if all is exact and nothing that is in the record has failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cores", type=functools.partial(listed, list(BOARDS)), default=["m4"], help=", ".join(BOARDS))
    levels = [level.value for level in Optimize]
    parser.add_argument("--optimize", type=functools.partial(listed, levels), default=levels, help=", ".join(levels))
    parser.add_argument("--only", default="", help="only lines whose 'model core optimize' contains this text")
    parser.add_argument("--models", type=Path, default=MORE, help="a folder with more models, if there is one")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--record", type=Path, default=RECORD, help="another record than benchmarks/record.json")
    parser.add_argument("--update", action="store_true", help="put what was measured into the record")
    arguments = parser.parse_args()
    models = sorted((ROOT / "models").glob("*.tflite"))
    models += [path for name in MAIN if (path := arguments.models / f"{name}.tflite").is_file()]
    recorded_by, record = read_record(arguments.record)
    results = run_all(cases(models, arguments.cores, arguments.optimize, arguments.only), arguments.jobs)
    console = Console()
    (console if console.is_terminal else Console(width=180)).print(table(results, record))
    for line in summary(results, record):
        print(line)
    compiler = compiler_name()
    if record and compiler != recorded_by:
        print(f"The record was made with another compiler: {recorded_by}; this is {compiler}.")
    if arguments.update:
        rows = {key: row for key, row in results.items() if isinstance(row, Row)}
        write_record(compiler, {**record, **rows}, arguments.record)
        print(f"{arguments.record}: {len(rows)} rows are new or measured again")
    failed = bad(results, record)
    if failed:
        print(f"FAILED: {'; '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
