"""Sums of float32 in the order in which the kernels add, so that numpy gives the very same bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Float32s = npt.NDArray[np.float32]
NORMALIZATION_EPSILON = np.float32(1e-8)


def sum_in_order(terms: npt.NDArray[Any], start: float | Float32s = 0.0) -> Float32s:
    """start + terms[..., 0] + terms[..., 1] + ... along the last axis, rounded to float32 after each step."""
    begin = np.broadcast_to(np.asarray(start, np.float32)[..., None], (*terms.shape[:-1], 1))
    with np.errstate(all="ignore"):
        steps = np.cumsum(np.concatenate([begin, terms.astype(np.float32)], axis=-1), axis=-1, dtype=np.float32)
    return np.asarray(steps[..., -1], np.float32)


def matrix_times(rows: npt.NDArray[Any], weights: npt.NDArray[Any], start: float | Float32s = 0.0) -> Float32s:
    """[rows, outputs] from rows [rows, depth] and weights [outputs, depth], one product after the other."""
    with np.errstate(all="ignore"):
        products = rows.astype(np.float32)[:, None, :] * weights.astype(np.float32)[None, :, :]
    return sum_in_order(products, start)


def normalized(sums: Float32s) -> Float32s:
    """Each row with mean 0 and variance 1."""
    count = np.float32(sums.shape[-1])
    centred = sums - (sum_in_order(sums) / count)[:, None]
    variance = sum_in_order(centred * centred) / count
    return np.asarray(centred * (np.float32(1) / np.sqrt(variance + NORMALIZATION_EPSILON))[:, None], np.float32)
