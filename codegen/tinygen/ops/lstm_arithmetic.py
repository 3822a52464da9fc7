"""The integer arithmetic of an LSTM's gates: TFLite's 16-bit sigmoid and tanh."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array
from tinygen.quant import Int64s

FRACTION_BITS = 12
"""What goes into a gate's sigmoid or tanh is in Q3.12."""


def sigmoid_table() -> Array:
    """sigmoid(i / 24) in Q0.16 for i = 0 .. 255, as TFLite has it.

    Each entry is raised by half of what the straight line to the next one lacks in its middle; the last is all ones.
    """

    def exact(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(65536.0 / (1.0 + np.exp(-places / 24.0)))

    i = np.arange(255, dtype=np.float64)
    lacking = exact(i + 0.5) - (exact(i) + exact(i + 1)) / 2
    return np.append(np.floor(exact(i) + lacking / 2 + 0.5), 65535).astype(np.uint16)


def _interpolated(scaled: Int64s, bits: int) -> Int64s:
    """The table between its entries at |scaled| / 2**bits, or its last full step beyond them."""
    table = sigmoid_table().astype(np.int64)
    magnitude = np.abs(scaled)
    index = np.minimum(magnitude >> bits, 254)
    slope: Int64s = table[index + 1] - table[index]
    return np.asarray((table[index] << bits) + (magnitude & ((1 << bits) - 1)) * slope, np.int64)


def sigmoid(x: Int64s) -> Int64s:
    """1 / (1 + exp(-x)) from Q3.12 to Q0.15."""
    scaled = x * 3
    result = np.where(np.abs(scaled) >> 9 >= 255, 0x7FFF << 10, _interpolated(scaled, 9))
    return np.where(scaled >= 0, result + (1 << 9), (1 << 25) - result + (1 << 9) - 1) >> 10


def tanh(x: Int64s, fraction_bits: int) -> Int64s:
    """tanh(x) from a fixed point of so many fraction bits to Q0.15."""
    shift = fraction_bits - FRACTION_BITS
    scaled = (x * 3) << -shift if shift <= 0 else (x * 3 + (1 << (shift - 1))) >> shift
    result = np.where(np.abs(scaled) >> 8 >= 255, 0xFFFF << 8, _interpolated(scaled, 8)) - (1 << 23)
    return np.where(scaled >= 0, result + (1 << 7), -result + (1 << 7) - 1) >> 8
