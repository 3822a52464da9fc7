"""TFLite_Detection_PostProcess: boxes from an object detector's encodings, without those that overlap better ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is

Floats = npt.NDArray[np.float32]
SCALES = ("y_scale", "x_scale", "h_scale", "w_scale")
PER_CLASS = 100
"""The detections of a class where the file does not say how many."""


def _inputs_fit(op: TFLiteDetectionPostProcess) -> str:
    encodings, predictions, anchors = (tensor.shape for tensor in op.inputs)
    if len(encodings) != 3 or len(predictions) != 3 or encodings[0] != 1 or encodings[2] < 4 or not encodings[1]:
        return f"they are {op.encodings} and {op.predictions}"
    if predictions[:2] != encodings[:2] or op.classes < 1 or predictions[2] - op.classes not in (0, 1):
        return f"there are {op.classes} classes, and predictions is {op.predictions}"
    return "" if anchors == (encodings[1], 4) else f"anchors is {op.anchors}"


def _outputs_fit(op: TFLiteDetectionPostProcess) -> str:
    wanted = {op.boxes: 4 * op.most, op.labels: op.most, op.scores: op.most, op.count: 1}
    uneven = next((tensor for tensor, elements in wanted.items() if tensor.elements != elements), None)
    if op.most < 1 or uneven is not None:
        return f"max_detections is {op.most}, and there is {uneven}"
    return ""


def _one_class_each(op: TFLiteDetectionPostProcess) -> str:
    each = min(op.classes_of_each, op.classes)
    return "" if op.is_regular or each == 1 else f"there are {each}"


def _numbers_are_possible(op: TFLiteDetectionPostProcess) -> str:
    if not 0 < op.most_overlap <= 1:
        return f"nms_iou_threshold is {op.most_overlap:g}"
    if op.most_per_class < 1:
        return f"detections_per_class is {op.most_per_class}"
    return next((f"{name} is 0" for name, scale in zip(SCALES, op.scales, strict=True) if scale == 0), "")


@dataclass(frozen=True, eq=False)
class TFLiteDetectionPostProcess(Op):
    """The best boxes, their classes and scores, and how many there are; what is not used is 0.

    A box is centre +- half a size: y = encoding / y_scale * anchor's height + anchor's y, and half a height is
    exp(encoding / h_scale) * anchor's height / 2, the same for x and widths. Of boxes that overlap by more than
    nms_iou_threshold of their union only the best is kept. It goes by each box's best class, or, if use_regular_nms,
    class by class, of whose boxes the best max_detections are kept. Of equal scores the first box, then the first class
    is better.

    TFLite Micro computes centres and sizes in float64 and stops where a box is empty; here they are float32, and an
    empty box overlaps none. Boxes are within 1e-6 of the largest.
    """

    encodings: Tensor
    """[1, boxes, 4 or more]: y, x, height, width"""
    predictions: Tensor
    """[1, boxes, classes, or one more for the background, which is first]: scores"""
    anchors: Tensor
    """[boxes, 4]: y, x, height, width"""
    boxes: Tensor
    """[1, max_detections, 4]: least y, least x, greatest y, greatest x"""
    labels: Tensor
    """[1, max_detections]: classes"""
    scores: Tensor
    """[1, max_detections]"""
    count: Tensor
    """[1]"""
    most: int
    classes: int
    classes_of_each: int
    most_per_class: int
    is_regular: bool
    least_score: float
    most_overlap: float
    scales: tuple[float, ...]

    KIND = "TFLite_Detection_PostProcess"
    IS_CUSTOM = True
    RULES = (
        *(
            dtype_is(name, DType.FLOAT32)
            for name in ("encodings", "predictions", "anchors", "boxes", "labels", "scores", "count")
        ),
        Rule("each of the boxes has an anchor and a score for each of num_classes, in a batch of 1", _inputs_fit),
        Rule("outputs are of max_detections, at least 1, and one count", _outputs_fit),
        Rule("max_classes_per_detection is 1, or use_regular_nms is set", _one_class_each),
        Rule(
            "no scale is 0, nms_iou_threshold is in (0, 1], and detections_per_class at least 1",
            _numbers_are_possible,
        ),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(
            node.index,
            *(node.input(0), node.input(1), node.input(2)),
            *(node.outputs[0], node.outputs[1], node.outputs[2], node.outputs[3]),
            node.integer("max_detections"),
            node.integer("num_classes"),
            node.integer("max_classes_per_detection"),
            node.integer("detections_per_class", PER_CLASS),
            node.flag("use_regular_nms"),
            float(np.float32(node.real("nms_score_threshold"))),
            float(np.float32(node.real("nms_iou_threshold"))),
            tuple(float(np.float32(node.real(name))) for name in SCALES),
        )

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.encodings, self.predictions, self.anchors)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.boxes, self.labels, self.scores, self.count)

    def scratch_bytes(self, target: Target) -> int:
        """Of each box its corners, its score, and whether it is still to be considered."""
        return self.encodings.shape[1] * (4 * 4 + 4 + 1)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        corners = self._corners(values[0][0].astype(np.float64), values[2].astype(np.float64))
        scores = values[1][0][:, values[1].shape[2] - self.classes :].astype(np.float32)
        if self.is_regular:
            kept = [self._kept(corners, scores[:, label], self.most_per_class) for label in range(self.classes)]
            found = [(box, label) for label, boxes in enumerate(kept) for box in boxes]
            found.sort(key=lambda detection: -scores[detection])
        else:
            best = scores.argmax(axis=1)
            found = [(box, int(best[box])) for box in self._kept(corners, scores.max(axis=1), self.most)]
        found = found[: self.most]
        made = [np.zeros(tensor.elements, np.float32) for tensor in self.outputs]
        made[0][: 4 * len(found)] = [x for box, _ in found for x in corners[box]]
        made[1][: len(found)] = [label for _, label in found]
        made[2][: len(found)] = [scores[detection] for detection in found]
        made[3][0] = len(found)
        return tuple(value.reshape(tensor.shape) for value, tensor in zip(made, self.outputs, strict=True))

    def _corners(self, encodings: npt.NDArray[np.float64], anchors: npt.NDArray[np.float64]) -> Floats:
        """[boxes, 4]"""
        scaled = encodings[:, :4] / np.array(self.scales)
        with np.errstate(all="ignore"):
            centres = (scaled[:, :2] * anchors[:, 2:] + anchors[:, :2]).astype(np.float32)
            halves = (0.5 * np.exp(scaled[:, 2:]) * anchors[:, 2:]).astype(np.float32)
            return np.concatenate([centres - halves, centres + halves], axis=1)

    def _kept(self, corners: Floats, scores: Floats, most: int) -> list[int]:
        """The best boxes, the best first, of which none overlaps a better one too much."""
        kept: list[int] = []
        for box in np.argsort(-scores, kind="stable"):
            if len(kept) == most or not scores[box] >= np.float32(self.least_score):
                break
            if all(_overlap(corners[other], corners[box]) <= np.float32(self.most_overlap) for other in kept):
                kept.append(int(box))
        return kept

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "scales": Constant.of(np.array(self.scales, np.float32)),
            "boxes": self.encodings.shape[1],
            "encoding_length": self.encodings.shape[2],
            "classes": self.classes,
            "has_background": self.predictions.shape[2] - self.classes,
            "most": self.most,
            "most_per_class": self.most_per_class,
            "is_regular": int(self.is_regular),
            "least_score": self.least_score,
            "most_overlap": self.most_overlap,
        }
        also = (self.labels, self.scores, self.count)
        kernel = "tg_tflite_detection_post_process_f32"
        return (KernelCall(kernel, fields, self.inputs, self.boxes, whole=True, scratch=True, also=also),)


def _overlap(a: Floats, b: Floats) -> np.float32:
    """The part of the union that both cover."""
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    if min(areas) <= 0:
        return np.float32(0)
    sides = np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), np.float32(0))
    shared = np.float32(sides[0] * sides[1])
    return np.float32(shared / (areas[0] + areas[1] - shared))
