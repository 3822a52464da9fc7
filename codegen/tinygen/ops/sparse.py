"""Constants that are stored sparsely, made dense: on a chip they are read in order, zeros included."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.quant import Int64s
from tinygen.tflite.model import Sparsity


def densified(sparsity: Sparsity, shape: tuple[int, ...], stored: Callable[[int], Array]) -> Array | None:
    """The whole constant; None if a stored value has no place in it.

    stored: from their number, the values in the order of the tree's leaves.
    """
    places, count = _places(sparsity, len(shape))
    inside = all((at < size).all() for at, size in zip(places, shape, strict=True))
    if not inside:
        return None
    values = stored(count)
    dense = np.zeros(shape, values.dtype)
    dense[tuple(places)] = values
    return dense


def _places(sparsity: Sparsity, rank: int) -> tuple[list[Int64s], int]:
    """The coordinates of the leaves, for each dimension of the shape, and how many leaves there are."""
    along: dict[int, Int64s] = {}
    nodes = 1
    for dimension, level in zip(sparsity.traversal_order, sparsity.dimensions, strict=True):
        if level.is_sparse:
            segments = level.segments or ()
            children = np.array([end - begin for begin, end in pairwise(segments)], np.int64)
            own = np.array(level.indices, np.int64)
        else:
            children = np.full(nodes, level.dense_size, np.int64)
            own = np.tile(np.arange(level.dense_size), nodes)
        along = {other: np.repeat(at, children) for other, at in along.items()}
        along[dimension], nodes = own, len(own)
    sizes = dict(zip(sparsity.traversal_order, (level.dense_size for level in sparsity.dimensions), strict=True))
    places = [along[dimension] for dimension in range(rank)]
    for block, cut in enumerate(sparsity.block_map, rank):
        places[cut] = places[cut] * sizes[block] + along[block]
    return places, nodes
