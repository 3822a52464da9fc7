"""NON_MAX_SUPPRESSION_V4 and V5: the best boxes, of which none overlaps a better one too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, is_constant

ABSENT = Tensor("absent input", (0,), DType.FLOAT32)
"""What the file leaves out has no elements, which no rule lets through."""
NO_SIGMA = np.float32(0)
Floats = npt.NDArray[np.float32]


def _dtypes(op: NonMaxSuppressionOp) -> str:
    floats = (op.boxes, op.scores, *op.thresholds)
    wrong = [t for t in floats if t.dtype is not DType.FLOAT32]
    wrong += [t for t in op.results if t.dtype is not (DType.FLOAT32 if t is op.selected_scores else DType.INT32)]
    return f"{wrong[0]} is {wrong[0].dtype.label}" if wrong else ""


def _shapes(op: NonMaxSuppressionOp) -> str:
    count = op.boxes.shape[0] if op.boxes.shape else 0
    fits = op.boxes.shape == (count, 4) and op.scores.shape == (count,)
    fits = fits and all(t.elements == 1 for t in (*op.thresholds, op.max_output_size, op.results[-1]))
    fits = fits and len(op.results) == op.THRESHOLDS  # version 5 has one more of both
    fits = fits and all(t.shape == (int(op.max_output_size.value.reshape(-1)[0]),) for t in op.results[:-1])
    return "" if fits else f"{op.boxes} and {op.scores} make {op.results[0]}"


@dataclass(frozen=True, eq=False)
class NonMaxSuppressionOp(Op):
    """selected_indices = boxes by falling score, without those whose overlap with a selected one reaches the threshold.

    Of equal scores the first box comes first, which TFLite leaves open. With a sigma, the score of a box falls by
    exp(-overlap**2 / (2 * sigma)) for every selected one. What is behind the valid outputs is 0. In float32.
    """

    boxes: Tensor
    """[boxes, 4]: y, x, y, x of two opposite corners"""
    scores: Tensor
    """[boxes]"""
    max_output_size: Tensor
    """One int32: the size of the outputs."""
    thresholds: tuple[Tensor, ...]
    """Of the overlap, of the score, and maybe sigma; one element each."""
    results: tuple[Tensor, ...]
    """Indices, maybe scores, and how many are valid."""

    THRESHOLDS: ClassVar[int]
    RULES: ClassVar[tuple[Rule, ...]] = (
        Rule("boxes, scores and thresholds are float32, indices and counts int32", _dtypes),
        is_constant("max_output_size"),
        Rule("there is a score for each box of two corners, and the outputs have the size that is asked for", _shapes),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        boxes, scores, most, *thresholds = (node.optional_input(i) or ABSENT for i in range(3 + cls.THRESHOLDS))
        return cls(node.index, boxes, scores, most, tuple(thresholds), tuple(node.outputs))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.boxes, self.scores, self.max_output_size, *self.thresholds)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return self.results

    @property
    def selected_scores(self) -> Tensor | None:
        return self.results[1] if len(self.results) == 3 else None

    def scratch_bytes(self, target: Target) -> int:
        """Of each box its score, and what it has been compared with."""
        return 8 * self.boxes.shape[0]

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        boxes, scores = values[0].astype(np.float32), values[1].astype(np.float32)
        overlap, least, *sigma = (np.float32(value.reshape(-1)[0]) for value in values[3:])
        found = _selected(boxes, scores, self.results[0].elements, overlap, least, *sigma)
        indices, marks = np.zeros(self.results[0].shape, np.int32), np.zeros(self.results[0].shape, np.float32)
        indices[: len(found)] = [i for i, _ in found]
        marks[: len(found)] = [score for _, score in found]
        count = np.full(self.results[-1].shape, len(found), np.int32)
        return (indices, count) if self.selected_scores is None else (indices, marks, count)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields = {"boxes": self.boxes.shape[0], "most": self.results[0].elements}
        inputs = (self.boxes, self.scores, *self.thresholds)
        kernel = f"tg_{self.KIND.lower()}_f32"
        first, *also = self.results
        return (KernelCall(kernel, fields, inputs, first, whole=True, scratch=True, also=tuple(also)),)


def _selected(
    boxes: Floats, scores: Floats, most: int, overlap: np.float32, least: np.float32, sigma: np.float32 = NO_SIGMA
) -> list[tuple[int, np.float32]]:
    """(index, score) of each that is selected."""
    waiting = {i: (score, 0) for i, score in enumerate(scores) if score > least}
    found: list[tuple[int, np.float32]] = []
    while waiting and len(found) < most:
        best = max(waiting, key=lambda i: (waiting[i][0], -i))
        score, seen = waiting.pop(best)
        left: np.float32 | None = score
        for other, _ in reversed(found[seen:]):
            shared = _overlap(boxes[best], boxes[other])
            left = None if shared >= overlap else _lowered(left, shared, sigma)
            if left is None or not left > least:
                left = None
                break
        if left is None:
            continue
        if left == score:
            found.append((best, score))
        else:
            waiting[best] = (left, len(found))
    return found


def _lowered(score: np.float32 | None, shared: np.float32, sigma: np.float32) -> np.float32 | None:
    if score is None or not sigma > 0:
        return score
    return np.float32(score * np.exp(np.float32(-0.5) / sigma * shared * shared))


def _overlap(a: Floats, b: Floats) -> np.float32:
    """The part of the union that both cover."""
    (low_a, high_a), (low_b, high_b) = ((np.minimum(box[:2], box[2:]), np.maximum(box[:2], box[2:])) for box in (a, b))
    areas = [np.prod(high - low) for low, high in ((low_a, high_a), (low_b, high_b))]
    if min(areas) <= 0:
        return np.float32(0)
    shared = np.prod(np.maximum(np.minimum(high_a, high_b) - np.maximum(low_a, low_b), np.float32(0)))
    return np.float32(shared / (areas[0] + areas[1] - shared))
