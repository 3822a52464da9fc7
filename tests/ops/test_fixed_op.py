"""SHAPE, RANK, ZEROS_LIKE, FILL and what is made of them: known when the model is compiled."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops.moves import moved
from ops.nodes import node, op_of, tensor
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding

INPUT = moved("input", (2, 3, 5))
CASES = {
    "SHAPE": node("SHAPE", [INPUT], [tensor("output", (3,), dtype=DType.INT32)], out_type=2),
    "RANK": node("RANK", [INPUT], [tensor("output", (), dtype=DType.INT32)]),
    "ZEROS_LIKE": node(
        "ZEROS_LIKE", [tensor("input", (2, 3), dtype=DType.INT32)], [tensor("output", (2, 3), dtype=DType.INT32)]
    ),
}
ANSWERS = {"SHAPE": [2, 3, 5], "RANK": 3, "ZEROS_LIKE": [[0, 0, 0], [0, 0, 0]]}


@pytest.mark.parametrize("kind", CASES)
def test_the_answer_needs_no_input(benches: Benches, kind: str) -> None:
    op = op_of(CASES[kind])
    assert op.evaluate([], Rounding.DOUBLE)[0].tolist() == ANSWERS[kind]
    benches.agree(op, [])
