"""The newest version of each operator that the TFLite runtime registers (LiteRT's resolver, 2026)."""

from __future__ import annotations

_LATEST = {
    14: ("FULLY_CONNECTED",),
    8: ("CAST", "CONV_2D", "DEQUANTIZE", "STRIDED_SLICE"),
    7: ("DEPTHWISE_CONV_2D", "GATHER", "MUL", "SLICE", "TRANSPOSE"),
    5: ("ABS", "ADD", "CONCATENATION", "DYNAMIC_UPDATE_SLICE", "EMBEDDING_LOOKUP", "EQUAL", "GATHER_ND", "PAD", "PADV2",
        "QUANTIZE", "SUB", "TRANSPOSE_CONV"),
    4: (
        "BATCH_MATMUL", "BATCH_TO_SPACE_ND", "FILL", "LSTM", "MAXIMUM", "MINIMUM", "NOT_EQUAL", "PACK",
        "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "SELECT", "SPACE_TO_BATCH_ND", "SPLIT", "SVDF", "UNPACK",
        "UNIDIRECTIONAL_SEQUENCE_LSTM",
    ),
}  # fmt: skip

_BY_NAME = {name: version for version, names in _LATEST.items() for name in names}


def latest_version(name: str) -> int:
    """Of the operators that are not listed, none has got further than 3."""
    return _BY_NAME.get(name, 3)
