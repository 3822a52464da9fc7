"""skip_reshape: who reads behind a RESHAPE, and which RESHAPE stays."""

from __future__ import annotations

from dataclasses import replace

from passes.planted import Planter, assert_same, assert_sound, kinds_of
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ops.reshape import Reshape
from tinygen.passes.remove_unread import remove_unread
from tinygen.passes.skip_reshape import skip_reshape

MAP = (1, 4, 3, 2)


def skipped(graph: Graph) -> Graph:
    after = remove_unread(skip_reshape(graph, Rounding.DOUBLE), Rounding.DOUBLE)
    assert_same(graph, after, Rounding.DOUBLE)
    assert_sound(after)
    return after


def test_a_fully_connected_layer_reads_the_map() -> None:
    make = Planter(dead=0.0)
    after = skipped(make.graph(make.dense(make.reshape(make.input(MAP), (1, 24)), 5)))
    assert kinds_of(after) == ["FULLY_CONNECTED"]
    assert after.ops[0].inputs[0] is after.inputs[0]


def test_batches_stay_batches() -> None:
    make = Planter(dead=0.0)
    after = skipped(make.graph(make.dense(make.reshape(make.input((2, 4, 3, 2)), (4, 12)), 5, 12)))
    assert kinds_of(after) == ["FULLY_CONNECTED"]
    assert after.macs == 4 * 12 * 5


def test_a_reshape_reads_behind_a_reshape() -> None:
    make = Planter(dead=0.0)
    made = make.input(MAP)
    for shape in ((24,), (2, 12), (4, 6)):
        made = make.reshape(made, shape)
    after = skipped(make.graph(made))
    assert kinds_of(after) == ["RESHAPE"]
    assert after.ops[0].inputs[0] is after.inputs[0]


def test_a_reshape_to_the_same_shape_goes() -> None:
    make = Planter(dead=0.0)
    there_and_back = make.reshape(make.reshape(make.input(MAP), (24,)), MAP)
    assert kinds_of(skipped(make.graph(make.conv(there_and_back, 2)))) == ["CONV_2D"]


def test_a_reshape_that_is_read_otherwise_stays() -> None:
    make = Planter(dead=0.0)
    flat = make.reshape(make.input(MAP), (1, 24))
    after = skipped(make.graph(make.dense(flat, 5), make.softmax(flat)))
    assert kinds_of(after) == ["RESHAPE", "FULLY_CONNECTED", "SOFTMAX"]
    assert after.ops[1].inputs[0] is after.inputs[0]


def test_a_reshape_that_makes_an_output_stays() -> None:
    make = Planter(dead=0.0)
    made = make.conv(make.input(MAP), 2)
    same = make.reshape(made, MAP)
    after = skipped(make.graph(same, make.conv(same, 3)))
    assert kinds_of(after) == ["CONV_2D", "RESHAPE", "CONV_2D"]
    assert after.ops[2].inputs[0] is made


def test_a_reshape_onto_another_scale_stays() -> None:
    """The reader reckons with the scale of what it reads."""
    make = Planter(dead=0.0)
    flat = make.reshape(make.input(MAP), (1, 24))
    other = replace(flat, quantization=replace(flat.params, zero_points=(4,)))
    read = make.ops[-1]
    assert isinstance(read, Reshape)
    make.ops[-1] = replace(read, output=other)
    graph = make.graph(make.dense(other, 5))
    assert skip_reshape(graph, Rounding.DOUBLE) is graph
