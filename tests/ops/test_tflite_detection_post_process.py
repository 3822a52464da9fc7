"""TFLite_Detection_PostProcess: kernels against numpy, numpy against TFLite Micro, up to the last bits of a box."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kernels.bench import Benches, same
from ops.nodes import chance, op_of
from ops.signal_nodes import detection, evaluated, in_micro
from tinygen.ir.dtype import Array
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node

WITHIN = 1e-6


def inputs_of(made: Node, *key: object) -> list[Array]:
    """Random boxes; some scores are equal."""
    random = chance("detections", *key)
    encodings, predictions = (operand.shape for operand in made.inputs[:2] if operand is not None)
    scores = np.round(random.uniform(0, 1, predictions), 1 if key[-1] else 3)
    return [random.normal(0, 1.5, encodings).astype(np.float32), scores.astype(np.float32)]


CASES = {
    "fast": detection(),
    "fast_by_default": detection(more_options=False),
    "no_background": detection(background=0),
    "one_class": detection(classes=1),
    "one_box": detection(boxes=1, most=3),
    "longer_encodings": detection(encoding=7),
    "many": detection(boxes=60, classes=10, most=20),
    "more_room_than_boxes": detection(boxes=6, most=10, most_overlap=1.0, least_score=0.0),
    "none_is_good_enough": detection(least_score=2.0),
    "regular": detection(is_regular=True),
    "regular_no_background": detection(is_regular=True, background=0),
    "regular_many": detection(boxes=60, classes=10, most=20, is_regular=True, per_class=7),
    "regular_few_per_class": detection(is_regular=True, per_class=1, most=8),
    "regular_more_than_there_is_room_for": detection(boxes=30, is_regular=True, per_class=20, most=3, most_overlap=0.9),
}


@pytest.mark.parametrize("equal_scores", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_detections(benches: Benches, name: str, equal_scores: bool) -> None:
    made = CASES[name]
    given = inputs_of(made, name, equal_scores)
    benches.agree(op_of(made), [*given, made.input(2).value], within=WITHIN)
    (ours,), (theirs,) = evaluated(made, [given]), in_micro(made, [given])
    count = int(ours[3].reshape(-1)[0])
    same(ours[3], theirs[3].reshape(ours[3].shape), "count")
    for which, word in enumerate(("boxes", "labels", "scores")):
        found, expected = (values[which].reshape(ours[which].shape)[:, :count] for values in (ours, theirs))
        same(found, expected, word, WITHIN)
        assert not ours[which][:, count:].any()


def test_an_empty_box_overlaps_none(benches: Benches) -> None:
    """TFLite Micro ends the inference."""
    made = detection(boxes=3, most=3, least_score=0.0)
    anchors = replace(made.input(2), data=np.full((3, 4), 0.5, np.float32))
    op = op_of(replace(made, inputs=(*made.inputs[:2], anchors)))
    encodings, scores = np.zeros((1, 3, 4), np.float32), np.full((1, 3, 4), 0.5, np.float32)
    encodings[0, 1, 2] = -1000.0
    values = [encodings, scores, anchors.value]
    benches.agree(op, values, within=WITHIN)
    assert op.evaluate(values, Rounding.DOUBLE)[3] == 2
