"""What is remembered is put aside first where it is to be remembered in another's place."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.assign_variable import AssignVariable
from tinygen.ops.op import Op
from tinygen.passes.readers import may_be_bytes_of_its_input


def set_aside(graph: Graph, rounding: Rounding) -> Graph:
    """Copies of values that consist of a state's bytes before they are assigned.

    Of two tensors that change places, neither could be overwritten before the other was read.
    """
    old = {state.tensor for state in graph.states}
    moving = {tensor: op for op in graph.ops if may_be_bytes_of_its_input(op) for tensor in op.outputs}
    ops: list[Op] = []
    last: list[Op] = []
    for op in graph.ops:
        if not isinstance(op, AssignVariable):
            ops.append(op)
        elif _has_bytes_of(op.value, old, moving):
            aside = replace(op.value, name=f"{op.value.name}, aside", index=-1)
            ops.append(AssignVariable(op.index, op.value, aside))
            last.append(replace(op, value=aside))
        else:
            last.append(op)
    return replace(graph, ops=(*ops, *last)) if len(ops) + len(last) > len(graph.ops) else graph


def _has_bytes_of(value: Tensor, old: Set[Tensor], moving: Mapping[Tensor, Op]) -> bool:
    front, seen = [value], {value}
    while front:
        tensor = front.pop()
        if tensor in old:
            return True
        sources = set(moving[tensor].activations) - seen if tensor in moving else set()
        seen |= sources
        front += sources
    return False
