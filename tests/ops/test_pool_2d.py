"""AVERAGE_POOL_2D and MAX_POOL_2D: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import op_of, pool_2d, slid, values_of
from ops.witness import agrees_with

KINDS = ("AVERAGE_POOL_2D", "MAX_POOL_2D")
WIDTHS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33)
PARAMETERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "valid": {"padding": "VALID"},
    "same_odd": {"image": (1, 7, 5, 3), "kernel": (3, 3)},
    "stride_1": {"image": (1, 5, 6, 3), "kernel": (3, 2), "stride": (1, 1)},
    "stride_beyond_kernel": {"image": (1, 9, 9, 3), "kernel": (2, 2), "stride": (4, 3), "padding": "VALID"},
    "kernel_is_image": {"image": (1, 4, 5, 3), "kernel": (4, 5), "stride": (1, 1), "padding": "VALID"},
    "kernel_larger_than_image": {"image": (1, 3, 2, 3), "kernel": (7, 6), "stride": (1, 1)},
    "kernel_1_by_n": {"image": (1, 1, 17, 2), "kernel": (1, 4), "stride": (1, 2)},
    "kernel_n_by_1": {"image": (1, 17, 1, 2), "kernel": (4, 1), "stride": (2, 1)},
    "kernel_1_by_1": {"image": (1, 4, 4, 3), "kernel": (1, 1), "stride": (1, 1)},
    "large_kernel": {"image": (1, 25, 20, 2), "kernel": (25, 20), "stride": (1, 1), "padding": "VALID"},
    "batches": {"image": (3, 5, 4, 3), "kernel": (3, 3)},
    "relu": {"activation": "RELU", "zero_point": -20},
    "relu6": {"activation": "RELU6"},
    "relu_n1_to_1": {"activation": "RELU_N1_TO_1"},
    "zero_point_low": {"zero_point": -128, "activation": "RELU"},
    "zero_point_high": {"zero_point": 127},
    "pixel_of_256": {"image": (1, 16, 17, 9), "kernel": (16, 16), "stride": (1, 1), "padding": "VALID"},
    "pixel_of_272": {"image": (1, 16, 18, 9), "kernel": (16, 17), "stride": (1, 1), "padding": "VALID"},
    **{f"{c}_channels": {"image": (1, 4, 5, c), "kernel": (3, 3), "stride": (1, 1)} for c in WIDTHS},
}
CASES = {f"{kind}-{name}": pool_2d(kind, **some) for kind in KINDS for name, some in PARAMETERS.items()}


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("kernel", [(1, 2), (2, 2), (3, 1), (3, 3), (5, 4), (16, 16)])
@pytest.mark.parametrize("stored", [-128, 127])
def test_sums_at_their_ends(benches: Benches, kernel: tuple[int, int], stored: int) -> None:
    """All taps at one end, and one more at the other for every column."""
    op = op_of(pool_2d("AVERAGE_POOL_2D", (1, 17, 40, 8), kernel, (1, 1)))
    image = np.full((1, 17, 40, 8), stored, np.int8)
    for x in range(40):
        image[0, : x % 18, x] = -1 - stored
    benches.agree(op, [image])


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", CASES)
def test_numpy_equals(witness: str, name: str) -> None:
    agrees_with(witness, CASES[name])


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, Any]:
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


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=80)
@given(made=parameters())
def test_any_parameters(benches: Benches, kind: str, made: dict[str, Any]) -> None:
    node = pool_2d(kind, **made)
    op = op_of(node)
    benches.agree(op, values_of(op, made))
    agrees_with("tflite_micro", node)
