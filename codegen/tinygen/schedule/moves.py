"""From some choices to others near them: what a search may try."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from tinygen.ir.graph import Graph
from tinygen.ir.target import Target
from tinygen.ops.op import Op
from tinygen.schedule.places import can_be_idle
from tinygen.schedule.rows import Choices

Move = Callable[[Choices], Choices | None]
"""Other choices; None where there is no such neighbour."""


def cuts_and_rows(ops: Sequence[Op]) -> list[Move]:
    """An output complete before it is read, or not; coarser or finer steps of one op."""
    return [_cut(op) for op in ops] + [_coarser((op,)) for op in ops] + [_finer((op,)) for op in ops]


def pairs(ops: Sequence[Op]) -> list[Move]:
    """Coarser steps of two neighbours at once: of one alone they often gain nothing."""
    return [_coarser(pair) for pair in pairwise(ops)]


def can_be_lean(ops: Sequence[Op], target: Target) -> frozenset[Op]:
    """Ops that have a kernel with less scratch, too, and not that much slower: of cores without DSP, none has."""
    if target.kernels[0] == "swar":
        return frozenset()
    return frozenset(op for op in ops if op.scratch_bytes(target.lean) != op.scratch_bytes(target))


def kernels(ops: Sequence[Op], target: Target) -> list[Move]:
    """The fast kernel or the lean one; or the fast one in coarser steps, as it may be wasted on single rows."""
    lean = can_be_lean(ops, target)
    near = [(op,) for op in ops] + list(pairwise(ops))
    return [_leaner(op) for op in ops if op in lean] + [
        _fast_coarser(some, lean) for some in near if not lean.isdisjoint(some)
    ]


def stagings(ops: Sequence[Op], target: Target) -> list[Move]:
    """Constants of one op copied before each step, or not; or of two neighbours, in finer steps that make room."""
    can_stage = [op for op in ops if op.staged_bytes(target)]
    near = [pair for pair in pairwise(ops) if not set(pair).isdisjoint(can_stage)]
    return [_staged(op) for op in can_stage] + [_staged_finer(pair, frozenset(can_stage)) for pair in near]


def orders(graph: Graph) -> list[Move]:
    """Another operand or output first; a copy instead of a part that lies in place."""
    outputs = sum(not tensor.is_constant for tensor in graph.outputs)
    return [
        *(_first(op, i) for op in graph.ops for i in range(len(op.activations)) if len(set(op.activations)) > 1),
        *(_first_output(i) for i in range(outputs) if outputs > 1),
        *(_copied(op) for op in can_be_idle(graph)),
    ]


def _cut(op: Op) -> Move:
    return lambda choices: replace(choices, complete=choices.complete ^ {op})


def _staged(op: Op) -> Move:
    return lambda choices: _with(choices, staged=choices.forms.staged ^ {op})


def _leaner(op: Op) -> Move:
    return lambda choices: _with(choices, lean=choices.forms.lean ^ {op})


def _fast_coarser(ops: Sequence[Op], lean: frozenset[Op]) -> Move:
    coarser = _coarser(ops)

    def move(choices: Choices) -> Choices | None:
        found = coarser(choices)
        return found and _with(found, lean=found.forms.lean - lean.intersection(ops))

    return move


def _with(choices: Choices, **forms: frozenset[Op]) -> Choices:
    return replace(choices, forms=replace(choices.forms, **forms))


def _staged_finer(ops: Sequence[Op], can_stage: frozenset[Op]) -> Move:
    finer = _finer(ops)

    def move(choices: Choices) -> Choices | None:
        found = finer(choices)
        return found and _with(found, staged=found.forms.staged | can_stage.intersection(ops))

    return move


def _copied(op: Op) -> Move:
    return lambda choices: replace(choices, copied=choices.copied ^ {op})


def _first(op: Op, operand: int) -> Move:
    def move(choices: Choices) -> Choices | None:
        if choices.first.get(op, 0) == operand:
            return None
        return replace(choices, first={**choices.first, op: operand})

    return move


def _first_output(output: int) -> Move:
    def move(choices: Choices) -> Choices | None:
        return None if choices.first_output == output else replace(choices, first_output=output)

    return move


def _coarser(ops: Sequence[Op]) -> Move:
    def move(choices: Choices) -> Choices | None:
        rows = {op: choices.rows_per_step.get(op, op.step_rows) for op in ops}
        if any(count >= op.step_rows or not op.is_divisible for op, count in rows.items()):
            return None
        more = {op: min(count * 2, op.step_rows) for op, count in rows.items()}
        return replace(choices, rows_per_step={**choices.rows_per_step, **more})

    return move


def _finer(ops: Sequence[Op]) -> Move:
    def move(choices: Choices) -> Choices | None:
        rows = {op: choices.rows_per_step.get(op, op.step_rows) for op in ops}
        if any(count == 1 or not op.is_divisible for op, count in rows.items()):
            return None
        fewer = {op: (count + 1) // 2 for op, count in rows.items()}
        return replace(choices, rows_per_step={**choices.rows_per_step, **fewer})

    return move
