"""verify.py: what is compared, and where the first difference is said to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tinygen.errors import LinkError
from tinygen.harness.device import Reply
from tinygen.harness.verify import FirstDifference, Layer, Mismatch, compare, verify

LAYERS: list[Layer] = [
    ("op 0, CONV_2D 'a'", np.arange(24, dtype=np.int8).reshape(3, 4, 2)),
    ("op 1, ADD 'b'", np.arange(24, dtype=np.int8).reshape(3, 8)),
]


class Recorded:
    """A device that answers what it was given, and writes down what it was asked."""

    def __init__(self, outputs: list[tuple[bytes, ...]], rows: list[Mapping[int, bytes]] | None = None) -> None:
        self.outputs = iter(outputs)
        self.rows = rows
        self.log: list[str] = []

    def reset(self) -> None:
        self.log.append("reset")

    def invoke(self, inputs: Sequence[bytes]) -> Reply:
        self.log.append(f"invoke {inputs[0]!r}")
        return Reply(next(self.outputs), 10 + len(self.log))

    def trace(self, probe: int) -> Mapping[int, bytes]:
        self.log.append(f"trace {probe}")
        if self.rows is None:
            raise LinkError("The line is gone.")
        return self.rows[probe]


def sound_rows() -> list[dict[int, bytes]]:
    return [{row: values.tobytes() for row, values in enumerate(tensor)} for _, tensor in LAYERS]


def test_equal_outputs_pass() -> None:
    device = Recorded([(b"\1\2", b"\3"), (b"\4\5", b"\6")])
    expected = [
        [np.array([1, 2], np.int8), np.array([3], np.int8)],
        [np.array([4, 5], np.int8), np.array([6], np.int8)],
    ]
    result = verify(device, [(b"x",), (b"y",)], expected, lambda vector: LAYERS)
    assert result.passed
    assert (result.vectors, result.cycles, result.first_difference, result.note) == (2, (12, 14), None, "")
    assert device.log == ["reset", "invoke b'x'", "reset", "invoke b'y'"]


def test_a_sequence_is_reset_once() -> None:
    device = Recorded([(b"\1",), (b"\2",)])
    assert verify(
        device, [(b"x",), (b"y",)], [[np.array([1], np.int8)], [np.array([2], np.int8)]], sequence=True
    ).passed
    assert device.log == ["reset", "invoke b'x'", "invoke b'y'"]


def test_nothing_run_is_not_passed() -> None:
    assert not verify(Recorded([]), [], []).passed


def first_of(rows: list[dict[int, bytes]]) -> tuple[FirstDifference | None, str, list[str]]:
    device = Recorded([(b"\1",), (b"\1",)], list(rows))
    wrong = [[np.array([2], np.int8)]] * 2
    result = verify(device, [(b"x",), (b"y",)], wrong, lambda vector: LAYERS)
    assert result.mismatches == tuple(Mismatch(vector, 0, 0, "2", "1", 1) for vector in (0, 1))
    return result.first_difference, result.note, device.log


def test_the_first_difference_has_layer_row_column_and_channel() -> None:
    rows = sound_rows()
    rows[0][1] = b"\x08\x09\x0a\x0b\x0c\xf0\x0e\xf1"
    rows[1][0] = bytes(8)
    first, note, log = first_of(rows)
    assert str(first) == "first difference at op 0, CONV_2D 'a', row 1, column 2, channel 1: expected 13, got -16"
    assert note == ""
    assert log == ["reset", "invoke b'x'", "trace 0", "reset", "invoke b'y'"]


def test_layers_before_it_are_passed_over() -> None:
    rows = sound_rows()
    rows[1][2] = bytes([16, 17, 18, 19, 20, 21, 22, 24])
    assert str(first_of(rows)[0]) == "first difference at op 1, ADD 'b', row 2, element 7: expected 23, got 24"


def test_a_row_of_another_size_and_a_row_too_many() -> None:
    rows = sound_rows()
    rows[0][0] = bytes(9)
    assert str(first_of(rows)[0]) == "first difference at op 0, CONV_2D 'a', row 0: expected 8 bytes, got 9 bytes"
    rows = sound_rows()
    rows[0][3] = bytes(8)
    assert str(first_of(rows)[0]) == "first difference at op 0, CONV_2D 'a', row 3: expected 3 rows, got one more"


def test_a_wrong_output_after_right_layers_is_said() -> None:
    first, note, _ = first_of(sound_rows())
    assert (first, note) == (None, "No layer differs from the reference, only the outputs do.")


def test_mismatches_are_kept_when_the_layers_can_not_be_read() -> None:
    result = verify(Recorded([(b"\1",)]), [(b"x",)], [[np.array([2], np.int8)]], lambda vector: LAYERS)
    assert len(result.mismatches) == 1
    assert result.note == "The layers could not be compared: The line is gone."


@pytest.mark.parametrize(
    ("expected", "got", "found"),
    [
        (np.array([[1, 2], [3, 4]], np.int16), np.array([1, 2, 7, -4], np.int16), Mismatch(5, 0, 2, "3", "7", 2)),
        (np.array([0.0, np.nan], np.float32), np.array([0.0, np.nan], np.float32), None),
        (np.array([0.0], np.float32), np.array([-0.0], np.float32), Mismatch(5, 0, 0, "0.0", "-0.0", 1)),
        (np.zeros(0, np.int8), np.zeros(0, np.int8), None),
    ],
)
def test_bytes_decide(expected: NDArray[Any], got: NDArray[Any], found: Mismatch | None) -> None:
    assert compare(5, [expected], [got.tobytes()]) == ([found] if found else [])


def test_an_array_that_is_not_contiguous_is_compared_in_its_order() -> None:
    expected = np.arange(6, dtype=np.int8).reshape(2, 3).T
    assert compare(0, [expected], [bytes([0, 3, 1, 4, 2, 5])]) == []


def test_outputs_of_another_size_are_refused() -> None:
    with pytest.raises(LinkError, match=r"has outputs of \[3\] bytes, the reference of \[4\]"):
        compare(0, [np.zeros(4, np.int8)], [bytes(3)])
