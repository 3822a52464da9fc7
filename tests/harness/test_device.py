"""Device against a device in Python, over good lines and bad ones."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from harness import toy
from harness.faulty import Faults, Faulty
from harness.simulated import SimulatedDevice
from tinygen.errors import LinkError
from tinygen.harness import link
from tinygen.harness.device import Device
from tinygen.harness.exchange import Patience
from tinygen.harness.link import Frame, Kind
from tinygen.harness.transport import Transport
from tinygen.ir.target import Rounding

# A trace of a thousand bytes arrives whole about every third time under MODERATE: 60 recoveries leave 1e-11.
IMPATIENT = Patience(answer_seconds=0.004, attempts=10, invoke_seconds=0.1, recoveries=60)
HURRIED = Patience(answer_seconds=0.002, attempts=3, invoke_seconds=0.02, recoveries=2)
MODERATE = Faults(drop=2e-4, double=2e-4, flip=3e-4, delay=0.02, reset=0.01)


def greeted(transport: Transport, patience: Patience = IMPATIENT) -> Device:
    device = Device(transport, patience)
    device.greet(toy.WANTED)
    return device


def test_hello_says_what_the_model_is() -> None:
    hello = Device(SimulatedDevice(), IMPATIENT).greet(toy.WANTED)
    assert (hello.name, hello.crc32, hello.arena_bytes, hello.probes) == ("toy", toy.CRC32, toy.ARENA_BYTES, 3)
    assert (hello.input_bytes, hello.output_bytes) == (toy.INPUT_BYTES, toy.OUTPUT_BYTES)


def test_invokes_follow_each_other_until_a_reset() -> None:
    device = greeted(SimulatedDevice())
    inputs = toy.vectors(seed=1, count=3)
    for _ in range(2):
        device.reset()
        assert [device.invoke(given).outputs for given in inputs] == toy.expected(inputs)


def test_trace_and_profile_run_the_last_invoke_again_and_the_state_goes_on() -> None:
    device = greeted(SimulatedDevice())
    inputs = toy.vectors(seed=2, count=4)
    model = toy.Toy()
    for given in inputs:
        outputs, layers = model.invoke(given)
        assert device.invoke(given).outputs == outputs
        for probe, layer in enumerate(layers):
            assert device.trace(probe) == {row: values.tobytes() for row, values in enumerate(layer)}
        assert device.profile().probes == (1, 11, 21)


def test_another_model_is_refused_by_name() -> None:
    device = Device(SimulatedDevice(crc32=0x1234), IMPATIENT)
    with pytest.raises(LinkError, match=r"'toy' with CRC-32 00001234; expected is 'kws' with c0ffee00.*tinygen flash"):
        device.greet(replace(toy.WANTED, name="kws"))


def test_another_rounding_is_refused_by_name() -> None:
    wanted = "built with --rounding single; expected is --rounding double.*tinygen flash. Or pass --rounding single"
    with pytest.raises(LinkError, match=wanted):
        greeted(SimulatedDevice(single=1))
    once = replace(toy.WANTED, rounding=Rounding.SINGLE)
    with pytest.raises(LinkError, match="built with --rounding double; expected is --rounding single"):
        Device(SimulatedDevice(), IMPATIENT).greet(once)
    assert Device(SimulatedDevice(single=1), IMPATIENT).greet(once).name == toy.NAME


def test_another_protocol_is_refused() -> None:
    with pytest.raises(LinkError, match=r"it speaks serial protocol 7, this tinygen 2.*tinygen build, tinygen flash"):
        greeted(SimulatedDevice(protocol=7))


def test_a_device_that_comes_back_with_other_firmware_is_refused() -> None:
    crcs = itertools.chain([toy.CRC32], itertools.repeat(0x1234))
    line = Faulty(lambda: SimulatedDevice(crc32=next(crcs)), Faults(), seed=0)
    device = greeted(line)
    line._faults = Faults(reset=0.5)
    with pytest.raises(LinkError, match="tinygen flash"):
        device.reset()


def test_inputs_of_another_size_are_refused() -> None:
    with pytest.raises(LinkError, match=r"takes inputs of \[450, 6\] bytes, and was given \[450\]"):
        greeted(SimulatedDevice()).invoke([bytes(450)])


def test_a_probe_that_does_not_exist_is_refused() -> None:
    device = greeted(SimulatedDevice())
    device.invoke(toy.vectors(seed=3, count=1)[0])
    with pytest.raises(LinkError, match="has 3 probes; there is no probe 3"):
        device.trace(3)


class Silent(SimulatedDevice):
    """Answers nothing but what it is told to say."""

    words = b""

    def write(self, data: bytes) -> None:
        self._sent.put(self.words)


class Chatter(Silent):
    """Prints text, as firmware of another kind does."""

    words = b"Hello World\r\n\0"


@pytest.mark.parametrize(
    ("transport", "words"),
    [(Silent, "does not answer: nothing came.*powered"), (Chatter, "are no frames of tinygen.*baud rate")],
)
def test_no_answer_is_told_in_words(transport: Callable[[], Transport], words: str) -> None:
    start = time.monotonic()
    with pytest.raises(LinkError, match=words):
        greeted(transport(), HURRIED)
    assert time.monotonic() - start < 1


class Deaf(SimulatedDevice):
    """Crashes at its first INVOKE."""

    def _handle(self, frame: Frame) -> None:
        if frame.kind != Kind.INVOKE:
            super()._handle(frame)


def test_a_crash_is_told_in_words() -> None:
    device = greeted(Deaf(), HURRIED)
    with pytest.raises(LinkError, match="stopped answering: no answer to INVOKE"):
        device.invoke(toy.vectors(seed=0, count=1)[0])


class LosesDone(SimulatedDevice):
    """Every second DONE gets lost."""

    def _handle(self, frame: Frame) -> None:
        super()._handle(frame)
        if frame.kind == Kind.INVOKE and frame.sequence not in self.answered:
            self.answered.add(frame.sequence)
            while not self._sent.empty():
                self._sent.get()

    answered: set[int]


def test_a_lost_done_is_repeated_and_the_model_does_not_run_twice() -> None:
    simulated = LosesDone()
    simulated.answered = set()
    device = greeted(simulated)
    inputs = toy.vectors(seed=4, count=3)
    assert [device.invoke(given).outputs for given in inputs] == toy.expected(inputs)
    assert simulated.runs == 3


class Unsteady(SimulatedDevice):
    """Reads memory that nobody wrote."""

    def _run(self, *arguments: object) -> None:
        self.model.state += self.runs
        super()._run(*arguments)  # type: ignore[arg-type]


def test_a_device_that_computes_something_else_the_second_time_is_named() -> None:
    device = greeted(Unsteady())
    inputs = toy.vectors(seed=5, count=2)
    device.invoke(inputs[0])
    with pytest.raises(LinkError, match="other outputs for the same inputs"):
        device.trace(0)


class Liar(SimulatedDevice):
    """Outputs change between INVOKE and READ, in a frame that is sound."""

    def _read(self, frame: Frame, fields: tuple[int, ...], data: bytes) -> None:
        self.outputs[0] = bytes([self.outputs[0][0] ^ 1]) + self.outputs[0][1:]
        super()._read(frame, fields, data)


def test_outputs_that_do_not_have_the_checksum_of_done_are_never_returned() -> None:
    device = greeted(Liar(), HURRIED)
    with pytest.raises(LinkError, match="outputs did not arrive unharmed"):
        device.invoke(toy.vectors(seed=6, count=1)[0])


class Misplacing(SimulatedDevice):
    """Writes somewhere else, and says so."""

    def _write(self, frame: Frame, fields: tuple[int, ...], data: bytes) -> None:
        super()._write(frame, (fields[0], fields[1], fields[2] ^ 1), data[:1])


def test_an_answer_to_another_request_is_not_taken() -> None:
    device = greeted(Misplacing(), HURRIED)
    with pytest.raises(LinkError, match="an answer belonged to another request"):
        device.invoke(toy.vectors(seed=6, count=1)[0])


class LeakyMemory(SimulatedDevice):
    """A byte of the inputs changes between WRITE and INVOKE."""

    def _invoke(self, frame: Frame, fields: tuple[int, ...], data: bytes) -> None:
        self.inputs[0][7] ^= 1
        super()._invoke(frame, fields, data)


def test_inputs_that_changed_are_never_run() -> None:
    simulated = LeakyMemory()
    device = greeted(simulated, HURRIED)
    with pytest.raises(LinkError, match="inputs did not arrive unharmed"):
        device.invoke(toy.vectors(seed=6, count=1)[0])
    assert simulated.runs == 0


def run_all(line: Faulty, patience: Patience, seed: int) -> bool:
    """Whether all vectors and a trace came through; asserts that what came is right."""
    inputs = toy.vectors(seed, count=4)
    model = toy.Toy()
    device = Device(line, patience)
    start = time.monotonic()
    try:
        device.greet(toy.WANTED)
        for given in inputs:
            outputs, layers = model.invoke(given)
            assert device.invoke(given).outputs == outputs
        assert device.trace(1) == {row: values.tobytes() for row, values in enumerate(layers[1])}
        assert len(device.profile().probes) == 3
    except LinkError as error:
        assert error.message
        return False
    finally:
        assert time.monotonic() - start < 20
        device.close()
    return True


@pytest.mark.parametrize("seed", range(30))
def test_moderate_faults_are_overcome(seed: int) -> None:
    line = Faulty(SimulatedDevice, MODERATE, seed)
    assert run_all(line, IMPATIENT, seed)
    assert line.harms > 0


def test_any_faults_give_right_bytes_or_an_error_in_time() -> None:
    source = random.Random(0)
    passed = 0
    for seed in range(100):
        drop, double, flip, delay = (10 ** source.uniform(-5, -1.5) if source.random() < 0.6 else 0.0 for _ in range(4))
        faults = Faults(drop, double, flip, 30 * delay, reset=source.choice((0, 0, 0.05, 0.3)))
        passed += run_all(Faulty(SimulatedDevice, faults, seed), HURRIED, seed)
    assert 10 < passed < 90


@pytest.mark.parametrize("seed", range(5))
def test_a_port_that_goes_away_is_told(seed: int) -> None:
    device = Device(Faulty(SimulatedDevice, Faults(vanish=0.05), seed), IMPATIENT)
    with pytest.raises(LinkError, match="was lost"):
        device.greet(toy.WANTED)
        for given in toy.vectors(seed, count=40):
            device.invoke(given)


def test_the_device_can_be_used_again_after_an_error() -> None:
    line = Faulty(SimulatedDevice, Faults(), seed=0)
    device = greeted(line, HURRIED)
    inputs = toy.vectors(seed=7, count=3)
    wanted = toy.expected(inputs)
    assert device.invoke(inputs[0]).outputs == wanted[0]
    line._faults = Faults(drop=1.0)
    with pytest.raises(LinkError, match="stopped answering"):
        device.invoke(inputs[1])
    line._faults = Faults()
    assert device.invoke(inputs[1]).outputs == wanted[1]
    assert device.invoke(inputs[2]).outputs == wanted[2]


def test_an_old_answer_is_not_taken_for_a_new_one() -> None:
    simulated = SimulatedDevice()
    device = greeted(simulated)
    for sequence in range(256):
        payload = link.pack(Kind.DONE, 1, 5, 0, 0, 0)
        if sequence % 2:
            payload = link.pack(Kind.DATA, 0, 9999, data=b"old")
        kind = Kind.DATA if sequence % 2 else Kind.DONE
        simulated._sent.put(link.encode(Frame(kind, sequence, payload)))
    inputs = toy.vectors(seed=8, count=2)
    assert [device.invoke(given).outputs for given in inputs] == toy.expected(inputs)


class Repeating(SimulatedDevice):
    """Before every answer comes the one before it again, as from a line that was slow."""

    last: tuple[bytes, ...] = ()

    def _handle(self, frame: Frame) -> None:
        super()._handle(frame)
        answers = []
        while not self._sent.empty():
            answers.append(self._sent.get())
        for late in (*self.last, *answers):
            self._sent.put(late)
        self.last = tuple(answers)


def test_late_answers_cost_no_second_run() -> None:
    simulated = Repeating()
    device = greeted(simulated, HURRIED)
    inputs = toy.vectors(seed=9, count=3)
    assert [device.invoke(given).outputs for given in inputs] == toy.expected(inputs)
    assert simulated.runs == 3


class Empty(SimulatedDevice):
    """Gives no data."""

    def _read(self, frame: Frame, fields: tuple[int, ...], data: bytes) -> None:
        self._send(Kind.DATA, frame.sequence, fields[1], fields[2])


def test_an_answer_without_data_is_not_asked_for_for_ever() -> None:
    device = greeted(Empty(), HURRIED)
    with pytest.raises(LinkError, match="another length than asked for"):
        device.invoke(toy.vectors(seed=6, count=1)[0])
