"""Runs one inference of a compiled model on a board or its emulator, and says what each op cost: a Profile."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

from tinygen import __version__
from tinygen.boards import Board, all_boards
from tinygen.emulate.device import EmulatedBoard, Share
from tinygen.errors import TinygenError, ToolError
from tinygen.ir.dtype import Array
from tinygen.ir.program import Program
from tinygen.ops.op import Op
from tinygen.pipeline import Compiled
from tinygen.session import Progress, Session

SCHEMA = 1
"""The form of a profile's JSON; a new one for every change that an old reader would misread."""
ESTIMATED, MEASURED, UNKNOWN = "estimated", "measured", "unknown"
"""Where cycles come from: published instruction timings, the chip's own counter, or nowhere."""


@dataclass(frozen=True)
class Cost:
    """What some code took; None where the board can't tell."""

    instructions: int | None = None
    cycles: int | None = None
    flash_reads: int | None = None
    """Words of data loaded from flash."""

    def __add__(self, other: Cost) -> Cost:
        return self._combined(other, 1)

    def __sub__(self, other: Cost) -> Cost:
        return self._combined(other, -1)

    def _combined(self, other: Cost, sign: int) -> Cost:
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(Cost))
        return Cost(*(None if a is None or b is None else a + sign * b for a, b in pairs))

    @property
    def time(self) -> int:
        """Cycles, or instructions where cycles are not known: what a bar or a comparison is about."""
        return next((value for value in (self.cycles, self.instructions) if value is not None), 0)


@dataclass(frozen=True)
class OpProfile:
    """One op of the model, all its steps together."""

    label: str
    """As errors name it: "op 3, CONV_2D 'conv2d_1'"."""
    index: int
    """Its place in the file."""
    kind: str
    output: str
    """The name of its first output."""
    steps: int
    """How often it was called: more than once where its rows are spread over the inference."""
    macs: int
    cost: Cost

    @property
    def cycles_per_mac(self) -> float | None:
        return per_mac(self.cost, self.macs)


@dataclass(frozen=True)
class Profile:
    """One inference of a model on a board."""

    model: str
    crc32: str
    """Of the .tflite file, in hexadecimal."""
    board: str
    clock_hz: int
    target: str
    optimize: str
    rounding: str
    ram_limit: int
    """Bytes; 0: none."""
    push: bool
    """The input came row by row."""
    tinygen: str
    """Version that generated the code."""
    cycles_are: str
    """ESTIMATED, MEASURED or UNKNOWN."""
    ops: tuple[OpProfile, ...]
    """In the order in which they begin."""
    total: Cost
    """The whole inference."""

    @property
    def macs(self) -> int:
        return sum(op.macs for op in self.ops)

    @property
    def other(self) -> Cost:
        """What belongs to no op: the total without the ops."""
        left = self.total
        for op in self.ops:
            left -= op.cost
        return left

    def milliseconds(self, cost: Cost) -> float | None:
        """At the board's clock."""
        return None if cost.cycles is None else 1000 * cost.cycles / self.clock_hz

    def as_json(self) -> Mapping[str, Any]:
        """The object that `tinygen profile --json` prints and Profile.from_json reads."""
        head = {f.name: getattr(self, f.name) for f in fields(Profile) if f.name not in ("ops", "total")}

        def costed(cost: Cost, macs: int) -> dict[str, Any]:
            return {
                "macs": macs,
                **asdict(cost),
                "cycles_per_mac": rounded(per_mac(cost, macs)),
                "milliseconds": rounded(self.milliseconds(cost)),
            }

        ops = [
            {"label": op.label, "index": op.index, "kind": op.kind, "output": op.output, "steps": op.steps}
            | costed(op.cost, op.macs)
            for op in self.ops
        ]
        return {
            "schema": SCHEMA,
            **head,
            "total": costed(self.total, self.macs),
            "other": asdict(self.other),
            "ops": ops,
        }

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Raises KeyError, TypeError or ValueError when it is not what as_json gives."""
        if value["schema"] != SCHEMA:
            raise ValueError(f"its schema is {value['schema']!r}, and this tinygen reads {SCHEMA}")
        head = {f.name: _typed(value[f.name], f.type) for f in fields(cls) if f.name not in ("ops", "total")}
        ops = []
        for op in value["ops"]:
            own = {f.name: _typed(op[f.name], f.type) for f in fields(OpProfile) if f.name != "cost"}
            ops.append(OpProfile(**own, cost=_cost(op)))
        if head["clock_hz"] <= 0:
            raise ValueError("its clock_hz is not positive")
        return cls(**head, ops=tuple(ops), total=_cost(value["total"]))


def per_mac(cost: Cost, macs: int) -> float | None:
    """Cycles for one multiply-accumulate; None for code that has none, or where cycles are not known."""
    return None if cost.cycles is None or macs == 0 else cost.cycles / macs


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _typed(value: Any, name: Any) -> Any:
    kind = {"str": str, "int": int, "bool": bool}[str(name)]
    if type(value) is not kind:
        raise TypeError(f"{value!r} is not of type {name}")
    return value


def _cost(value: Mapping[str, Any]) -> Cost:
    numbers = {f.name: value[f.name] for f in fields(Cost)}
    return Cost(**{name: None if number is None else _typed(number, "int") for name, number in numbers.items()})


def read_profile(path: Path) -> Profile:
    """A file that `tinygen profile -o` wrote. Raises TinygenError when it is something else."""
    hint = "Write one: `tinygen profile MODEL --board BOARD -o FILE.json`."
    try:
        return Profile.from_json(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise TinygenError(f"The profile {path} can't be read: {error.strerror or error}.", hint) from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        what = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise TinygenError(f"{path} is not a profile that tinygen wrote: {what}.", hint) from error


def write_profile(path: Path, profile: Profile) -> None:
    """Raises TinygenError when the file can't be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(profile.as_json(), indent=2) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise TinygenError(f"The profile {path} can't be written: {error.strerror or error}.") from error


def check_profilable(board: Board, emulated: bool) -> None:
    """Raises ToolError for a board that has nothing to say about a chip, or no emulator when one is wanted."""
    real = [other for other in all_boards() if other.runner == "serial"]
    names = ", ".join(other.name for other in real)
    machines = ", ".join(other.name for other in all_boards() if other.runner == "qemu")
    hint = (
        f"Boards that can: {names} (cycles, measured on the board or with --emulate estimated); "
        f"{machines} (instructions, in QEMU)."
    )
    if board.is_host:
        raise ToolError(
            f"The board {board.name} can't be profiled: the time on this computer says nothing about a chip.", hint
        )
    if emulated and board.runner == "serial" and not board.emulator:
        raise ToolError(f"The board {board.name} can't be emulated, so it can't be profiled with --emulate.", hint)


def measure(session: Session, board: Board, compiled: Compiled, inputs: Sequence[Array], progress: Progress) -> Profile:
    """The profile of one inference, the first after a reset. Raises LinkError when the device is lost."""
    given = [array.tobytes() for array in inputs]
    emulated = session.emulated if board.emulator else None
    if emulated:
        total, probes = _counted(session, emulated, compiled, given, progress)
    else:
        is_real = board.runner == "serial"
        total, probes = _timed(session, compiled.program, given, lambda n: Cost(cycles=n) if is_real else Cost(n))
    target = compiled.generated.target
    return Profile(
        model=compiled.original.name,
        crc32=f"{compiled.generated.crc32:08x}",
        board=board.name,
        clock_hz=board.clock_hz,
        target=target.name,
        optimize=target.optimize.value,
        rounding=target.rounding.value,
        ram_limit=target.ram_limit,
        push=target.push,
        tinygen=__version__,
        cycles_are=ESTIMATED if emulated else MEASURED if board.runner == "serial" else UNKNOWN,
        ops=_by_op(compiled.program, probes),
        total=total,
    )


def _counted(
    session: Session, emulated: EmulatedBoard, compiled: Compiled, inputs: Sequence[bytes], progress: Progress
) -> tuple[Cost, list[Cost]]:
    """The total and every probe's cost, of an emulator that counts. Raises ToolError if counting changes anything."""
    calls = sum(trace_calls(compiled.program))
    done = 0

    def traced() -> None:
        nonlocal done
        done += 1
        if done * 100 // max(calls, 1) > (done - 1) * 100 // max(calls, 1):
            progress(f"{min(done, calls):,} of {calls:,} steps")

    session.device.reset()
    plain, executed = session.device.invoke(inputs), emulated.counters()
    generated = compiled.generated
    # A model that is fed row by row has no invoke of its own; the harness has, which hands it the rows.
    emulated.watch("tg_model_invoke" if generated.target.push else f"{generated.name}_invoke", traced)
    session.device.reset()
    watched = session.device.invoke(inputs)
    if (watched.outputs, emulated.counters()) != (plain.outputs, executed):
        raise ToolError(
            "The emulated board executed something else or computed other bytes while it was watched.",
            "This is a bug of tinygen or of Unicorn; a QEMU board counts instructions without watching.",
        )
    regions = emulated.regions()
    assert regions is not None, "an inference opens and closes a window"
    costs = {probe: _share(share) for probe, share in regions.probes.items()}
    probes = [costs.get(probe, Cost(0, 0, 0)) for probe in range(len(compiled.program.probes))]
    return sum(probes, start=_share(regions.rest)), probes


def _share(share: Share) -> Cost:
    return Cost(share.counters.instructions, share.counters.cycles, share.flash_reads)


def _timed(
    session: Session, program: Program, inputs: Sequence[bytes], cost: Callable[[int], Cost]
) -> tuple[Cost, list[Cost]]:
    """The total and every probe's cost, of a counter that the firmware reads.

    The total is that of an inference that is not traced; what tracing adds to each call is the difference, shared out.
    """
    session.device.reset()
    total = session.device.invoke(inputs).cycles
    traced = session.device.profile().probes
    calls = trace_calls(program)
    extra = max(sum(traced) - total, 0) / max(sum(calls), 1)
    return cost(total), [cost(max(round(n - extra * c), 0)) for n, c in zip(traced, calls, strict=True)]


def trace_calls(program: Program) -> list[int]:
    """How often every probe is traced: at each step of its op."""
    steps = Counter(program.order)
    calls = [0] * len(program.probes)
    for number, routine in enumerate(program.routines):
        for probe in routine.probes:
            calls[probe] += steps[number]
    return calls


def _by_op(program: Program, probes: Sequence[Cost]) -> tuple[OpProfile, ...]:
    """The probes of every op added up."""
    steps = {routine.op: program.order.count(number) for number, routine in enumerate(program.routines)}
    costs: dict[Op, Cost] = {}
    for probe, cost in zip(program.probes, probes, strict=True):
        costs[probe.op] = costs[probe.op] + cost if probe.op in costs else cost
    return tuple(
        OpProfile(str(op), op.index, op.KIND, op.outputs[0].name, steps[op], op.macs, cost)
        for op, cost in costs.items()
    )
