"""FULLY_CONNECTED: kernels against numpy, numpy against TFLite Micro (LiteRT computes it in float64)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import fully_connected, op_of, values_of
from ops.witness import agrees_with

WIDTHS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33)
PER_TENSOR = {
    "plain": fully_connected(),
    "batches": fully_connected((3,)),
    "no_bias": fully_connected(bias="none"),
    "map_is_flattened": fully_connected(depth=24, input_shape=(1, 2, 3, 4)),
    "map_in_batches": fully_connected((2,), depth=12, input_shape=(2, 2, 2, 3)),
    "map_with_weights_zero_point": fully_connected(depth=24, input_shape=(1, 4, 3, 2), zero_points=(-128, 7, 127)),
    "map_without_bias": fully_connected(depth=24, input_shape=(1, 4, 3, 2), bias="none", activation="RELU"),
    "map_to_64": fully_connected(depth=18, units=64, input_shape=(1, 6, 1, 3)),
    "map_to_65": fully_connected(depth=18, units=65, input_shape=(1, 6, 1, 3)),
    **{f"map_of_{n}_wide_rows": fully_connected(depth=2 * n, units=3, input_shape=(1, 2, n, 1)) for n in WIDTHS},
    "keeps_dimensions": fully_connected((2, 3), 5, 4, keep_num_dims=True),
    "weights_zero_point": fully_connected(zero_points=(3, 5, -7)),
    "weights_zero_point_low": fully_connected(zero_points=(127, -128, 127)),
    "weights_zero_point_high": fully_connected(zero_points=(-128, 127, -128)),
    "zero_points_low": fully_connected(zero_points=(-128, 0, -128)),
    "zero_points_high": fully_connected(zero_points=(127, 0, 127)),
    "zero_points_zero": fully_connected(zero_points=(0, 0, 0)),
    "relu": fully_connected(activation="RELU"),
    "relu6": fully_connected(activation="RELU6"),
    "relu_n1_to_1": fully_connected(activation="RELU_N1_TO_1"),
    "multiplier_half": fully_connected(multiplier=0.5),
    "multiplier_one": fully_connected(multiplier=1.0),
    "multiplier_large": fully_connected(multiplier=50.0, bias="none"),
    "multiplier_tiny": fully_connected(multiplier=1e-7),
    "multiplier_vanishes": fully_connected(multiplier=1e-11),
    "depth_1000": fully_connected(depth=1000, units=3),
    **{f"depth_{n}": fully_connected((2,), depth=n, units=3) for n in WIDTHS},
    **{f"{n}_units": fully_connected((2,), depth=6, units=n) for n in WIDTHS},
}
PER_CHANNEL = {
    "per_channel": fully_connected(per_channel=True),
    "map_per_channel": fully_connected(depth=24, input_shape=(1, 4, 3, 2), per_channel=True),
    "per_channel_far_apart": fully_connected(units=12, per_channel=True, spread=12.0),
}
OVERFLOWING = {
    "bias_extreme": fully_connected(bias="extreme"),
    "bias_extreme_multiplier_above_1": fully_connected(bias="extreme", multiplier=3.0),
    "map_bias_extreme": fully_connected(depth=24, input_shape=(1, 4, 3, 2), bias="extreme", multiplier=3.0),
    "multiplier_huge": fully_connected(multiplier=2.0**20),
}
EVERYTHING = PER_TENSOR | PER_CHANNEL | OVERFLOWING


@pytest.mark.parametrize("name", EVERYTHING)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(EVERYTHING[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("name", PER_TENSOR | PER_CHANNEL)
def test_numpy_equals_tflite_micro(name: str) -> None:
    agrees_with("tflite_micro", EVERYTHING[name])


@settings(max_examples=120)
@given(
    batches=st.integers(1, 3),
    depth=st.integers(1, 40),
    units=st.integers(1, 12),
    zero_points=st.tuples(*[st.integers(-128, 127)] * 3),
    activation=st.sampled_from(["NONE", "RELU", "RELU6", "RELU_N1_TO_1"]),
    bias=st.sampled_from(["none", "small"]),
    per_channel=st.booleans(),
)
def test_any_parameters(
    benches: Benches,
    batches: int,
    depth: int,
    units: int,
    zero_points: tuple[int, int, int],
    activation: str,
    bias: str,
    per_channel: bool,
) -> None:
    if per_channel:
        zero_points = (zero_points[0], 0, zero_points[2])
    node = fully_connected((batches,), depth, units, zero_points, per_channel, bias=bias, activation=activation)
    op = op_of(node)
    benches.agree(op, values_of(op, (batches, depth)))
    agrees_with("tflite_micro", node)


def test_macs_count_every_product() -> None:
    assert op_of(fully_connected((2, 3), 5, 4)).macs == 6 * 5 * 4
