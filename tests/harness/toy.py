"""A toy model with state, in Python: two inputs, two outputs, three probes; toy_model.c is the same in C."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from tinygen.harness.device import Wanted
from tinygen.ir.target import Rounding

NAME = "toy"
CRC32 = 0xC0FFEE00
WANTED = Wanted(NAME, CRC32, Rounding.DOUBLE)
ARENA_BYTES = 780
ROWS = 6
COLUMNS = 75
INPUT_BYTES = (ROWS * COLUMNS, ROWS)
OUTPUT_BYTES = (ROWS * COLUMNS, 4)
LAYERS = ("op 0, SUM 'a'", "op 1, WIDEN 'b'", "op 2, PAIR 'out'")

Array = NDArray[np.uint8]


class Toy:
    """The model; its state lasts from invoke to invoke."""

    probes = len(LAYERS)

    def __init__(self) -> None:
        self.state = 0

    def invoke(self, inputs: tuple[bytes, ...]) -> tuple[tuple[bytes, ...], tuple[Array, ...]]:
        """The outputs, and the tensor of every probe."""
        image = np.frombuffer(inputs[0], np.uint8).reshape(ROWS, COLUMNS)
        bias = np.frombuffer(inputs[1], np.uint8)
        self.state += 1 + int(bias[0])
        a = image * np.uint8(3) + bias[:, None] + np.uint8(self.state & 255)
        b = a[:, np.arange(2 * COLUMNS) // 2] ^ np.arange(2 * COLUMNS).astype(np.uint8)
        out = b[:, 0::2] + b[:, 1::2]
        return (out.tobytes(), self.state.to_bytes(4, "little")), (a, b, out)


def vectors(seed: int, count: int) -> list[tuple[bytes, ...]]:
    """Random inputs, a part of them zero so that COBS has something to do."""
    source = random.Random(seed)
    return [
        tuple(bytes(source.choice((0, source.randrange(256))) for _ in range(size)) for size in INPUT_BYTES)
        for _ in range(count)
    ]


def expected(inputs: list[tuple[bytes, ...]]) -> list[tuple[bytes, ...]]:
    """The outputs of one sequence of invokes from a reset."""
    model = Toy()
    return [model.invoke(given)[0] for given in inputs]
