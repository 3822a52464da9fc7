"""The simplest schedule: one op after the other, each computing all its rows, every ring as tall as its tensor."""

from __future__ import annotations

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Ring, Rows, Schedule, Step
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.schedule.offsets import Block, align, pack


def schedule_whole_tensors(graph: Graph, target: Target) -> Schedule:
    """Steps in the file's order; tensors and scratch packed by their lives."""
    storage = share_storage(graph)
    ops = [op for op in graph.ops if not _is_free(op, storage)]
    lives = _lives(graph, ops, storage)
    owners = list(lives)
    scratch_owners = [op for op in ops if op.scratch_bytes(target) > 0]
    moment = {op: i for i, op in enumerate(ops)}
    blocks = [Block(first, end, owner.bytes) for owner, (first, end) in lives.items()]
    blocks += [Block(moment[op], moment[op] + 1, op.scratch_bytes(target)) for op in scratch_owners]
    offsets = pack(blocks)
    offset_of = dict(zip(owners, offsets, strict=False))
    rings = {
        tensor: Ring(offset_of[owner], max(tensor.rows, 1), tensor.row_bytes)
        for tensor, owner in storage.items()
        if owner in offset_of
    }
    end = max((offset + block.bytes for offset, block in zip(offsets, blocks, strict=True)), default=0)
    return Schedule(
        steps=tuple(Step(op, Rows(0, max(op.outputs[0].rows, 1))) for op in ops),
        rings=rings,
        scratch=dict(zip(scratch_owners, offsets[len(owners) :], strict=True)),
        arena_bytes=align(end),
    )


def share_storage(graph: Graph) -> dict[Tensor, Tensor]:
    """The tensor in whose bytes each run-time tensor lives: itself, or the input of the alias that made it.

    An output of the model that aliases an input of the model is a copy, so that the caller's input stays.
    """
    storage: dict[Tensor, Tensor] = {tensor: tensor for tensor in graph.inputs}
    for op in graph.ops:
        for tensor in op.outputs:
            storage[tensor] = tensor
        if op.IS_ALIAS and op.inputs[0] in storage:
            owner = storage[op.inputs[0]]
            if not (op.outputs[0] in graph.outputs and owner in graph.inputs):
                storage[op.outputs[0]] = owner
    return storage


def _is_free(op: Op, storage: dict[Tensor, Tensor]) -> bool:
    """The op is an alias whose output needs no copy."""
    return op.IS_ALIAS and storage[op.outputs[0]] is storage.get(op.inputs[0])


def _lives(graph: Graph, ops: list[Op], storage: dict[Tensor, Tensor]) -> dict[Tensor, tuple[int, int]]:
    """[first, end) of every owner of storage, in steps; inputs live from the start, outputs to the end."""
    first = {storage[tensor]: 0 for tensor in graph.inputs}
    last = {storage[tensor]: 0 for tensor in graph.inputs}
    for moment, op in enumerate(ops):
        for tensor in (*op.outputs, *op.activations):
            owner = storage[tensor]
            first.setdefault(owner, moment)
            last[owner] = moment
    for tensor in graph.outputs:
        if tensor in storage:
            last[storage[tensor]] = max(len(ops) - 1, 0)
    return {owner: (first[owner], last[owner] + 1) for owner in first}
