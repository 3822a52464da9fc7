"""RESIZE_NEAREST_NEIGHBOR: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.moves import resize
from ops.nodes import op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType

KINDS = ("RESIZE_NEAREST_NEIGHBOR",)
FLAGS: tuple[dict[str, bool], ...] = ({}, {"align_corners": True}, {"half_pixel_centers": True})
SIZES = ((8, 10), (7, 9), (2, 3), (1, 1), (4, 5), (13, 1))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [DType.INT8, DType.INT16, DType.FLOAT32])
@pytest.mark.parametrize("flags", FLAGS, ids=["plain", "align_corners", "half_pixel_centers"])
def test_kernels_equal_numpy(benches: Benches, kind: str, dtype: DType, flags: dict[str, bool]) -> None:
    for size in SIZES:
        op = op_of(resize(kind, (2, 4, 5, 3), size, dtype, **flags))
        benches.agree(op, values_of(op, size))


@settings(max_examples=120)
@given(
    kind=st.sampled_from(KINDS),
    witness=st.sampled_from(("tflite_micro", "litert")),
    before=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    after=st.tuples(st.integers(1, 20), st.integers(1, 20)),
    flags=st.sampled_from(FLAGS),
)
def test_numpy_equals(
    kind: str, witness: str, before: tuple[int, int], after: tuple[int, int], flags: dict[str, bool]
) -> None:
    agrees_with(witness, resize(kind, (1, *before, 2), after, DType.INT8, **flags))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("flags", FLAGS, ids=["plain", "align_corners", "half_pixel_centers"])
def test_int16_equals_litert(kind: str, flags: dict[str, bool]) -> None:
    agrees_with("litert", resize(kind, (2, 4, 5, 3), (7, 9), DType.INT16, **flags))
