"""Turns a flat image into UF2, the file that a bootloader's USB drive takes (github.com/microsoft/uf2)."""

from __future__ import annotations

import struct

FAMILY_NRF52840 = 0xADA52840
PAYLOAD_BYTES = 256

_MAGIC = (0x0A324655, 0x9E5D5157)
_MAGIC_END = 0x0AB16F30
_FAMILY_PRESENT = 0x2000
_DATA_BYTES = 476


def uf2(image: bytes, origin: int, family: int = FAMILY_NRF52840) -> bytes:
    """The blocks that write `image` at address `origin`, a multiple of 256; the last block is filled up with zeros."""
    assert origin % PAYLOAD_BYTES == 0
    count = -(-len(image) // PAYLOAD_BYTES)
    blocks = []
    for number in range(count):
        start = number * PAYLOAD_BYTES
        data = image[start : start + PAYLOAD_BYTES].ljust(_DATA_BYTES, b"\0")
        header = (*_MAGIC, _FAMILY_PRESENT, origin + start, PAYLOAD_BYTES, number, count, family)
        blocks.append(struct.pack("<8I", *header) + data + struct.pack("<I", _MAGIC_END))
    return b"".join(blocks)
