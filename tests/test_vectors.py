"""Files of vectors in their three layouts, what does not suit a model, and random vectors."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from command_line import MODELS
from tinygen.errors import TinygenError
from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import Graph
from tinygen.ir.tensor import Tensor
from tinygen.pipeline import load
from tinygen.vectors import random_vectors, read_vectors, write_outputs

GRAPH = Graph(
    name="two",
    crc32=0,
    inputs=(Tensor("left", (1, 2), DType.INT8), Tensor("right", (1, 2, 2), DType.FLOAT32)),
    outputs=(Tensor("sum", (1, 2), DType.INT8),),
    ops=(),
)
"""Two inputs and one output; reading and writing vectors needs no ops."""
LEFT = np.array([[1, -2]], np.int8)
RIGHT = np.array([[[0.5, 1.5], [2.5, 3.5]]], np.float32)


def written(path: Path, **arrays: Array) -> Path:
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


def refusal(path: Path) -> str:
    with pytest.raises(TinygenError) as caught:
        read_vectors(path, GRAPH)
    assert caught.value.exit_code == 1
    assert str(path) in caught.value.message
    return str(caught.value)


def test_numbered_arrays_are_a_sequence_with_outputs(tmp_path: Path) -> None:
    path = written(
        tmp_path / "v.npz",
        meta=np.array('{"a": 1}'),
        v1_in1=RIGHT + 1,
        v0_in0=LEFT,
        v0_in1=RIGHT,
        v1_in0=LEFT + 1,
        v0_out0=LEFT,
        v1_out0=-LEFT,
    )
    vectors = read_vectors(path, GRAPH)
    assert [[array.tolist() for array in inference] for inference in vectors.inputs] == [
        [LEFT.tolist(), RIGHT.tolist()],
        [(LEFT + 1).tolist(), (RIGHT + 1).tolist()],
    ]
    assert vectors.outputs
    assert [inference[0].tolist() for inference in vectors.outputs] == [LEFT.tolist(), (-LEFT).tolist()]
    assert len(vectors.first(1).inputs) == 1
    assert len(vectors.first(1).outputs or ()) == 1
    assert vectors.first(None) == vectors


def test_eleven_inferences_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    arrays = {f"v{k}_in0": np.full((1, 2), k, np.int8) for k in range(11)}
    path = written(tmp_path / "v.npz", **arrays, **{f"v{k}_in1": RIGHT for k in range(11)})
    vectors = read_vectors(path, GRAPH)
    assert [int(inference[0][0, 0]) for inference in vectors.inputs] == list(range(11))
    assert vectors.outputs is None


def test_arrays_by_name_are_one_inference_in_the_models_order(tmp_path: Path) -> None:
    vectors = read_vectors(written(tmp_path / "v.npz", right=RIGHT, left=LEFT), GRAPH)
    assert [array.dtype for array in vectors.inputs[0]] == [np.int8, np.float32]
    assert vectors.outputs is None


def test_other_shapes_of_as_many_elements_are_taken(tmp_path: Path) -> None:
    vectors = read_vectors(written(tmp_path / "v.npz", right=RIGHT.reshape(4), left=LEFT.reshape(2)), GRAPH)
    assert [array.shape for array in vectors.inputs[0]] == [(1, 2), (1, 2, 2)]


@pytest.mark.parametrize("order", ["<f4", ">f4"])
def test_bytes_of_other_computers_are_the_same_numbers(order: str, tmp_path: Path) -> None:
    """The device is sent an array's bytes, which must be little-endian."""
    path = written(tmp_path / "v.npz", right=RIGHT.astype(order), left=LEFT)
    try:
        vectors = read_vectors(path, GRAPH)
    except TinygenError:
        assert order == ">f4"
        return
    assert vectors.inputs[0][1].tobytes() == RIGHT.astype("<f4").tobytes()


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        (
            {"left": LEFT.astype(np.int16), "right": RIGHT},
            "array left is int16, but the model's tensor is 'left'",
        ),
        ({"left": LEFT, "right": RIGHT.astype(np.float64)}, "array right is float64"),
        ({"left": LEFT, "right": RIGHT[:, :1]}, "array right has 2 elements"),
        ({"left": LEFT}, "no array for input 'right'; it has left"),
        ({"v0_in0": LEFT}, "no array v0_in1"),
        ({"v1_in0": LEFT, "v1_in1": RIGHT}, "no array v0_in0"),
        ({"v0_in0": LEFT, "v0_in1": RIGHT, "v0_out1": LEFT}, "no array v0_out0"),
        ({"v0_in0": LEFT, "v0_in1": RIGHT, "v0_out0": RIGHT}, "array v0_out0 is float32"),
        ({}, "it has none"),
    ],
    ids=["dtype", "float64", "elements", "name", "second", "gap", "output number", "output dtype", "empty"],
)
def test_arrays_that_do_not_suit_are_named(arrays: dict[str, Array], words: str, tmp_path: Path) -> None:
    assert words in refusal(written(tmp_path / "v.npz", **arrays))


def test_an_npy_is_for_a_model_with_one_input(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", LEFT)
    assert "has 1 arrays; the model has 2 inputs" in refusal(tmp_path / "v.npy")
    one = load(MODELS / "sine.tflite").complete
    vectors = read_vectors(_saved(tmp_path / "one.npy", np.array([7], np.int8)), one)
    assert vectors.inputs[0][0].tolist() == [[7]]


def _saved(path: Path, array: Array) -> Path:
    np.save(path, array)
    return path


def test_files_that_are_no_vectors_are_refused(tmp_path: Path) -> None:
    good = written(tmp_path / "good.npz", left=LEFT, right=RIGHT).read_bytes()
    (tmp_path / "cut.npz").write_bytes(good[: len(good) // 2])
    damaged = bytearray(good)
    damaged[good.index(RIGHT.tobytes())] ^= 255
    (tmp_path / "damaged.npz").write_bytes(damaged)
    (tmp_path / "empty.npy").touch()
    (tmp_path / "text.npy").write_text("1 2 3")
    (tmp_path / "header.npy").write_bytes(b"\x93NUMPY\x01\x00\x0a\x00{'descr': \n")
    np.save(tmp_path / "objects.npy", np.array([{}], object), allow_pickle=True)
    with zipfile.ZipFile(tmp_path / "other.npz", "w") as file:
        file.writestr("left.npy", b"text")
    for name in ("cut.npz", "damaged.npz", "empty.npy", "text.npy", "header.npy", "objects.npy"):
        assert "is not an .npy or .npz file of numbers" in refusal(tmp_path / name)
    refusal(tmp_path / "other.npz")
    assert "No such file" in refusal(tmp_path / "none.npz")
    assert "irectory" in refusal(tmp_path)


def test_outputs_come_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.npz"
    write_outputs(path, [(LEFT, RIGHT), (-LEFT, -RIGHT)])
    with np.load(path) as found:
        assert sorted(found.files) == ["v0_out0", "v0_out1", "v1_out0", "v1_out1"]
        np.testing.assert_array_equal(found["v1_out1"], -RIGHT)
    assert [entry.name for entry in path.parent.iterdir()] == ["out.npz"]


def test_random_vectors_repeat_and_reach_the_ends(tmp_path: Path) -> None:
    graph = load(MODELS / "digits_mlp.tflite").complete
    first, second = random_vectors(graph, 100), random_vectors(graph, 100)
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(first.inputs, second.inputs, strict=True))
    values = np.concatenate([inference[0].reshape(-1) for inference in first.inputs])
    assert (values.min(), values.max()) == (-128, 127)
    assert values.dtype == np.int8
    assert np.array_equal(random_vectors(graph, 5).inputs[4][0], first.inputs[4][0])


def test_random_floats_are_what_the_model_quantizes_and_a_little_beyond() -> None:
    graph = load(MODELS / "digits_mlp_float_io.tflite").complete
    quantized = graph.ops[0].outputs[0]
    values = np.concatenate([v[0].reshape(-1) for v in random_vectors(graph, 50).inputs])
    stored = values / quantized.scale + quantized.zero_point
    assert values.dtype == np.float32
    assert stored.min() < -128
    assert stored.max() > 127
    assert np.abs(stored).max() < 200
