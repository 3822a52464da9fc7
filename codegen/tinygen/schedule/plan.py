"""A graph and a choice of rows per step -> a Schedule with every ring and scratch at its offset."""

from __future__ import annotations

from collections.abc import Sequence

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Ring, Schedule, Step
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.schedule.liveness import Storage, scratch_lives, storages
from tinygen.schedule.offsets import Block, Group, align, group_bytes, lower_bound, pack
from tinygen.schedule.rows import Choices, pull_steps


def plan(graph: Graph, target: Target, choices: Choices) -> Schedule:
    """The schedule for some choices."""
    steps = pull_steps(graph, choices)
    stored = storages(graph, steps)
    scratch_ops, scratch_groups = _scratch(steps, target)
    groups: list[Group] = [*(storage.blocks for storage in stored), *scratch_groups]
    offsets = pack(groups)
    top = max((offset + group_bytes(group) for offset, group in zip(offsets, groups, strict=True)), default=0)
    scratch_offsets = offsets[len(stored) :]
    return Schedule(
        steps=tuple(steps),
        rings=_rings(stored, offsets),
        scratch={op: offset for ops, offset in zip(scratch_ops, scratch_offsets, strict=True) for op in ops},
        arena_bytes=align(top),
    )


def cost(graph: Graph, target: Target, choices: Choices, ceiling: int) -> tuple[int, int]:
    """(arena bytes, steps) of some choices, packed in little time.

    What lives together is less than or equal to the arena, and quicker known: above `ceiling` it is the answer.
    """
    steps = pull_steps(graph, choices)
    groups: list[Group] = [*(storage.blocks for storage in storages(graph, steps)), *_scratch(steps, target)[1]]
    least = lower_bound(groups)
    if least > ceiling:
        return least, len(steps)
    offsets = pack(groups, steps=0)
    top = max((offset + group_bytes(group) for offset, group in zip(offsets, groups, strict=True)), default=0)
    return align(top), len(steps)


def live_bytes(graph: Graph) -> int:
    """The most bytes of tensors that live together when ops run one after the other."""
    return lower_bound([storage.blocks for storage in storages(graph, pull_steps(graph, Choices()))])


def _rings(stored: Sequence[Storage], offsets: Sequence[int]) -> dict[Tensor, Ring]:
    return {
        tensor: Ring(offset, max(tensor.rows, 1) if storage.is_whole else storage.height, tensor.row_bytes)
        for storage, offset in zip(stored, offsets, strict=False)
        for tensor in storage.tensors
    }


def _scratch(steps: Sequence[Step], target: Target) -> tuple[list[list[Op]], list[Group]]:
    """Ops that share scratch, and its life.

    Accumulators keep theirs between their steps. The others need it only while they run, so those whose steps
    interleave share one as large as the largest.
    """
    lives = scratch_lives(steps)
    owners: list[list[Op]] = []
    groups: list[Group] = []
    shared: list[Op] = []
    shared_end = -1
    for op, (first, end) in lives.items():
        size = op.scratch_bytes(target)
        if size == 0:
            continue
        if op.accumulates:
            owners.append([op])
            groups.append((Block(first, end, size),))
        elif first < shared_end:
            shared.append(op)
            shared_end = max(shared_end, end)
            life = groups[owners.index(shared)][0]
            groups[owners.index(shared)] = (Block(life.first, shared_end, max(life.bytes, size)),)
        else:
            shared, shared_end = [op], end
            owners.append(shared)
            groups.append((Block(first, end, size),))
    return owners, groups
