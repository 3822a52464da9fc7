"""ZEROS_LIKE: known when the model is compiled, and right."""

from __future__ import annotations

import pytest

from ops.move_rules import VALID
from ops.nodes import model_bytes, op_of, values_of
from ops.witness import RUNNERS
from tinygen.ir.target import Rounding
from tinygen.ops.fixed_op import FixedOp


@pytest.mark.parametrize("witness", ["tflite_micro"])
def test_equals(witness: str) -> None:
    op = op_of(VALID["ZEROS_LIKE"])
    assert isinstance(op, FixedOp)
    random = values_of(op_of(VALID["TRANSPOSE"]))[0].reshape(-1)[:6].reshape(op.input.shape)
    (found,) = op.evaluate([], Rounding.DOUBLE)
    assert RUNNERS[witness](model_bytes(VALID["ZEROS_LIKE"]), [random]).tolist() == found.tolist()
