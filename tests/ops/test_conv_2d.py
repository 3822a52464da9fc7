"""CONV_2D: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import conv_2d, op_of, slid, values_of
from ops.witness import agrees_with

WIDTHS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33)
CASES = {
    "plain": conv_2d(),
    "valid": conv_2d(padding="VALID"),
    "stride_2_even": conv_2d((1, 8, 8, 3), stride=(2, 2)),
    "stride_2_odd": conv_2d((1, 7, 9, 3), stride=(2, 2)),
    "stride_1_by_3": conv_2d((1, 5, 11, 3), stride=(1, 3), padding="VALID"),
    "stride_beyond_kernel": conv_2d((1, 9, 9, 2), kernel=(2, 2), stride=(4, 3), padding="VALID"),
    "dilation": conv_2d((1, 9, 8, 3), dilation=(2, 3)),
    "dilation_valid": conv_2d((1, 9, 8, 3), dilation=(3, 2), padding="VALID"),
    "dilation_beyond_image": conv_2d((1, 3, 3, 2), dilation=(4, 4)),
    "kernel_larger_than_image": conv_2d((1, 2, 3, 3), kernel=(5, 7)),
    "kernel_is_image": conv_2d((1, 4, 5, 3), kernel=(4, 5), padding="VALID"),
    "kernel_1_by_n": conv_2d((1, 1, 20, 5), kernel=(1, 4)),
    "kernel_n_by_1": conv_2d((1, 20, 1, 5), kernel=(4, 1)),
    "kernel_even": conv_2d(kernel=(2, 4)),
    "pointwise": conv_2d(kernel=(1, 1)),
    "pointwise_stride_2": conv_2d((1, 5, 6, 7), kernel=(1, 1), stride=(2, 2)),
    "pointwise_groups": conv_2d((1, 4, 4, 6), 9, kernel=(1, 1), groups=3),
    "one_pixel": conv_2d((1, 1, 1, 1), 1, kernel=(1, 1)),
    "groups": conv_2d((1, 5, 5, 6), 4, groups=2),
    "groups_of_one": conv_2d((1, 5, 5, 4), 8, groups=4),
    "batches": conv_2d((3, 5, 4, 3)),
    "batches_pointwise": conv_2d((2, 3, 3, 8), kernel=(1, 1)),
    "per_tensor": conv_2d(per_channel=False),
    "no_bias": conv_2d(bias="none"),
    "zero_filters": conv_2d(zero_filters=True),
    "zero_points_low": conv_2d(zero_points=(-128, -128)),
    "zero_points_high": conv_2d(zero_points=(127, 127)),
    "zero_points_zero": conv_2d(zero_points=(0, 0)),
    "zero_points_apart": conv_2d(zero_points=(-128, 127), activation="RELU"),
    "relu": conv_2d(activation="RELU"),
    "relu6": conv_2d(activation="RELU6"),
    "relu_n1_to_1": conv_2d(activation="RELU_N1_TO_1"),
    "multiplier_half": conv_2d(multiplier=0.5, per_channel=False, kernel=(1, 1)),
    "multiplier_one": conv_2d(multiplier=1.0, per_channel=False, kernel=(1, 1)),
    "multiplier_large": conv_2d((1, 3, 3, 1), multiplier=700.0, kernel=(1, 1), bias="none"),
    "multiplier_tiny": conv_2d(multiplier=1e-7),
    "multiplier_vanishes": conv_2d(multiplier=1e-11),
    "scales_far_apart": conv_2d(spread=12.0, filters=12),
    **{f"input_{c}_channels": conv_2d((1, 4, 3, c), 3, kernel=(2, 3)) for c in WIDTHS},
    **{f"pointwise_{c}_to_{c}": conv_2d((1, 2, 3, c), c, kernel=(1, 1)) for c in WIDTHS},
    **{f"output_{c}_channels": conv_2d((1, 3, 4, 2), c, kernel=(2, 2)) for c in WIDTHS},
    **{f"width_{w}": conv_2d((1, 3, w, 4), 4, kernel=(3, 3)) for w in WIDTHS},
}
OVERFLOWING = {
    # reference kernels add with signed integers, whose overflow C does not define; ours wrap
    "bias_extreme": conv_2d(bias="extreme"),
    "bias_extreme_multiplier_above_1": conv_2d(bias="extreme", multiplier=3.0),
    "bias_extreme_pointwise": conv_2d(bias="extreme", kernel=(1, 1), zero_points=(-128, 127)),
    "multiplier_huge": conv_2d(multiplier=2.0**20, kernel=(1, 1)),
}


@pytest.mark.parametrize("name", CASES | OVERFLOWING)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of((CASES | OVERFLOWING)[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", CASES)
def test_numpy_equals(witness: str, name: str) -> None:
    if witness == "litert" and CASES[name].inputs[2] is None:
        pytest.skip("LiteRT demands a bias")
    agrees_with(witness, CASES[name])


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, object]:
    small = st.integers(1, 4)
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    kernel, stride = (draw(small), draw(small)), (draw(small), draw(small))
    dilation = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    image = (draw(st.integers(1, 2)), draw(st.integers(1, 9)), draw(st.integers(1, 9)), groups * draw(small))
    padding = draw(st.sampled_from(["SAME", "VALID"]))
    if min(slid(image[1 + i], kernel[i], stride[i], dilation[i], padding) for i in (0, 1)) < 1:
        padding = "SAME"
    return {
        "image": image,
        "filters": groups * draw(small),
        "kernel": kernel,
        "stride": stride,
        "dilation": dilation,
        "padding": padding,
        "groups": groups,
        "activation": draw(st.sampled_from(["NONE", "RELU", "RELU6", "RELU_N1_TO_1"])),
        "zero_points": (draw(st.integers(-128, 127)), draw(st.integers(-128, 127))),
        "per_channel": draw(st.booleans()),
        "spread": draw(st.sampled_from([0.5, 6.0])),
        "bias": draw(st.sampled_from(["none", "small"])),
    }


@settings(max_examples=120)
@given(made=parameters())
def test_any_parameters(benches: Benches, made: dict[str, object]) -> None:
    node = conv_2d(**made)  # type: ignore[arg-type]
    op = op_of(node)
    benches.agree(op, values_of(op, made))
    agrees_with("tflite_micro", node)


def test_macs_count_every_tap() -> None:
    op = op_of(conv_2d((2, 6, 5, 4), 6, kernel=(3, 2), groups=2))
    assert op.macs == 2 * 6 * 5 * 6 * (3 * 2 * 2)
