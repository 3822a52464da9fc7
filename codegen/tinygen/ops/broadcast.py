"""How an operand that is smaller than the output is read: strides that are 0 along broadcast dimensions."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tinygen.ir.program import Field, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.tensor import Tensor
from tinygen.ops.rule import Rule

OUTER_DIMENSIONS = 4
"""How many dimensions may be above the last two."""


def _aligned(shape: tuple[int, ...], rank: int) -> tuple[int, ...]:
    return (1,) * (rank - len(shape)) + shape


def split_rows(shape: tuple[int, ...]) -> tuple[tuple[int, ...], int, int]:
    """(outer dimensions, columns, channels) of a shape, in the way that Tensor.row_shape cuts it."""
    if len(shape) > 2:
        return shape[:-2], shape[-2], shape[-1]
    if not shape:
        return (), 1, 1
    return shape[:-1], 1, shape[-1]


def operand_fields(place: Placement, operand: Tensor, output: Tensor) -> Mapping[str, Field]:
    """The members of tg_operand: where the elements of `operand` lie that meet the output's rows."""
    rank = max(len(output.shape), 1)
    shape = _aligned(operand.shape, rank)
    outer, columns, channels = split_rows(shape)
    ring = place.ring(operand)
    steps = []
    for axis, size in enumerate(outer):
        steps.append(0 if size == 1 else math.prod(outer[axis + 1 :]))
    padding = OUTER_DIMENSIONS - len(steps)
    return {
        "ring": ring,
        "row_steps": (0,) * padding + tuple(steps),
        "column_step": 0 if columns == 1 else channels,
        "channel_step": 0 if channels == 1 else 1,
    }


def output_fields(output: Tensor) -> Mapping[str, Field]:
    """The members of tg_extent: the output's outer dimensions, columns and channels."""
    outer, columns, channels = split_rows(output.shape)
    padding = OUTER_DIMENSIONS - len(outer)
    return {"outer": (1,) * padding + tuple(outer), "columns": columns, "channels": channels}


def is_contiguous(operand: Tensor, output: Tensor) -> bool:
    """Element i of the operand meets element i of the output."""
    return _aligned(operand.shape, len(output.shape)) == output.shape


def operand_rows(rows: Rows, operand: Tensor, output: Tensor) -> Rows:
    """The operand's rows that meet the output's `rows`."""
    if is_contiguous(operand, output) and operand.row_shape == output.row_shape:
        return rows
    return Rows(0, max(operand.rows, 1))


def _too_deep(op: object) -> str:
    output: Tensor = op.output  # type: ignore[attr-defined]
    return f"{output} has {len(output.shape)}" if len(output.shape) > OUTER_DIMENSIONS + 2 else ""


RANK_FITS = Rule(f"tensors have at most {OUTER_DIMENSIONS + 2} dimensions", _too_deep)
