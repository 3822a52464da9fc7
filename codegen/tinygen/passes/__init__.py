"""Graph -> Graph rewrites that keep every output byte, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable

from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.passes.fold_constants import fold_constants
from tinygen.passes.remove_unread import remove_unread

PASSES: tuple[Callable[[Graph, Rounding], Graph], ...] = (fold_constants, remove_unread)


def run_passes(graph: Graph, rounding: Rounding) -> Graph:
    """The graph after all passes."""
    for rewrite in PASSES:
        graph = rewrite(graph, rounding)
    return graph
