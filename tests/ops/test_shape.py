"""SHAPE: what is made of shapes is known when the model is compiled."""

from __future__ import annotations

from ops.moves import moved
from ops.nodes import integers, node, op_of, tensor
from tinygen.ir.dtype import DType
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node
from tinygen.passes.fold_constants import fold_constants

INPUT = moved("input", (2, 3, 5))


def test_a_shape_made_of_shapes_is_folded() -> None:
    """SHAPE -> STRIDED_SLICE -> PACK, as converters write it for a flattened batch."""
    sizes, batch = tensor("sizes", (3,), dtype=DType.INT32), tensor("batch", (), dtype=DType.INT32)
    shape, output = tensor("shape", (2,), dtype=DType.INT32), moved("output", (2, 15))
    entries = [integers(name, [value]) for name, value in (("begin", 0), ("end", 1), ("strides", 1))]
    nodes: list[Node] = [
        node("SHAPE", [INPUT], [sizes]),
        node("STRIDED_SLICE", [sizes, *entries], [batch], shrink_axis_mask=1),
        node("PACK", [batch, integers("fifteen", 15)], [shape], values_count=2),
        node("RESHAPE", [INPUT, shape], [output]),
    ]
    graph = Graph("chain", 0, (INPUT,), (output,), tuple(op_of(made) for made in nodes))
    (left,) = fold_constants(graph, Rounding.DOUBLE).ops
    assert left.KIND == "RESHAPE"
    assert left.inputs[1].value.tolist() == [2, 15]
