"""TRANSPOSE_CONV: kernels against numpy, numpy against the reference interpreters; int8, int16 and float."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import Benches
from ops.nodes import op_of, values_of
from ops.product_nodes import as_float, as_int16, transpose_conv
from ops.witness import agrees_with
from tinygen.ir.dtype import DType

CASES = {
    "plain": transpose_conv(),
    "even_output": transpose_conv(output=(8, 10)),
    "valid": transpose_conv(padding="VALID"),
    "valid_larger_output": transpose_conv(padding="VALID", output=(10, 12)),
    "stride_1": transpose_conv(stride=(1, 1)),
    "stride_beyond_kernel": transpose_conv(kernel=(2, 1), stride=(3, 4), padding="VALID"),
    "kernel_4_stride_2": transpose_conv(kernel=(4, 4), output=(8, 10)),
    "kernel_larger_than_image": transpose_conv((1, 2, 2, 3), kernel=(7, 5), padding="VALID"),
    "kernel_1_by_n": transpose_conv((1, 1, 6, 2), kernel=(1, 4), stride=(1, 2), output=(1, 12)),
    "one_pixel": transpose_conv((1, 1, 1, 1), 1, kernel=(1, 1), stride=(1, 1)),
    "batches": transpose_conv((3, 3, 4, 2)),
    "per_tensor": transpose_conv(per_channel=False),
    "no_bias": transpose_conv(bias="none"),
    "zero_points_low": transpose_conv(zero_points=(-128, 127)),
    **{f"{n}_channels": transpose_conv((1, 2, 3, n), n) for n in (1, 2, 3, 4, 5, 7, 8, 9)},
}
FORMS = {"int8": lambda made: made, "int16": lambda made: as_int16(made, 2), "float": lambda made: as_float(made, 2)}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str, form: str) -> None:
    op = op_of(FORMS[form](CASES[name]))
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CASES)
def test_numpy_equals(witness: str, name: str, form: str) -> None:
    if witness == "tflite_micro" and form != "float" and name == "no_bias":
        pytest.skip("TFLite Micro dereferences the bias that is not there")
    agrees_with(witness, FORMS[form](CASES[name]))


@settings(max_examples=60)
@given(data=st.data())
def test_any_geometry(benches: Benches, data: st.DataObject) -> None:
    small = st.integers(1, 4)
    kernel, stride = (data.draw(small), data.draw(small)), (data.draw(small), data.draw(small))
    image = (data.draw(st.integers(1, 2)), data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5)), data.draw(small))
    padding = data.draw(st.sampled_from(["SAME", "VALID"]))
    made = transpose_conv(image, data.draw(small), kernel, stride, padding)
    op = op_of(made)
    benches.agree(op, values_of(op, image))
    agrees_with("litert", made)


def test_a_bias_of_32_bits(benches: Benches) -> None:
    """TFLite Micro reads it as 64 bits."""
    made = as_int16(CASES["batches"], 2, DType.INT32)
    op = op_of(made)
    benches.agree(op, values_of(op, "narrow"))
    agrees_with("litert", made)


def test_macs_count_every_weight_at_every_input() -> None:
    assert op_of(transpose_conv((2, 3, 4, 5), 6, kernel=(3, 2))).macs == 2 * 3 * 4 * 5 * 6 * 3 * 2
