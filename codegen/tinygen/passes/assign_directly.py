"""An op that computes what is remembered puts it in its place at once, where nobody needs the old value any more."""

from __future__ import annotations

from dataclasses import replace

from tinygen.ir.graph import Graph, State
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.assign_variable import AssignVariable
from tinygen.ops.copy_op import CopyOp
from tinygen.ops.op import Op
from tinygen.passes.readers import may_be_bytes_of_its_input


def assign_directly(graph: Graph, rounding: Rounding) -> Graph:
    """Instead of being copied there.

    All that reads the old value comes before that op, so it can't depend on what waits for it. What only moves stays
    as it is: it may need no step at all, because its parts are computed where they are read.
    """
    assigned = {op.next: op for op in graph.ops if isinstance(op, AssignVariable)}
    taken = {*graph.outputs, *(state.next for state in graph.states)}
    made = {tensor: i for i, op in enumerate(graph.ops) for tensor in op.outputs}
    states: list[State] = []
    gone: set[Op] = set()
    for state in graph.states:
        store = assigned.get(state.next)
        at = made.get(store.value, -1) if store else -1
        if store and store.value not in taken and at >= 0 and _can_lie_in(graph, state.tensor, store.value, at):
            gone.add(store)
            taken.add(store.value)
            states.append(replace(state, next=store.value))
        else:
            states.append(state)
    if not gone:
        return graph
    return replace(graph, ops=tuple(op for op in graph.ops if op not in gone), states=tuple(states))


def _can_lie_in(graph: Graph, old: Tensor, value: Tensor, at: int) -> bool:
    """Whether op number `at` may put the value in the old one's place: it is the last to read it, if it does."""
    around = [graph.ops[at], *(op for op in graph.ops if value in op.inputs)]
    if value.shape != old.shape or any(op.IS_ALIAS or isinstance(op, CopyOp) for op in around):
        return False
    names, readers = {old}, dict[int, set[Tensor]]()
    for i, op in enumerate(graph.ops):
        read = names.intersection(op.inputs)
        if read:
            readers[i] = read
            names.update(op.outputs if may_be_bytes_of_its_input(op) else ())
    if max(readers, default=-1) < at:
        return True
    op = graph.ops[at]
    return max(readers) == at and readers[at] == {old} and old in op.in_place and value is op.outputs[0]
