"""A model for every rule of the operators of index_nodes, which breaks exactly it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ops import index_nodes as made
from ops.move_rules import COPY, DTYPE, Change, constant_for, deep, index_in, input_, options, output
from tinygen.ir.dtype import DType
from tinygen.ops.copy_op import SAME_DTYPE
from tinygen.ops.node import Node

FLOAT32, INT32 = DType.FLOAT32, DType.INT32
BYTES = "int8 or uint8 or int16 or uint16 or int32 or uint32 or int64 or float32"
CLAMPS = "the fused activation is NONE, RELU, RELU6 or RELU_N1_TO_1"
MANY = (2, 2, 2, 2, 2, 2, 2, 2)
NO_DATA: dict[str, Any] = {"data": None}
SEGMENTS = ("SEGMENT_SUM", *(f"UNSORTED_SEGMENT_{name}" for name in ("SUM", "PROD", "MAX", "MIN")))
VOLUME = ((1, 3, 4, 5, 3), 4, (2, 2, 2))


def lasting(kind: str) -> Node:
    return made.conv_3d(kind, *VOLUME)


VALID: dict[str, Node] = {
    "BITCAST": made.bitcast((2, 3), FLOAT32, (2, 3), INT32),
    "BUCKETIZE": made.bucketize((2, 3), (0.5, 1.5)),
    "CONV_3D": lasting("CONV_3D"),
    "CONV_3D_TRANSPOSE": lasting("CONV_3D_TRANSPOSE"),
    "DILATE": made.dilate((2, 3), (2, 1)),
    "FAKE_QUANT": made.fake_quant((2, 3), -1.0, 1.0),
    "LOCAL_RESPONSE_NORMALIZATION": made.local_response_normalization((1, 2, 3, 4), 1, 1.0, 1.0, 0.5),
    "MATRIX_DIAG": made.matrix_diag((2, 3)),
    "MATRIX_SET_DIAG": made.matrix_set_diag((2, 3, 4)),
    "NON_MAX_SUPPRESSION_V4": made.non_max_suppression(4, 7, 3, 0.5, 0.1),
    "NON_MAX_SUPPRESSION_V5": made.non_max_suppression(5, 7, 3, 0.5, 0.1, 0.3),
    "ONE_HOT": made.one_hot((2, 3), 4),
    "RANGE": made.numbers("RANGE", (0, 7, 2), (4,), INT32),
    "REDUCE_WINDOW": made.reduce_window((4, 5), (2, 3), (1, 2), (1, 1), 1),
    "SPARSE_TO_DENSE": made.sparse_to_dense([[0, 1], [1, 0]], (3, 2), (2,)),
    **{kind: made.unsorted_segment(kind, (4, 3), [1, 0, 1, 1], 3, constant=False) for kind in SEGMENTS},
}
AS_INT32: dict[str, Any] = {"dtype": INT32}
FITS = "input, weights, bias and output have 5 dimensions, and sizes that fit, without groups"


def convolved(kind: str) -> dict[str, Change]:
    data, weights, bias = (2, 1, 3) if kind == "CONV_3D_TRANSPOSE" else (0, 1, 2)
    return {
        "input is float32": input_(data, **AS_INT32),
        "weights is float32": input_(weights, dtype=INT32, data=None),
        "bias is float32": input_(bias, dtype=INT32, data=None),
        "output is float32": output(**AS_INT32),
        CLAMPS: options(fused_activation_function="TANH"),
        "strides and dilations are positive": options(stride_h=0),
        FITS: output(shape=(1, 3, 4, 6, 4)),
    }


SEGMENT: dict[str, Change] = {
    "input is int32 or float32": input_(0, dtype=DType.INT64),
    "input and output have the same type": output(dtype=INT32),
    **index_in("segment_ids", 1),
    "the output has a slice of the input for every segment": output(shape=(3, 4)),
}
BOXES: dict[str, Change] = {
    "boxes, scores and thresholds are float32, indices and counts int32": output(dtype=DType.INT64),
    **constant_for("max_output_size", 2),
    "there is a score for each box of two corners, and the outputs have the size that is asked for": input_(
        1, shape=(8,)
    ),
}
BREAKS: dict[str, dict[str, Change]] = {
    "BITCAST": {
        f"input is {BYTES}": input_(0, dtype=DType.BOOL),
        f"output is {BYTES}": output(dtype=DType.BOOL),
        "input and output have the same number of bytes": output(shape=(2, 4)),
    },
    "BUCKETIZE": {
        "input is int32 or int64 or float32": input_(0, dtype=DType.INT16),
        "output is int32": output(dtype=DType.INT64),
        "there are boundaries, in ascending order": options(boundaries=(1.5, 0.5)),
    },
    "CONV_3D": convolved("CONV_3D"),
    "CONV_3D_TRANSPOSE": convolved("CONV_3D_TRANSPOSE"),
    "DILATE": COPY | constant_for("dilations", 1) | deep(made.dilate(MANY, (2,) * len(MANY))),
    "FAKE_QUANT": {
        "input is float32": input_(0, **AS_INT32),
        "inputs and output have the same element type": output(**AS_INT32),
        "the range holds 0 and more, and has 2 to 16 bits": options(num_bits=1),
        "the range is not narrow": options(narrow_range=True),
    },
    "LOCAL_RESPONSE_NORMALIZATION": {
        "input is float32": input_(0, **AS_INT32),
        "inputs and output have the same element type": output(**AS_INT32),
        "the input has 4 dimensions": input_(0, shape=(24,)),
        "the radius is not negative": options(radius=-1),
    },
    "MATRIX_DIAG": COPY,
    "MATRIX_SET_DIAG": {
        **DTYPE,
        "the input has the output's shape, and the diagonal that of its diagonals": output(shape=(2, 4, 4)),
    },
    "NON_MAX_SUPPRESSION_V4": BOXES,
    "NON_MAX_SUPPRESSION_V5": BOXES,
    "ONE_HOT": {
        **index_in("indices", 0),
        SAME_DTYPE.sentence: input_(1 + 1, dtype=DType.INT16),
        "the output has the shape of the indices, and one dimension more at the axis": options(axis=1),
    },
    "RANGE": {
        "output is int32 or int64 or float32": output(dtype=DType.INT16),
        "all tensors have one element type": output(dtype=FLOAT32),
        **constant_for("input", 0),
        **constant_for("limit", 1),
        **constant_for("delta", 2),
        "start, limit and delta are numbers, and delta is not 0": input_(2, data=np.array(0, np.int32)),
        "the output has as many elements as there are steps": output(shape=(5,)),
    },
    "REDUCE_WINDOW": {
        "input is int8 or uint8 or int16 or int32 or int64 or float32 or bool": input_(0, dtype=DType.UINT32),
        "input, initial value and output have the same element type": output(**AS_INT32),
        "numbers are added, multiplied, or the least or greatest is taken; bools by all or any": options(
            reduce_function=5
        ),
        **constant_for("window", 2),
        **constant_for("strides", 3),
        **constant_for("dilations", 4),
        "the output has an element for every window, in at most 6 dimensions": output(shape=(3, 3)),
    },
    "SPARSE_TO_DENSE": {
        "indices is int32 or int64": input_(0, dtype=DType.INT16, data=None),
        **DTYPE,
        "there are as many values as indices or one, and at most 6 coordinates for each": input_(2, shape=(3,)),
    },
    **dict.fromkeys(SEGMENTS, SEGMENT),
}
