"""Ops that deal the pixels of every block of an image out to images of their own, or gather them again."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.lib.stride_tricks import as_strided

from tinygen.ir.dtype import Array
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import COPY_RULES, CopyOp, View
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule, is_constant


@dataclass(frozen=True)
class Range:
    """Some places of a block along one dimension, all with the same pixels of the small images inside the large one."""

    places: slice
    pixels: slice
    large: tuple[int, int, int]
    """In the large image: the first pixel, the step, and how many steps."""


def ranges(small: int, block: int, before: int, large: int) -> Iterator[Range]:
    """Pixel p of place b is pixel p * block + b - before of the large image, if it has that many."""
    ends = []
    for place in range(block):
        first = max(-(-(before - place) // block), 0)
        end = min(-(-(large + before - place) // block), small)
        ends.append((first, max(end, first)))
    start = 0
    for (first, end), group in itertools.groupby(ends):
        count = len(list(group))
        if end > first:
            yield Range(
                slice(start, start + count),
                slice(first, end),
                (first * block + start - before, count, end - first),
            )
        start += count


def _not_an_image(op: SpaceBatchOp) -> str:
    found = f"{op.input} with blocks of {op.block.elements}"
    return "" if len(op.input.shape) in (3, 4) and op.block.elements == len(op.input.shape) - 2 else found


@dataclass(frozen=True, eq=False)
class SpaceBatchOp(CopyOp):
    """Place (i, j) of a block of image n belongs to image (i * block width + j) * batches + n of the small ones."""

    input: Tensor
    block: Tensor
    """int32: height, and width if there is one"""
    margins: Tensor
    """[1 or 2, 2] int32: how far the large images were padded, or are cropped, before and after"""
    output: Tensor

    RULES = (
        is_constant("block"),
        is_constant("margins"),
        Rule("the input has 3 dimensions and its block 1, or 4 and 2", _not_an_image),
        *COPY_RULES,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(node.index, node.input(0), node.input(1), node.input(2), node.outputs[0])

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.block, self.margins)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    def views(self, small: Tensor, large: Tensor) -> Iterator[tuple[View, View]]:
        """Pairs of views of the small images and of the large ones that hold the same pixels, in one order."""
        blocks = self.block.value.reshape(-1).tolist()
        margins = self.margins.value.reshape(-1, 2)
        befores = margins[:, 0].tolist()
        whole = (large.shape[0], *(np.array(large.shape[1:-1]) + margins.sum(axis=1)).tolist(), large.shape[-1])
        dealt = (small.shape[0] // math.prod(blocks), *(np.array(small.shape[1:-1]) * blocks).tolist(), small.shape[-1])
        if whole != dealt or small.shape[0] % math.prod(blocks):
            raise ValueError(f"{small} is not {large} in blocks of {blocks}")
        dimensions: Sequence[tuple[int, int, int, int]] = [
            (small.shape[1 + d], block, before, large.shape[1 + d])
            for d, (block, before) in enumerate(zip(blocks, befores, strict=True))
        ]
        if len(dimensions) == 1:
            dimensions = [dimensions[0], (1, 1, 0, 1)]
        for rows, columns in itertools.product(*(list(ranges(*dimension)) for dimension in dimensions)):
            yield (
                _small_view(rows, columns, dimensions, large.shape[0]),
                _large_view(rows, columns, dimensions, large.shape[0]),
            )


def _small_view(rows: Range, columns: Range, dimensions: Sequence[tuple[int, int, int, int]], batches: int) -> View:
    (height, block_h, _, _), (width, block_w, _, _) = dimensions

    def view(array: Array) -> Array:
        images = array.reshape(block_h, block_w, batches, height, width, -1)
        return images[rows.places, columns.places, :, rows.pixels, columns.pixels]

    return view


def _large_view(rows: Range, columns: Range, dimensions: Sequence[tuple[int, int, int, int]], batches: int) -> View:
    (_, block_h, _, height), (_, block_w, _, width) = dimensions

    def view(array: Array) -> Array:
        image = array.reshape(batches, height, width, -1)
        n, y, x, c = image.strides
        corner = image[:, rows.large[0] :, columns.large[0] :]
        _, count_i, count_y = rows.large
        _, count_j, count_x = columns.large
        return as_strided(
            corner,
            (count_i, count_j, batches, count_y, count_x, image.shape[3]),
            (y, x, n, y * block_h, x * block_w, c),
        )

    return view
