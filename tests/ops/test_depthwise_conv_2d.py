"""DEPTHWISE_CONV_2D: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import depthwise_conv_2d, op_of, slid, values_of
from ops.witness import agrees_with
from tinygen.ir.target import TARGETS
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.node import Node

WIDTHS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33)
CASES = {
    "plain": depthwise_conv_2d(),
    "valid": depthwise_conv_2d(padding="VALID"),
    "stride_2_even": depthwise_conv_2d((1, 8, 8, 3), stride=(2, 2)),
    "stride_2_odd": depthwise_conv_2d((1, 7, 9, 3), stride=(2, 2)),
    "stride_beyond_kernel": depthwise_conv_2d((1, 9, 9, 2), kernel=(2, 2), stride=(4, 3), padding="VALID"),
    "dilation": depthwise_conv_2d((1, 9, 8, 3), dilation=(2, 3)),
    "dilation_valid": depthwise_conv_2d((1, 9, 8, 3), dilation=(3, 2), padding="VALID"),
    "kernel_larger_than_image": depthwise_conv_2d((1, 2, 3, 3), kernel=(5, 7)),
    "kernel_is_image": depthwise_conv_2d((1, 4, 5, 3), kernel=(4, 5), padding="VALID"),
    "kernel_1_by_n": depthwise_conv_2d((1, 1, 20, 5), kernel=(1, 4)),
    "kernel_n_by_1": depthwise_conv_2d((1, 20, 1, 5), kernel=(4, 1)),
    "kernel_1_by_1": depthwise_conv_2d(kernel=(1, 1)),
    "kernel_5_by_5": depthwise_conv_2d((1, 7, 9, 6), kernel=(5, 5)),
    "multiplier_2": depthwise_conv_2d(depth_multiplier=2),
    "multiplier_3": depthwise_conv_2d((1, 4, 4, 5), depth_multiplier=3),
    "multiplier_8_of_one_channel": depthwise_conv_2d((1, 5, 5, 1), depth_multiplier=8),
    "multiplier_said_to_be_0": depthwise_conv_2d(depth_multiplier=2, option=0),
    "batches": depthwise_conv_2d((3, 5, 4, 3)),
    "per_tensor": depthwise_conv_2d(per_channel=False),
    "no_bias": depthwise_conv_2d(bias="none"),
    "zero_points_low": depthwise_conv_2d(zero_points=(-128, -128)),
    "zero_points_high": depthwise_conv_2d(zero_points=(127, 127)),
    "zero_points_zero": depthwise_conv_2d(zero_points=(0, 0)),
    "relu": depthwise_conv_2d(activation="RELU"),
    "relu6": depthwise_conv_2d(activation="RELU6"),
    "relu_n1_to_1": depthwise_conv_2d(activation="RELU_N1_TO_1"),
    "requant_half": depthwise_conv_2d(multiplier=0.5, per_channel=False),
    "requant_large": depthwise_conv_2d(multiplier=50.0, bias="none"),
    "requant_tiny": depthwise_conv_2d(multiplier=1e-7),
    "requant_vanishes": depthwise_conv_2d(multiplier=1e-11),
    "scales_far_apart": depthwise_conv_2d((1, 4, 4, 12), spread=12.0),
    **{f"{c}_channels": depthwise_conv_2d((1, 4, 3, c)) for c in WIDTHS},
    **{f"{c}_channels_stride_2": depthwise_conv_2d((1, 5, 6, c), stride=(2, 2)) for c in WIDTHS},
    **{f"width_{w}": depthwise_conv_2d((1, 3, w, 4)) for w in WIDTHS},
    **{f"width_{w}_stride_2": depthwise_conv_2d((1, 3, w, 3), stride=(2, 2)) for w in WIDTHS},
    **{f"width_{w}_in_strips": depthwise_conv_2d((1, 3, w, 4)) for w in (48, 49, 50, 97)},
    **{f"width_{w}_in_strips_of_stride_2": depthwise_conv_2d((1, 4, w, 4), stride=(2, 2)) for w in (32, 33, 34, 65)},
    "strides_differ": depthwise_conv_2d((1, 7, 8, 4), stride=(2, 1)),
}
OVERFLOWING = {
    "bias_extreme": depthwise_conv_2d(bias="extreme"),
    "bias_extreme_requant_above_1": depthwise_conv_2d(bias="extreme", multiplier=3.0),
    "requant_huge": depthwise_conv_2d(multiplier=2.0**20),
}
TFLITE_MICRO_NEEDS_MULTIPLIER = "multiplier_said_to_be_0"


@pytest.mark.parametrize("name", CASES | OVERFLOWING)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of((CASES | OVERFLOWING)[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", [name for name in CASES if name != TFLITE_MICRO_NEEDS_MULTIPLIER])
def test_numpy_equals(witness: str, name: str) -> None:
    agrees_with(witness, CASES[name])


def test_padding_beyond_the_window(benches: Benches) -> None:
    op = op_of(depthwise_conv_2d((1, 5, 6, 4)))
    assert isinstance(op, DepthwiseConv2D)
    window = replace(op.window, pad_left=4, output_w=12)
    padded = replace(op, window=window, output=replace(op.output, shape=(1, 5, 12, 4)))
    benches.agree(padded, values_of(padded))


@pytest.mark.parametrize("pads", [(0, 0), (1, 1), (2, 2), (0, 2)])
@pytest.mark.parametrize("image", [(1, 1, 5, 4), (1, 4, 5, 8), (1, 5, 6, 4), (2, 3, 6, 8), (1, 3, 48, 4)])
def test_outputs_replace_rows_that_were_taken_apart(
    benches: Benches, image: tuple[int, int, int, int], pads: tuple[int, int]
) -> None:
    op = op_of(depthwise_conv_2d(image))
    assert isinstance(op, DepthwiseConv2D)
    moved = replace(op, window=replace(op.window, pad_top=pads[0], pad_left=pads[1]))
    assert moved.in_place_on(TARGETS["cortex-m4"]) == (moved.input,)
    benches.agree(moved, values_of(moved, (image, pads)))


@pytest.mark.parametrize(
    "node",
    [
        depthwise_conv_2d((1, 4, 5, 6)),
        depthwise_conv_2d((1, 3, 49, 4)),
        depthwise_conv_2d((1, 4, 4, 4), stride=(2, 2)),
        depthwise_conv_2d((1, 6, 6, 4), padding="VALID"),
        depthwise_conv_2d((1, 5, 5, 4), kernel=(5, 5)),
    ],
    ids=["last four channels overlap", "strips", "stride 2", "valid", "5x5"],
)
def test_outputs_replace_nothing_that_is_read_again(node: Node) -> None:
    op = op_of(node)
    assert all(not op.in_place_on(target) for target in TARGETS.values())


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, object]:
    small = st.integers(1, 4)
    kernel, stride = (draw(small), draw(small)), (draw(small), draw(small))
    dilation = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    image = (draw(st.integers(1, 2)), draw(st.integers(1, 9)), draw(st.integers(1, 9)), draw(st.integers(1, 9)))
    padding = draw(st.sampled_from(["SAME", "VALID"]))
    if min(slid(image[1 + i], kernel[i], stride[i], dilation[i], padding) for i in (0, 1)) < 1:
        padding = "SAME"
    return {
        "image": image,
        "depth_multiplier": draw(st.integers(1, 3)),
        "kernel": kernel,
        "stride": stride,
        "dilation": dilation,
        "padding": padding,
        "activation": draw(st.sampled_from(["NONE", "RELU", "RELU6", "RELU_N1_TO_1"])),
        "zero_points": (draw(st.integers(-128, 127)), draw(st.integers(-128, 127))),
        "per_channel": draw(st.booleans()),
        "spread": draw(st.sampled_from([0.5, 6.0])),
        "bias": draw(st.sampled_from(["none", "small"])),
    }


@settings(max_examples=120)
@given(made=parameters())
def test_any_parameters(benches: Benches, made: dict[str, object]) -> None:
    node = depthwise_conv_2d(**made)  # type: ignore[arg-type]
    op = op_of(node)
    benches.agree(op, values_of(op, made))
    agrees_with("tflite_micro", node)


def test_macs_count_every_tap() -> None:
    assert op_of(depthwise_conv_2d((2, 6, 5, 4), 3, kernel=(3, 2))).macs == 2 * 6 * 5 * 12 * (3 * 2)
