"""What is printed as C: kernel calls with their parameters, constants, and the model's interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.schedule import Ring
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor

if TYPE_CHECKING:
    from tinygen.ops.op import Op


@dataclass(frozen=True)
class Placement:
    """What lowering may ask of the schedule and the target."""

    target: Target
    rings: Mapping[Tensor, Ring]
    is_staged: bool = False
    """The op's constants are to be copied into its scratch before they are used."""

    def ring(self, tensor: Tensor) -> Ring:
        """Where the rows of `tensor` lie; a constant lies whole in flash."""
        if tensor in self.rings:
            return self.rings[tensor]
        return Ring(0, max(tensor.rows, 1), tensor.row_bytes)


@dataclass(frozen=True, eq=False)
class Constant:
    """An array in flash; two are equal if they print the same."""

    c_type: str
    """Element type: int8_t, int32_t, or a struct whose members are the columns of a 2-D array."""
    values: Array
    element_bytes: int

    @cached_property
    def _key(self) -> tuple[str, bytes]:
        return self.c_type, self.values.tobytes()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Constant) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def bytes(self) -> int:
        return len(self.values) * self.element_bytes

    @staticmethod
    def of(values: Array) -> Constant:
        """A flat array of the numpy array's own integer or float type."""
        flat = np.ascontiguousarray(values).reshape(-1)
        names = {"float32": "float", "bool": "bool"}
        return Constant(names.get(flat.dtype.name, f"{flat.dtype.name}_t"), flat, flat.dtype.itemsize)

    @staticmethod
    def structs(c_type: str, columns: Array, element_bytes: int) -> Constant:
        """An array of structs, one per row of `columns` [count, members]."""
        return Constant(c_type, columns, element_bytes)


Field = int | float | Ring | Constant | tuple[int, ...] | Mapping[str, "Field"]
"""The value of a params member: a number, a ring, the address of an array, an array or a nested struct."""


@dataclass(frozen=True)
class KernelCall:
    """A call of one kernel for some rows of an op's output."""

    kernel: str
    """The C function; also the name of its header and source."""
    params: Mapping[str, Field]
    """Members of `<kernel>_params`, by name."""
    inputs: tuple[Tensor, ...]
    output: Tensor
    whole: bool = False
    """The kernel computes all rows at once and takes no row range."""
    scratch: bool = False
    """The kernel takes a scratch pointer, last."""
    also: tuple[Tensor, ...] = ()
    """What else the kernel writes, after its output: more outputs, and what it remembers."""


@dataclass(frozen=True)
class Probe:
    """A tensor that the test firmware can report as it is computed."""

    op: Op
    tensor: Tensor


@dataclass(frozen=True)
class Call:
    """One kernel call with its C names."""

    call: KernelCall
    params_name: str
    probe: int
    """The number of the probe whose rows are there after this call; -1 if none are."""


@dataclass(frozen=True)
class Control:
    """What an op with graphs of its own does with their functions, after its calls."""

    condition: Tensor
    functions: tuple[str, ...]
    """Called while the condition holds, if there is one; or the first if it holds, and else the second."""
    results: tuple[tuple[Tensor, int], ...]
    """What is there afterwards, and the numbers of its probes; -1 for none."""

    @property
    def is_loop(self) -> bool:
        return len(self.functions) == 1


@dataclass(frozen=True)
class Routine:
    """What every step of one op does."""

    op: Op
    calls: tuple[Call, ...]
    rows_per_step: int
    """The last step may have fewer."""
    control: Control | None = None

    @property
    def probes(self) -> tuple[int, ...]:
        """Those whose rows are there after a step."""
        numbers = [call.probe for call in self.calls]
        numbers += [number for _, number in self.control.results] if self.control else []
        return tuple(number for number in numbers if number >= 0)


@dataclass(frozen=True)
class Memory:
    """Bytes of the arena that stay from one inference to the next."""

    offset: int
    bytes: int
    initial: Constant | int
    """What they hold after a reset: an array, or one value for every byte."""


CALL_BYTES, ROUTINE_BYTES, LOOP_BYTES = 28, 6, 60
"""About what a call, a routine's rows and jump, and the loop over steps take on a Cortex-M."""


def row_size(ops: Sequence[Op]) -> int:
    """Bytes of a number of rows that each of the ops has."""
    return 2 if all(op.step_rows < 2**15 for op in ops) else 4


def progress_bytes(pushed: Sequence[Op]) -> int:
    """What the struct holds besides the arena where rows are pushed: how far each op is, padded to its alignment."""
    return -(-(row_size(pushed) * len(pushed) + 4) // 8) * 8 if pushed else 0


@dataclass(frozen=True)
class Code:
    """Steps that run one after the other."""

    name: str
    """The C identifier of the function, or of the model."""
    routines: tuple[Routine, ...]
    order: tuple[int, ...]
    """Which routine each step runs; a routine's rows follow each other."""
    rings: Mapping[Tensor, Ring]
    scratch: Mapping[Op, int]

    @property
    def row_size(self) -> int:
        return row_size([routine.op for routine in self.routines])

    @property
    def is_straight(self) -> bool:
        """The steps are printed one after the other, which takes less code than their loop and its tables."""
        repeated = len(self.order) - len(self.routines)
        tables = len(self.order) + ROUTINE_BYTES * len(self.routines) + LOOP_BYTES
        return CALL_BYTES * repeated <= (tables if repeated else 0)


@dataclass(frozen=True)
class Program(Code):
    """Everything that the templates print, already decided; its own code is that of an inference."""

    title: str
    """The model's file name."""
    crc32: int
    target: Target
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    functions: tuple[Code, ...]
    """Of the graphs inside ops, each before those that call it."""
    probes: tuple[Probe, ...]
    constants: Mapping[Constant, str]
    """The C name of every array in flash."""
    params: Mapping[str, KernelCall]
    """One params struct per name; calls with equal params share one."""
    memories: tuple[Memory, ...]
    arena_bytes: int
    macs: int

    @property
    def weights_bytes(self) -> int:
        return sum(constant.bytes for constant in self.constants)

    @property
    def struct_arena_bytes(self) -> int:
        """The arena as a member of the struct, which has one even if nothing lies in it."""
        return max(self.arena_bytes, 8)

    @property
    def ram_bytes(self) -> int:
        """sizeof(<name>_t)"""
        pushed = [routine.op for routine in self.routines] if self.target.push else []
        return self.struct_arena_bytes + progress_bytes(pushed)

    @property
    def kernels(self) -> tuple[str, ...]:
        """The kernels that are called, in alphabetical order."""
        routines = [routine for code in (*self.functions, self) for routine in code.routines]
        return tuple(sorted({call.call.kernel for routine in routines for call in routine.calls}))

    @property
    def has_loops(self) -> bool:
        """Whether some steps run as often as their results say."""
        controls = [routine.control for code in (*self.functions, self) for routine in code.routines]
        return any(control.is_loop for control in controls if control)

    @property
    def is_straight(self) -> bool:
        """A model that is fed row by row must be able to stop after any step."""
        return not self.target.push and super().is_straight

    @property
    def feed(self) -> int:
        """The routine that waits for the caller's rows; -1 if the caller fills whole inputs."""
        waiting = (i for i, routine in enumerate(self.routines) if not routine.calls and not routine.control)
        return next(waiting, -1)
