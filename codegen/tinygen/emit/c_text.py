"""Values as C text: literals, initializers, identifiers, comments."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from tinygen.ir.program import Constant, Field
from tinygen.ir.schedule import Ring

LONGEST_IDENTIFIER = 40
PER_LINE = 24
"""Array elements on a line of C."""

_C_WORDS = frozenset(
    """
    auto break case char const continue default do double else enum extern float for goto if inline int long register
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while alignas alignof
    and asm bool catch class delete explicit export false friend main mutable namespace new operator or private
    protected public template this throw true try typeid typename using virtual xor
    """.split()  # noqa: SIM905
)


_HEADERS = frozenset(
    """
    assert complex ctype errno fenv float inttypes limits locale math setjmp signal stdarg stdbool stddef stdint stdio
    stdlib string strings tgmath time wchar wctype main
    """.split()  # noqa: SIM905
)
"""A model of such a name would write a header that hides the system's."""


def identifier(text: str) -> str:
    """A C and C++ identifier made from any text: letters, digits and single underscores."""
    words = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:LONGEST_IDENTIFIER].strip("_")
    if not words or words[0].isdigit() or words in _C_WORDS | _HEADERS or words.startswith("tg_"):
        words = f"model_{words}".rstrip("_")
    return words


def comment_text(text: str) -> str:
    """Text that is safe inside a comment and fits on a line."""
    printable = "".join(c if c.isprintable() and c.isascii() else "?" for c in text[:80])
    return printable.replace("*/", "* /").replace("/*", "/ *").replace("\\", "/")


def integer(value: int) -> str:
    """An int literal that also holds for the least int32; a bool is 0 or 1."""
    return "(-2147483647 - 1)" if value == -(2**31) else str(int(value))


def real(value: float) -> str:
    """A float constant that reads back as the same float32; C99 has no literals for infinities and NaN."""
    if not math.isfinite(value):
        return "(0.0f / 0.0f)" if math.isnan(value) else f"({math.copysign(1, value):.1f}f / 0.0f)"
    text = repr(float(np.float32(value)))
    mantissa = np.format_float_scientific(np.float32(value), unique=True, trim="0") if "e" in text else None
    return (mantissa or str(np.float32(value))) + "f"


def initializers(params: Mapping[str, Field], names: Mapping[Constant, str]) -> list[str]:
    """`.member = value` for every member of a struct."""
    return [f".{member} = {_field(value, names)}" for member, value in params.items()]


def _field(value: Field, names: Mapping[Constant, str]) -> str:
    if isinstance(value, Constant):
        return names[value]
    if isinstance(value, Ring):
        return f"{{.height = {value.height}, .stride = {value.stride}}}"
    if isinstance(value, Mapping):
        return f"{{{', '.join(initializers(value, names))}}}"
    if isinstance(value, tuple):
        return f"{{{', '.join(map(integer, value))}}}"
    return integer(value) if isinstance(value, int) else real(value)


def array_lines(constant: Constant) -> list[str]:
    """The elements of an array, some per line, each line ending in a comma."""
    values = constant.values
    if values.ndim == 2:
        elements = [f"{{{', '.join(map(integer, row))}}}" for row in values.tolist()]
        per_line = 4
    elif values.dtype.kind == "f":
        elements, per_line = [real(v) for v in values.tolist()], 8
    else:
        elements, per_line = [integer(v) for v in values.tolist()], PER_LINE
    return [", ".join(elements[i : i + per_line]) + "," for i in range(0, len(elements), per_line)]
