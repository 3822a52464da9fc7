"""What every operator is: typed fields, rules, a numpy meaning, row needs, and its kernel calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

from tinygen.ir.dtype import Array
from tinygen.ir.graph import State
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule


@dataclass(frozen=True, eq=False)
class Op(ABC):
    """One operator of a graph; two ops are the same only if they are the same object."""

    index: int
    """Its place in the file's subgraph."""

    KIND: ClassVar[str]
    """TFLite's name, such as "CONV_2D"."""
    IS_CUSTOM: ClassVar[bool] = False
    """The name is that of a custom operator, not of the schema."""
    RULES: ClassVar[tuple[Rule, ...]]
    """What must hold for tinygen to compile it."""
    FORMS: ClassVar[tuple[type[Op], ...]] = ()
    """The same operator for other element types; the first that takes a node is read instead."""
    IS_ALIAS: ClassVar[bool] = False
    """The output is the input's bytes under another shape, so no code is needed."""

    BY_ROWS: ClassVar[bool] = False
    """Some rows of the output can be computed by themselves, from the rows that `needs` says, into rings of any height.

    Otherwise a step computes all rows, and the kernels find whole tensors without gaps.
    """

    ONE_ROW: ClassVar[bool] = False
    """Every step is one row, whatever a schedule would like."""

    @classmethod
    def takes(cls, node: Node) -> bool:
        """Whether this form of the operator is for the node's element types."""
        return True

    @classmethod
    def form(cls, node: Node) -> type[Op]:
        """The class to read the node with."""
        return next((form for form in cls.FORMS if form.takes(node)), cls)

    @classmethod
    @abstractmethod
    def read(cls, node: Node) -> Self:
        """The op from the file's operator; validity is already checked, support is not."""

    @property
    @abstractmethod
    def inputs(self) -> tuple[Tensor, ...]:
        """Every tensor that is read, constants included, in the order of `evaluate`."""

    @property
    @abstractmethod
    def outputs(self) -> tuple[Tensor, ...]:
        """Every tensor that is written."""

    @abstractmethod
    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        """The outputs' values from the inputs' values, in numpy, by TFLite's definition."""

    @abstractmethod
    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        """The kernel calls that compute some rows of the output."""

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        """The rows of `operand` that the output's `rows` depend on; all of them unless an op knows better."""
        return Rows(0, operand.rows)

    def scratch_bytes(self, target: Target) -> int:
        """Working memory that the kernel needs while it runs, and between its steps if it accumulates."""
        return 0

    def staged_bytes(self, target: Target) -> int:
        """More scratch, behind the rest, for the kernel to copy constants into that it reads often in a step.

        It then reads each of them from flash once in a step. 0 if the kernel can't, or does not read them often.
        """
        return 0

    def flash_reads(self, target: Target, rows: int, is_staged: bool) -> int:
        """Words that a step of so many rows reads from flash, of the constants that can be staged."""
        return 0

    @property
    def accumulates(self) -> bool:
        """The op takes its one run-time input row by row into its scratch, and has its output after the last row.

        The rows of its steps are then the input's.
        """
        return False

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        """The operands that may lie where the output lies: each element is read before it is written, and not again.

        Of an operand's rows, only those may that no later step needs.
        """
        return ()

    def in_place_on(self, target: Target) -> tuple[Tensor, ...]:
        """The same, where it depends on the target's kernels."""
        return self.in_place

    def replaceable(self, target: Target) -> tuple[tuple[Tensor, Tensor], ...]:
        """(operand, output) wherever the output may lie just where the operand lies."""
        operands = self.in_place_on(target)
        own = tuple((state.tensor, state.next) for state in self.states if state.tensor in operands)
        return (*((operand, self.outputs[0]) for operand in operands), *own)

    @property
    def states(self) -> tuple[State, ...]:
        """What the op remembers from one inference to the next; it reads each `tensor` and writes each `next`."""
        return ()

    def caution(self, rounding: Rounding) -> str:
        """What may surprise the user of an exact result; usually nothing."""
        return ""

    @cached_property
    def writes_rows(self) -> bool:
        """A step leaves its rows in the outputs; otherwise the last step leaves all."""
        return self.BY_ROWS and not self.accumulates

    @cached_property
    def is_divisible(self) -> bool:
        """Its rows can be spread over several steps."""
        return self.BY_ROWS or self.accumulates

    @cached_property
    def step_rows(self) -> int:
        """How many rows its steps count through: the output's, or the input's for an op that accumulates."""
        return max((self.activations if self.accumulates else self.outputs)[0].rows, 1)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one inference, padding included as TFLite counts them."""
        return 0

    @cached_property
    def activations(self) -> tuple[Tensor, ...]:
        """The inputs that are computed at run time."""
        return tuple(tensor for tensor in self.inputs if not tensor.is_constant)

    @property
    def weight_bytes(self) -> int:
        """Bytes of constants in the file that this op reads."""
        return sum(tensor.bytes for tensor in self.inputs if tensor.is_constant)

    def __str__(self) -> str:
        return f"op {self.index}, {self.KIND} {self.outputs[0].name[:80]!r}"
