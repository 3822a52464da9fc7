"""Graph -> Graph rewrites that keep every output byte, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ops.nested import Nested
from tinygen.ops.op import Op
from tinygen.passes.assign_directly import assign_directly
from tinygen.passes.fold_constants import fold_constants
from tinygen.passes.fuse_pad import fuse_pad
from tinygen.passes.fuse_tables import fuse_tables
from tinygen.passes.hand_in_constants import hand_in_constants
from tinygen.passes.remove_dead_channels import remove_dead_channels
from tinygen.passes.remove_unread import remove_unread
from tinygen.passes.set_aside import set_aside
from tinygen.passes.skip_reshape import skip_reshape
from tinygen.passes.stand_upright import stand_upright

PASSES: tuple[Callable[[Graph, Rounding], Graph], ...] = (
    fold_constants,
    hand_in_constants,
    skip_reshape,
    remove_unread,  # what nobody reads must not count as a reader
    fuse_pad,
    fuse_tables,
    remove_dead_channels,
    stand_upright,
    set_aside,
    assign_directly,
)


def run_passes(graph: Graph, rounding: Rounding) -> Graph:
    """The graph after all passes, and the graphs of its ops after theirs."""
    for rewrite in PASSES:
        graph = rewrite(graph, rounding)
    if not any(isinstance(op, Nested) for op in graph.ops):
        return graph
    return replace(graph, ops=tuple(_inside(op, rounding) for op in graph.ops))


def _inside(op: Op, rounding: Rounding) -> Op:
    if not isinstance(op, Nested):
        return op
    return replace(op, graphs=tuple(run_passes(graph, rounding) for graph in op.graphs))
