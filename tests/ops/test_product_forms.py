"""CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED and pools of int16, of floats, and of floats with int8 weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import conv_2d, depthwise_conv_2d, fully_connected, model_bytes, op_of, values_of
from ops.product_nodes import as_float, as_hybrid, as_int16, pool
from ops.witness import agrees_with, run_litert
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding
from tinygen.ops.hybrid import quantize_floats
from tinygen.ops.node import Node
from tinygen.ops.wide import reduced_multiplier

CASES = {
    "conv": conv_2d(),
    "conv_valid": conv_2d(padding="VALID", activation="RELU6"),
    "conv_stride": conv_2d((2, 7, 9, 3), stride=(2, 3)),
    "conv_dilation": conv_2d((1, 9, 8, 3), dilation=(2, 3)),
    "conv_larger_than_image": conv_2d((1, 2, 3, 3), kernel=(5, 7)),
    "conv_pointwise": conv_2d(kernel=(1, 1), per_channel=False),
    "conv_groups": conv_2d((1, 5, 5, 6), 4, groups=2),
    "conv_deep": conv_2d((1, 2, 2, 200), 2, kernel=(2, 2)),
    "depthwise": depthwise_conv_2d(),
    "depthwise_multiplier": depthwise_conv_2d((2, 5, 4, 3), 3, activation="RELU"),
    "depthwise_stride_dilation": depthwise_conv_2d((1, 9, 9, 2), stride=(2, 2), dilation=(1, 1), padding="VALID"),
    "depthwise_dilation": depthwise_conv_2d((1, 9, 9, 2), dilation=(2, 3)),
    "connected": fully_connected((3,), 9, 5),
    "connected_deep": fully_connected((1,), 700, 3, activation="RELU"),
    "connected_flat": fully_connected((1,), 24, 4, input_shape=(1, 2, 3, 4), bias="none"),
}
INT16 = {name: as_int16(made) for name, made in CASES.items()}
INT16 |= {
    **{
        f"connected_{n}": as_int16(fully_connected((2,), n, 1 + n % 4))
        for n in (1, 3, 4, 5, 7, 8, 9, 255, 256, 257, 260)
    },
    **{f"conv_{n}_channels": as_int16(conv_2d((1, 3, 4, n), n)) for n in (1, 2, 3, 4, 5, 8)},
    "conv_three_filters_each": as_int16(conv_2d((1, 5, 5, 6), 6, groups=2)),
}
INT16["conv_32_bit_bias"] = as_int16(conv_2d(), bias_dtype=DType.INT32)
INT16["connected_per_channel"] = as_int16(fully_connected((2,), 9, 5, per_channel=True))
INT16["connected_per_channel_far_apart"] = as_int16(fully_connected((2,), 90, 9, per_channel=True, spread=12.0))
INT16["connected_32_bit_bias"] = as_int16(fully_connected((3,), 9, 5, per_channel=True), bias_dtype=DType.INT32)
WIDTHS = {
    **{f"connected_{n}": fully_connected((3,), n, n) for n in (1, 2, 3, 4, 5, 8, 9)},
    **{f"conv_{n}_channels": conv_2d((1, 3, 4, n), n) for n in (1, 2, 3, 4, 5, 8, 9)},
    **{f"depthwise_{n}_channels": depthwise_conv_2d((1, 3, 4, n)) for n in (1, 3, 4, 5, 7, 8, 9)},
}
"""Around the four filters or channels that a variant computes at once."""
FLOAT = {name: as_float(made) for name, made in (CASES | WIDTHS).items()}
HYBRID = {name: as_hybrid(made) for name, made in CASES.items()}
HYBRID["conv_one_filter"] = as_hybrid(conv_2d((1, 3, 4, 3), 1))
HYBRID["depthwise_one_channel"] = as_hybrid(depthwise_conv_2d((1, 3, 4, 1)))
HYBRID["connected_asymmetric"] = as_hybrid(fully_connected((3,), 9, 5, asymmetric_quantize_inputs=True))
HYBRID["connected_per_channel"] = as_hybrid(fully_connected((3,), 9, 5, per_channel=True))
POOLS = {
    f"{kind}_{dtype.label}_{name}": pool(kind, dtype, **options)
    for kind in ("AVERAGE_POOL_2D", "MAX_POOL_2D")
    for dtype in (DType.INT16, DType.FLOAT32)
    for name, options in {
        "plain": {},
        "same_odd": {"image": (2, 5, 7, 3), "kernel": (3, 3)},
        "valid_relu": {"kernel": (3, 2), "stride": (1, 2), "padding": "VALID", "activation": "RELU"},
        **{f"{n}_channels": {"image": (1, 3, 4, n), "kernel": (2, 2)} for n in (1, 2, 3, 4, 5, 8, 9)},
    }.items()
}


def with_int4(made: Node) -> Node:
    """The node with weights of 4 bits."""
    weights = made.inputs[1]
    assert weights is not None
    narrow = replace(weights, dtype=DType.INT4, data=(weights.value.astype(np.int64) // 16).astype(np.int8))
    return replace(made, inputs=(made.inputs[0], narrow, *made.inputs[2:]))


INT4 = {
    "conv": with_int4(conv_2d()),
    "conv_odd": with_int4(conv_2d((1, 5, 5, 3), 3, kernel=(3, 1), per_channel=False)),
    "depthwise": with_int4(depthwise_conv_2d()),
    "connected_odd": with_int4(fully_connected((2,), 9, 5)),
}
FORMS: dict[str, dict[str, Node]] = {
    "int4": INT4,
    "int16": INT16,
    "float": FLOAT,
    "hybrid": HYBRID,
    "hybrid_widths": {name: as_hybrid(made) for name, made in WIDTHS.items()},
    "pool": POOLS,
}
ONLY_LITERT = ("conv_32_bit_bias",)
ALL = [(form, name) for form, cases in FORMS.items() for name in cases]


@pytest.mark.parametrize(("form", "name"), ALL)
def test_kernels_equal_numpy(benches: Benches, form: str, name: str) -> None:
    op = op_of(FORMS[form][name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize(("form", "name"), [(form, name) for form, name in ALL if not form.startswith("hybrid")])
def test_numpy_equals(witness: str, form: str, name: str) -> None:
    if witness == "tflite_micro" and name in ONLY_LITERT:
        pytest.skip("LiteRT alone has this form")
    if witness == "litert" and form == "int16" and name.startswith("connected") and name != "connected_32_bit_bias":
        pytest.skip("LiteRT's factor has 53 bits here")
    if form == "int4" and (witness, name.split("_")[0]) in (("tflite_micro", "conv"), ("litert", "connected")):
        pytest.skip("TFLite Micro has no such convolution; LiteRT's factor is of 53 bits in FULLY_CONNECTED")
    agrees_with(witness, FORMS[form][name])


@pytest.mark.parametrize("name", [name for name in HYBRID if name != "conv_groups"])
def test_hybrid_is_near_litert(name: str) -> None:
    made = HYBRID[name]
    if made.kind == "DEPTHWISE_CONV_2D" and "per_tensor" in name:
        pytest.skip("LiteRT wants a scale per channel")
    op = op_of(made)
    values = values_of(op, name)
    expected = run_litert(model_bytes(made), [values[0]])
    found = op.evaluate(values, Rounding.DOUBLE)[0]
    error = np.abs(found - expected.reshape(found.shape)).max() / np.abs(expected).max()
    assert error < 1e-5


@pytest.mark.parametrize("make", [conv_2d, depthwise_conv_2d])
def test_float_weights_may_come_at_run_time(benches: Benches, make: Callable[[], Node]) -> None:
    made = as_float(make())
    inputs = tuple(None if t is None else replace(t, data=None) for t in made.inputs)
    op = op_of(replace(made, inputs=inputs))
    assert not op.is_divisible
    assert len(op.activations) == 3


@settings(max_examples=60)
@given(scale=st.floats(0.001, 0.02), factor=st.floats(0.0001, 0.5))
def test_int16_factors(scale: float, factor: float) -> None:
    made = as_int16(conv_2d((1, 3, 3, 2), 3, multiplier=factor))
    input_ = made.inputs[0]
    assert input_ is not None
    quantization = replace(input_.params, scales=(float(np.float32(scale)),))
    made = replace(made, inputs=(replace(input_, quantization=quantization), *made.inputs[1:]))
    agrees_with("tflite_micro", made)


def test_a_multiplier_of_16_bits() -> None:
    assert reduced_multiplier(1 << 30) == 1 << 14
    assert reduced_multiplier((1 << 31) - 1) == 0x7FFF
    assert reduced_multiplier((1 << 30) + (1 << 15)) == (1 << 14) + 1


@pytest.mark.parametrize("symmetric", [False, True])
def test_quantized_floats_are_near(symmetric: bool) -> None:
    values = np.random.default_rng(1).normal(1, 3, 1000).astype(np.float32)
    stored, scale, zero_point = quantize_floats(values, symmetric)
    assert np.abs((stored - zero_point) * scale - values).max() <= scale * 0.51
    assert zero_point == 0 or not symmetric


def test_zeros_are_quantized_to_zeros() -> None:
    stored, scale, zero_point = quantize_floats(np.zeros(5, np.float32), False)
    assert (stored.tolist(), float(scale), zero_point) == ([0] * 5, 1.0, 0)
