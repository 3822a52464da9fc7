"""Filters packed for kernels that sum up two products in one word, where that is exact; see tg_filter_quads.h."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Constant, Field
from tinygen.ir.target import Optimize, Target
from tinygen.ops.doubled_channels import HALVES_BITS, doubled, sums_fit
from tinygen.ops.requantization import Requantization
from tinygen.quant import Int64s

QUAD = 4
"""Weights."""
PATCH_WORDS = 10
"""Of a quad of four pixels' patches, which are expanded together."""
OUTPUTS = 4
"""Whose weights share a word in tg_fully_connected_lanes_s8.h."""
RUN = 8
"""Inputs there whose products are summed up before the lanes are parted."""
LARGEST_SUM = 255
"""The magnitudes of weights whose products with int8 are an int16 together."""
OFFSET = 128
"""What is added to a weight, so that it has no sign."""
LITTLE_SCRATCH = 256
"""Bytes that do not matter where the least RAM is wanted."""
MANY_EXTRAS = 16
"""More than one among so many weights, and parting them takes longer than lanes save."""


@dataclass(frozen=True)
class FilterQuads:
    """The members of tg_filter_quads."""

    weights: Constant
    filters: Constant
    extras: Constant
    count: int
    quads: int

    def scratch_bytes(self, channels: int) -> int:
        """channels: of the input; where they are not whole quads, two patches are gathered before they are expanded."""
        return (4 * PATCH_WORDS + (2 * QUAD if channels % QUAD else 0)) * self.quads

    def fields(self) -> dict[str, Field]:
        return dict(vars(self))


@dataclass(frozen=True)
class WeightLanes:
    """Some members of tg_fully_connected_lanes_s8_params."""

    weights: Constant
    bias: Constant
    requant: Constant
    requant_step: int
    extras: Constant
    counts: Constant


def is_affordable(scratch_bytes: int, target: Target, pixels: int) -> bool:
    """Whether to take a kernel that wants more working memory than the plain one, and more pixels of a row than one."""
    goes_by_rows = target.push or target.ram_limit or target.optimize is Optimize.RAM
    if not goes_by_rows:
        return True
    most = target.ram_limit // 16 if target.ram_limit else LITTLE_SCRATCH
    return pixels > 1 and scratch_bytes <= (min(most, LITTLE_SCRATCH) if target.is_lean else most)


def filter_quads(
    weights: Array, bias: Array, requantization: Requantization, zero_point: int, clamp: tuple[int, int]
) -> FilterQuads | None:
    """weights [filters, taps] int8, bias [filters] int32. None where the kernel can't compute them."""
    count, taps = weights.shape
    by = doubled(requantization, count, zero_point, clamp)
    if by is None or not sums_fit(weights.T, bias, HALVES_BITS):
        return None
    quads = -(-taps // QUAD)
    bank = np.zeros((count, quads * QUAD), np.int64)
    bank[:, :taps] = weights
    extras = [_take_extras(filter_.reshape(quads, QUAD)) for filter_ in bank]
    places = [[(quad * PATCH_WORDS + 2 + 2 * i, part) for quad, i, part in terms] for terms in extras]
    return FilterQuads(
        Constant.of((bank + OFFSET).astype(np.uint8)),
        Constant.of(np.column_stack([bias, [len(terms) for terms in extras], by]).astype(np.int32)),
        _packed_extras(places),
        count,
        quads,
    )


def weight_lanes(
    weights: Array, bias: Array, requantization: Requantization, zero_point: int, clamp: tuple[int, int]
) -> WeightLanes | None:
    """weights [outputs, depth] int8, bias [outputs] int32. None where the kernel can't compute them, or not fast."""
    outputs, depth = weights.shape
    by = doubled(requantization, outputs, zero_point, clamp)
    if by is None or depth % RUN or not sums_fit(weights.T, bias, HALVES_BITS):
        return None
    padded = -(-outputs // OUTPUTS) * OUTPUTS
    bank = np.zeros((padded, depth), np.int64)
    bank[:outputs] = weights
    extras = [_take_extras(row.reshape(-1, RUN)) for row in bank]
    counts = np.array([len(terms) for terms in extras])
    if MANY_EXTRAS * counts.sum() > weights.size or counts.max() > 255:
        return None
    bytes_of = (bank + OFFSET).reshape(-1, OUTPUTS, depth).transpose(0, 2, 1)
    return WeightLanes(
        Constant.of(np.ascontiguousarray(bytes_of.astype(np.uint8)).view("<u4").astype(np.uint32)),
        Constant.of(np.concatenate([bias, np.zeros(padded - outputs, np.int32)])),
        Constant.of((by if requantization.step else by[:1]).astype(np.int32)),
        3 * requantization.step,
        _packed_extras([[(run * RUN + i, part) for run, i, part in terms] for terms in extras]),
        Constant.of(counts.astype(np.uint8)),
    )


def _take_extras(groups: Int64s) -> list[tuple[int, int, int]]:
    """Takes from weights [groups, size] what is too much, the largest of a group first: where, and how much."""
    terms = []
    for group in np.flatnonzero(np.abs(groups).sum(axis=1) > LARGEST_SUM):
        weights = groups[group]
        while (excess := int(np.abs(weights).sum()) - LARGEST_SUM) > 0:
            i = int(np.abs(weights).argmax())
            part = max(min(int(weights[i]), excess), -excess)
            weights[i] -= part
            terms.append((int(group), i, part))
    return terms


def _packed_extras(filters: list[list[tuple[int, int]]]) -> Constant:
    """One filter's terms, place and weight, after the other's."""
    terms = [(place << 8) + (weight & 255) for filter_ in filters for place, weight in filter_]
    return Constant.of(np.array(terms or [0], np.int32))
