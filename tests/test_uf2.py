"""UF2 files, decoded by the format's own description."""

from __future__ import annotations

import struct

import pytest

from tinygen.uf2 import FAMILY_NRF52840, uf2


def decode(file: bytes) -> tuple[int, bytes, set[int]]:
    """(address of the first byte, the image with its padding, families); checks each block by itself."""
    assert len(file) % 512 == 0
    blocks = [struct.unpack("<8I476sI", file[at : at + 512]) for at in range(0, len(file), 512)]
    image = b""
    for expected, (start0, start1, flags, address, size, number, count, _family, data, end) in enumerate(blocks):
        assert (start0, start1, end) == (0x0A324655, 0x9E5D5157, 0x0AB16F30)
        assert flags == 0x2000
        assert (number, count) == (expected, len(blocks))
        assert size == 256
        assert address == blocks[0][3] + 256 * number
        assert data[size:] == bytes(476 - 256)
        image += data[:size]
    return blocks[0][3], image, {block[7] for block in blocks}


@pytest.mark.parametrize("size", [1, 255, 256, 257, 1000])
def test_a_uf2_file_holds_the_image_at_its_address(size: int) -> None:
    image = bytes(i % 251 + 1 for i in range(size))
    origin, decoded, families = decode(uf2(image, 0x26000))
    assert origin == 0x26000
    assert decoded == image + bytes(-size % 256)
    assert families == {FAMILY_NRF52840} == {0xADA52840}


def test_an_empty_image_has_no_blocks() -> None:
    assert uf2(b"", 0) == b""
