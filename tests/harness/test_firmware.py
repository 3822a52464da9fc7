"""The real harness firmware, as a process with the toy model, over good lines and bad ones."""

from __future__ import annotations

import contextlib
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from harness import toy
from harness.faulty import Faults, Faulty
from harness.test_device import MODERATE, run_all
from tinygen.errors import LinkError
from tinygen.harness import link
from tinygen.harness.device import Device
from tinygen.harness.exchange import Exchange, Patience
from tinygen.harness.link import Code, Frame, Kind, Stream
from tinygen.harness.transport import ProcessTransport
from tinygen.harness.verify import verify

PATIENT = Patience(answer_seconds=0.05, attempts=60, invoke_seconds=3, recoveries=60)
HURRIED = Patience(answer_seconds=0.01, attempts=8, invoke_seconds=0.1, recoveries=2)


@pytest.fixture
def device(toy_firmware: Path) -> Iterator[Device]:
    made = Device(ProcessTransport([str(toy_firmware)]), PATIENT)
    made.greet(toy.WANTED)
    yield made
    made.close()


def test_hello(toy_firmware: Path) -> None:
    device = Device(ProcessTransport([str(toy_firmware)]), PATIENT)
    with contextlib.closing(device):
        hello = device.greet(toy.WANTED)
    assert (hello.name, hello.arena_bytes, hello.probes, hello.max_payload) == ("toy", toy.ARENA_BYTES, 3, 128)
    assert (hello.input_bytes, hello.output_bytes) == (toy.INPUT_BYTES, toy.OUTPUT_BYTES)


def test_invoke_trace_and_profile(device: Device) -> None:
    model = toy.Toy()
    for given in toy.vectors(seed=1, count=3):
        outputs, layers = model.invoke(given)
        reply = device.invoke(given)
        assert reply.outputs == outputs
        assert 0 < reply.cycles < 1_000_000_000
        for probe, layer in enumerate(layers):
            assert device.trace(probe) == {row: values.tobytes() for row, values in enumerate(layer)}
        profile = device.profile()
        assert len(profile.probes) == 3
        assert 0 < sum(profile.probes) <= profile.cycles


def test_reset_clears_the_state(device: Device) -> None:
    inputs = toy.vectors(seed=3, count=3)
    for _ in range(2):
        device.reset()
        assert [device.invoke(given).outputs for given in inputs] == toy.expected(inputs)


def test_stale_firmware_is_refused(compile_toy: Callable[..., Path]) -> None:
    device = Device(ProcessTransport([str(compile_toy("-DTOY_CRC32=0x1234u"))]), PATIENT)
    with contextlib.closing(device), pytest.raises(LinkError, match="CRC-32 00001234; expected"):
        device.greet(toy.WANTED)


def test_firmware_of_the_other_rounding_is_refused(compile_toy: Callable[..., Path]) -> None:
    device = Device(ProcessTransport([str(compile_toy("-DTOY_SINGLE=1"))]), PATIENT)
    with contextlib.closing(device), pytest.raises(LinkError, match="was built with --rounding single; expected"):
        device.greet(toy.WANTED)


def test_the_first_difference_is_found(compile_toy: Callable[..., Path]) -> None:
    inputs = toy.vectors(seed=2, count=3)
    model = toy.Toy()
    answers = [model.invoke(given) for given in inputs]
    expected = [[np.frombuffer(data, np.uint8) for data in outputs] for outputs, _ in answers]
    device = Device(ProcessTransport([str(compile_toy("-DTOY_BUG=1"))]), PATIENT)
    with contextlib.closing(device):
        device.greet(toy.WANTED)
        result = verify(
            device, inputs, expected, lambda vector: list(zip(toy.LAYERS, answers[vector][1], strict=True)), True
        )
    assert not result.passed
    assert [(found.vector, found.output, found.index, found.count) for found in result.mismatches] == [
        (vector, 0, 2 * toy.COLUMNS + 2, 1) for vector in range(3)
    ]
    assert str(result.first_difference).startswith("first difference at op 1, WIDEN 'b', row 2, element 5: expected ")


@pytest.mark.parametrize("seed", range(6))
def test_moderate_faults_are_overcome(toy_firmware: Path, seed: int) -> None:
    line = Faulty(lambda: ProcessTransport([str(toy_firmware)]), MODERATE, seed)
    assert run_all(line, PATIENT, seed)
    assert line.harms > 0


def test_any_faults_give_right_bytes_or_an_error_in_time(toy_firmware: Path) -> None:
    source = random.Random(0)
    for seed in range(8):
        drop, double, flip, delay = (10 ** source.uniform(-5, -2) for _ in range(4))
        faults = Faults(drop, double, flip, delay, reset=source.choice((0, 0.1)))
        run_all(Faulty(lambda: ProcessTransport([str(toy_firmware)]), faults, seed), HURRIED, seed)


def ask_for_code(exchange: Exchange, kind: Kind, *fields: int, data: bytes = b"") -> Code:
    answer, _ = exchange.ask(kind, fields, Kind.ERROR, data)
    assert answer[1] == kind
    return Code(answer[0])


@pytest.fixture(scope="module")
def exchange(compile_toy: Callable[..., Path]) -> Iterator[Exchange]:
    """A fresh process in which every out-of-bounds access ends the process."""
    # Compilers on Windows have no sanitizers to link with.
    sanitize = () if sys.platform == "win32" else ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    transport = ProcessTransport([str(compile_toy(*sanitize))])
    yield Exchange(transport, Patience(answer_seconds=1, attempts=5))
    transport.close()


def test_every_request_is_checked(exchange: Exchange) -> None:
    t = 0xABCD
    assert ask_for_code(exchange, Kind.RESET, 0) is Code.NOT_GREETED
    exchange.ask(Kind.HELLO, (t,), Kind.WELCOME)
    assert ask_for_code(exchange, Kind.RESET, t + 1) is Code.NOT_GREETED
    assert ask_for_code(exchange, Kind.RESET, t, data=b"more") is Code.BAD_LENGTH
    assert ask_for_code(exchange, Kind.SIZE, t, 0, 2) is Code.OUT_OF_RANGE
    assert ask_for_code(exchange, Kind.SIZE, t, 2, 0) is Code.OUT_OF_RANGE
    for index, offset, size in [(2, 0, 1), (0, 450, 1), (0, 449, 2), (0, 0xFFFFFFFF, 2), (1, 0, 7), (0xFFFF, 0, 0)]:
        assert ask_for_code(exchange, Kind.WRITE, t, index, offset, data=bytes(size)) is Code.OUT_OF_RANGE
        assert ask_for_code(exchange, Kind.READ, t, index, offset, size) is Code.OUT_OF_RANGE
    assert ask_for_code(exchange, Kind.READ, t, 0, 0, 123) is Code.OUT_OF_RANGE
    zeros = link.crc32((bytes(456),))
    assert ask_for_code(exchange, Kind.INVOKE, t, 1, zeros, 3, 0) is Code.UNKNOWN_REQUEST
    assert ask_for_code(exchange, Kind.INVOKE, t, 1, zeros, Stream.ROWS, 3) is Code.OUT_OF_RANGE
    assert ask_for_code(exchange, Kind.INVOKE, t, 1, zeros ^ 1, 0, 0) is Code.INPUTS_DIFFER
    for number in (0, 2, 0xFFFFFFFF):
        assert ask_for_code(exchange, Kind.INVOKE, t, number, zeros, 0, 0) is Code.OUT_OF_ORDER
    first, _ = exchange.ask(Kind.INVOKE, (t, 1, zeros, 0, 0), Kind.DONE)
    assert exchange.ask(Kind.INVOKE, (t, 1, zeros, 0, 0), Kind.DONE)[0] == first
    assert ask_for_code(exchange, Kind.INVOKE, t, 1, zeros ^ 1, 0, 0) is Code.OUT_OF_ORDER
    exchange.ask(Kind.HELLO, (t,), Kind.WELCOME)
    assert exchange.ask(Kind.INVOKE, (t, 1, zeros, 0, 0), Kind.DONE)[0] == first
    exchange.ask(Kind.RESET, (t,), Kind.READY)
    assert ask_for_code(exchange, Kind.INVOKE, t, 2, zeros, 0, 0) is Code.OUT_OF_ORDER


def talk(exchange: Exchange, *payloads: tuple[int, bytes]) -> list[Frame]:
    """All answers to sound frames of any content, up to that of a HELLO after them."""
    sequence = exchange._sequence
    for kind, payload in (*payloads, (Kind.HELLO, bytes(4))):
        exchange._transport.write(link.encode(Frame(kind, sequence, payload)))
    heard: list[Frame] = []
    while not heard or heard[-1].kind != Kind.WELCOME:
        frames = exchange._hear(5)
        assert frames
        heard += frames
    return heard[:-1]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind < Kind.WELCOME])
def test_a_payload_that_is_too_short_is_refused(exchange: Exchange, kind: Kind) -> None:
    shorter = [(kind, bytes(size)) for size in range(link.head_bytes(kind))]
    answers = talk(exchange, *shorter)
    assert [answer.payload for answer in answers] == [bytes([Code.BAD_LENGTH, kind])] * len(shorter)


def test_an_answer_gets_no_answer_and_an_unknown_request_does(exchange: Exchange) -> None:
    assert talk(exchange, *((kind, bytes(4)) for kind in (0x81, 0x8F, 0xFF))) == []
    assert [answer.payload[0] for answer in talk(exchange, (0x07, b""), (0x00, b""))] == [Code.UNKNOWN_REQUEST] * 2


def test_cycles_of_many_steps_come_in_several_frames(exchange: Exchange) -> None:
    exchange.ask(Kind.HELLO, (0x99,), Kind.WELCOME)
    exchange.ask(Kind.WRITE, (0x99, 1, 0), Kind.WRITTEN, bytes(6))
    for offset in range(0, 450, 90):
        exchange.ask(Kind.WRITE, (0x99, 0, offset), Kind.WRITTEN, bytes(90))
    streamed: list[bytes] = []
    done, _ = exchange.ask(
        Kind.INVOKE, (0x99, 1, link.crc32((bytes(456),)), Stream.CYCLES, 0), Kind.DONE, b"", streamed
    )
    assert [len(payload) for payload in streamed] == [120, 36]
    records = b"".join(streamed)
    probes = [link.unpack(Kind.CYCLES, records[at : at + 12])[0][0] for at in range(0, len(records), 12)]
    assert probes == [0, 1] * toy.ROWS + [2]
    assert link.crc32(tuple(streamed)) == done[3]


def test_random_sound_frames_do_no_harm(exchange: Exchange) -> None:
    source = random.Random(3)
    token = 0x77
    exchange.ask(Kind.HELLO, (token,), Kind.WELCOME)
    sequence = exchange._sequence  # not that of the next request: these answers are not for it
    for _ in range(600):
        kind = source.choice([*range(8), 0x80, 0xFF, source.randrange(256)])
        body = token.to_bytes(4, "little") + bytes(
            source.choice((0, 1, 255, source.randrange(256))) for _ in range(source.randrange(125))
        )
        size = source.choice((4, 7, 10, 12, 17, len(body)))
        exchange._transport.write(link.encode(Frame(kind, sequence, body[:size])))
        exchange._transport.write(bytes(source.randrange(256) for _ in range(source.randrange(20))))
    exchange._transport.write(link.encode(Frame(Kind.HELLO, sequence, b"\1\0\0\0")))
    welcome, name = exchange.ask(Kind.HELLO, (token,), Kind.WELCOME)
    assert (welcome[0], welcome[3], name) == (link.PROTOCOL, toy.CRC32, b"toy")
