"""Frames of the serial link, bytes to nouns and back; mirrors firmware/harness/tg_link.h, which explains the rules."""

from __future__ import annotations

import binascii
import struct
from dataclasses import dataclass
from enum import IntEnum

PROTOCOL = 2
PAYLOAD = 512  # of firmware built with the default; the one in WELCOME counts
PAYLOAD_MIN = 128  # what tg_link.c accepts
NAME_MAX = 64
HEAD = 2
TAIL = 2
_BLOCK = 254  # the longest COBS block without a zero


class Kind(IntEnum):
    """What a frame asks or answers."""

    HELLO = 0x01
    SIZE = 0x02
    RESET = 0x03
    WRITE = 0x04
    INVOKE = 0x05
    READ = 0x06
    WELCOME = 0x81
    SIZED = 0x82
    READY = 0x83
    WRITTEN = 0x84
    DONE = 0x85
    DATA = 0x86
    ROWS = 0x91
    CYCLES = 0x92
    ERROR = 0xFF


class Direction(IntEnum):
    """Which ports SIZE counts."""

    INPUT = 0
    OUTPUT = 1


class Stream(IntEnum):
    """What an INVOKE sends before its DONE."""

    NONE = 0
    ROWS = 1
    CYCLES = 2


class Code(IntEnum):
    """Why a device refuses a request."""

    NOT_GREETED = 1
    UNKNOWN_REQUEST = 2
    BAD_LENGTH = 3
    OUT_OF_RANGE = 4
    OUT_OF_ORDER = 5
    INPUTS_DIFFER = 6


WORDS = {
    Code.NOT_GREETED: "the device was reset in between",
    Code.UNKNOWN_REQUEST: "the device does not know the request",
    Code.BAD_LENGTH: "the request does not have the length that the device expects",
    Code.OUT_OF_RANGE: "the request names an input, output or probe, or bytes of one, that the device does not have",
    Code.OUT_OF_ORDER: "the device has run another number of invokes than this PC asked for",
    Code.INPUTS_DIFFER: "the inputs did not arrive unharmed",
}

# The fields before the data of each payload, as `struct` writes them; CYCLES repeats its record.
LAYOUTS = {
    Kind.HELLO: "<I",
    Kind.SIZE: "<IBH",
    Kind.RESET: "<I",
    Kind.WRITE: "<IHI",
    Kind.INVOKE: "<IIIBI",
    Kind.READ: "<IHIH",
    Kind.WELCOME: "<HIHIIIHHB",
    Kind.SIZED: "<BHI",
    Kind.READY: "<I",
    Kind.WRITTEN: "<HI",
    Kind.DONE: "<IQIII",
    Kind.DATA: "<HI",
    Kind.ROWS: "<III",
    Kind.CYCLES: "<IQ",
    Kind.ERROR: "<BB",
}


@dataclass(frozen=True)
class Frame:
    """One request, answer or streamed frame, without its checksum."""

    kind: int  # a Kind, if the other side knows no more of them than we do
    sequence: int  # 0..255; an answer has that of its request
    payload: bytes  # little-endian fields, then data


def pack(kind: Kind, *fields: int, data: bytes = b"") -> bytes:
    """The payload of `kind`."""
    return struct.pack(LAYOUTS[kind], *fields) + data


def unpack(kind: Kind, payload: bytes) -> tuple[tuple[int, ...], bytes]:
    """The fields of a payload of `kind`, and the data after them. Raises ValueError if it is too short."""
    size = struct.calcsize(LAYOUTS[kind])
    if len(payload) < size:
        raise ValueError(f"{kind.name} has {len(payload)} bytes, less than its {size}")
    return struct.unpack(LAYOUTS[kind], payload[:size]), payload[size:]


def head_bytes(kind: Kind) -> int:
    """Bytes before the data of a payload of `kind`."""
    return struct.calcsize(LAYOUTS[kind])


def crc16(data: bytes) -> int:
    """CRC-16/CCITT, polynomial 0x1021, start 0xFFFF."""
    return binascii.crc_hqx(data, 0xFFFF)


def crc32(parts: tuple[bytes, ...]) -> int:
    """The CRC-32 of the parts one after the other; 0 of none."""
    crc = 0
    for part in parts:
        crc = binascii.crc32(part, crc)
    return crc


def cobs_encode(data: bytes) -> bytes:
    """`data` without zero bytes, at most one byte longer per 254."""
    out = bytearray()
    runs = data.split(b"\0")
    for number, run in enumerate(runs):
        start = 0
        while len(run) - start >= _BLOCK:
            out += b"\xff" + run[start : start + _BLOCK]
            start += _BLOCK
        if start < len(run) or number < len(runs) - 1 or start == 0:
            out += bytes([len(run) - start + 1]) + run[start:]
    return bytes(out)


def cobs_decode(data: bytes) -> bytes | None:
    """What `cobs_encode` was given; None if `data` is no such thing."""
    out = bytearray()
    at = 0
    zero = False
    while at < len(data):
        code = data[at]
        run = data[at + 1 : at + code]
        if code == 0 or len(run) != code - 1 or 0 in run:
            return None
        if zero:
            out.append(0)
        out += run
        zero = code - 1 < _BLOCK
        at += code
    return bytes(out)


def encode(frame: Frame) -> bytes:
    """The frame as it goes over the wire, between two zero bytes."""
    body = bytes([frame.kind, frame.sequence]) + frame.payload
    return b"\0" + cobs_encode(body + crc16(body).to_bytes(TAIL, "little")) + b"\0"


def decode(stuffed: bytes) -> Frame | None:
    """The frame between two zero bytes; None if it is broken."""
    body = cobs_decode(stuffed)
    if body is None or len(body) < HEAD + TAIL:
        return None
    if crc16(body[:-TAIL]) != int.from_bytes(body[-TAIL:], "little"):
        return None
    return Frame(body[0], body[1], body[HEAD:-TAIL])


class Decoder:
    """Cuts a stream of bytes into frames; broken ones vanish."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The sound frames that end within `data`."""
        self._rest += data
        *whole, rest = self._rest.split(b"\0")
        self._rest = bytearray(rest[-0x20000:])  # no frame is longer; noise without a zero must not pile up
        frames = (decode(bytes(part)) for part in whole if part)
        return [frame for frame in frames if frame is not None]
