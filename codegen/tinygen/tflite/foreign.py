"""What a file that is not a .tflite probably is, from its first bytes, and what to do about it."""

from __future__ import annotations

import re

_CONVERT = "Convert it to .tflite first"

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (
        b"version https://git-lfs",
        "a Git LFS pointer",
        "Run `git lfs pull` in the repository that it came from.",
    ),
    (b"\x1f\x8b", "gzip data", "Uncompress it first, for example with `gunzip` or `tar xzf`."),
    (b"BZh", "bzip2 data", "Uncompress it first with `bunzip2`."),
    (b"\xfd7zXZ\x00", "xz data", "Uncompress it first with `unxz`."),
    (b"\x28\xb5\x2f\xfd", "zstandard data", "Uncompress it first with `unzstd`."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it and give the .tflite inside."),
    (b"Rar!", "a RAR archive", "Unpack it and give the .tflite inside."),
    (b"\x89HDF\r\n", "HDF5, probably a Keras model", f"{_CONVERT} with tf.lite.TFLiteConverter.from_keras_model."),
    (b"\x93NUMPY", "a NumPy array", "Give the model; arrays are for --inputs."),
    (b"\x80\x02", "a Python pickle, probably PyTorch weights", f"{_CONVERT}, for example with litert-torch."),
    (b"\x7fELF", "a compiled program", "Give the .tflite that it was built from."),
    (b"MZ", "a Windows program", "Give the .tflite that it was built from."),
    (b"%PDF", "a PDF document", "Give the .tflite."),
    (b"\x89PNG", "a PNG picture", "Give the .tflite."),
    (b"\xff\xd8\xff", "a JPEG picture", "Give the .tflite."),
    (b"LITERTLM", "a LiteRT-LM bundle", "Give the .tflite inside."),
    (b"UF2\n", "UF2 firmware", "Give the .tflite that it was built from."),
)
"""(first bytes, what that is, what to do)."""

_HTML = re.compile(rb"\s*<(!doctype|html|\?xml|head|svg)", re.IGNORECASE)
_C_ARRAY = re.compile(rb"\[\s*\w*\s*\]\s*[\w\s()]*=\s*\{|#include\s*[<\"]|0x[0-9a-fA-F]{2}\s*,\s*0x[0-9a-fA-F]{2}")
_ONNX_WORDS = (b"onnx", b"ir_version", b"pytorch", b"tf2onnx", b"skl2onnx")


def describe_foreign(data: bytes) -> tuple[str, str]:
    """(what the file is, what to do) for bytes that don't have the identifier TFL3 where it belongs."""
    if not data:
        return "empty", "Was it written completely? Copy or download it again."
    for first, what, advice in _SIGNATURES:
        if data.startswith(first):
            return what, advice
    at = data[: 1 << 16].find(b"TFL3")
    if at > 4:
        return (
            f"a .tflite with {at - 4} bytes of something else before it (the identifier TFL3 is at byte {at}, not 4)",
            f"Cut off the first {at - 4} bytes.",
        )
    return _zip(data) or _text(data) or _protobuf(data) or _nothing_known(data)


def _zip(data: bytes) -> tuple[str, str] | None:
    if not data.startswith(b"PK\x03\x04"):
        return None
    head = data[:65536]
    if b"data.pkl" in head or b"archive/" in head:
        return "a PyTorch model", f"{_CONVERT}, for example with litert-torch."
    if b"metadata.json" in head and b"config.json" in head:
        return "a Keras model", f"{_CONVERT} with tf.lite.TFLiteConverter.from_keras_model."
    if b".npy" in head:
        return "a NumPy .npz file", "Give the model; arrays are for --inputs."
    return "a zip archive", "Unpack it and give the .tflite inside."


def _text(data: bytes) -> tuple[str, str] | None:
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16 text", "Give the binary .tflite; redirecting with PowerShell's > turns it into text."
    if _HTML.match(head):
        return "a web page", "The download was of the page that shows the model; use its raw or download link."
    if not _is_text(head):
        return None
    if _C_ARRAY.search(head):
        return (
            "C source, such as `xxd -i` writes, not the binary",
            "Give the .tflite, or turn it back with `xxd -r -p`.",
        )
    if head.lstrip().startswith((b"{", b"[")):
        return "JSON", f"{_CONVERT}: TensorFlow.js and flatc JSON are not read."
    if head.lstrip().startswith(b"VEZMM") or head[5:10] == b"RGTDM":
        return "base64 text", "Decode it first with `base64 -d`."
    if head.startswith(b":10") or head.startswith(b":02000004"):
        return "Intel HEX", "Give the .tflite itself."
    return "text", "Give the binary .tflite."


def _is_text(head: bytes) -> bool:
    try:
        # a character may be cut at the end of the head
        text = head.decode("utf-8", "strict" if len(head) < 4096 else "ignore")
    except UnicodeDecodeError:
        return False
    return all(c.isprintable() or c in "\t\r\n\f" for c in text)


def _protobuf(data: bytes) -> tuple[str, str] | None:
    head = data[:4096].lower()
    if data[:1] == b"\x08" and any(word in head for word in _ONNX_WORDS):
        return "ONNX", f"{_CONVERT}, for example with onnx2tf."
    if b"saved_model" in head or b"serve" in head or (b"placeholder" in head and b"dtype" in head):
        return "a TensorFlow SavedModel or frozen graph", f"{_CONVERT} with tf.lite.TFLiteConverter.from_saved_model."
    if data[:1] == b"\x08" and data[2:3] in (b"\x12", b"\x3a"):
        return "a protobuf, probably ONNX", f"{_CONVERT}, for example with onnx2tf."
    return None


def _nothing_known(data: bytes) -> tuple[str, str]:
    if not any(data[:65536]):
        return "nothing but zeros", "Copy or download it again."
    if len(data) < 8:
        return f"only {len(data)} bytes", "Copy or download it again."
    return (
        f"without the identifier TFL3 at byte 4 (found {data[4:8]!r})",
        "Give a file that the TFLite converter wrote.",
    )
