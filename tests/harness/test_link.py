"""link.py: COBS, checksums, frames, and its agreement with tg_link.h."""

from __future__ import annotations

import re
from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygen.harness import link
from tinygen.harness.link import Code, Direction, Frame, Kind, Stream
from tinygen.resources import resource_dir

HEADER = (resource_dir("firmware") / "harness" / "tg_link.h").read_text(encoding="utf-8")
FIELD = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q"}
frames = st.builds(Frame, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=600))


@pytest.mark.parametrize(
    ("plain", "stuffed"),
    [
        (b"", "01"),
        (b"\0", "0101"),
        (b"\0\0", "010101"),
        (b"\x0b\x16\0\x21", "030b160221"),
        (b"\x0b\0\0\0", "020b010101"),
        (bytes(range(1, 255)), "ff" + bytes(range(1, 255)).hex()),
        (bytes(range(0, 255)), "01ff" + bytes(range(1, 255)).hex()),
        (bytes(range(1, 256)), "ff" + bytes(range(1, 255)).hex() + "02ff"),
        (bytes(range(2, 256)) + b"\0", "ff" + bytes(range(2, 256)).hex() + "0101"),
    ],
)
def test_cobs_of_known_bytes(plain: bytes, stuffed: str) -> None:
    assert link.cobs_encode(plain).hex() == stuffed
    assert link.cobs_decode(bytes.fromhex(stuffed)) == plain


@given(st.binary(max_size=1200))
def test_cobs_round_trip(data: bytes) -> None:
    stuffed = link.cobs_encode(data)
    assert 0 not in stuffed
    assert len(stuffed) <= len(data) + 1 + len(data) // 254
    assert link.cobs_decode(stuffed) == data


def test_checksums_of_the_check_string() -> None:
    assert link.crc16(b"123456789") == 0x29B1
    assert link.crc32((b"1234", b"56789")) == 0xCBF43926
    assert link.crc32(()) == 0


@given(st.lists(frames, max_size=4), st.binary(max_size=20), st.integers(1, 50))
def test_decoder_finds_all_frames_after_noise_in_any_pieces(sent: list[Frame], noise: bytes, step: int) -> None:
    wire = noise + b"".join(map(link.encode, sent))
    decoder = link.Decoder()
    heard = [frame for at in range(0, len(wire), step) for frame in decoder.feed(wire[at : at + step])]
    assert heard[len(heard) - len(sent) :] == sent


@given(frames, st.integers(0), st.integers(1, 255))
def test_one_harmed_byte_is_noticed(frame: Frame, at: int, change: int) -> None:
    wire = bytearray(link.encode(frame))
    wire[1 + at % (len(wire) - 2)] ^= change
    assert frame not in link.Decoder().feed(bytes(wire))


def test_noise_without_an_end_does_not_pile_up() -> None:
    decoder = link.Decoder()
    for _ in range(40):
        assert decoder.feed(b"\x55" * 0x4000) == []
    frame = Frame(1, 2, b"3")
    assert decoder.feed(link.encode(frame)) == [frame]


def enumerators(prefix: str) -> dict[str, int]:
    """The enumerators of tg_link.h that begin with TG_LINK_ and `prefix`."""
    found = re.findall(rf"TG_LINK_{prefix}(\w+) = (0x\w+|\d+)\b", HEADER)
    return {name: int(number, 0) for name, number in found}


@pytest.mark.parametrize(
    ("prefix", "mirror"), [("DIRECTION_", Direction), ("STREAM_", Stream), ("CODE_", Code)], ids=["ports", "st", "code"]
)
def test_numbers_of_the_header(prefix: str, mirror: type[IntEnum]) -> None:
    assert enumerators(prefix) == {member.name: member.value for member in mirror}


def test_sizes_of_the_header() -> None:
    sizes = {"PROTOCOL": link.PROTOCOL, "NAME_MAX": link.NAME_MAX, "HEAD": link.HEAD, "TAIL": link.TAIL}
    assert {name: enumerators("").get(name) for name in sizes} == sizes
    assert f"#define TG_LINK_PAYLOAD {link.PAYLOAD} " in HEADER
    source = (resource_dir("firmware") / "harness" / "tg_link.c").read_text(encoding="utf-8")
    assert f"TG_LINK_PAYLOAD >= {link.PAYLOAD_MIN} " in source


def test_kinds_and_payloads_of_the_header() -> None:
    start = HEADER.index("/* Kinds of frame")
    block = HEADER[start : HEADER.index("};", start)]
    found = re.findall(r"TG_LINK_(\w+) = (0x\w+),?\s*/\* ([^*]*)\*/", block)
    assert {name: int(number, 16) for name, number, _ in found} == {kind.name: kind.value for kind in Kind}
    for name, _, comment in found:
        fields = re.findall(r"\w+ (u8|u16|u32|u64)\b", comment)
        assert "<" + "".join(FIELD[field] for field in fields) == link.LAYOUTS[Kind[name]], name


def test_every_refusal_has_words() -> None:
    assert set(link.WORDS) == set(Code)


def test_a_short_payload_is_named() -> None:
    with pytest.raises(ValueError, match="DONE has 3 bytes, less than its 24"):
        link.unpack(Kind.DONE, b"abc")
