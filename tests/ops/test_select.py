"""SELECT and SELECT_V2: kernels against numpy, numpy against LiteRT; TFLite Micro has the second only."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops import moves
from ops.nodes import node, op_of, tensor, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType

CASES = {
    "v1_same": moves.select("SELECT", (2, 3), (2, 3), (2, 3), (2, 3)),
    "v1_slices": moves.select("SELECT", (3,), (3, 4, 2), (3, 4, 2), (3, 4, 2)),
    "same": moves.select("SELECT_V2", (2, 3), (2, 3), (2, 3), (2, 3)),
    "all_broadcast": moves.select("SELECT_V2", (2, 1, 1), (3, 1), (4,), (2, 3, 4)),
    "scalars": moves.select("SELECT_V2", (2, 3), (1,), (1,), (2, 3)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dtype", moves.EVERY_SIZE)
def test_kernels_equal_numpy(benches: Benches, name: str, dtype: DType) -> None:
    made = CASES[name]
    x, y = (moves.moved(t.name, t.shape, dtype) for t in made.inputs[1:] if t is not None)
    output = moves.moved("output", made.outputs[0].shape, dtype)
    op = op_of(node(made.kind, [made.inputs[0], x, y], [output]))
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_litert(name: str) -> None:
    agrees_with("litert", CASES[name])


@pytest.mark.parametrize("name", [name for name, made in CASES.items() if made.kind == "SELECT_V2"])
def test_numpy_equals_tflite_micro(name: str) -> None:
    agrees_with("tflite_micro", CASES[name])


def test_stored_values_are_chosen_whatever_their_scales() -> None:
    condition, x, y = (t for t in CASES["v1_same"].inputs if t is not None)
    inputs = [condition, tensor("x", x.shape, 0.1, 0, DType.INT16), tensor("y", y.shape, 0.3, 0, DType.INT16)]
    agrees_with("litert", node("SELECT", inputs, [tensor("output", x.shape, 0.2, 0, DType.INT16)]))
