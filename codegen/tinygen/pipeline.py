"""The whole compiler on one screen: a .tflite file goes in, C text and the facts about it come out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tinygen.emit.c_text import identifier
from tinygen.emit.generate import Generated, generate
from tinygen.emit.lower import lower
from tinygen.ir.graph import Graph
from tinygen.ir.program import Program
from tinygen.ir.schedule import Schedule
from tinygen.ir.target import Target
from tinygen.ops import CUSTOM_OPERATORS
from tinygen.ops.importer import Import, import_model
from tinygen.passes import run_passes
from tinygen.passes.share_kernels import share_kernels
from tinygen.schedule import make_schedule
from tinygen.schedule.nested import with_schedules
from tinygen.tflite import check_supported_form, read_model


@dataclass(frozen=True)
class Compiled:
    """A model on its way from bytes to C."""

    original: Graph
    """As in the file: what the reference computes."""
    graph: Graph
    """After the passes: what the device computes."""
    schedule: Schedule
    program: Program
    generated: Generated


def load(path: Path) -> Import:
    """Every operator of a file, supported or not; raises InvalidModelError or UnsupportedModelError."""
    model = read_model(path)
    check_supported_form(model, CUSTOM_OPERATORS)
    return import_model(model, path.stem)


def compile_model(path: Path, target: Target, name: str = "") -> Compiled:
    """Raises InvalidModelError for a broken file, UnsupportedModelError for what tinygen does not compile."""
    return compile_graph(load(path).complete, target, name)


def rewritten(original: Graph, target: Target) -> Graph:
    """The graph that the device computes: after the passes, with the graphs inside its ops scheduled."""
    return with_schedules(share_kernels(run_passes(original, target.rounding), target), target)


def compile_graph(original: Graph, target: Target, name: str = "") -> Compiled:
    """name: the C identifier of the model; made from the graph's name when it is empty."""
    graph, schedule, program = lowered(original, target, name)
    return Compiled(original, graph, schedule, program, generate(program))


def lowered(original: Graph, target: Target, name: str = "") -> tuple[Graph, Schedule, Program]:
    """All but the text: printing takes a while, and who asks for sizes alone does not want it."""
    graph = rewritten(original, target)
    schedule = make_schedule(graph, target)
    return graph, schedule, lower(graph, schedule, target, name or identifier(original.name))
