"""REDUCE_WINDOW: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kernels.bench import Benches
from ops.index_nodes import reduce_window
from ops.nodes import Shape, op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ops.reduce_window import ADD, ALL, ANY, MAXIMUM, MINIMUM, MUL, NUMBERS

FORMS = [(function, dtype) for dtype in NUMBERS for function in (ADD, MUL, MINIMUM, MAXIMUM)]
FORMS += [(ALL, DType.BOOL), (ANY, DType.BOOL)]


@pytest.mark.parametrize(("function", "dtype"), FORMS)
def test_types(benches: Benches, function: int, dtype: DType) -> None:
    made = reduce_window((4, 5), (2, 3), (1, 2), (1, 1), function, dtype)
    values = values_of(op_of(made), function)
    benches.agree(op_of(made), values)
    agrees_with("litert", made, values)


@pytest.mark.parametrize(
    ("shape", "window", "strides", "dilations"),
    [
        ((9,), (3,), (2,), (3,)),
        ((1, 6, 5, 2), (1, 2, 2, 1), (1, 2, 2, 1), (1, 1, 1, 1)),
        ((2, 3, 2, 3, 2), (2, 2, 1, 2, 2), (1, 1, 1, 1, 1), (1, 1, 1, 2, 1)),
    ],
)
def test_windows(
    benches: Benches, shape: Shape, window: Sequence[int], strides: Sequence[int], dilations: Sequence[int]
) -> None:
    made = reduce_window(shape, window, strides, dilations, ADD)
    values = values_of(op_of(made), shape)
    benches.agree(op_of(made), values)
    agrees_with("litert", made, values, 1e-6)
