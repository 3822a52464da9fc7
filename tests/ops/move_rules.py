"""A model for every rule of the operators that move elements, which breaks exactly it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ops import moves, nodes
from ops.nodes import integers, node, tensor
from tinygen.ir.dtype import DType
from tinygen.ir.tensor import Quantization
from tinygen.ops.copy_op import FEW_LOOPS, SAME_DTYPE, SHAPES_AGREE
from tinygen.ops.node import Node

Change = Callable[[Node], Node]
OTHER_SCALE: dict[str, Any] = {"quantization": Quantization((0.2,), (3,))}
LATER: dict[str, Any] = {"data": None}
FLOAT16: dict[str, Any] = {"dtype": DType.FLOAT16, "quantization": None}
INT16: dict[str, Any] = {"dtype": DType.INT16}
MANY = (2, 2, 2, 2, 2, 2, 2, 2)


def input_(i: int, **changes: Any) -> Change:
    def change(made: Node) -> Node:
        inputs = list(made.inputs)
        operand = inputs[i]
        assert operand is not None
        inputs[i] = replace(operand, **changes)
        return replace(made, inputs=tuple(inputs))

    return change


def output(**changes: Any) -> Change:
    return lambda made: replace(made, outputs=(replace(made.outputs[0], **changes), *made.outputs[1:]))


def options(**changes: Any) -> Change:
    return lambda made: replace(made, options={**made.options, **changes})


def instead(other: Node) -> Change:
    return lambda _: other


def constant_for(field: str, i: int) -> dict[str, Change]:
    return {f"{field} is a constant": input_(i, **LATER)}


def same_scale(field: str, i: int) -> dict[str, Change]:
    return {f"{field} and output have the same scale and zero point, if they have any": input_(i, **OTHER_SCALE)}


def deep(made: Node) -> dict[str, Change]:
    return {FEW_LOOPS.sentence: instead(made)}


def index_in(field: str, i: int) -> dict[str, Change]:
    return {f"{field} is int32 or int64": input_(i, **INT16)}


FIXED_SHAPE = tensor("output", (3,), dtype=DType.INT32)
DTYPE: dict[str, Change] = {SAME_DTYPE.sentence: output(dtype=DType.INT16)}
COPY: dict[str, Change] = {**DTYPE, SHAPES_AGREE.sentence: output(shape=(11, 13))}
SPACE_BATCH: dict[str, Change] = {
    **COPY,
    **constant_for("block", 1),
    **constant_for("margins", 2),
    "the input has 3 dimensions and its block 1, or 4 and 2": input_(1, shape=(1,), data=np.array([2], np.int32)),
}
ELEMENTS = "int8 or uint8 or int16 or uint16 or int32 or uint32 or int64 or float32 or bool"
IMAGES = "input and output are [batch, height, width, channels] with the same batch and channels"
LARGE = "height and width are at most 16383"
ALIAS: dict[str, Change] = {"the output has as many elements as the input": output(shape=(5, 7))}
SELECTED = "the inputs can be broadcast to the output, which has at most 6 dimensions"
HAS_ELEMENTS: dict[str, Change] = {"input has elements": input_(0, shape=(0, 3), data=np.zeros((0, 3), np.int8))}

VALID: dict[str, Node] = {
    "BATCH_TO_SPACE_ND": moves.batch_to_space_nd((4, 2, 3, 3), (2, 2), ((0, 1), (0, 0))),
    "BROADCAST_ARGS": node(
        "BROADCAST_ARGS", [tensor("a", (3,), dtype=DType.INT32), tensor("b", (2,), dtype=DType.INT32)], [FIXED_SHAPE]
    ),
    "BROADCAST_TO": moves.broadcast_to((3, 1), (2, 3, 4)),
    "CAST": node("CAST", [tensor("input", (2, 3), dtype=DType.INT32)], [tensor("output", (2, 3), dtype=DType.INT16)]),
    "DEPTH_TO_SPACE": moves.depth_to_space((1, 2, 3, 12), 2),
    "DYNAMIC_UPDATE_SLICE": moves.dynamic_update_slice((3, 5), (2, 5)),
    "EMBEDDING_LOOKUP": moves.embedding_lookup((7, 5), 4),
    "DENSIFY": node("DENSIFY", [moves.moved("input", (2, 3))], [moves.moved("output", (2, 3))]),
    "EXPAND_DIMS": node(
        "EXPAND_DIMS", [moves.moved("input", (2, 3)), integers("axis", 1)], [moves.moved("o", (2, 1, 3))]
    ),
    "FILL": node("FILL", [integers("shape", [2, 3]), moves.moved("value", ())], [moves.moved("output", (2, 3))]),
    "GATHER": moves.gather((6, 3), (4,), constant=False),
    "GATHER_ND": moves.gather_nd((3, 4), (5, 2), constant=False),
    "MIRROR_PAD": moves.mirror_pad((3, 4), ((1, 1), (2, 0)), "REFLECT"),
    "PACK": moves.pack((3, 4), 1, 2),
    "PADV2": moves.padv2((2, 3), ((1, 0), (0, 2)), 7),
    "RANK": node("RANK", [moves.moved("input", (2, 3))], [tensor("output", (), dtype=DType.INT32)]),
    "RESIZE_BILINEAR": moves.resize("RESIZE_BILINEAR", (1, 3, 4, 2), (5, 6)),
    "RESIZE_NEAREST_NEIGHBOR": moves.resize("RESIZE_NEAREST_NEIGHBOR", (1, 3, 4, 2), (5, 6)),
    "REVERSE_SEQUENCE": node(
        "REVERSE_SEQUENCE",
        [moves.moved("input", (2, 5)), tensor("lengths", (2,), dtype=DType.INT32)],
        [moves.moved("output", (2, 5))],
        seq_dim=1,
        batch_dim=0,
    ),
    "REVERSE_V2": moves.reverse_v2((3, 4), (0,)),
    "SCATTER_ND": node(
        "SCATTER_ND",
        [integers("indices", [[2], [0]]), moves.moved("updates", (2, 4)), integers("shape", [3, 4])],
        [moves.moved("output", (3, 4))],
    ),
    "SELECT": moves.select("SELECT", (2, 3), (2, 3), (2, 3), (2, 3)),
    "SELECT_V2": moves.select("SELECT_V2", (2, 1), (3,), (2, 3), (2, 3)),
    "SHAPE": node("SHAPE", [moves.moved("input", (2, 3, 5))], [FIXED_SHAPE], out_type=2),
    "SLICE": moves.slice_((4, 6), (1, 2), (2, -1)),
    "SPACE_TO_BATCH_ND": moves.space_to_batch_nd((1, 3, 6, 3), (2, 2), ((0, 1), (0, 0))),
    "SPACE_TO_DEPTH": moves.space_to_depth((1, 4, 6, 3), 2),
    "SPLIT": moves.split((6, 4), 0, 3),
    "SPLIT_V": moves.split_v((7, 4), 0, (1, 4, 2)),
    "SQUEEZE": node("SQUEEZE", [moves.moved("input", (2, 1, 3))], [moves.moved("output", (2, 3))]),
    "STABLEHLO_PAD": moves.stablehlo_pad((2, 3), (1, 0), (0, 1), (0, 2)),
    "STRIDED_SLICE": moves.strided_slice((5, 9), (1, 8), (5, 1), (2, -3), (2, 3)),
    "TILE": moves.tile((2, 3), (2, 2)),
    "TOPK_V2": moves.topk_v2((2, 9), 3),
    "TRANSPOSE": moves.transpose((3, 5), (1, 0)),
    "UNPACK": moves.unpack((3, 4), 0),
    "ZEROS_LIKE": node("ZEROS_LIKE", [moves.moved("input", (2, 3))], [moves.moved("output", (2, 3))]),
}

BREAKS: dict[str, dict[str, Change]] = {
    "BATCH_TO_SPACE_ND": SPACE_BATCH,
    "BROADCAST_ARGS": {
        **DTYPE,
        "output is int32 or int64": lambda made: output(**INT16)(input_(1, **INT16)(input_(0, **INT16)(made))),
        "the inputs have one dimension, and the output that of the longer one": output(shape=(2,)),
    },
    "BROADCAST_TO": COPY | deep(moves.broadcast_to((2, 1) * 7, (2, 3) * 7)),
    "CAST": {f"input is {ELEMENTS}": input_(0, **FLOAT16), f"output is {ELEMENTS}": output(**FLOAT16)},
    "CONCATENATION": {
        **COPY,
        "all tensors have the same scale and zero point, of uint8 any and of int16 any scale": input_(1, **OTHER_SCALE),
        "there is no fused activation": options(fused_activation_function="RELU"),
    },
    "DEPTH_TO_SPACE": COPY,
    "DYNAMIC_UPDATE_SLICE": {
        **DTYPE,
        **index_in("start", 2),
        "operand has at most 6 dimensions, and none smaller than update's": input_(1, shape=(4, 5)),
    },
    "EMBEDDING_LOOKUP": {
        **DTYPE,
        **index_in("lookup", 0),
        "input has elements": input_(1, shape=(0, 5), data=np.zeros((0, 5), np.int8)),
        **same_scale("input", 1),
        "the output has a row of the table for every index": output(shape=(3, 5)),
    },
    "DENSIFY": ALIAS,
    "EXPAND_DIMS": ALIAS,
    "FILL": DTYPE,
    "GATHER": {
        **DTYPE,
        **index_in("positions", 1),
        **HAS_ELEMENTS,
        "the output's shape follows from the input's shape and the positions'": output(shape=(5, 3)),
    },
    "GATHER_ND": {
        **DTYPE,
        **index_in("indices", 1),
        **HAS_ELEMENTS,
        "indices have at most 6 coordinates, and the output a slice for each index": output(shape=(6,)),
    },
    "MIRROR_PAD": COPY | constant_for("paddings", 1) | deep(moves.mirror_pad(MANY, ((0, 1),) * len(MANY), "SYMMETRIC")),
    "PACK": COPY,
    "PAD": {
        **COPY,
        **constant_for("paddings", 1),
        **same_scale("input", 0),
        "tensors have at most 6 dimensions": instead(nodes.pad((1,) * 7, [(0, 1)] * 7)),
    },
    "PADV2": {
        **COPY,
        **constant_for("paddings", 1),
        **same_scale("input", 0),
        **same_scale("constant", 2),
        **deep(moves.padv2(MANY, ((0, 1),) * len(MANY), 7)),
    },
    "RANK": {"output is int32": output(dtype=DType.INT64)},
    "RESHAPE": ALIAS,
    "RESIZE_BILINEAR": {
        **DTYPE,
        "input is int8 or int16 or float32": input_(0, dtype=DType.UINT8),
        IMAGES: output(shape=(1, 5, 6, 3)),
        LARGE: instead(moves.resize("RESIZE_BILINEAR", (1, 1, 3, 1), (1, 16384))),
        **same_scale("input", 0),
        "only one of align_corners and half_pixel_centers is set": options(align_corners=True, half_pixel_centers=True),
    },
    "RESIZE_NEAREST_NEIGHBOR": {
        **DTYPE,
        IMAGES: output(shape=(1, 5, 6, 3)),
        LARGE: instead(moves.resize("RESIZE_NEAREST_NEIGHBOR", (1, 1, 3, 1), (1, 16384))),
        **same_scale("input", 0),
    },
    "REVERSE_SEQUENCE": {
        **DTYPE,
        **index_in("lengths", 1),
        "sequence and batch are two axes of the input, with a length for each batch": options(batch_dim=1),
    },
    "REVERSE_V2": COPY | constant_for("axes", 1) | deep(moves.reverse_v2((2,) * 8, (1, 3, 5, 7))),
    "SCATTER_ND": {
        **DTYPE,
        "indices is int32 or int64": input_(0, dtype=DType.INT16, data=np.array([[2], [0]], np.int16)),
        "indices have at most 6 coordinates, and updates a slice for each": output(shape=(3, 5)),
    },
    "SELECT": {
        **DTYPE,
        "condition is bool": input_(0, dtype=DType.INT8),
        SELECTED: output(shape=(3, 3)),
    },
    "SHAPE": {"output is int32 or int64": output(dtype=DType.INT16)},
    "SLICE": COPY | deep(moves.slice_((3,) * 8, (0,) * 8, (2,) * 8)),
    "SPACE_TO_BATCH_ND": SPACE_BATCH,
    "SPACE_TO_DEPTH": COPY,
    "SPLIT": COPY | constant_for("axis", 0),
    "SPLIT_V": COPY | constant_for("sizes", 1) | constant_for("axis", 2),
    "SQUEEZE": ALIAS,
    "STABLEHLO_PAD": COPY | deep(moves.stablehlo_pad(MANY, (0,) * 8, (0,) * 8, (1,) * 8)),
    "STRIDED_SLICE": {
        **COPY,
        **constant_for("strides", 3),
        "end is no offset from begin": options(offset=True),
        **deep(moves.strided_slice((4,) * 8, (0,) * 8, (4,) * 8, (2,) * 8, (2,) * 8)),
    },
    "TILE": COPY | constant_for("multiples", 1) | deep(moves.tile((2,) * 5, (2,) * 5)),
    "TOPK_V2": {
        "input is float32 or int8 or uint8 or int16 or int32 or int64": input_(0, dtype=DType.UINT16),
        "values has the element type of input": output(dtype=DType.INT32),
        "indices is int32": lambda made: replace(
            made, outputs=(made.outputs[0], replace(made.outputs[1], dtype=DType.INT16))
        ),
        **constant_for("k", 1),
        "the outputs hold k of each row": output(shape=(2, 4)),
    },
    "TRANSPOSE": COPY | constant_for("permutation", 1) | deep(moves.transpose((2,) * 8, (7, 6, 5, 4, 3, 2, 1, 0))),
    "UNPACK": COPY,
    "ZEROS_LIKE": {f"output is {ELEMENTS}": output(**FLOAT16)},
}
BREAKS["SELECT_V2"] = BREAKS["SELECT"]

BOX = "the input has at most 6 dimensions, and the output takes no more of each"
FORMS: dict[str, tuple[Node, dict[str, Change]]] = {
    "EmbeddingLookupHybrid": (
        moves.embedding_lookup_hybrid((7, 5), 4),
        {
            **index_in("lookup", 0),
            **constant_for("input", 1),
            "input has elements": input_(1, shape=(0, 5), data=np.zeros((0, 5), np.int8)),
            "the table has one scale, or one per row, and zero point 0": input_(1, **OTHER_SCALE),
            "the output has a row of the table for every index": output(shape=(3, 5)),
        },
    ),
    "RunTimeSlice": (
        moves.late(moves.slice_((4, 6), (1, 2), (2, 3)), 1, 2),
        {**DTYPE, **index_in("begin", 1), BOX: output(shape=(5, 1))},
    ),
    "RunTimeStridedSlice": (
        moves.late(moves.strided_slice((5, 9), (1, 8), (5, 1), (2, -3), (2, 3)), 1, 2),
        {**DTYPE, **index_in("begin", 1), **constant_for("strides", 3), BOX: output(shape=(2, 4))},
    ),
}
"""Every other form that has rules of its own, and what breaks each of them."""
