"""A device in Python that runs the toy model: the device's half of the protocol, written from its document."""

from __future__ import annotations

import queue
from collections.abc import Callable

from harness import toy
from tinygen.harness import link
from tinygen.harness.link import Code, Direction, Frame, Kind, Stream

PAYLOAD = 128
STACK = 456


class SimulatedDevice:
    """A transport whose other end is a device; a new one is a device that has just started."""

    def __init__(
        self,
        crc32: int = toy.CRC32,
        protocol: int = link.PROTOCOL,
        max_payload: int = PAYLOAD,
        single: int = 0,
    ) -> None:
        self.crc32 = crc32
        self.protocol = protocol
        self.max_payload = max_payload
        self.single = single
        self.model = toy.Toy()
        self.inputs = [bytearray(size) for size in toy.INPUT_BYTES]
        self.outputs = [bytes(size) for size in toy.OUTPUT_BYTES]
        self.runs = 0
        self._token = 0
        self._id = 0
        self._inputs_crc = 0
        self._done = b""
        self._decoder = link.Decoder()
        self._sent: queue.Queue[bytes] = queue.Queue()  # CPython 3.11 may wait for ever in a SimpleQueue
        self._answers: dict[int, Callable[[Frame, tuple[int, ...], bytes], None]] = {
            Kind.HELLO: self._hello,
            Kind.SIZE: self._size,
            Kind.RESET: self._reset,
            Kind.WRITE: self._write,
            Kind.INVOKE: self._invoke,
            Kind.READ: self._read,
        }

    def read(self, timeout: float) -> bytes:
        try:
            return self._sent.get(timeout=max(timeout, 0.0))
        except queue.Empty:
            return b""

    def write(self, data: bytes) -> None:
        for frame in self._decoder.feed(data):
            self._handle(frame)

    def close(self) -> None:
        pass

    def _send(self, kind: Kind, sequence: int, *fields: int, data: bytes = b"") -> None:
        self._sent.put(link.encode(Frame(kind, sequence, link.pack(kind, *fields, data=data))))

    def _refuse(self, frame: Frame, code: Code) -> None:
        self._send(Kind.ERROR, frame.sequence, code, frame.kind)

    def _handle(self, frame: Frame) -> None:
        if frame.kind >= Kind.WELCOME:
            return
        if frame.kind not in self._answers:
            self._refuse(frame, Code.UNKNOWN_REQUEST)
            return
        kind = Kind(frame.kind)
        try:
            fields, data = link.unpack(kind, frame.payload)
        except ValueError:
            self._refuse(frame, Code.BAD_LENGTH)
            return
        if data and kind is not Kind.WRITE:
            self._refuse(frame, Code.BAD_LENGTH)
        elif kind is not Kind.HELLO and (self._token == 0 or fields[0] != self._token):
            self._refuse(frame, Code.NOT_GREETED)
        else:
            self._answers[kind](frame, fields, data)

    def _hello(self, frame: Frame, fields: tuple[int, ...], data: bytes) -> None:
        (token,) = fields
        if token not in (0, self._token):
            self._token, self._id, self.model = token, 0, toy.Toy()
        facts = (self.protocol, token, self.max_payload, self.crc32, toy.ARENA_BYTES, toy.Toy.probes)
        ports = (len(toy.INPUT_BYTES), len(toy.OUTPUT_BYTES))
        self._send(Kind.WELCOME, frame.sequence, *facts, *ports, self.single, data=toy.NAME.encode())

    def _size(self, frame: Frame, fields: tuple[int, ...], data: bytes) -> None:
        _, direction, index = fields
        ports = {Direction.INPUT: toy.INPUT_BYTES, Direction.OUTPUT: toy.OUTPUT_BYTES}
        sizes = ports[Direction(direction)] if direction in set(Direction) else ()
        if index >= len(sizes):
            self._refuse(frame, Code.OUT_OF_RANGE)
        else:
            self._send(Kind.SIZED, frame.sequence, direction, index, sizes[index])

    def _reset(self, frame: Frame, fields: tuple[int, ...], data: bytes) -> None:
        self._id, self.model = 0, toy.Toy()
        self._send(Kind.READY, frame.sequence, self._token)

    def _write(self, frame: Frame, fields: tuple[int, ...], data: bytes) -> None:
        _, index, offset = fields
        if index >= len(self.inputs) or offset + len(data) > len(self.inputs[index]):
            self._refuse(frame, Code.OUT_OF_RANGE)
            return
        self.inputs[index][offset : offset + len(data)] = data
        self._send(Kind.WRITTEN, frame.sequence, index, offset)

    def _invoke(self, frame: Frame, fields: tuple[int, ...], data: bytes) -> None:
        _, number, inputs_crc, stream, probe = fields
        if stream not in set(Stream):
            self._refuse(frame, Code.UNKNOWN_REQUEST)
        elif stream == Stream.ROWS and probe >= toy.Toy.probes:
            self._refuse(frame, Code.OUT_OF_RANGE)
        elif number == self._id and number and inputs_crc == self._inputs_crc:
            self._sent.put(link.encode(Frame(Kind.DONE, frame.sequence, self._done)))
        elif number != self._id + 1:
            self._refuse(frame, Code.OUT_OF_ORDER)
        elif link.crc32(tuple(map(bytes, self.inputs))) != inputs_crc:
            self._refuse(frame, Code.INPUTS_DIFFER)
        else:
            self._run(frame, number, inputs_crc, Stream(stream), probe)

    def _run(self, frame: Frame, number: int, inputs_crc: int, stream: Stream, probe: int) -> None:
        outputs, layers = self.model.invoke(tuple(map(bytes, self.inputs)))
        payloads: list[bytes] = []
        if stream is Stream.ROWS:
            room = self.max_payload - link.head_bytes(Kind.ROWS)
            for row, values in enumerate(layers[probe]):
                for offset in range(0, values.nbytes, room):
                    part = values.tobytes()[offset : offset + room]
                    payloads.append(link.pack(Kind.ROWS, probe, row, offset, data=part))
        elif stream is Stream.CYCLES:
            payloads = [b"".join(link.pack(Kind.CYCLES, step, 10 * step + 1) for step in range(toy.Toy.probes))]
        kind = Kind.ROWS if stream is Stream.ROWS else Kind.CYCLES
        for payload in payloads:
            self._sent.put(link.encode(Frame(kind, frame.sequence, payload)))
        self.runs += 1
        self.outputs = list(outputs)
        self.inputs = [bytearray(b"\xa5" * len(data)) for data in self.inputs]
        self._id, self._inputs_crc = number, inputs_crc
        self._done = link.pack(Kind.DONE, number, 1234, link.crc32(outputs), link.crc32(tuple(payloads)), STACK)
        self._sent.put(link.encode(Frame(Kind.DONE, frame.sequence, self._done)))

    def _read(self, frame: Frame, fields: tuple[int, ...], data: bytes) -> None:
        _, index, offset, length = fields
        room = self.max_payload - link.head_bytes(Kind.DATA)
        if index >= len(self.outputs) or offset + length > len(self.outputs[index]) or length > room:
            self._refuse(frame, Code.OUT_OF_RANGE)
            return
        self._send(Kind.DATA, frame.sequence, index, offset, data=self.outputs[index][offset : offset + length])
