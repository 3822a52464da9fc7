"""Passes keep every output byte: constants are folded, what nobody reads goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kernels.bench import Benches, same
from ops import nodes
from ops.graphs import GRAPHS, GraphMaker, inputs_of, random_graph, run_in_arena
from ops.nodes import op_of, tensor
from tinygen.ir.graph import Graph
from tinygen.ir.target import Optimize, Rounding
from tinygen.ir.tensor import Tensor
from tinygen.passes import PASSES, run_passes
from tinygen.passes.fold_constants import fold_constants
from tinygen.passes.remove_unread import remove_unread
from tinygen.reference import evaluate
from tinygen.schedule import make_schedule


def constant(shape: tuple[int, ...]) -> Tensor:
    data = nodes.chance("constant", shape).integers(-128, 128, shape)
    return tensor("constant", shape, 0.1, 3, data=data)


def same_outputs(before: Graph, after: Graph) -> None:
    inputs = inputs_of(before)
    for rounding in Rounding:
        expected, found = evaluate(before, inputs, rounding), evaluate(after, inputs, rounding)
        assert [value.tobytes() for value in found] == [value.tobytes() for value in expected]


def with_constants() -> Graph:
    """input + relu(relu(constant)); the second output is constant altogether."""
    make = GraphMaker((2, 3))
    folded = make.relu(make.relu(constant((2, 3))))
    return make.graph(make.add(make.input, folded), make.relu(folded))


@pytest.mark.parametrize("rewrite", PASSES, ids=lambda rewrite: rewrite.__name__)
@pytest.mark.parametrize("name", GRAPHS)
def test_a_pass_keeps_the_outputs(name: str, rewrite: object) -> None:
    graph = GRAPHS[name]()
    assert callable(rewrite)
    after = rewrite(graph, Rounding.DOUBLE)
    assert (after.inputs, len(after.outputs)) == (graph.inputs, len(graph.outputs))
    same_outputs(graph, after)


@pytest.mark.parametrize("rounding", Rounding)
def test_constants_are_folded(rounding: Rounding) -> None:
    graph = with_constants()
    after = fold_constants(graph, rounding)
    assert [op.KIND for op in after.ops] == ["ADD"]
    assert after.outputs[1].is_constant
    assert after.ops[0].inputs[1].is_constant
    inputs = inputs_of(graph)
    expected = [value.tobytes() for value in evaluate(graph, inputs, rounding)]
    assert [value.tobytes() for value in evaluate(after, inputs, rounding)] == expected


def test_folding_depends_on_the_rounding() -> None:
    """A folded value is what the device would have computed."""
    make = GraphMaker((1, 256))
    every = tensor("every", (1, 256), 0.1, 0, data=np.arange(-128, 128))
    made = tensor("made", (1, 256), 0.0625, 0)
    make.ops.append(op_of(nodes.node("QUANTIZE", [every], [made])))
    graph = make.graph(make.add(make.input, made))
    for rounding in Rounding:
        folded = fold_constants(graph, rounding).ops[0].inputs[1].value
        assert folded.tobytes() == graph.ops[0].evaluate([every.value], rounding)[0].tobytes()


def test_a_constant_part_of_a_concatenation_is_replaced() -> None:
    make = GraphMaker((2, 3))
    graph = make.graph(make.concatenation([make.input, make.relu(constant((2, 3))), make.input], 1))
    after = fold_constants(graph, Rounding.DOUBLE)
    assert [op.KIND for op in after.ops] == ["CONCATENATION"]
    assert [part.is_constant for part in after.ops[0].inputs] == [False, True, False]
    same_outputs(graph, after)


def test_nothing_to_fold_is_the_same_graph() -> None:
    graph = GRAPHS["residual"]()
    assert fold_constants(graph, Rounding.DOUBLE) is graph
    assert remove_unread(graph, Rounding.DOUBLE) is graph


def test_unread_ops_go_with_what_only_they_read() -> None:
    make = GraphMaker((1, 3, 3, 2))
    read = make.conv(make.input)
    make.relu(make.relu(make.input))
    make.relu(read)
    graph = make.graph(read)
    after = remove_unread(graph, Rounding.DOUBLE)
    assert [op.KIND for op in after.ops] == ["CONV_2D"]
    same_outputs(graph, after)


def test_the_producer_of_an_output_stays_though_others_read_it() -> None:
    graph = GRAPHS["two_outputs"]()
    assert remove_unread(graph, Rounding.DOUBLE).ops == graph.ops


def test_all_passes_together() -> None:
    graph = with_constants()
    after = run_passes(replace(graph, outputs=graph.outputs[1:]), Rounding.DOUBLE)
    assert after.ops == ()
    assert after.outputs[0].is_constant
    assert after.inputs == graph.inputs


@pytest.mark.parametrize("seed", range(150))
def test_random_networks_keep_their_outputs(seed: int, benches: Benches) -> None:
    """With dead, constant and unread channels; each pass by itself, then all of them, then the kernels."""
    graph = random_graph(seed)
    expected = {
        (rounding, k): evaluate(graph, inputs_of(graph, k), rounding) for rounding in Rounding for k in range(3)
    }
    for rounding in Rounding:
        current = graph
        for rewrite in PASSES:
            current = rewrite(current, rounding)
            for k in range(3):
                found = evaluate(current, inputs_of(graph, k), rounding)
                for a, b in zip(found, expected[rounding, k], strict=True):
                    same(a, b, f"after {rewrite.__name__}")
    bench = benches.all[seed % len(benches.all)]
    after = run_passes(graph, bench.rounding)
    if any(output.is_constant for output in after.outputs):
        return
    for optimize in (Optimize.SPEED, Optimize.RAM) if seed % 5 == 0 else (Optimize.SPEED,):
        target = bench.target.with_choices(optimize, bench.rounding)
        run_in_arena(bench, after, make_schedule(after, target), target)
