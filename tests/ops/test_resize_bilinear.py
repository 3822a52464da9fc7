"""RESIZE_BILINEAR: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.moves import resize
from ops.nodes import model_bytes, op_of, values_of
from ops.witness import RUNNERS, agrees_with
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

KINDS = ("RESIZE_BILINEAR",)
FLAGS: tuple[dict[str, bool], ...] = ({}, {"align_corners": True}, {"half_pixel_centers": True})
SIZES = ((8, 10), (7, 9), (2, 3), (1, 1), (4, 5), (13, 1))


@pytest.mark.parametrize("flags", FLAGS, ids=["plain", "align_corners", "half_pixel_centers"])
@pytest.mark.parametrize("channels", [1, 3, 4, 5, 7, 8, 9])
def test_channels_around_a_word(benches: Benches, channels: int, flags: dict[str, bool]) -> None:
    for size in ((4, 6), (3, 5), (2, 7)):
        op = op_of(resize("RESIZE_BILINEAR", (1, 2, 3, channels), size, **flags))
        benches.agree(op, values_of(op, size))


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


@pytest.mark.parametrize("flags", FLAGS, ids=["plain", "align_corners", "half_pixel_centers"])
def test_floats_are_close(flags: dict[str, bool]) -> None:
    node = resize("RESIZE_BILINEAR", (2, 4, 5, 3), (7, 9), DType.FLOAT32, **flags)
    op = op_of(node)
    values = values_of(op)
    expected = RUNNERS["tflite_micro"](model_bytes(node), values[:1])
    (found,) = op.evaluate(values, Rounding.DOUBLE)
    np.testing.assert_allclose(found.astype(np.float32), expected.astype(np.float32), rtol=1e-5, atol=1e-4)


def test_an_enlargement_beyond_tflites_precision_stays_inside(benches: Benches) -> None:
    """2,048 times and more, the last pixels' places are beyond the image."""
    op = op_of(resize("RESIZE_BILINEAR", (1, 1, 3, 1), (1, 16383)))
    benches.agree(op, values_of(op))
