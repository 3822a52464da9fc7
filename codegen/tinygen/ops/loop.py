"""WHILE, where the number of turns is known at run time: a graph is computed again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tinygen.errors import TinygenError
from tinygen.ir.dtype import Array
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.nested import MOST_TURNS, Nested, Turns, is_true, run_graph
from tinygen.ops.reshape import copy_blocks


@dataclass(frozen=True, eq=False)
class Loop(Nested):
    """(carried, condition) = graph(carried, operands) while condition

    The graph's states are what is carried, and last the condition, which it computes anew from what it will carry into
    the next turn. What is carried lies where the outputs lie from the first turn on.
    """

    carried: tuple[Tensor, ...]
    """What the first turn begins with, in the order of the results."""
    last: Tensor
    """The condition that ended it: false."""

    KIND = "WHILE"
    ROLES = ("turn",)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (*self.carried, self.condition, *self.operands)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (*self.results, self.last)

    @property
    def decides(self) -> Tensor:
        return self.last

    def run(self, values: Sequence[Array], rounding: Rounding, turns: Turns) -> tuple[Array, ...]:
        count = len(self.outputs)
        current, operands = tuple(values[:count]), values[count:]
        while is_true(current[-1]):
            if turns.left == 0:
                raise TinygenError(
                    f"{self}: with these inputs it has not ended after {MOST_TURNS:,} turns, and Python takes no more.",
                    "Give inputs with which it ends, in a file.",
                )
            turns.left -= 1
            current = run_graph(self.graphs[0], operands, current, rounding, turns)
        return tuple(value.reshape(tensor.shape) for value, tensor in zip(current, self.outputs, strict=True))

    def replaceable(self, target: Target) -> tuple[tuple[Tensor, Tensor], ...]:
        """What is carried may begin where it will be carried, unless it is read otherwise, too."""
        uses = Counter(self.inputs)
        pairs = zip(self.inputs, self.outputs, strict=False)
        return tuple((operand, output) for operand, output in pairs if uses[operand] == 1 and not operand.is_constant)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        """All that does not lie there yet is copied before the first turn."""
        return tuple(
            copy_blocks(operand, output, 1, operand.bytes, operand.bytes, 0)
            for operand, output in zip(self.inputs, self.outputs, strict=False)
            if operand.is_constant or place.rings[operand] != place.rings[output]
        )
