"""A .tflite file as frozen dataclasses: read within bounds and checked against itself."""

from __future__ import annotations

from tinygen.tflite.model import (
    Blockwise,
    Model,
    Operator,
    Signature,
    Sparsity,
    SparsityDimension,
    Subgraph,
    TensorInfo,
)
from tinygen.tflite.reader import parse_model, read_model
from tinygen.tflite.supported import check_supported_form
from tinygen.tflite.validity import check_valid

__all__ = [
    "Blockwise",
    "Model",
    "Operator",
    "Signature",
    "Sparsity",
    "SparsityDimension",
    "Subgraph",
    "TensorInfo",
    "check_supported_form",
    "check_valid",
    "parse_model",
    "read_model",
]
