"""CONV_3D and CONV_3D_TRANSPOSE: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

import pytest

from kernels.bench import Benches, same
from ops.index_nodes import Triple, conv_3d
from ops.nodes import Shape, model_bytes, op_of, values_of
from ops.witness import agrees_with, run_litert
from tinygen.ir.target import Rounding

KINDS = ("CONV_3D", "CONV_3D_TRANSPOSE")
CASES: list[tuple[Shape, int, Triple, Triple, Triple]] = [
    ((1, 3, 4, 5, 3), 4, (2, 2, 2), (1, 1, 1), (1, 1, 1)),
    ((2, 5, 4, 3, 1), 2, (3, 2, 1), (2, 1, 3), (1, 1, 1)),
    ((1, 6, 5, 7, 2), 3, (2, 3, 2), (1, 2, 1), (3, 1, 2)),
    ((1, 2, 3, 4, 5), 1, (1, 1, 1), (1, 1, 1), (1, 1, 1)),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("case", CASES)
def test_windows(benches: Benches, kind: str, padding: str, case: tuple[Shape, int, Triple, Triple, Triple]) -> None:
    made = conv_3d(kind, *case, padding=padding)
    values = values_of(op_of(made), case)
    benches.agree(op_of(made), values)
    agrees_with("litert", made, values, 1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("activation", ["RELU", "RELU6", "RELU_N1_TO_1"])
@pytest.mark.parametrize(("bias", "constant"), [(False, True), (True, False)])
def test_options(benches: Benches, kind: str, activation: str, bias: bool, constant: bool) -> None:
    made = conv_3d(kind, (1, 3, 4, 2, 3), 2, (2, 2, 2), activation=activation, bias=bias, constant=constant)
    values = values_of(op_of(made), activation)
    benches.agree(op_of(made), values)
    if constant or kind == "CONV_3D":
        agrees_with("litert", made, values, 1e-6)
    else:  # the weights are the file's first input
        expected = run_litert(model_bytes(made), [values[1], values[0], *values[2:]])
        same(op_of(made).evaluate(values, Rounding.DOUBLE)[0], expected, "litert", 1e-6)
