"""The parts of a WHILE or IF, once they are read -> a Loop or a Branch, if they suit each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from tinygen.ir.graph import Graph, State
from tinygen.ir.tensor import Tensor
from tinygen.ops.assign_variable import AssignVariable
from tinygen.ops.branch import Branch
from tinygen.ops.loop import Loop
from tinygen.ops.op import Op
from tinygen.tflite.model import Operator, Subgraph


class UnsupportedCallError(Exception):
    """Why a call can't be resolved."""


@dataclass(frozen=True)
class Call:
    """An operator that calls subgraphs."""

    operator: Operator
    caller: Subgraph
    tensors: dict[int, Tensor]
    """Of the caller."""
    index: int
    """Of an op that stands for it."""
    depth: int

    @property
    def given(self) -> list[Tensor]:
        return [self.tensors[i] for i in self.operator.inputs]

    def result(self, k: int, value: Tensor) -> Tensor:
        """The output that takes the value, whose shape is the value's where the file leaves it open."""
        info, output = self.caller.tensors[self.operator.outputs[k]], self.tensors[self.operator.outputs[k]]
        if not info.shape or -1 in info.shape_signature:
            output = replace(output, shape=value.shape)
        if (output.dtype, output.elements) != (value.dtype, value.elements):
            raise UnsupportedCallError(f"its output {output} gets {value}")
        return output


@dataclass(frozen=True)
class Side:
    """A subgraph as it was read."""

    inputs: Sequence[Tensor]
    """Tensors of its own, and the caller's constants."""
    ops: Sequence[Op]
    results: Sequence[Tensor]

    def computes_with(self, i: int) -> bool:
        """Whether an op reads the input."""
        return not self.inputs[i].is_constant and any(self.inputs[i] in op.inputs for op in self.ops)

    def is_among(self, i: int, results: Sequence[Tensor]) -> bool:
        return not self.inputs[i].is_constant and self.inputs[i] in results

    def needs(self, i: int) -> bool:
        """Whether its results depend on the input, as far as is known."""
        return self.computes_with(i) or self.is_among(i, self.results)

    def graph(self, operands: Sequence[int], given: Sequence[tuple[Tensor, Tensor]], numbers: Iterator[int]) -> Graph:
        """A nested graph. operands: which inputs; given: (place, value) of what it gives; numbers: for more ops."""
        inputs = tuple(self.inputs[i] for i in operands)
        stores: list[Op] = []
        states: list[State] = []
        for place, value in given:
            following = replace(place, name=f"{place.name}, next")
            stores.append(AssignVariable(next(numbers), value, following))
            states.append(State(place, np.zeros(place.shape, place.dtype.numpy), following))
        return Graph("subgraph", 0, inputs, inputs, (*self.ops, *stores), tuple(states), is_nested=True)


def check_carried(inputs: Sequence[Tensor], results: Sequence[Tensor]) -> None:
    """What a body is given and what it gives are of the same shapes and types."""
    if len(results) != len(inputs):
        raise UnsupportedCallError(f"its body gives {len(results)} tensors for {len(inputs)}")
    for before, after in zip(inputs, results, strict=True):
        if (before.shape, before.dtype) != (after.shape, after.dtype):
            raise UnsupportedCallError(f"its body makes {after} of {before}")


def make_loop(
    call: Call, kept: Set[int], first: Tensor, again: Tensor, turn: Side, numbers: Iterator[int]
) -> tuple[Loop, list[Tensor]]:
    """The loop, and the call's results.

    kept: what no turn changes. first, again: the condition before the loop, and at the end of a turn. turn: the body,
    and then the condition for what it gives.
    """
    given = call.given
    carried = [i for i in range(len(given)) if i not in kept]
    moved = [turn.results[i] for i in carried]
    operands = [i for i in sorted(kept) if turn.computes_with(i) or turn.is_among(i, moved)]
    truth = _place(again)
    pairs = [*((turn.inputs[i], turn.results[i]) for i in carried), (truth, again)]
    loop = Loop(
        index=call.index,
        condition=first,
        operands=tuple(given[i] for i in operands),
        results=tuple(call.result(i, given[i]) for i in carried),
        graphs=(turn.graph(operands, pairs, numbers),),
        schedules=(),
        carried=tuple(given[i] for i in carried),
        last=replace(truth, name=f"{again.name}, last"),
    )
    changed = dict(zip(carried, loop.results, strict=True))
    return loop, [changed.get(i, tensor) for i, tensor in enumerate(given)]


def make_branch(call: Call, sides: Sequence[Side], numbers: Iterator[int]) -> Branch:
    """The branch between two subgraphs."""
    condition, *given = call.given
    yes, no = (side.results for side in sides)
    count = len(call.operator.outputs)
    if (len(yes), len(no)) != (count, count):
        raise UnsupportedCallError(f"it has {count} outputs, and its subgraphs {len(yes)} and {len(no)}")
    for one, other in zip(yes, no, strict=True):
        if (one.shape, one.dtype) != (other.shape, other.dtype):
            raise UnsupportedCallError(f"its subgraphs give {one} and {other}")
    operands = [i for i, _ in enumerate(given) if any(side.needs(i) for side in sides)]
    return Branch(
        index=call.index,
        condition=condition,
        operands=tuple(given[i] for i in operands),
        results=tuple(call.result(i, value) for i, value in enumerate(yes)),
        graphs=tuple(side.graph(operands, [(_place(t), t) for t in side.results], numbers) for side in sides),
        schedules=(),
    )


def _place(value: Tensor) -> Tensor:
    """Where a value is to be put."""
    return replace(value, data=None, index=-1)
