"""A device at the other end of a transport: greets it, runs vectors on it, and recovers from all that a line can do."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tinygen.errors import LinkError
from tinygen.harness import link
from tinygen.harness.exchange import FLASH_AGAIN, AstrayError, Exchange, Patience
from tinygen.harness.link import Direction, Kind, Stream
from tinygen.harness.transport import Transport
from tinygen.ir.target import Rounding

_T = TypeVar("_T")


@dataclass(frozen=True)
class Wanted:
    """What the firmware of a device must have been built from."""

    name: str  # of the model, for messages
    crc32: int  # of the model
    rounding: Rounding


@dataclass(frozen=True)
class Hello:
    """What a device says of itself and its model."""

    name: str  # of the model, a C identifier
    crc32: int  # of the model
    max_payload: int  # bytes of one frame
    arena_bytes: int  # RAM of the activations
    probes: int  # count of (op, output) pairs that can be traced
    input_bytes: tuple[int, ...]  # size of each input
    output_bytes: tuple[int, ...]  # size of each output


@dataclass(frozen=True)
class Reply:
    """The result of one invoke."""

    outputs: tuple[bytes, ...]  # all bytes of each output
    cycles: int  # of the model alone, in the port's unit
    stack_bytes: int = 0  # the most that were in use at a time since the device started; 0 if it does not know


@dataclass(frozen=True)
class Profile:
    """Where the cycles of one invoke went."""

    cycles: int  # of the whole invoke; slightly more than without a profile
    probes: tuple[int, ...]  # of the steps that ended in each probe


@dataclass(frozen=True)
class _Done:
    """The fields of DONE."""

    id: int
    cycles: int
    outputs_crc: int
    stream_crc: int
    stack_bytes: int


@dataclass(frozen=True)
class _Past:
    """An invoke since the last reset."""

    inputs: tuple[bytes, ...]
    outputs_crc: int


class Device:
    """One device with one model. All methods but `close` raise LinkError, within bounded time, if it can't be done."""

    def __init__(self, transport: Transport, patience: Patience | None = None) -> None:
        self._transport = transport
        self._patience = patience or Patience()
        self._exchange = Exchange(transport, self._patience)
        self._token = 0
        self._wanted: Wanted | None = None
        self._hello: Hello | None = None
        self._history: list[_Past] = []
        self._in_step = False  # the device has run exactly the history
        self.stack_bytes_used = 0  # the most that any reply has told; 0 if the device does not know

    def close(self) -> None:
        """Closes the transport."""
        self._transport.close()

    def greet(self, wanted: Wanted) -> Hello:
        """Starts a session in the model's first state; refuses a device with another model, rounding or protocol."""
        self._wanted = wanted
        self._history = []
        self._in_step = False
        self._hello = self._recovering(0, self._describe)
        return self._hello

    def reset(self) -> None:
        """Puts the model in its first state."""
        self._history = []

        def ask() -> None:
            echo, _ = self._exchange.ask(Kind.RESET, (self._token,), Kind.READY)
            self._check_echo(echo, self._token)

        self._recovering(0, ask)

    def invoke(self, inputs: Sequence[bytes]) -> Reply:
        """Runs the model once on all its inputs; its state goes on from the invoke before."""
        given = tuple(bytes(data) for data in inputs)
        self._check_sizes(given)
        number = len(self._history) + 1

        def run() -> tuple[Reply, int]:
            done = self._run(number, given)
            outputs = tuple(self._read(index, size) for index, size in enumerate(self._greeted.output_bytes))
            if link.crc32(outputs) != done.outputs_crc:
                raise AstrayError("the outputs did not arrive unharmed")
            return Reply(outputs, done.cycles, done.stack_bytes), done.outputs_crc

        reply, outputs_crc = self._recovering(len(self._history), run)
        self._history.append(_Past(given, outputs_crc))
        self.stack_bytes_used = max(self.stack_bytes_used, reply.stack_bytes)
        return reply

    def trace(self, probe: int) -> Mapping[int, bytes]:
        """The rows of `probe`, by number, in the last invoke, which is run again after all before it."""
        if probe >= self._greeted.probes:
            raise LinkError(f"The device has {self._greeted.probes} probes; there is no probe {probe}.")
        return self._run_again(Stream.ROWS, probe, lambda done, payloads: _rows(payloads))

    def profile(self) -> Profile:
        """The cycles of every probe in the last invoke, which is run again after all before it."""
        count = self._greeted.probes
        return self._run_again(Stream.CYCLES, 0, lambda done, payloads: Profile(done.cycles, _cycles(payloads, count)))

    @property
    def _greeted(self) -> Hello:
        assert self._hello is not None, "greet comes first"
        return self._hello

    def _check_sizes(self, inputs: tuple[bytes, ...]) -> None:
        given = tuple(len(data) for data in inputs)
        if given != self._greeted.input_bytes:
            raise LinkError(
                f"{self._greeted.name} takes inputs of {list(self._greeted.input_bytes)} bytes, "
                f"and was given {list(given)}."
            )

    def _recovering(self, count: int, action: Callable[[], _T]) -> _T:
        """Runs `action` after the first `count` invokes of the history; replays them when host and device disagree."""
        reason = ""
        for _ in range(self._patience.recoveries + 1):
            try:
                if not self._in_step:
                    self._replay(count)
                self._in_step = False
                result = action()
            except (AstrayError, ValueError) as astray:
                reason = str(astray)
            else:
                self._in_step = True
                return result
        raise LinkError(
            f"Gave up after running the same vectors {self._patience.recoveries + 1} times, the last time because "
            f"{reason}.",
            "Try a shorter cable or a lower baud rate; a device that resets again and again may lack power or stack.",
        )

    def _replay(self, count: int) -> None:
        self._token = random.randrange(1, 1 << 32)
        self._say_hello()
        for number, past in enumerate(self._history[:count], start=1):
            self._check_same(past, self._run(number, past.inputs))

    def _check_same(self, past: _Past, done: _Done) -> None:
        if done.outputs_crc != past.outputs_crc:
            raise LinkError(
                "The device gave other outputs for the same inputs when they were run again.",
                "It may read memory that nobody wrote: does the firmware's RAM hold stack and arena?",
            )

    def _run_again(self, stream: Stream, probe: int, parse: Callable[[_Done, Sequence[bytes]], _T]) -> _T:
        assert self._history, "invoke comes first"
        last = self._history[-1]

        def run() -> _T:
            payloads: list[bytes] = []
            done = self._run(len(self._history), last.inputs, stream, probe, payloads)
            if link.crc32(tuple(payloads)) != done.stream_crc:
                raise AstrayError("not all rows arrived unharmed")
            self._check_same(last, done)
            return parse(done, payloads)

        self._in_step = False
        return self._recovering(len(self._history) - 1, run)

    def _run(
        self,
        number: int,
        inputs: tuple[bytes, ...],
        stream: Stream = Stream.NONE,
        probe: int = 0,
        payloads: list[bytes] | None = None,
    ) -> _Done:
        """Writes the inputs and invokes; puts what is streamed into `payloads`."""
        room = self._greeted.max_payload - link.head_bytes(Kind.WRITE)
        for index, data in enumerate(inputs):
            for offset in range(0, len(data), room):
                part = data[offset : offset + room]
                echo, _ = self._exchange.ask(Kind.WRITE, (self._token, index, offset), Kind.WRITTEN, part)
                self._check_echo(echo, index, offset)
        fields = (self._token, number, link.crc32(inputs), stream, probe)
        answer, _ = self._exchange.ask(Kind.INVOKE, fields, Kind.DONE, streamed=payloads)
        self._check_echo(answer, number)
        return _Done(*answer)

    def _read(self, index: int, size: int) -> bytes:
        room = self._greeted.max_payload - link.head_bytes(Kind.DATA)
        out = bytearray()
        while len(out) < size:
            length = min(room, size - len(out))
            echo, data = self._exchange.ask(Kind.READ, (self._token, index, len(out), length), Kind.DATA)
            self._check_echo(echo, index, len(out))
            if len(data) != length:
                raise AstrayError("an answer had another length than asked for")
            out += data
        return bytes(out)

    def _check_echo(self, fields: Sequence[int], *expected: int) -> None:
        if tuple(fields[: len(expected)]) != expected:
            raise AstrayError("an answer belonged to another request")

    def _say_hello(self) -> tuple[tuple[int, ...], bytes]:
        """WELCOME's fields and name, after refusing a device that is not the expected one."""
        fields, name = self._exchange.ask(Kind.HELLO, (self._token,), Kind.WELCOME)
        self._check_echo(fields[1:], self._token)
        wanted = self._wanted
        assert wanted is not None, "greet comes first"
        if fields[3] != wanted.crc32:
            raise LinkError(
                f"The device runs the model '{name.decode(errors='replace')}' with CRC-32 {fields[3]:08x}; "
                f"expected is '{wanted.name}' with {wanted.crc32:08x}.",
                FLASH_AGAIN,
            )
        rounding = Rounding.SINGLE if fields[8] else Rounding.DOUBLE
        if rounding is not wanted.rounding:
            raise LinkError(
                f"The device's firmware of the model '{wanted.name}' was built with --rounding {rounding.value}; "
                f"expected is --rounding {wanted.rounding.value}.",
                f"{FLASH_AGAIN} Or pass --rounding {rounding.value}.",
            )
        return fields, name

    def _describe(self) -> Hello:
        fields, name = self._say_hello()
        _, _, max_payload, crc32, arena_bytes, probes, inputs, outputs, _ = fields
        if max_payload < link.PAYLOAD_MIN:
            raise AstrayError(f"the device claims frames of {max_payload} bytes")
        return Hello(
            name=name.decode(errors="replace"),
            crc32=crc32,
            max_payload=max_payload,
            arena_bytes=arena_bytes,
            probes=probes,
            input_bytes=tuple(self._size(Direction.INPUT, index) for index in range(inputs)),
            output_bytes=tuple(self._size(Direction.OUTPUT, index) for index in range(outputs)),
        )

    def _size(self, direction: Direction, index: int) -> int:
        fields, _ = self._exchange.ask(Kind.SIZE, (self._token, direction, index), Kind.SIZED)
        self._check_echo(fields, direction, index)
        return fields[2]


def _rows(payloads: Sequence[bytes]) -> dict[int, bytes]:
    """The rows that ROWS payloads hold, by number. Raises ValueError if parts are missing."""
    rows: dict[int, bytearray] = {}
    for payload in payloads:
        (_, row, offset), data = link.unpack(Kind.ROWS, payload)
        if offset == 0:
            rows[row] = bytearray()
        if offset != len(rows.get(row, b"")):
            raise ValueError(f"row {row} came in parts that do not fit together")
        rows[row] += data
    return {row: bytes(data) for row, data in rows.items()}


def _cycles(payloads: Sequence[bytes], probes: int) -> tuple[int, ...]:
    """The cycles that CYCLES payloads hold, added up per probe. Raises ValueError if a probe does not exist."""
    cycles = [0] * probes
    for payload in payloads:
        while payload:
            (probe, count), payload = link.unpack(Kind.CYCLES, payload)
            if probe >= probes:
                raise ValueError(f"the device has {probes} probes and sent cycles of probe {probe}")
            cycles[probe] += count
    return tuple(cycles)
