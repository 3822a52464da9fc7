"""MEAN: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import mean, op_of, values_of
from ops.witness import agrees_with

WIDTHS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33)
CASES = {
    "height_and_width": mean(),
    "height_and_width_kept": mean(keep=True),
    "axes_in_other_order": mean(axes=(2, 1)),
    "negative_axes": mean(axes=(-2, -3)),
    "axis_twice": mean(axes=(1, 1)),
    "axis_and_its_negative": mean(axes=(1, -3)),
    "height": mean(axes=(1,)),
    "width": mean(axes=(2,)),
    "channels": mean(axes=(3,)),
    "channels_kept": mean(axes=(3,), keep=True),
    "batch": mean((3, 4, 5, 3), axes=(0,)),
    "height_and_channels": mean((2, 4, 5, 3), axes=(1, 3)),
    "batch_and_width": mean((2, 4, 5, 3), axes=(0, 2)),
    "everything": mean((2, 4, 5, 3), axes=(0, 1, 2, 3)),
    "everything_kept": mean((2, 4, 5, 3), axes=(0, 1, 2, 3), keep=True),
    "rows_of_one_batch": mean(axes=(0, 1)),
    "map_of_one_batch": mean(axes=(0, 1, 2)),
    "map_kept_of_many_rows": mean((1, 40, 3, 5), axes=(1, 2), keep=True, zero_points=(-128, 127)),
    "axis_of_one": mean((1, 1, 5, 3), axes=(1,)),
    "zero_points_low": mean(zero_points=(-128, -128)),
    "zero_points_high": mean(zero_points=(127, 127)),
    "rank_1": mean((17,), axes=(0,)),
    "rank_2": mean((5, 7), axes=(1,)),
    "rank_3": mean((3, 4, 5), axes=(0, 2)),
    "width_256": mean((1, 3, 256, 5)),
    "width_257": mean((1, 3, 257, 5)),
    "many_elements": mean((1, 50, 41, 2), axes=(1, 2)),
    "one_element_of_a_power_of_two": mean((1, 8, 8, 3), axes=(1, 2)),
    "scale_up": mean(scales=(0.1, 0.001)),
    "scale_down": mean(scales=(0.001, 3.0)),
    **{f"{c}_channels": mean((1, 3, 5, c)) for c in WIDTHS},
    **{f"width_{n}": mean((1, 2, n, 3), axes=(2,)) for n in WIDTHS},
}
SAME_QUANTIZATION = {
    f"same_quantization_{'keep' if keep else 'drop'}_{zero_point}": mean(
        axes=axes, keep=keep, scales=(0.1, 0.1), zero_points=(zero_point, zero_point)
    )
    for keep in (False, True)
    for zero_point in (-128, 3)
    for axes in ((1, 2),)
} | {
    "same_quantization_one_axis": mean(axes=(1,), scales=(0.1, 0.1), zero_points=(3, 3)),
    "same_quantization_channels": mean(axes=(3,), scales=(0.1, 0.1), zero_points=(3, 3)),
}
HIGH_RANK = {
    "rank_5": mean((2, 3, 2, 3, 2), axes=(1, 3)),
    "rank_6": mean((2, 3, 2, 3, 2, 2), axes=(0, 2, 4)),
}
EVERYTHING = CASES | SAME_QUANTIZATION | HIGH_RANK


@pytest.mark.parametrize("name", EVERYTHING)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(EVERYTHING[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("shape", [(1, 16, 32, 9), (1, 3, 256, 4), (1, 300, 1, 5)])
@pytest.mark.parametrize("stored", [-128, 127])
def test_sums_at_their_ends(benches: Benches, shape: tuple[int, ...], stored: int) -> None:
    op = op_of(mean(shape))
    benches.agree(op, [np.full(shape, stored, np.int8), *values_of(op)[1:]])


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", CASES | SAME_QUANTIZATION)
def test_numpy_equals(witness: str, name: str) -> None:
    agrees_with(witness, EVERYTHING[name])


@settings(max_examples=120)
@given(
    shape=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    chosen=st.sets(st.integers(0, 3), min_size=1, max_size=4),
    keep=st.booleans(),
    zero_points=st.tuples(st.integers(-128, 127), st.integers(-128, 127)),
    exponents=st.tuples(st.floats(-7, 3), st.floats(-7, 3)),
)
def test_any_parameters(
    benches: Benches,
    shape: list[int],
    chosen: set[int],
    keep: bool,
    zero_points: tuple[int, int],
    exponents: tuple[float, float],
) -> None:
    axes = sorted({axis % len(shape) for axis in chosen})
    made = mean(tuple(shape), axes, keep, (2.0 ** exponents[0], 2.0 ** exponents[1]), zero_points)
    op = op_of(made)
    benches.agree(op, values_of(op, shape))
    agrees_with("tflite_micro", made)
