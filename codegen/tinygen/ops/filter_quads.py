"""Filters packed in quads of four weights, as firmware/kernels/include/tg_filter_quads.h says, where that is exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Constant, Field
from tinygen.ops.doubled_channels import HALVES_BITS, doubled, sums_fit
from tinygen.ops.requantization import Requantization
from tinygen.quant import Int64s

QUAD = 4
"""Weights."""
PATCH_WORDS = 10
"""Of a quad of four pixels, expanded."""
LARGEST_QUAD = 255
"""The magnitudes of a quad's weights together: times 128 that is an int16."""
OFFSET = 128
"""What is added to a weight, so that it is loaded without its sign."""


@dataclass(frozen=True)
class FilterQuads:
    """The members of tg_filter_quads."""

    weights: Constant
    filters: Constant
    extras: Constant
    count: int
    quads: int

    def fields(self) -> dict[str, Field]:
        return dict(vars(self))


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
    bank = bank.reshape(count, quads, QUAD)
    extras = [_take_extras(filter_) for filter_ in bank]
    words = np.column_stack([bias, [len(terms) for terms in extras], by])
    terms = np.array([term for filter_ in extras for term in filter_] or [0], np.int32)
    return FilterQuads(
        Constant.of((bank + OFFSET).astype(np.uint8)),
        Constant.of(words.astype(np.int32)),
        Constant.of(terms),
        count,
        quads,
    )


def _take_extras(filter_: Int64s) -> list[int]:
    """Takes from [quads, 4] weights what is too much, beginning with the largest of a quad; the terms that hold it."""
    terms = []
    for quad in np.flatnonzero(np.abs(filter_).sum(axis=1) > LARGEST_QUAD):
        while (excess := int(np.abs(filter_[quad]).sum()) - LARGEST_QUAD) > 0:
            tap = int(np.abs(filter_[quad]).argmax())
            weight = int(filter_[quad, tap])
            part = max(min(weight, excess), -excess)
            filter_[quad, tap] -= part
            terms.append((quad * PATCH_WORDS + 2 * (1 + tap) << 8) + (part & 255))
    return terms
