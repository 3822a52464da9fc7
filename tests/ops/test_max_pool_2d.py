"""MAX_POOL_2D: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import op_of, pool_2d, slid, values_of
from ops.witness import agrees_with

KIND = "MAX_POOL_2D"
WIDTHS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33)
CASES = {
    "plain": pool_2d(KIND),
    "valid": pool_2d(KIND, padding="VALID"),
    "same_odd": pool_2d(KIND, (1, 7, 5, 3), (3, 3)),
    "stride_1": pool_2d(KIND, (1, 5, 6, 3), (3, 2), (1, 1)),
    "stride_beyond_kernel": pool_2d(KIND, (1, 9, 9, 3), (2, 2), (4, 3), "VALID"),
    "kernel_is_image": pool_2d(KIND, (1, 4, 5, 3), (4, 5), (1, 1), "VALID"),
    "kernel_larger_than_image": pool_2d(KIND, (1, 3, 2, 3), (7, 6), (1, 1)),
    "kernel_1_by_n": pool_2d(KIND, (1, 1, 17, 2), (1, 4), (1, 2)),
    "kernel_n_by_1": pool_2d(KIND, (1, 17, 1, 2), (4, 1), (2, 1)),
    "kernel_1_by_1": pool_2d(KIND, (1, 4, 4, 3), (1, 1), (1, 1)),
    "large_kernel": pool_2d(KIND, (1, 25, 20, 2), (25, 20), (1, 1), "VALID"),
    "batches": pool_2d(KIND, (3, 5, 4, 3), (3, 3)),
    "relu": pool_2d(KIND, activation="RELU", zero_point=-20),
    "relu6": pool_2d(KIND, activation="RELU6"),
    "relu_n1_to_1": pool_2d(KIND, activation="RELU_N1_TO_1"),
    "zero_point_low": pool_2d(KIND, zero_point=-128, activation="RELU"),
    "zero_point_high": pool_2d(KIND, zero_point=127),
    "pixel_of_256": pool_2d(KIND, (1, 16, 17, 9), (16, 16), (1, 1), "VALID"),
    "pixel_of_272": pool_2d(KIND, (1, 16, 18, 9), (16, 17), (1, 1), "VALID"),
    **{f"{c}_channels": pool_2d(KIND, (1, 4, 5, c), (3, 3), (1, 1)) for c in WIDTHS},
}


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", CASES)
def test_numpy_equals(witness: str, name: str) -> None:
    agrees_with(witness, CASES[name])


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, object]:
    small = st.integers(1, 4)
    kernel, stride = (draw(small), draw(small)), (draw(small), draw(small))
    image = (draw(st.integers(1, 2)), draw(st.integers(1, 9)), draw(st.integers(1, 9)), draw(st.integers(1, 9)))
    padding = draw(st.sampled_from(["SAME", "VALID"]))
    if min(slid(image[1 + i], kernel[i], stride[i], 1, padding) for i in (0, 1)) < 1:
        padding = "SAME"
    return {
        "image": image,
        "kernel": kernel,
        "stride": stride,
        "padding": padding,
        "activation": draw(st.sampled_from(["NONE", "RELU", "RELU6", "RELU_N1_TO_1"])),
        "zero_point": draw(st.integers(-128, 127)),
    }


@settings(max_examples=80)
@given(made=parameters())
def test_any_parameters(benches: Benches, made: dict[str, object]) -> None:
    node = pool_2d(KIND, **made)  # type: ignore[arg-type]
    op = op_of(node)
    benches.agree(op, values_of(op, made))
    agrees_with("tflite_micro", node)
