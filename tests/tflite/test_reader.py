"""What parse_model makes of good bytes, of bytes that are something else, and of damaged ones."""

from __future__ import annotations

import gzip
import io
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tflite_builder import (
    ModelSpec,
    OperatorSpec,
    SubgraphSpec,
    TensorSpec,
    activation,
    conv_model,
    integers,
    one_operator,
)

from tinygen.errors import InvalidModelError, TinygenError
from tinygen.tflite import check_supported_form, parse_model, read_model

CONV = conv_model().bytes()


def test_a_convolution_is_read_field_by_field() -> None:
    model = parse_model(CONV, "conv")
    assert (model.name, model.description, model.size, model.crc32) == (
        "conv",
        "made by a test",
        len(CONV),
        zlib.crc32(CONV),
    )
    graph = model.subgraphs[0]
    assert (graph.inputs, graph.outputs, len(graph.tensors)) == ((0,), (3,), 4)
    conv = graph.operators[0]
    assert (conv.name, conv.version, conv.inputs, conv.outputs) == ("CONV_2D", 3, (0, 1, 2), (3,))
    assert conv.has_options
    assert conv.options_type == "Conv2DOptions"
    assert conv.options == {
        "padding": "SAME",
        "stride_w": 1,
        "stride_h": 1,
        "fused_activation_function": "NONE",
        "dilation_w_factor": 1,
        "dilation_h_factor": 1,
        "quantized_bias_type": "FLOAT32",
    }
    source, weights, bias, _ = graph.tensors
    assert (source.name, source.shape, source.dtype, source.buffer) == ("input", (1, 4, 4, 2), "int8", None)
    assert (source.scales, source.zero_points, source.is_variable, source.is_sparse) == ((0.5,), (0,), False, False)
    assert bytes(weights.buffer or b"") == bytes(range(54))
    assert len(weights.scales) == len(weights.zero_points) == 3
    assert bias.is_constant
    assert bias.dtype == "int32"


def test_vectors_and_floats_of_options_are_read() -> None:
    squeeze = one_operator(
        "SQUEEZE", [activation("x", 1, 2, 1)], [activation("y", 2)], ("SqueezeOptions", {"SqueezeDims": (0, -1)})
    )
    assert parse_model(squeeze.bytes(), "m").subgraphs[0].operators[0].options == {"squeeze_dims": (0, -1)}
    softmax = one_operator(
        "SOFTMAX", [activation("x", 1, 2)], [activation("y", 1, 2)], ("SoftmaxOptions", {"Beta": 0.5})
    )
    assert parse_model(softmax.bytes(), "m").subgraphs[0].operators[0].options == {"beta": 0.5}


@pytest.mark.parametrize("codes", ["old", "new", "both"])
def test_an_operators_number_is_found_in_either_field(codes: str) -> None:
    spec = conv_model()
    spec.codes = codes
    assert parse_model(spec.bytes(), "m").subgraphs[0].operators[0].name == "CONV_2D"


def test_numbers_beyond_one_byte_are_read() -> None:
    gelu = one_operator(
        "GELU", [activation("x", 1, 2)], [activation("y", 1, 2)], ("GeluOptions", {"Approximate": True})
    )
    operator = parse_model(gelu.bytes(), "m").subgraphs[0].operators[0]
    assert operator.name == "GELU"
    assert operator.options == {"approximate": True}


def test_buffers_behind_the_flatbuffer_are_read() -> None:
    spec = conv_model()
    spec.external = True
    tensors = parse_model(spec.bytes(), "m").subgraphs[0].tensors
    assert bytes(tensors[1].buffer or b"") == bytes(range(54))
    assert bytes(tensors[2].buffer or b"") == struct.pack("<3i", 1, -2, 3)


@pytest.mark.parametrize("place", [(2**64 - 16, 54), (2, 2**64 - 1), (10**6, 54)])
def test_buffers_past_the_end_are_rejected(place: tuple[int, int]) -> None:
    spec = conv_model()
    spec.external, spec.external_place = True, place
    with pytest.raises(InvalidModelError, match="past the end of the file"):
        parse_model(spec.bytes(), "m")


def test_int4_stays_packed() -> None:
    spec = conv_model()
    spec.main.tensors[1].dtype = "INT4"
    spec.main.tensors[1].data = bytes(range(27))
    weights = parse_model(spec.bytes(), "m").subgraphs[0].tensors[1]
    assert weights.dtype == "int4"
    assert bytes(weights.buffer or b"") == bytes(range(27))


def test_a_single_zero_point_serves_all_channels() -> None:
    spec = conv_model()
    spec.main.tensors[1].zero_points = [0]
    assert parse_model(spec.bytes(), "m").subgraphs[0].tensors[1].zero_points == (0, 0, 0)


@pytest.mark.parametrize("name", [b"\xff\xfe\x00bad", "n" * 1_000_000, "", "*/ int main() {}", "\x1b[2J"])
def test_any_name_is_read(name: str | bytes) -> None:
    spec = conv_model()
    for tensor in spec.main.tensors:
        tensor.name = name
    expected = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
    assert parse_model(spec.bytes(), "m").subgraphs[0].tensors[0].name == expected


@pytest.mark.parametrize("name", [b"\xff\xfe\x00bad", "n" * 1_000_000, "\x1b[2J"])
def test_a_name_is_short_and_harmless_in_an_error(name: str | bytes) -> None:
    spec = conv_model()
    spec.main.tensors[0].name = name
    spec.main.tensors[0].scales = (-1.0,)
    with pytest.raises(InvalidModelError) as caught:
        parse_model(spec.bytes(), "m")
    assert len(caught.value.message) < 300
    assert caught.value.message.isprintable()


def test_signatures_and_sparsity_are_read() -> None:
    spec = conv_model()
    spec.signature = (0, 0, 3)
    signature = parse_model(spec.bytes(), "m").signatures[0]
    assert (signature.key, signature.subgraph, signature.inputs, signature.outputs) == ("serve", 0, {"x": 0}, {"y": 3})
    sparse = parse_model(sparse_model().bytes(), "m").subgraphs[0].tensors[1]
    assert sparse.sparsity is not None
    assert [(d.is_sparse, d.dense_size, d.segments, d.indices) for d in sparse.sparsity.dimensions] == [
        (False, 2, None, None),
        (True, 0, (0, 1, 3), (2, 0, 1)),
    ]


def sparse_model() -> ModelSpec:
    """FULLY_CONNECTED with weights [[0, 0, a], [b, c, 0]]."""
    weights = TensorSpec(
        "w", (2, 3), "INT8", b"abc", (0.5,), sparsity=((0, 1), ((2, None, None), (0, (0, 1, 3), (2, 0, 1))))
    )
    return one_operator(
        "FULLY_CONNECTED", [activation("x", 1, 3), weights], [activation("y", 1, 2)], ("FullyConnectedOptions", {})
    )


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"x" * 20)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"T", "only 1 bytes|text"),
        (bytes(1024), "zeros"),
        (gzip.compress(CONV), "gzip"),
        (zipped("model.tflite"), "zip archive"),
        (zipped("archive/data.pkl"), "PyTorch"),
        (zipped("metadata.json", "config.json", "model.weights.h5"), "Keras"),
        (zipped("arr_0.npy"), "NumPy"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", "Git LFS.*git lfs pull"),
        (b"unsigned char model[] = {\n  0x1c, 0x00, 0x00, 0x00, 0x54, 0x46\n};\n", "C source"),
        (b"const unsigned char g_model[] DATA_ALIGN_ATTRIBUTE = {0x1c, 0x00};", "C source"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "Keras"),
        (b"\x08\x07\x12\x07pytorch\x1a\x051.9.0:\x05", "ONNX"),
        (b"\x08\x01\x12\xa0\x08\x0a\x05serve\x12\x05dtype", "SavedModel"),
        ("TFL3 as text".encode("utf-16"), "UTF-16"),
        (b"<!DOCTYPE html>\n<html><head>", "web page"),
        (b'{"format": "layers-model"}', "JSON"),
        (b"hello, world, this is a note", "text"),
        (b"\x7fELF\x01\x01", "compiled program"),
        (b"junk" + CONV, "4 bytes of something else"),
        (b"\xef\xbb\xbf" + CONV, "3 bytes of something else"),
        (struct.pack("<I", len(CONV)) + CONV, "4 bytes of something else"),
        (CONV[:4] + b"TFL2" + CONV[8:], "identifier TFL3"),
        (bytes(range(256)), "identifier TFL3"),
    ],
)
def test_other_files_are_recognised(data: bytes, words: str) -> None:
    with pytest.raises(InvalidModelError, match=f"(?s)not a TFLite model.*({words})") as caught:
        parse_model(data, "m")
    assert caught.value.hint


@pytest.mark.parametrize("offset", [0, 1, 4, 8, len(CONV) - 1, len(CONV), 2**31, 2**32 - 1])
def test_a_wrong_root_is_rejected(offset: int) -> None:
    with pytest.raises(InvalidModelError, match="truncated or damaged"):
        parse_model(struct.pack("<I", offset) + CONV[4:], "m")


def test_every_truncation_is_rejected() -> None:
    for end in range(len(CONV)):
        with pytest.raises(InvalidModelError):
            parse_model(CONV[:end], "m")


def survives(data: bytes) -> None:
    """Whatever the bytes, only our own errors come out."""
    try:
        check_supported_form(parse_model(data, "m"))
    except TinygenError as error:
        assert len(error.message.split()) >= 4


VICTIMS = (
    CONV,
    sparse_model().bytes(),
    one_operator(
        "PAD", [activation("x", 1, 3), integers("p", 0, 0, 1, 1, shape=(2, 2))], [activation("y", 1, 5)]
    ).bytes(),
    one_operator(
        "STRIDED_SLICE",
        [activation("x", 4, 3), integers("b", 0, 1), integers("e", 4, 3), integers("s", 2, 1)],
        [activation("y", 2, 2)],
        ("StridedSliceOptions", {}),
    ).bytes(),
)


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(VICTIMS),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 7)), min_size=1, max_size=6),
)
def test_flipped_bits_only_cause_our_errors(victim: bytes, flips: list[tuple[int, int]]) -> None:
    data = bytearray(victim)
    for place, bit in flips:
        data[place % len(data)] ^= 1 << bit
    survives(bytes(data))


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(VICTIMS),
    st.integers(0, 1 << 20),
    st.sampled_from([0, 1, 127, 255, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0]),
)
@example(CONV, 0, 0xFFFFFFFF)
def test_extreme_words_only_cause_our_errors(victim: bytes, place: int, word: int) -> None:
    data = bytearray(victim)
    place = place % (len(data) // 4) * 4
    data[place : place + 4] = struct.pack("<I", word)
    survives(bytes(data))


@given(st.binary(max_size=300))
def test_random_bytes_behind_the_identifier_only_cause_our_errors(tail: bytes) -> None:
    survives(struct.pack("<I", 8) + b"TFL3" + tail)
    survives(tail)


def test_tables_that_share_bytes_do_not_multiply() -> None:
    """1,000 subgraphs that are one, with 1,000 tensors that are one: 1,000,000 tensors in some kilobytes."""
    spec = conv_model()
    spec.main.tensors += [activation("x", 1) for _ in range(1000)]
    spec.subgraphs += [SubgraphSpec([], [], [], []) for _ in range(1000)]
    data = bytearray(spec.bytes())
    shared_subgraphs, shared_tensors = _share(data, 1001), _share(data, 1004)
    assert shared_subgraphs and shared_tensors
    with pytest.raises(InvalidModelError, match="over and over"):
        parse_model(bytes(data), "m")


def _share(data: bytearray, count: int) -> int:
    """Points all entries of the vectors of `count` offsets to their first one's table."""
    found = 0
    for at in range(0, len(data) - 4 * count, 4):
        if struct.unpack_from("<I", data, at)[0] == count and struct.unpack_from("<I", data, at + 4)[0] < len(data):
            target = at + 4 + struct.unpack_from("<I", data, at + 4)[0]
            for entry in range(at + 4, at + 4 + 4 * count, 4):
                struct.pack_into("<I", data, entry, target - entry)
            found += 1
    return found


def test_thousands_of_operators_are_read() -> None:
    tensors = [activation(f"t{i}", 1, 4) for i in range(3001)]
    operators = [OperatorSpec("RELU", [i], [i + 1]) for i in range(3000)]
    model = parse_model(ModelSpec([SubgraphSpec(tensors, operators, [0], [3000])]).bytes(), "m")
    assert len(model.subgraphs[0].operators) == 3000


def test_a_file_is_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "kws.v2.tflite"
    path.write_bytes(CONV)
    assert read_model(path).name == "kws.v2"
    path.write_bytes(CONV[:-1])
    with pytest.raises(InvalidModelError) as caught:
        read_model(path)
    assert str(path) in caught.value.message


def test_what_is_no_file_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(InvalidModelError, match="No such file"):
        read_model(tmp_path / "absent.tflite")
    with pytest.raises(InvalidModelError, match="folder"):
        read_model(tmp_path)
    (tmp_path / "saved_model.pb").touch()
    with pytest.raises(InvalidModelError, match="SavedModel"):
        read_model(tmp_path)


def test_importing_is_cheap() -> None:
    code = "import sys, tinygen.tflite; print(any(m in sys.modules for m in ('tflite', 'numpy', 'flatbuffers')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert done.stdout.strip() == "False"


def _environment() -> dict[str, str]:
    import os

    import tinygen

    return {**os.environ, "PYTHONPATH": str(Path(tinygen.__file__).parents[1])}
