"""NON_MAX_SUPPRESSION_V4 and V5: kernels against numpy, numpy against LiteRT, every output."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

from kernels.bench import Benches, same
from ops.index_nodes import non_max_suppression
from ops.nodes import chance, model_bytes, op_of
from tinygen.ir.dtype import Array
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node

KINDS = {"NON_MAX_SUPPRESSION_V4": (0.5, 0.2), "NON_MAX_SUPPRESSION_V5": (0.5, 0.2, 0.4)}
CASES: dict[str, Node] = {
    "v4": non_max_suppression(4, 40, 10, *KINDS["NON_MAX_SUPPRESSION_V4"]),
    "v4_all": non_max_suppression(4, 30, 30, 0.3, -1.0),
    "v4_none": non_max_suppression(4, 9, 4, 0.5, 2.0),
    "v4_one": non_max_suppression(4, 1, 1, 0.5, 0.0),
    "v5": non_max_suppression(5, 40, 12, *KINDS["NON_MAX_SUPPRESSION_V5"]),
    "v5_hard": non_max_suppression(5, 40, 12, 0.4, 0.1, 0.0),
    "v5_soft": non_max_suppression(5, 30, 30, 1.0, 0.3, 0.1),
}


def crowded(made: Node) -> list[Array]:
    """Boxes that overlap, some of them with their corners exchanged."""
    op = op_of(made)
    random = chance("boxes", op.inputs[0].shape)
    count = op.inputs[0].shape[0]
    centres, sides = random.uniform(0, 2, (count, 2)), random.uniform(0.2, 1.5, (count, 2))
    corners = np.concatenate([centres - sides / 2, centres + sides / 2], axis=1)
    boxes = np.where(random.random((count, 1)) < 0.3, corners[:, [2, 3, 0, 1]], corners)
    scores = random.permutation(np.linspace(0.05, 0.95, count))
    return [boxes.astype(np.float32), scores.astype(np.float32), *(t.value for t in op.inputs[2:])]


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    benches.agree(op_of(CASES[name]), crowded(CASES[name]), within=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_litert(name: str) -> None:
    pytest.importorskip("ai_edge_litert", reason="ai-edge-litert is not installed")
    litert: Any = importlib.import_module("ai_edge_litert.interpreter")
    values = crowded(CASES[name])
    interpreter = litert.Interpreter(
        model_content=model_bytes(CASES[name]), experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF
    )
    interpreter.allocate_tensors()
    for detail, value in zip(interpreter.get_input_details(), values, strict=False):
        interpreter.set_tensor(detail["index"], value)
    interpreter.invoke()
    found = op_of(CASES[name]).evaluate(values, Rounding.DOUBLE)
    for ours, detail in zip(found, interpreter.get_output_details(), strict=True):
        same(ours, interpreter.get_tensor(detail["index"]).reshape(ours.shape), detail["name"], 1e-6)


def test_of_equal_scores_the_first_box_comes_first(benches: Benches) -> None:
    made = non_max_suppression(4, 3, 2, 0.5, 0.0)
    boxes = np.array([[0, 0, 1, 1], [5, 5, 6, 6], [0, 0, 1, 1]], np.float32)
    values = [boxes, np.full(3, 0.5, np.float32), *(t.value for t in op_of(made).inputs[2:])]
    benches.agree(op_of(made), values)
    assert op_of(made).evaluate(values, Rounding.DOUBLE)[0].tolist() == [0, 1]
