"""Ops that run graphs of their own get a schedule for each: what is over in their scratch when the op is."""

from __future__ import annotations

from dataclasses import replace

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Schedule
from tinygen.ir.target import Optimize, Target
from tinygen.ops.nested import Nested
from tinygen.ops.op import Op
from tinygen.schedule.search import least_ram, nearly_whole


def with_schedules(graph: Graph, target: Target) -> Graph:
    """The graph with all graphs inside it scheduled, the innermost first.

    Where RAM is short, they take the least: how much the graph around them leaves is not known yet.
    """
    if not any(isinstance(op, Nested) for op in graph.ops):
        return graph
    return replace(graph, ops=tuple(_scheduled(op, target) for op in graph.ops))


def _scheduled(op: Op, target: Target) -> Op:
    if not isinstance(op, Nested):
        return op
    graphs = tuple(with_schedules(graph, target) for graph in op.graphs)
    return replace(op, graphs=graphs, schedules=tuple(_schedule(graph, target) for graph in graphs))


def _schedule(graph: Graph, target: Target) -> Schedule:
    if target.optimize is Optimize.RAM or target.ram_limit or target.push:
        return least_ram(graph, replace(target, push=False))
    return nearly_whole(graph, target)
