"""Who reads a tensor, inside the graph and outside."""

from __future__ import annotations

from tinygen.ir.graph import Graph
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import CopyOp
from tinygen.ops.op import Op


def readers_of(graph: Graph) -> dict[Tensor, list[Op]]:
    """The ops that read each tensor, in order, once per input of theirs."""
    readers: dict[Tensor, list[Op]] = {}
    for op in graph.ops:
        for tensor in op.inputs:
            readers.setdefault(tensor, []).append(op)
    return readers


def may_be_bytes_of_its_input(op: Op) -> bool:
    """The outputs may lie where the input lies; what is joined of several tensors is a copy if one of them is given."""
    return op.IS_ALIAS or (isinstance(op, CopyOp) and len(op.moved) == 1)


def given_to(graph: Graph) -> tuple[Tensor, ...]:
    """What ops read and no op makes: the model's inputs and what it remembers."""
    return (*graph.inputs, *(state.tensor for state in graph.states))


def wanted_from(graph: Graph) -> tuple[Tensor, ...]:
    """What is needed though no op may read it: the model's outputs and what it will remember."""
    return (*graph.outputs, *(state.next for state in graph.states))
