"""fold_constants: what must be computed though it is known."""

from __future__ import annotations

from passes.planted import Planter, assert_same, kinds_of
from tinygen.ir.target import Rounding
from tinygen.passes import run_passes
from tinygen.passes.fold_constants import fold_constants


def test_a_constant_that_is_remembered_is_stored() -> None:
    """The memory holds something else before the first inference is over."""
    make = Planter()
    read = make.input((1, 4, 4, 2))
    made = make.add(make.remembered(read), read)
    constant = make.table(make.constant(read.shape), "RELU")
    graph = make.graph(made, remember=constant)
    after = fold_constants(graph, Rounding.DOUBLE)
    assert kinds_of(after) == ["ADD", "ASSIGN_VARIABLE"]
    assert after.ops[1].inputs[0].is_constant
    assert_same(graph, after, Rounding.DOUBLE)
    assert_same(graph, run_passes(graph, Rounding.DOUBLE), Rounding.DOUBLE)
