"""Axes that come at run time, as the constants that they must be where shapes leave no choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from tinygen.ir.tensor import Tensor
from tinygen.ops.rule import Rule, is_constant


def implied_axes(axes: Tensor, before: Sequence[int], after: Sequence[int], keep_dims: bool = False) -> Tensor:
    """The only dimensions without which, or with 1 for which, `before` is `after`; the axes as they are if more are.

    Dimensions of size 1 make no difference to what is computed.
    """
    if axes.is_constant:
        return axes
    fitting = [
        chosen
        for count in range(1, min(axes.elements, len(before)) + 1)
        for chosen in combinations(range(len(before)), count)
        if _without(before, chosen, keep_dims) == tuple(after)
    ]
    if len({tuple(axis for axis in chosen if before[axis] != 1) for chosen in fitting}) != 1:
        return axes
    return replace(axes, shape=(len(fitting[0]),), data=np.array(fitting[0], axes.dtype.numpy))


def _without(shape: Sequence[int], chosen: Sequence[int], keep_dims: bool) -> tuple[int, ...]:
    left = ((1 if axis in chosen else size, axis not in chosen) for axis, size in enumerate(shape))
    return tuple(size for size, is_kept in left if is_kept or keep_dims)


def axes_are_known(field: str) -> Rule:
    """For a tensor that was read by way of `implied_axes`."""
    return Rule(f"{field} is a constant, or follows from the shapes", is_constant(field).found)
