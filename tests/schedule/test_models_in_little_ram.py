"""The search on real models: never more RAM than whole tensors need, in little time."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import MODELS, SHARED
from tinygen.ir.graph import Graph
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.passes import run_passes
from tinygen.pipeline import load
from tinygen.schedule.check import check
from tinygen.schedule.feed import fed_by_rows
from tinygen.schedule.plan import plan
from tinygen.schedule.rows import Choices
from tinygen.schedule.search import least_ram

TARGET = TARGETS["cortex-m4"].with_choices(Optimize.RAM, Rounding.DOUBLE)
SEARCH_SECONDS = 30
"""Of the processor; several times what it takes on a slow one."""
LIMITS = {
    "mlperf_kws_ref_model": 6600,
    "mlperf_pretrainedResnet_quant": 15100,
    "mlperf_vww_96_int8": 28300,
    "mlperf_ad01_int8": 800,
}
"""Bytes of RAM, a little more than was found."""
PUSHED_LIMITS = {
    "mlperf_kws_ref_model": 5500,
    "mlperf_pretrainedResnet_quant": 12200,
    "mlperf_vww_96_int8": 13700,
}
"""The same if rows are pushed."""


def graph_of(path: Path) -> Graph:
    return run_passes(load(path).complete, TARGET.rounding)


@pytest.mark.parametrize("path", sorted(MODELS.glob("*.tflite")), ids=lambda path: path.stem)
def test_the_models_that_come_along(path: Path) -> None:
    graph = graph_of(path)
    least = least_ram(graph, TARGET)
    check(graph, least, TARGET)
    assert least.arena_bytes <= plan(graph, TARGET, Choices()).arena_bytes


def test_a_convolutional_model_gains_much() -> None:
    graph = graph_of(MODELS / "digits_cnn.tflite")
    whole, least = plan(graph, TARGET, Choices()), least_ram(graph, TARGET)
    assert least.arena_bytes < whole.arena_bytes * 0.7
    assert least_ram(fed_by_rows(graph), replace(TARGET, push=True)).arena_bytes <= least.arena_bytes


@pytest.mark.parametrize("name", PUSHED_LIMITS)
def test_benchmark_models_that_get_rows(name: str) -> None:
    path = SHARED / "models" / f"{name}.tflite"
    if not path.is_file():
        pytest.skip(f"there is no {path}")
    graph, target = fed_by_rows(graph_of(path)), replace(TARGET, push=True)
    least = least_ram(graph, target)
    check(graph, least, target)
    assert least.arena_bytes <= PUSHED_LIMITS[name]


@pytest.mark.parametrize("name", LIMITS)
def test_benchmark_models(name: str) -> None:
    path = SHARED / "models" / f"{name}.tflite"
    if not path.is_file():
        pytest.skip(f"there is no {path}")
    graph = graph_of(path)
    before = time.process_time()
    least = least_ram(graph, TARGET)
    assert time.process_time() - before < SEARCH_SECONDS
    check(graph, least, TARGET)
    assert least.arena_bytes <= LIMITS[name]
