"""Bytes to Model: recognises what is no .tflite, decodes what is, has it checked against itself, settles shapes."""

from __future__ import annotations

import stat
import struct
import zlib
from pathlib import Path

from tinygen.errors import InvalidModelError, TinygenError, UnsupportedModelError
from tinygen.tflite.decode import Decoder
from tinygen.tflite.flatbuffer import DamagedError
from tinygen.tflite.foreign import describe_foreign
from tinygen.tflite.model import Model
from tinygen.tflite.report import Report, printable
from tinygen.tflite.settling import opened, settled
from tinygen.tflite.validity import check_valid

_MOST_BYTES = 256 << 20
"""A file is held in memory; no chip that we compile for has a hundredth of this."""

_RAISED_BY_NONSENSE = (
    DamagedError,
    struct.error,
    IndexError,
    ValueError,
    TypeError,
    OverflowError,
    MemoryError,
    RecursionError,
)
"""What decoding raises on bytes that are no model; UnicodeDecodeError is a ValueError."""


def read_model(path: Path) -> Model:
    """The model in the file at `path`.

    Raises InvalidModelError if it can't be read, is something else, is damaged, or contradicts itself, and
    UnsupportedModelError if it is too large to read.
    """
    try:
        _check_is_file(path)
        data = path.read_bytes()
    except OSError as error:
        raise InvalidModelError(
            f"Reading {path}: {error.strerror or error}.", "Check the path and its permissions."
        ) from error
    return parse_model(data, path.stem, str(path))


def parse_model(data: bytes, name: str, source: str = "") -> Model:
    """The model in `data`, called `name`; `source` is what errors call the file.

    Raises InvalidModelError as read_model does.
    """
    source = source or printable(name) or "the model"
    if data[4:8] != b"TFL3":
        what, advice = describe_foreign(data)
        raise InvalidModelError(f"{source} is not a TFLite model: it is {what}.", advice)
    decoder = Decoder(data, Report())
    try:
        model = opened(decoder.model(name, zlib.crc32(data)))
    except _RAISED_BY_NONSENSE as error:
        detail = str(error) if isinstance(error, DamagedError) else "an offset or a value was found that makes no sense"
        raise InvalidModelError(
            f"{source} is truncated or damaged: while reading {decoder.where}, {detail}.",
            f"The file has {len(data)} bytes; compare that with the original, or copy or download it again.",
        ) from error
    check_valid(model, decoder.report, source)
    return settled(model)


def _check_is_file(path: Path) -> None:
    """Raises OSError for nothing, TinygenError for what is there but no readable file."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        saved = (path / "saved_model.pb").exists()
        raise InvalidModelError(
            f"{path} is {'a TensorFlow SavedModel' if saved else 'a folder'}, not a .tflite file.",
            "Convert it first with tf.lite.TFLiteConverter.from_saved_model."
            if saved
            else "Give the .tflite file itself.",
        )
    if not stat.S_ISREG(status.st_mode):
        raise InvalidModelError(f"{path} is not a regular file.", "Save the model to a file first.")
    if status.st_size > _MOST_BYTES:
        raise _too_large(path, status.st_size)


def _too_large(path: Path, size: int) -> TinygenError:
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if head[4:8] != b"TFL3":
        what, advice = describe_foreign(head)
        return InvalidModelError(f"{path} is not a TFLite model: it is {what}.", advice)
    return UnsupportedModelError(
        f"{path} has {size >> 20} MiB; models of up to {_MOST_BYTES >> 20} MiB are read.",
        "Is it meant for a small chip?",
    )
