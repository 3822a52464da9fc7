"""ADD: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import LAYOUTS, Benches, Layout
from ops.nodes import add, node, op_of, tensor, values_of
from ops.witness import agrees_with
from tinygen.ops.op import Op

WIDTHS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33)
UP_TO_RANK_4 = {
    "plain": add(),
    "same_scales": add(scales=(0.1, 0.1, 0.1), zero_points=(0, 0, 0)),
    "scales_far_apart": add(scales=(1e-4, 3.0, 2.5)),
    "scales_far_apart_swapped": add(scales=(3.0, 1e-4, 2.5)),
    "output_scale_tiny": add(scales=(0.5, 0.4, 1e-3)),
    "output_scale_huge": add(scales=(0.5, 0.4, 500.0)),
    "zero_points_low": add(zero_points=(-128, -128, -128)),
    "zero_points_high": add(zero_points=(127, 127, 127)),
    "zero_points_apart": add(zero_points=(-128, 127, 0)),
    "relu": add(activation="RELU"),
    "relu6": add(activation="RELU6"),
    "relu_n1_to_1": add(activation="RELU_N1_TO_1"),
    "constant": add(constant=True),
    "rank_1": add((7,), (7,)),
    "rank_2": add((3, 7), (3, 7)),
    "rank_3": add((2, 3, 7), (2, 3, 7)),
    "batches": add((3, 2, 3, 4), (3, 2, 3, 4)),
    "broadcast_scalar": add((2, 3, 4), ()),
    "broadcast_first_scalar": add((), (2, 3, 4)),
    "broadcast_one_element": add((1, 3, 4, 2), (1,)),
    "broadcast_channels": add((1, 3, 4, 5), (5,)),
    "broadcast_constant_channels": add((1, 3, 4, 5), (5,), constant=True),
    "broadcast_columns": add((1, 3, 4, 5), (4, 1)),
    "broadcast_rows": add((2, 3, 4, 5), (1, 3, 1, 1)),
    "broadcast_batch": add((3, 2, 2, 5), (1, 2, 2, 5)),
    "broadcast_both": add((1, 3, 1, 5), (2, 1, 4, 1)),
    "broadcast_rank_2": add((4, 1), (1, 6)),
    **{f"{c}_channels": add((1, 2, 3, c), (1, 2, 3, c)) for c in WIDTHS},
    **{f"{n}_elements": add((1, n), (1, n)) for n in WIDTHS},
}
RANK_5 = {
    "rank_5": add((2, 1, 2, 3, 4), (2, 1, 2, 3, 4)),
    "broadcast_rank_5": add((2, 3, 1, 2, 4), (1, 3, 2, 1, 4)),
    "broadcast_rank_5_and_2": add((2, 3, 2, 2, 4), (2, 1)),
}
RANK_6 = {
    "rank_6": add((2, 1, 2, 1, 3, 4), (2, 1, 2, 1, 3, 4)),
    "broadcast_rank_6": add((2, 1, 2, 1, 3, 1), (1, 3, 1, 2, 1, 4)),
}
CASES = UP_TO_RANK_4 | RANK_5 | RANK_6


def layouts(op: Op) -> Sequence[Layout]:
    """An operand of rank 1 or 2 under an output of higher rank is cut into other rows than the output's.

    The kernel reads such an operand as one row, so its rows must lie without gaps.
    """
    output = op.outputs[0]
    cut_otherwise = any(len(operand.shape) <= 2 < len(output.shape) and operand.rows > 1 for operand in op.inputs)
    return (Layout(), Layout(1), Layout(2, 1)) if cut_otherwise else LAYOUTS


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    benches.agree(op, values_of(op, name), layouts(op))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", UP_TO_RANK_4)
def test_numpy_equals(witness: str, name: str) -> None:
    agrees_with(witness, CASES[name])


def test_a_tensor_added_to_itself(benches: Benches) -> None:
    one = tensor("input", (2, 3, 5), 0.1, 3)
    op = op_of(node("ADD", [one, one], [tensor("output", (2, 3, 5), 0.15, -4)]))
    value = values_of(op)[0]
    benches.agree(op, [value, value])


@st.composite
def shapes(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes of up to four dimensions that can be broadcast."""
    whole = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    made = []
    for _ in range(2):
        kept = [size if draw(st.booleans()) else 1 for size in whole]
        made.append(tuple(kept[draw(st.integers(0, len(kept) - 1)) :]))
    return made[0], made[1]


@settings(max_examples=120)
@given(
    both=shapes(),
    zero_points=st.tuples(*[st.integers(-128, 127)] * 3),
    exponents=st.tuples(*[st.floats(-8, 4)] * 3),
    activation=st.sampled_from(["NONE", "RELU", "RELU6", "RELU_N1_TO_1"]),
)
def test_any_parameters(
    benches: Benches,
    both: tuple[tuple[int, ...], tuple[int, ...]],
    zero_points: tuple[int, int, int],
    exponents: tuple[float, float, float],
    activation: str,
) -> None:
    scales = (2.0 ** exponents[0], 2.0 ** exponents[1], 2.0 ** exponents[2])
    made = add(*both, scales, zero_points, activation)
    op = op_of(made)
    benches.agree(op, values_of(op, both), layouts(op))
    agrees_with("tflite_micro", made)
