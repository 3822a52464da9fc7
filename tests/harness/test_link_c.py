"""tg_link.c against link.py: both directions, random frames, random harm."""

from __future__ import annotations

import ctypes
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tinygen.harness import link
from tinygen.harness.link import Frame
from tinygen.resources import resource_dir

SHIM = """
#include "tg_link.h"
#include "tg_port.h"
static uint8_t sent[4096];
static uint32_t sent_bytes;
static tg_frame frame;
uint32_t shim_send(uint8_t kind, uint8_t sequence, const uint8_t *payload, uint32_t bytes);
int shim_feed(uint8_t byte);
const uint8_t *shim_data(void);
const uint8_t *shim_sent(void);
uint32_t shim_bytes(void);
uint32_t shim_ram(void);
void tg_port_write(const uint8_t *data, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++) {
        sent[sent_bytes++] = data[i];
    }
}
uint32_t shim_send(uint8_t kind, uint8_t sequence, const uint8_t *payload, uint32_t bytes) {
    sent_bytes = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        frame.data[TG_LINK_HEAD + i] = payload[i];
    }
    tg_link_send(&frame, kind, sequence, bytes);
    tg_link_clear(&frame);
    return sent_bytes;
}
int shim_feed(uint8_t byte) {
    static int whole = 0;
    if (whole) {
        tg_link_clear(&frame);
    }
    whole = tg_link_feed(&frame, byte);
    return whole;
}
const uint8_t *shim_data(void) {
    return frame.data;
}
const uint8_t *shim_sent(void) {
    return sent;
}
uint32_t shim_bytes(void) {
    return frame.bytes;
}
uint32_t shim_ram(void) {
    return (uint32_t)sizeof frame;
}
"""


class CLink:
    """tg_link.c behind the interface of link.py."""

    def __init__(self, path: Path) -> None:
        self.lib = ctypes.CDLL(str(path))
        for name in ("shim_data", "shim_sent"):
            getattr(self.lib, name).restype = ctypes.POINTER(ctypes.c_uint8)
        for name in ("tg_link_crc16", "tg_link_crc32"):
            getattr(self.lib, name).restype = ctypes.c_uint32
        self.lib.tg_link_crc16.restype = ctypes.c_uint16
        self.lib.tg_link_crc32.argtypes = [ctypes.c_uint32, ctypes.c_char_p, ctypes.c_uint32]

    def encode(self, frame: Frame) -> bytes:
        count = self.lib.shim_send(frame.kind, frame.sequence, frame.payload, len(frame.payload))
        return bytes(self.lib.shim_sent()[:count])

    def feed(self, data: bytes) -> list[Frame]:
        found = []
        for byte in data:
            if self.lib.shim_feed(byte):
                body = bytes(self.lib.shim_data()[: self.lib.shim_bytes()])
                found.append(Frame(body[0], body[1], body[2:]))
        return found


@pytest.fixture(scope="module")
def c_link(compile_c: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> CLink:
    shim = tmp_path_factory.mktemp("shim") / "shim.c"
    shim.write_text(SHIM, encoding="utf-8")
    return CLink(compile_c([shim, resource_dir("firmware") / "harness" / "tg_link.c"], "-shared", "-fPIC"))


def random_frame(source: random.Random) -> Frame:
    size = source.choice((0, 1, 249, 250, 251, 252, 253, 506, 512, source.randrange(513)))
    zeros = source.choice((0.0, 0.01, 0.5, 1.0))
    payload = bytes(0 if source.random() < zeros else source.randrange(256) for _ in range(size))
    return Frame(source.randrange(256), source.randrange(256), payload)


@pytest.mark.parametrize("seed", range(4))
def test_both_write_the_same_bytes_and_read_each_other(c_link: CLink, seed: int) -> None:
    source = random.Random(seed)
    decoder = link.Decoder()
    for _ in range(100):
        frame = random_frame(source)
        wire = c_link.encode(frame)
        assert wire == link.encode(frame)
        assert decoder.feed(wire) == [frame]
        assert c_link.feed(wire) == [frame]


@pytest.mark.parametrize("seed", range(4))
def test_both_hear_the_same_in_harmed_bytes(c_link: CLink, seed: int) -> None:
    source = random.Random(seed)
    sound = 0
    c_link.feed(b"\0")
    for _ in range(200):
        wire = bytearray(link.encode(random_frame(source)))
        for _ in range(source.randrange(3)):
            at = source.randrange(len(wire))
            wire[at : at + source.randrange(2)] = bytes(source.randrange(256) for _ in range(source.randrange(3)))
        heard = [frame for frame in link.Decoder().feed(bytes(wire) + b"\0") if len(frame.payload) <= link.PAYLOAD]
        assert c_link.feed(bytes(wire) + b"\0") == heard
        sound += len(heard)
    assert 40 < sound < 180


def test_noise_never_becomes_a_frame_and_the_next_frame_is_heard(c_link: CLink) -> None:
    source = random.Random(1)
    frame = Frame(4, 5, b"after the noise")
    for size in (1, 10, 515, 516, 517, 600, 3000):
        noise = bytes(source.randrange(1, 256) for _ in range(size))
        assert c_link.feed(noise + link.encode(frame)) == [frame]


def test_a_frame_longer_than_the_buffer_is_skipped(c_link: CLink) -> None:
    frame = Frame(1, 1, bytes(link.PAYLOAD))
    assert c_link.feed(link.encode(frame)) == [frame]
    assert c_link.feed(link.encode(Frame(1, 1, bytes(link.PAYLOAD + 1)))) == []
    assert c_link.feed(link.encode(frame)) == [frame]


def test_checksums(c_link: CLink) -> None:
    source = random.Random(2)
    for _ in range(50):
        data = source.randbytes(source.randrange(300))
        cut = source.randrange(len(data) + 1)
        assert c_link.lib.tg_link_crc16(data, len(data)) == link.crc16(data)
        first = c_link.lib.tg_link_crc32(0, data[:cut], cut)
        assert c_link.lib.tg_link_crc32(first, data[cut:], len(data) - cut) == link.crc32((data,))


def test_numbers_are_little_endian(c_link: CLink) -> None:
    buffer = (ctypes.c_uint8 * 8)()
    c_link.lib.tg_link_put_u64(buffer, ctypes.c_uint64(0x0123456789ABCDEF))
    assert bytes(buffer) == struct.pack("<Q", 0x0123456789ABCDEF)
    c_link.lib.tg_link_get_u32.restype = ctypes.c_uint32
    assert c_link.lib.tg_link_get_u32(buffer) == 0x89ABCDEF


def test_the_buffer_is_small(c_link: CLink) -> None:
    assert c_link.lib.shim_ram() <= link.PAYLOAD + 16
