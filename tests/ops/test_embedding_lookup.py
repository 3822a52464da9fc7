"""EMBEDDING_LOOKUP: kernels against numpy, numpy against the reference interpreters."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType

CASES = {
    "embedding": moves.embedding_lookup((7, 5), 4),
    "embedding_of_maps": moves.embedding_lookup((4, 2, 3), 3),
}


HYBRID = {
    "one_scale": moves.embedding_lookup_hybrid((7, 5), 4),
    "scale_per_row": moves.embedding_lookup_hybrid((4, 3), 6, (0.1, 0.02, 0.7, 0.33)),
    "maps": moves.embedding_lookup_hybrid((4, 2, 3), 3, (0.1, 0.02, 0.7, 0.33)),
    "int4": moves.embedding_lookup_hybrid((6, 8), 4, (0.3,), DType.INT4),
}


@pytest.mark.parametrize("name", HYBRID)
def test_floats_from_a_table_of_integers(benches: Benches, name: str) -> None:
    """In TFLite Micro int8 with one scale only."""
    made = HYBRID[name]
    benches.agree(op_of(made), values_of(op_of(made), name))
    agrees_with("litert", made, moves.inside(made, name))
    if name == "one_scale":
        agrees_with("tflite_micro", made, moves.inside(made, name))


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    """Random indices, most of them far outside, are safe."""
    op = op_of(CASES[name])
    benches.agree(op, values_of(op, name))
    benches.agree(op, moves.inside(CASES[name], name))


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_litert(name: str) -> None:
    agrees_with("litert", CASES[name], moves.inside(CASES[name], name))


@pytest.mark.parametrize("name", [name for name in CASES if "int64" not in name])
def test_numpy_equals_tflite_micro(name: str) -> None:
    agrees_with("tflite_micro", CASES[name], moves.inside(CASES[name], name))
