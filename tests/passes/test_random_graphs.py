"""Every pass on random graphs with planted dead channels: the same bytes, in both roundings."""

from __future__ import annotations

import numpy as np
import pytest

from passes.planted import after_each_pass, assert_same, assert_sound, inputs_of, random_graph
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.passes import run_passes
from tinygen.passes.channel_ranges import channel_ranges
from tinygen.passes.remove_dead_channels import remove_dead_channels
from tinygen.reference import evaluate_all

SEEDS = 400
PER_TEST = 50


def graphs(first: int) -> list[Graph]:
    return [random_graph(seed) for seed in range(first, first + PER_TEST)]


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("first", range(0, SEEDS, PER_TEST))
def test_every_pass_keeps_every_byte(first: int, rounding: Rounding) -> None:
    for graph in graphs(first):
        stages = after_each_pass(graph, rounding)
        for name, before, after in stages:
            assert after.macs <= before.macs, name
            if after is not before:
                assert_same(before, after, rounding, 1)
        assert_sound(stages[-1][2])


def test_the_graphs_are_worth_the_trouble() -> None:
    """Most of them lose channels, and in all they lose a good part of their work."""
    before = [random_graph(seed) for seed in range(SEEDS)]
    after = [run_passes(graph, Rounding.DOUBLE) for graph in before]
    assert sum(new.macs < old.macs for old, new in zip(before, after, strict=True)) > SEEDS // 2
    assert sum(graph.macs for graph in after) < 0.6 * sum(graph.macs for graph in before)


@pytest.mark.parametrize("first", range(0, SEEDS, PER_TEST))
def test_one_run_removes_all_that_can_be_removed(first: int) -> None:
    for graph in graphs(first):
        once = run_passes(graph, Rounding.DOUBLE)
        twice = remove_dead_channels(once, Rounding.DOUBLE)
        assert [t.shape for t in twice.tensors()] == [t.shape for t in once.tensors()]


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("first", range(0, SEEDS, 4 * PER_TEST))
def test_every_value_lies_in_its_range(first: int, rounding: Rounding) -> None:
    for graph in graphs(first):
        ranges = channel_ranges(graph, rounding)
        for values in inputs_of(graph):
            for tensor, value in evaluate_all(graph, values, rounding).items():
                found = value.astype(np.int64).reshape(-1, ranges[tensor].low.size)
                assert (found >= ranges[tensor].low).all(), tensor
                assert (found <= ranges[tensor].high).all(), tensor
