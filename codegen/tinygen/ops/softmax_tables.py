"""The two tables of the 16-bit SOFTMAX: exp and 1 / (1 + x) at 513 places, with TFLite's correction between them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tinygen.quant import Int64s

STEPS = 512
Floats = npt.NDArray[np.float32]
Function = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]
_RANGE = np.float32(65535)


def exponential_table() -> Int64s:
    """exp(x) in Q0.15 for x = -10 .. 0."""
    return _table(np.exp, np.float32(10) / _RANGE, 32767)


def reciprocal_table() -> Int64s:
    """1 / (1 + x) in Q0.15 for x = 0 .. 1."""
    return _table(lambda x: 1.0 / (1.0 + x), np.float32(1) / _RANGE, -32768)


def interpolated(table: Int64s, x: Int64s) -> Int64s:
    """The table at x in -2**15 .. 2**15 - 1."""
    index = 256 + (x >> 7)
    slope: Int64s = table[index + 1] - table[index]
    result: Int64s = table[index] + ((slope * (x & 127) + 64) >> 7)
    return result


def _table(function: Function, scale: np.float32, zero_point: int) -> Int64s:
    """LUTPopulate in float32: each entry is moved by half of the error that it would make in the middle of its step."""
    low, high = scale * np.float32(-32768 - zero_point), scale * np.float32(32767 - zero_point)
    output_scale = np.float32(2) / _RANGE
    to_stored = np.float32(65536) / (output_scale * np.float32(32767) - output_scale * np.float32(-32768))
    step = np.float32((high - low) / np.float32(STEPS))
    i = np.arange(STEPS, dtype=np.float32)

    def stored(x: Floats) -> Floats:
        return np.asarray(function(x.astype(np.float64)).astype(np.float32) * to_stored, np.float32)

    here, following = stored(low + i * step), stored(low + (i + 1) * step)
    middle = _rounded(stored(low + i * step + step / np.float32(2)))
    error = _rounded((following + _rounded(here)) / np.float32(2)) - middle
    entries = _rounded(here) - _rounded(error / np.float32(2))
    last = _rounded(stored(np.array([high], np.float32)))
    return np.asarray(np.clip(np.concatenate([entries, last]), -32768, 32767), np.int64)


def _rounded(x: Floats) -> Floats:
    """To the nearest integer, halves away from 0."""
    whole = np.trunc(x)
    return np.asarray(whole + np.where(np.abs(x - whole) >= 0.5, np.sign(x), 0), np.float32)
