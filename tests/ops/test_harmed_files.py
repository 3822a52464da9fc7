"""Files of every operator, harmed by a seed: each becomes C, or an error for the user, in little time."""

from __future__ import annotations

import random
import struct
import time
from functools import cache
from pathlib import Path

import pytest

from ops.nodes import model_bytes
from ops.test_rules import VALID
from tinygen.errors import InvalidModelError, UnsupportedModelError
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.pipeline import compile_model

HARMED = 24
"""Files made of each operator's."""
SECONDS = 5.0
"""Of the processor for one file; a hundredth is usual."""
WORDS = (0, 1, 2, 3, 4, 8, 127, 255, 65536, 2**24, 2**31 - 1, 2**31, 2**32 - 8, 2**32 - 2, 2**32 - 1, 0x7FC00000)
"""Numbers that offsets, lengths, sizes, enumerations and scales had better not be; the last is NaN."""


@cache
def file_of(kind: str) -> bytes:
    return model_bytes(VALID[kind])


def harmed(data: bytes, chance: random.Random) -> bytes:
    """One to eight bits, bytes or aligned words are changed, or the end is missing."""
    out = bytearray(data)
    way = chance.randrange(8)
    if way == 0:
        return bytes(out[: chance.randrange(len(out))])
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(out))
        word = at // 4 * 4 if at + 4 <= len(out) else 0
        if way == 1:
            out[at] ^= 1 << chance.randrange(8)
        elif way == 2:
            out[at] = chance.choice((0, 1, 2, 3, 5, 9, 127, 128, 255))
        elif way == 3:
            (old,) = struct.unpack_from("<I", out, word)
            struct.pack_into("<I", out, word, (old + chance.choice((-4, -1, 1, 4))) % 2**32)
        else:
            struct.pack_into("<I", out, word, chance.choice(WORDS))
    return bytes(out)


@pytest.mark.parametrize("kind", VALID)
def test_a_harmed_file_is_compiled_or_refused(kind: str, tmp_path: Path) -> None:
    chance = random.Random(kind)
    for _ in range(HARMED):
        path = tmp_path / "harmed.tflite"
        path.write_bytes(harmed(file_of(kind), chance))
        optimize, rounding = chance.choice(list(Optimize)), chance.choice(list(Rounding))
        target = TARGETS[chance.choice(list(TARGETS))].with_choices(optimize, rounding, push=chance.random() < 0.2)
        began = time.process_time()
        try:
            compiled = compile_model(path, target)
        except (InvalidModelError, UnsupportedModelError) as error:
            assert len(error.message.split()) > 3
            assert len(error.message) < 4000
        else:
            assert compiled.generated.files
        assert time.process_time() - began < SECONDS


def test_harm_is_done() -> None:
    chance = random.Random(0)
    data = file_of(next(iter(VALID)))
    assert sum(harmed(data, chance) == data for _ in range(100)) < 10
    assert {len(harmed(data, chance)) == len(data) for _ in range(100)} == {True, False}
