"""docs/serial-protocol.md says what link.py and tg_link.h say, and its example is what goes over the wire."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tinygen.harness import link
from tinygen.harness.link import Code, Frame, Kind

PAGE = Path(__file__).parents[2] / "docs" / "serial-protocol.md"
FIELD = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q"}
TOKEN = 0x11223344
INPUT, OUTPUT = b"\x05\x00", b"\x0a\x07"
EXAMPLE = [
    ("> HELLO", 1, Kind.HELLO, (TOKEN,), b""),
    ("< WELCOME", 1, Kind.WELCOME, (2, TOKEN, 512, 0xC0FFEE00, 640, 3, 1, 1, 0), b"toy"),
    ("> SIZE of input 0", 2, Kind.SIZE, (TOKEN, 0, 0), b""),
    ("< SIZED", 2, Kind.SIZED, (0, 0, 2), b""),
    ("> WRITE 05 00", 3, Kind.WRITE, (TOKEN, 0, 0), INPUT),
    ("< WRITTEN", 3, Kind.WRITTEN, (0, 0), b""),
    ("> INVOKE 1", 4, Kind.INVOKE, (TOKEN, 1, link.crc32((INPUT,)), 0, 0), b""),
    ("< DONE, 1000 cycles", 4, Kind.DONE, (1, 1000, link.crc32((OUTPUT,)), 0, 0), b""),
    ("> READ 2 bytes", 5, Kind.READ, (TOKEN, 0, 0, 2), b""),
    ("< DATA 0a 07", 5, Kind.DATA, (0, 0), OUTPUT),
    ("> INVOKE 3", 6, Kind.INVOKE, (TOKEN, 3, link.crc32((INPUT,)), 0, 0), b""),
    ("< ERROR: out of order", 6, Kind.ERROR, (Code.OUT_OF_ORDER, Kind.INVOKE), b""),
]


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def example() -> str:
    """The example's lines: words, then the bytes on the wire."""
    lines = []
    for words, sequence, kind, fields, data in EXAMPLE:
        wire = link.encode(Frame(kind, sequence, link.pack(kind, *fields, data=data)))
        lines.append(f"    {words}\n        {wire.hex(' ')}\n")
    return "".join(lines)


def test_the_example_is_what_goes_over_the_wire(page: str) -> None:
    assert page.endswith(f"<!-- example -->\n{example()}")


def test_every_kind_has_its_number_and_payload(page: str) -> None:
    cells = re.findall(r"0x(\w\w) ([A-Z]+) \| ([^|\n]*)", page)
    assert {name: int(number, 16) for number, name, _ in cells} == {kind.name: kind.value for kind in Kind}
    for _, name, payload in cells:
        fields = re.findall(r"\w+ (u8|u16|u32|u64)\b", payload)
        assert "<" + "".join(FIELD[field] for field in fields) == link.LAYOUTS[Kind[name]], name


def test_every_code_is_explained(page: str) -> None:
    found = re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", page, re.MULTILINE)
    assert {name: int(number) for number, name in found} == {code.name: code.value for code in Code}


def test_the_limits(page: str) -> None:
    assert f"`protocol` is {link.PROTOCOL};" in page
    assert f"at most {link.NAME_MAX} bytes" in page
    assert f"at least {link.PAYLOAD_MIN})" in page
