"""Compiles the kernels for this computer and calls them on ops: rings as short as can be, guard bytes around all."""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.schedule import Forms, Ring, Rows
from tinygen.ir.target import TARGETS, Optimize, Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.resources import resource_dir

KERNELS = resource_dir("firmware") / "kernels"
VARIANTS = {"scalar": "generic", "swar": "cortex-m3", "dsp": "cortex-m4"}
"""The folders that this computer can run, and a target that uses each."""
WARNINGS = ["all", "extra", "pedantic", "conversion", "shadow", "cast-align", "strict-prototypes", "error"]
FLAGS = ("-std=c99", "-O1", "-shared", "-fPIC", *(f"-W{name}" for name in WARNINGS))
SANITIZE = ("-fsanitize=undefined", "-fsanitize-undefined-trap-on-error")
GUARD = 64
"""Bytes before and after every buffer that a kernel must leave alone."""
Bytes = npt.NDArray[np.uint8]
SCALARS = {"int16_t": ctypes.c_int16, "int32_t": ctypes.c_int32, "uint32_t": ctypes.c_uint32, "float": ctypes.c_float}


def find_compiler() -> tuple[str, ...] | None:
    """The command of a host compiler."""
    for name in ("cc", "gcc", "clang"):
        if path := shutil.which(name):
            return (path,)
    if importlib.util.find_spec("ziglang"):
        return (sys.executable, "-m", "ziglang", "cc")
    return None


def variants() -> list[str]:
    """The folders that hold kernels of their own."""
    return [folder for folder in VARIANTS if any((KERNELS / folder).glob("*.c"))]


# The headers


PARTS_OF_KERNELS = ("tg_conv_2d_blocks.h", "tg_dsp_*.h", "tg_fft_*.h", "tg_lstm_f32_step.h")
"""Headers that only kernels include, and not beside every other."""


def interface_headers() -> list[Path]:
    """All but those that are parts of kernels, or for a core's own instructions."""
    folder = KERNELS / "include"
    parts = {path for pattern in PARTS_OF_KERNELS for path in folder.glob(pattern)}
    paths = sorted(path for path in folder.glob("*.h") if path not in parts)
    return [path for path in paths if "#include <arm_" not in path.read_text(encoding="utf-8")]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a kernel."""

    c_type: str
    is_pointer: bool
    is_const: bool


@dataclass
class Headers:
    """The structs and prototypes of every header, read from its text."""

    structs: dict[str, type[ctypes.Structure]] = field(default_factory=dict)
    pointees: dict[tuple[str, str], str] = field(default_factory=dict)
    """(struct, member) -> what a pointer member points at."""
    prototypes: dict[str, tuple[Parameter, ...]] = field(default_factory=dict)

    @staticmethod
    def read() -> Headers:
        headers = Headers()
        texts = [path.read_text(encoding="utf-8") for path in interface_headers()]
        text = re.sub(r"/\*.*?\*/", "", "\n".join(texts), flags=re.DOTALL)
        pending = {name: body for body, name in re.findall(r"typedef struct \{([^}]*)\} (\w+);", text)}
        while pending:
            ready = [name for name, body in pending.items() if not headers._unknown(body)]
            assert ready, f"types that no header defines are used in {sorted(pending)}"
            for name in ready:
                headers._add_struct(name, pending.pop(name))
        for original, alias in re.findall(r"typedef (tg_\w+) (\w+);", text):
            headers.structs[alias] = headers.structs[original]
        for name, parameters in re.findall(r"^void (tg_\w+)\(([^)]*)\);", text, flags=re.MULTILINE):
            headers.prototypes[name] = tuple(_parameter(p.strip()) for p in parameters.split(","))
        return headers

    def _unknown(self, body: str) -> list[str]:
        types = [_parameter(line.strip()) for line in body.split(";") if line.strip()]
        return [t.c_type for t in types if not t.is_pointer and t.c_type not in SCALARS | self.structs]

    def _add_struct(self, name: str, body: str) -> None:
        members: list[tuple[str, Any]] = []
        for line in filter(None, (part.strip() for part in body.split(";"))):
            declared = _parameter(line)
            names = re.sub(r"^(const )?\w+ ", "", line).split(",")
            for member in (n.strip() for n in names):
                kind: Any = ctypes.c_void_p if declared.is_pointer else (SCALARS | self.structs)[declared.c_type]
                if array := re.fullmatch(r"(\w+)\[(\d+)\]", member):
                    member, kind = array[1], kind * int(array[2])
                member = member.lstrip("*")
                members.append((member, kind))
                if declared.is_pointer:
                    self.pointees[name, member] = declared.c_type
        self.structs[name] = type(name, (ctypes.Structure,), {"_fields_": members})


def _parameter(text: str) -> Parameter:
    match = re.match(r"(const )?(\w+) (\*?)", " ".join(text.split()))
    assert match, text
    return Parameter(match[2], bool(match[3]), bool(match[1]))


# Memory


class Guarded:
    """Some bytes full of garbage, aligned to 8 and no more, with guard bytes on both sides."""

    allocate: ClassVar[Callable[[int, np.random.Generator], tuple[Bytes, int]]]
    """From a size: memory full of garbage, and where in it the buffer begins."""

    def __init__(self, size: int, chance: np.random.Generator) -> None:
        self.whole, start = Guarded.allocate(size, chance)
        self.bytes = self.whole[start : start + size]
        self.address = self.whole.ctypes.data + start
        self.allowed = np.zeros(len(self.whole), bool)
        """Which bytes may change."""
        self._inside = self.allowed[start : start + size]
        self._before = self.whole.copy()

    def allow(self, first: int, end: int) -> None:
        self._inside[first:end] = True

    def remember(self) -> None:
        self._before = self.whole.copy()
        self.allowed[:] = False

    def untouched(self) -> bool:
        """Whether every byte is as remembered, except those that may change."""
        return np.array_equal(self.whole[~self.allowed], self._before[~self.allowed])

    def put(self, values: Array, at: int = 0) -> None:
        raw = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
        self.bytes[at : at + len(raw)] = raw


def _on_the_heap(size: int, chance: np.random.Generator) -> tuple[Bytes, int]:
    whole = chance.integers(0, 256, size + 2 * GUARD + 16, np.uint8)
    return whole, GUARD + (8 - (whole.ctypes.data + GUARD)) % 16


Guarded.allocate = staticmethod(_on_the_heap)


# Calls


@dataclass(frozen=True)
class Layout:
    """How an op is cut into steps and its tensors into rings."""

    step_rows: int = 0
    """Rows per step, of the output, or of the input for an op that accumulates; 0 for all."""
    spare_rows: int = 0
    """How much taller rings are than they must be."""
    gap: int = 0
    """Elements from the end of a row to the next."""
    in_place: int = 0
    """Which of the op's operands lies where the output lies, counted from 1 among those that may; 0 for none."""
    is_staged: bool = False
    """The op's constants are copied into its scratch first."""


WHOLE, ROW_BY_ROW, TWO_ROWS = Layout(), Layout(1, 0, 3), Layout(2, 1, 1)
LAYOUTS = (WHOLE, ROW_BY_ROW, TWO_ROWS)
STAGED = tuple(replace(layout, is_staged=True) for layout in (WHOLE, TWO_ROWS))


@dataclass
class Bench:
    """The kernels of one variant and one rounding as a shared library."""

    variant: str
    rounding: Rounding
    library: ctypes.CDLL
    headers: Headers

    @property
    def target(self) -> Target:
        return TARGETS[VARIANTS[self.variant]].with_choices(Optimize.SPEED, self.rounding)

    def run(self, op: Op, values: Sequence[Array], layout: Layout = WHOLE, which: int = 0) -> Array:
        """An output of the op for the values of `op.inputs`, computed step by step by its kernels."""
        return _Run(self, op, values, layout, which).output()


class Caller:
    """Turns kernel calls into calls: structs and constants in memory, arguments as the header asks for them."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.chance = np.random.default_rng(3)
        self.constants: dict[Constant, Guarded] = {}

    def call(self, call: KernelCall, rows: Rows, addresses: Mapping[Tensor, int], scratch: int) -> None:
        parameters = self.bench.headers.prototypes[call.kernel]
        self._check_prototype(call, parameters)
        params = self._struct(f"{call.kernel}_params", call.params)
        arguments: list[Any] = [ctypes.addressof(params)]
        arguments += [self._constant(Constant.of(t.value)) if t.is_constant else addresses[t] for t in call.inputs]
        arguments += [addresses[tensor] for tensor in (call.output, *call.also)]
        arguments += [] if call.whole else [rows.first, rows.count]
        arguments += [scratch] if call.scratch else []
        function = getattr(self.bench.library, call.kernel)
        function.restype = None
        function.argtypes = [ctypes.c_void_p if p.is_pointer else ctypes.c_int32 for p in parameters]
        function(*arguments)
        assert all(memory.untouched() for memory in self.constants.values()), f"{call.kernel} writes to a constant"

    def _check_prototype(self, call: KernelCall, parameters: Sequence[Parameter]) -> None:
        """The call in C must have the arguments that the header asks for."""
        expected = [(f"{call.kernel}_params", True, True)]
        expected += [(tensor.dtype.c_type, True, True) for tensor in call.inputs]
        expected += [(tensor.dtype.c_type, True, False) for tensor in (call.output, *call.also)]
        expected += [] if call.whole else [("int32_t", False, False)] * 2
        expected += [("void", True, False)] if call.scratch else []
        assert len(parameters) == len(expected), f"{call.kernel} takes {len(parameters)} arguments"
        for declared, (c_type, is_pointer, is_const) in zip(parameters, expected, strict=True):
            assert declared.c_type in (c_type, "void"), f"{call.kernel}: {declared.c_type} is not {c_type}"
            assert (declared.is_pointer, declared.is_const) == (is_pointer, is_const), call.kernel

    def _struct(self, name: str, values: Mapping[str, Field]) -> ctypes.Structure:
        struct_type = self.bench.headers.structs[name]
        kinds: dict[str, Any] = {declared[0]: declared[1] for declared in struct_type._fields_}
        assert set(values) == set(kinds), f"{name}: {sorted(set(values) ^ set(kinds))}"
        struct = struct_type()
        for member, kind in kinds.items():
            setattr(struct, member, self._member(struct_type.__name__, member, kind, values[member]))
        return struct

    def _member(self, struct: str, member: str, kind: Any, value: Field) -> Any:
        label = f"{struct}.{member}"
        if isinstance(value, Constant):
            assert self.bench.headers.pointees[struct, member] == value.c_type, label
            return self._constant(value)
        if isinstance(value, Ring):
            assert kind.__name__ == "tg_ring", label
            return kind(height=value.height, stride=value.stride)
        if isinstance(value, Mapping):
            return self._struct(kind.__name__, value)
        if isinstance(value, tuple):
            assert len(value) == kind._length_, label
            return kind(*(self._member(struct, member, kind._type_, element) for element in value))
        if kind is ctypes.c_float:
            assert float(np.float32(value)) == value, label
            return value
        limit = 1 << (8 * ctypes.sizeof(kind) - 1)
        assert isinstance(value, int), label
        assert -limit <= value < limit, f"{label} = {value}"
        return value

    def _constant(self, constant: Constant) -> int:
        if constant not in self.constants:
            values = constant.values
            if values.ndim == 2:
                members = self.bench.headers.structs[constant.c_type]._fields_
                assert values.shape[1] == len(members), constant.c_type
                assert constant.element_bytes == ctypes.sizeof(self.bench.headers.structs[constant.c_type])
                values = values.astype(np.int32)
            memory = Guarded(values.nbytes, self.chance)
            memory.put(values)
            memory.remember()
            self.constants[constant] = memory
        return self.constants[constant].address


class _Run:
    def __init__(self, bench: Bench, op: Op, values: Sequence[Array], layout: Layout, which: int) -> None:
        self.bench, self.op = bench, op
        self.chance = np.random.default_rng(1)
        self.result_of = op.outputs[which]
        self.values = dict(zip(op.inputs, values, strict=True))
        self.flat = not op.is_divisible or any(call.whole for call in op.lower(Placement(bench.target, {})))
        self.steps = self._steps(0 if self.flat else layout.step_rows)
        self.rings = {tensor: self._ring(tensor, layout) for tensor in (*op.activations, *op.outputs)}
        self.memory = {tensor: Guarded(ring.bytes, self.chance) for tensor, ring in self.rings.items()}
        self.memory.update((state.next, self.memory[state.tensor]) for state in op.states)
        self.is_staged = layout.is_staged and op.staged_bytes(bench.target) > 0
        self.scratch = Guarded(
            Forms(frozenset([op] if self.is_staged else [])).scratch_bytes(op, bench.target), self.chance
        )
        self.scratch.allow(0, len(self.scratch.bytes))
        self.shared = op.in_place_on(bench.target)[layout.in_place - 1] if layout.in_place else None
        if self.shared is not None:
            output = op.outputs[0]
            assert self.rings[self.shared] == self.rings[output], "an operand in place has the output's rows"
            self.memory[output] = self.memory[self.shared]
        self.caller = Caller(bench)

    def _steps(self, rows: int) -> list[Rows]:
        total = self.op.step_rows
        return [Rows(i, min(i + (rows or total), total)) for i in range(0, total, rows or total)]

    def _ring(self, tensor: Tensor, layout: Layout) -> Ring:
        # an op that accumulates writes its whole output at once, without gaps
        if self.flat or (self.op.accumulates and tensor in self.op.outputs):
            return Ring(0, max(tensor.rows, 1), tensor.row_bytes)
        height = max([1, *(self._live(rows, tensor).count for rows in self.steps)]) + layout.spare_rows
        return Ring(0, min(height, max(tensor.rows, 1)), tensor.row_bytes + layout.gap * tensor.dtype.size)

    def _live(self, rows: Rows, tensor: Tensor) -> Rows:
        """The rows of the tensor that a step reads, or writes if it is the output."""
        if tensor not in self.op.outputs:
            return rows if self.op.accumulates else self.op.needs(rows, tensor)
        if not self.op.accumulates and not self.flat:
            return rows
        whole = max(tensor.rows, 1)
        return Rows(0 if rows.end == self.op.step_rows else whole, whole)

    def output(self) -> Array:
        rows = []
        calls = self.op.lower(Placement(self.bench.target, self.rings, self.is_staged))
        for step in self.steps:
            self._prepare(step)
            for call in calls:
                self._call(call, step)
            assert all(memory.untouched() for memory in self.memory.values()), f"{self.op} writes outside its rows"
            result = self.memory[self.result_of].bytes
            places = self._places(self.result_of, self._live(step, self.result_of))
            rows += [result[at : at + self.result_of.row_bytes] for at in places]
            rows = [row.copy() for row in rows]
        stored = np.concatenate(rows) if rows else np.zeros(0, np.uint8)
        return stored.view(self.result_of.dtype.numpy).reshape(self.result_of.shape)

    def _places(self, tensor: Tensor, rows: Rows) -> list[int]:
        ring = self.rings[tensor]
        return [(row % ring.height) * ring.stride for row in range(rows.first, rows.end)]

    def _prepare(self, step: Rows) -> None:
        """Garbage everywhere, except in the rows that the step needs."""
        for memory in self.memory.values():
            memory.bytes[:] = self.chance.integers(0, 256, len(memory.bytes), np.uint8)
        for tensor in self.op.activations:
            live, memory = self._live(step, tensor), self.memory[tensor]
            rows = np.ascontiguousarray(self.values[tensor]).reshape(max(tensor.rows, 1), tensor.row_elements)
            for row, at in zip(range(live.first, live.end), self._places(tensor, live), strict=True):
                memory.put(rows[row], at)
        for memory in self.memory.values():
            memory.remember()
        for output in self.op.outputs:
            for at in self._places(output, self._live(step, output)):
                self.memory[output].allow(at, at + output.row_bytes)

    def _call(self, call: KernelCall, step: Rows) -> None:
        addresses = {tensor: memory.address for tensor, memory in self.memory.items()}
        if not self.op.accumulates:
            self.scratch.bytes[:] = self.chance.integers(0, 256, len(self.scratch.bytes), np.uint8)
        self.caller.call(call, step, addresses, self.scratch.address)
        assert self.scratch.untouched(), f"{self.op} writes outside its scratch of {len(self.scratch.bytes)} bytes"


@dataclass
class Benches:
    """Every variant and rounding, compiled when first asked for."""

    compiler: tuple[str, ...]
    folder: Path

    @cached_property
    def all(self) -> list[Bench]:
        headers = Headers.read()
        return [
            Bench(variant, rounding, self._library(variant, rounding), headers)
            for variant, rounding in itertools.product(variants(), Rounding)
        ]

    def _library(self, variant: str, rounding: Rounding) -> ctypes.CDLL:
        sources = {path.name: path for folder in ("scalar", variant) for path in (KERNELS / folder).glob("*.c")}
        built = self.folder / f"{variant}_{rounding.value}.so"
        if built.exists():
            return ctypes.CDLL(str(built))
        single = int(rounding is Rounding.SINGLE)
        command = [*self.compiler, *FLAGS, *SANITIZE, f"-DTG_ROUNDING_SINGLE={single}", f"-I{KERNELS / 'include'}"]
        command += [str(path) for _, path in sorted(sources.items())]
        done = subprocess.run([*command, "-o", str(built)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return ctypes.CDLL(str(built))

    def agree(self, op: Op, values: Sequence[Array], layouts: Sequence[Layout] = LAYOUTS, within: float = 0.0) -> None:
        """Asserts that every kernel gives the bytes of `op.evaluate`, however the op is cut into steps.

        within: how far floats may be from it, as a part of the largest magnitude.
        """
        fixed = {state.tensor for state in op.states}
        expected = {rounding: op.evaluate(values, rounding) for rounding in Rounding}
        for bench in self.all:
            operands = op.in_place_on(bench.target)
            run_time = [(i, t) for i, t in enumerate(operands, 1) if not t.is_constant and t not in fixed]
            in_place = [(layout, i) for layout in layouts[:2] for i, t in run_time if _may_replace(op, t, layout)]
            all_layouts = [*layouts, *(replace(layout, in_place=i) for layout, i in in_place)]
            all_layouts += STAGED if op.staged_bytes(bench.target) else ()
            for layout, which in itertools.product(all_layouts, range(len(op.outputs))):
                found = bench.run(op, values, layout, which)
                same(found, expected[bench.rounding][which], f"{bench.variant} {layout} output {which}", within)


def _may_replace(op: Op, operand: Tensor, layout: Layout) -> bool:
    """Every step needs just the operand's rows that its own will replace."""
    rows, count = op.step_rows, layout.step_rows or op.step_rows
    steps = [Rows(first, min(first + count, rows)) for first in range(0, rows, count)] if op.writes_rows else []
    return all(op.needs(step, operand) == step for step in steps)


def same(found: npt.NDArray[Any], expected: npt.NDArray[Any], label: str, within: float = 0.0) -> None:
    """Asserts that two arrays hold the same bytes, and says where they first differ.

    within: how far floats may be apart, as a part of the largest magnitude.
    """
    assert found.shape == expected.shape, label
    assert found.dtype == expected.dtype, label
    if found.tobytes() == expected.tobytes():
        return
    if within and found.dtype.kind == "f" and np.isfinite(expected).all():
        far = np.abs(found.astype(np.float64) - expected) > within * np.abs(expected).max(initial=0.0)
        places = np.argwhere(far | ~np.isfinite(found))
        if not len(places):
            return
    else:
        places = np.argwhere(found != expected)
    first = tuple(places[0]) if len(places) else ()
    raise AssertionError(
        f"{label}: {len(places)} of {found.size} differ, first {first}: {found[first]}, not {expected[first]}"
    )
