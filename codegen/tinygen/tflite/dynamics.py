"""Which shapes of a subgraph the file leaves to run time."""

from __future__ import annotations

from tinygen.tflite.model import Operator, Subgraph

_SHAPED_BY: dict[str, tuple[int, ...]] = {
    "BATCH_TO_SPACE_ND": (1, 2),
    "BROADCAST_TO": (1,),
    "EXPAND_DIMS": (1,),
    "FILL": (0,),
    "MIRROR_PAD": (1,),
    "PAD": (1,),
    "PADV2": (1,),
    "RANGE": (0, 1, 2),
    "RESHAPE": (1,),
    "RESIZE_BILINEAR": (1,),
    "RESIZE_NEAREST_NEIGHBOR": (1,),
    "SPACE_TO_BATCH_ND": (1, 2),
    "TILE": (1,),
}
"""The inputs whose values, not shapes, decide the output's shape."""

_MAYBE_SHAPED_BY: dict[str, tuple[int, ...]] = {
    **_SHAPED_BY,
    "CONV_3D_TRANSPOSE": (0,),
    "DILATE": (1,),
    "MEAN": (1,),
    "NON_MAX_SUPPRESSION_V4": (2,),
    "NON_MAX_SUPPRESSION_V5": (2,),
    "ONE_HOT": (1,),
    "REDUCE_ALL": (1,),
    "REDUCE_ANY": (1,),
    "REDUCE_MAX": (1,),
    "REDUCE_MIN": (1,),
    "REDUCE_PROD": (1,),
    "REDUCE_WINDOW": (2, 3, 4),
    "SCATTER_ND": (2,),
    "SEGMENT_SUM": (1,),
    "SLICE": (1, 2),
    "SPARSE_TO_DENSE": (1,),
    "SPLIT": (0,),
    "SPLIT_V": (1, 2),
    "STRIDED_SLICE": (1, 2, 3),
    "SUM": (1,),
    "TOPK_V2": (1,),
    "TRANSPOSE": (1,),
    "TRANSPOSE_CONV": (0,),
    "UNSORTED_SEGMENT_MAX": (2,),
    "UNSORTED_SEGMENT_MIN": (2,),
    "UNSORTED_SEGMENT_PROD": (2,),
    "UNSORTED_SEGMENT_SUM": (2,),
}
"""The inputs whose values may do so."""

_OPEN_ENDED = frozenset({"CUSTOM", "IF", "UNIQUE", "WHERE", "WHILE"})
"""Operators whose outputs the file does not shape."""

_KNOWN_BY_SHAPE = frozenset({"RANK", "SHAPE"})
"""Operators whose output follows from the input's shape, not from its values."""


_CALLS = frozenset({"IF", "WHILE"})
"""Those of them that give what subgraphs give."""


def open_shapes(subgraph: Subgraph, calls_settled: bool = False) -> frozenset[int]:
    """Tensors whose shape in the file may be a placeholder, since it follows from something that is no constant.

    calls_settled: what IF and WHILE give has the shape that the file says, if it says one.
    """
    tensors, found = subgraph.tensors, set[int]()
    for op in subgraph.operators:
        if calls_settled and op.name in _CALLS:
            found.update(i for i in op.outputs if not tensors[i].shape or -1 in tensors[i].shape_signature)
            continue
        deciding = [tensors[i] for i in _picked(op, _MAYBE_SHAPED_BY)]
        if (
            op.name in _OPEN_ENDED
            or any(t.buffer is None and 0 not in t.shape for t in deciding)
            or not found.isdisjoint(op.inputs)
        ):
            found.update(op.outputs)
    return frozenset(found)


def run_time_shapes(subgraph: Subgraph) -> list[tuple[Operator, int]]:
    """(operator, input tensor) wherever a shape follows from values that only exist at run time."""
    known = {t.index for t in subgraph.tensors if t.buffer is not None or 0 in t.shape}
    floating = set[int]()
    found = []
    for op in subgraph.operators:
        unknown = [i for i in _picked(op, _SHAPED_BY) if i not in known]
        found += [(op, i) for i in unknown]
        if unknown or not floating.isdisjoint(op.inputs):
            floating.update(op.outputs)
        elif op.name in _KNOWN_BY_SHAPE or (op.inputs and known.issuperset(i for i in op.inputs if i >= 0)):
            known.update(op.outputs)
    return found


def _picked(op: Operator, table: dict[str, tuple[int, ...]]) -> list[int]:
    positions = table.get(op.name, ())
    return [op.inputs[p] for p in positions if p < len(op.inputs) and op.inputs[p] >= 0]
