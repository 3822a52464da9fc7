"""Text that goes into C: hostile names, float literals that read back, comments that can't be left."""

from __future__ import annotations

import math
import re
import struct

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tinygen.emit.c_text import LONGEST_IDENTIFIER, array_lines, comment_text, identifier, initializers, integer, real
from tinygen.ir.program import Constant, Field
from tinygen.ir.schedule import Ring

HOSTILE = [
    "",
    " ",
    "_",
    "__",
    "1",
    "9lives",
    "int",
    "class",
    "while",
    "main",
    "tg_conv",
    "tg_",
    "a b",
    "a__b",
    "_x",
    "x_",
]
HOSTILE += [
    "модель",
    "模型",
    "é",
    "a\nb",
    "*/ int x; /*",
    '"; system("x"); "',
    "x" * 10**6,
    "_" * 100,
    "..",
    "a.b-c/d\\e",
]
HOSTILE += ["int_", "_int_", "main!", "Int", "NULL", "errno"]


@settings(max_examples=300)
@given(st.text(max_size=60))
@example("x" * 39 + "_y")
def test_any_text_becomes_an_identifier(text: str) -> None:
    check_identifier(identifier(text))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:20])
def test_hostile_text_becomes_an_identifier(text: str) -> None:
    check_identifier(identifier(text))


def check_identifier(name: str) -> None:
    """C99 and C++: no leading digit, nothing reserved, no double underscore, nothing of the kernels' own names."""
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*", name), name
    assert len(name) <= LONGEST_IDENTIFIER + len("model_")
    assert name not in {"int", "class", "while", "main", "new", "float", "double", "default", "restrict"}
    assert not name.lower().startswith("tg_")


def test_good_names_stay() -> None:
    for name in ("kws", "person_detect", "MobileNet_v1_025", "a1"):
        assert identifier(name) == name


@settings(max_examples=500)
@given(st.integers(0, 2**32 - 1))
@example(0x00000001)  # the least denormal
@example(0x007FFFFF)
@example(0x00800000)
@example(0x7F7FFFFF)  # the largest
@example(0x80000000)  # -0
@example(0x3F800001)
@example(0x4B800000)
def test_real_reads_back_as_the_same_bits(bits: int) -> None:
    (value,) = struct.unpack("<f", struct.pack("<I", bits))
    if not math.isfinite(value):
        sign = "-" if value < 0 else ""
        assert real(value) == ("(0.0f / 0.0f)" if math.isnan(value) else f"({sign}1.0f / 0.0f)")
        return
    text = real(value)
    assert re.fullmatch(r"-?(\d+\.\d*([eE][+-]?\d+)?|\d+[eE][+-]?\d+)f", text), text
    assert struct.pack("<f", np.float32(text[:-1])) == struct.pack("<I", bits)


@given(st.integers(-(2**31), 2**31 - 1))
@example(-(2**31))
@example(2**31 - 1)
def test_integer_is_an_int_expression(value: int) -> None:
    text = integer(value)
    assert eval(text) == value
    assert all(int(number) <= 2**31 - 1 for number in re.findall(r"\d+", text))


@settings(max_examples=300)
@given(st.text(max_size=200))
@example("*/ int evil; /*")
@example("**//")
@example("* /")
@example("a\\")
@example("??/\n")
@example("x" * 79 + "*/")
@example("/* // */")
def test_a_comment_cannot_be_left(text: str) -> None:
    safe = comment_text(text)
    assert "*/" not in safe
    assert "\n" not in safe
    assert "\\" not in safe
    assert safe.isascii()
    assert safe == "" or safe.isprintable()
    assert len(safe) <= 2 * 80


def test_a_comment_does_not_open_another() -> None:
    """A compiler warns about one inside the other, and warnings are errors."""
    assert "/*" not in comment_text("a /* b")


def test_initializers() -> None:
    table = Constant.of(np.array([1, 2], np.int8))
    fields: dict[str, Field] = {
        "count": -(2**31),
        "scale": 0.5,
        "input": Ring(64, 3, 16),
        "table": table,
        "sizes": (1, -2),
        "inner": {"multiplier": 7, "shift": -1},
    }
    assert initializers(fields, {table: "m_table"}) == [
        ".count = (-2147483647 - 1)",
        ".scale = 0.5f",
        ".input = {.height = 3, .stride = 16}",
        ".table = m_table",
        ".sizes = {1, -2}",
        ".inner = {.multiplier = 7, .shift = -1}",
    ]


@pytest.mark.parametrize("count", [1, 23, 24, 25, 100])
def test_array_lines_hold_every_element(count: int) -> None:
    values = np.arange(count) - 50
    lines = array_lines(Constant.of(values.astype(np.int32)))
    assert [int(v) for line in lines for v in line.rstrip(",").split(", ")] == values.tolist()
    assert all(line.endswith(",") for line in lines)


def test_array_lines_of_structs_and_floats() -> None:
    pairs = Constant.structs("tg_requant", np.array([[2**30, -5], [2**31 - 1, 3]]), 8)
    assert array_lines(pairs) == ["{1073741824, -5}, {2147483647, 3},"]
    assert array_lines(Constant.of(np.array([0.5, -1.0], np.float32))) == ["0.5f, -1.0f,"]


def test_bools_are_numbers_in_c() -> None:
    assert array_lines(Constant.of(np.array([True, False]))) == ["1, 0,"]
