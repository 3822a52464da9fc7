"""ADD, SUB, MUL, MAXIMUM and MINIMUM of int8, in all the ways in which kernels may cut rows and choose arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from kernels.bench import Benches
from ops.elementwise_nodes import ACTIVATED, INT8, Scaling, binary
from ops.nodes import Shape, op_of, values_of
from ops.test_add import layouts
from tinygen.ops.node import Node

KINDS = ("ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM")
WIDTHS = (1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33)
PLAIN: tuple[Scaling, Scaling, Scaling] = ((0.1, 3), (0.07, -5), (0.12, 7))
SCALINGS: dict[str, Sequence[Scaling]] = {
    "first_is_larger": PLAIN,
    "second_is_larger": ((0.07, 3), (0.1, -5), (0.12, 7)),
    "same": ((0.1, 3), (0.1, -5), (0.12, 7)),
    "half": ((0.1, -128), (0.05, 127), (0.12, -128)),
    "far_apart": ((1e-4, 3), (3.0, -5), (2.5, 7)),
    "farther_apart": ((3.0, 3), (1e-12, -5), (2.5, 7)),
    "output_tiny": ((0.5, 3), (0.4, -5), (1e-3, 7)),
    "output_below_one": ((0.9, 3), (0.8, -5), (1.0, 7)),
    "output_huge": ((0.5, 3), (0.4, -5), (500.0, 7)),
    "output_beyond": ((0.5, 3), (0.4, -5), (1e12, 7)),
    "zero_points_low": ((0.1, -128), (0.07, -128), (0.12, -128)),
    "zero_points_high": ((0.1, 127), (0.07, 127), (0.12, 127)),
    "zero_points_apart": ((0.1, -128), (0.07, 127), (0.05, 127)),
}
SHAPES: dict[str, tuple[Shape, Shape]] = {
    **{f"{n}_elements": ((2, n), (2, n)) for n in WIDTHS},
    **{f"{n}_channels": ((1, 2, 3, n), (n,)) for n in WIDTHS},
    **{f"first_has_{n}_channels": ((n,), (1, 2, 3, n)) for n in WIDTHS},
    **{f"{n}_and_one": ((2, n), (1,)) for n in WIDTHS},
    **{f"{n}_columns": ((1, 2, n, 1), (1, 1, n, 1)) for n in WIDTHS},
    **{f"{n}_columns_of_channels": ((1, 2, n, 5), (1, 2, n, 1)) for n in WIDTHS},
    "one_and_many": ((), (2, 3, 9)),
    "one_channel": ((1, 2, 9, 1), (1,)),
    "outer": ((1, 9, 1, 1), (1, 1, 1, 6)),
    "both": ((1, 3, 1, 5), (2, 1, 4, 1)),
    "rows": ((2, 3, 4, 5), (1, 3, 1, 1)),
    "one_element": ((1,), (1,)),
}


def made_of(kind: str, shapes: tuple[Shape, Shape], scalings: Sequence[Scaling], activation: str = "NONE") -> Node:
    if kind not in ACTIVATED:
        return binary(kind, INT8, shapes, [scalings[0]] * 3)
    return binary(kind, INT8, shapes, scalings, fused_activation_function=activation)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_any_kind(benches: Benches, kind: str, name: str) -> None:
    op = op_of(made_of(kind, SHAPES[name], PLAIN))
    benches.agree(op, values_of(op, name), layouts(op))


@pytest.mark.parametrize("activation", ["NONE", "RELU", "RELU6", "RELU_N1_TO_1"])
@pytest.mark.parametrize("name", SCALINGS)
@pytest.mark.parametrize("kind", ["ADD", "SUB", "MUL"])
def test_every_pair_of_values(benches: Benches, kind: str, name: str, activation: str) -> None:
    every = np.arange(-128, 128)
    first, second = (grid.astype(np.int8) for grid in np.meshgrid(every, every))
    op = op_of(made_of(kind, ((256, 256), (256, 256)), SCALINGS[name], activation))
    benches.agree(op, [first, second], layouts(op)[:1])
