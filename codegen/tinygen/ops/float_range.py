"""What float outputs have in common: clamps, sums in the order of the kernels, a bias that may be absent."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array

LARGEST = float(np.finfo(np.float32).max)
RANGES = {"NONE": (-LARGEST, LARGEST), "RELU": (0.0, LARGEST), "RELU6": (0.0, 6.0), "RELU_N1_TO_1": (-1.0, 1.0)}
"""The values that a fused activation lets through; TFLite's CalculateActivationRange."""

Floats = npt.NDArray[np.float32]


def clamp_floats(values: Any, activation: str) -> Floats:
    """What is not a number stays so."""
    low, high = RANGES[activation]
    return np.asarray(np.clip(values, np.float32(low), np.float32(high)), np.float32)


def matrix_product(rows: Floats, columns: Floats) -> Floats:
    """[m, k] times [k, n] in float32, rounded after every product and every sum, in the order of k."""
    total = np.zeros((rows.shape[0], columns.shape[1]), np.float32)
    with np.errstate(all="ignore"):
        for k in range(rows.shape[1]):
            total += rows[:, k : k + 1] * columns[k : k + 1]
    return total


def with_bias(sums: Floats, bias: Array | None) -> Floats:
    with np.errstate(all="ignore"):
        added = sums + (np.float32(0) if bias is None else bias.astype(np.float32).reshape(-1))
    return np.asarray(added, np.float32)
