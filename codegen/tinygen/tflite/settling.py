"""Shapes that the file leaves open, from those of the inputs: converters write 1 for a size that they don't know."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from tinygen.tflite.call import Call, Dims, agree, count
from tinygen.tflite.dynamics import open_shapes
from tinygen.tflite.model import Model, Operator, Subgraph, TensorInfo
from tinygen.tflite.operands import RULES
from tinygen.tflite.report import Report

Shapes = dict[int, tuple[int, ...]]
"""By tensor index."""


def opened(model: Model) -> Model:
    """The model as decoded, with sizes of 1 left open where a tool put in tensors without saying that they are open.

    Only beside tensors whose sizes the file does leave open; inputs and constants stay.
    """
    return replace(model, subgraphs=tuple(_opened(subgraph) for subgraph in model.subgraphs))


def _opened(subgraph: Subgraph) -> Subgraph:
    if not any(-1 in tensor.shape_signature for tensor in subgraph.tensors):
        return subgraph
    silent = (not (t.shape_signature or t.is_constant or t.index in subgraph.inputs) for t in subgraph.tensors)
    tensors = (
        replace(t, shape_signature=tuple(-1 if size == 1 else size for size in t.shape)) if is_silent else t
        for t, is_silent in zip(subgraph.tensors, silent, strict=True)
    )
    return replace(subgraph, tensors=tuple(tensors))


def settled(model: Model) -> Model:
    """The valid model with the shapes that an interpreter would give its open dimensions, inputs as they stand."""
    return replace(model, subgraphs=tuple(_settled(subgraph) for subgraph in model.subgraphs))


def _settled(subgraph: Subgraph) -> Subgraph:
    loose = open_shapes(subgraph)
    shapes: Shapes = {}
    for operator in subgraph.operators:
        shapes |= made_shapes(subgraph, operator, shapes, {}, loose)
    if not shapes:
        return subgraph
    tensors = (replace(t, shape=shapes[t.index]) if t.index in shapes else t for t in subgraph.tensors)
    return replace(subgraph, tensors=tuple(tensors))


def made_shapes(
    subgraph: Subgraph,
    operator: Operator,
    shapes: Mapping[int, tuple[int, ...]],
    values: Mapping[int, bytes],
    loose: Set[int] = frozenset(),
) -> Shapes:
    """What the operator makes of outputs whose shape the file leaves open, where that is not what stands in the file.

    shapes: of tensors that have another one than in the file. values: of tensors that follow from constants.
    loose: tensors of which the file's shape is a placeholder.
    """
    if not any(i >= 0 and _is_open(subgraph.tensors[i]) for i in operator.outputs):
        return {}
    call = _Settling(subgraph, operator, shapes, values, loose)
    for check in RULES[operator.name].checks if operator.name in RULES else ():
        check(call)
    return call.made


class _Settling(Call):
    """Gives an output the shape that the checks expect of it, instead of complaining."""

    def __init__(
        self,
        subgraph: Subgraph,
        operator: Operator,
        shapes: Mapping[int, tuple[int, ...]],
        values: Mapping[int, bytes],
        loose: Set[int],
    ) -> None:
        super().__init__(subgraph, operator, Report(), loose, closed=True)
        self.made: Shapes = {}
        self._shapes = shapes
        self._values = values

    def input(self, position: int) -> TensorInfo | None:
        tensor = self._with_shape(super().input(position))
        if tensor is None or tensor.index not in self._values:
            return tensor
        return replace(tensor, buffer=memoryview(self._values[tensor.index]))

    def output(self, position: int = 0) -> TensorInfo | None:
        return self._with_shape(super().output(position))

    def _with_shape(self, tensor: TensorInfo | None) -> TensorInfo | None:
        shape = None if tensor is None else self.made.get(tensor.index, self._shapes.get(tensor.index))
        return tensor if tensor is None or shape is None else replace(tensor, shape=shape)

    def expect(self, wanted: Dims | None, position: int = 0) -> None:
        output = self.output(position)
        if output is None or wanted is None or self.dims(output) in (None, wanted):
            return
        shape = tuple(size for size in wanted if size is not None)
        fixed = _fixed(output)
        if len(shape) == len(wanted) and (fixed is None or agree(fixed, wanted)):
            self.made[output.index] = shape

    propose = expect

    def expect_elements(self, wanted: int | None) -> bool:
        output = self.output()
        fixed = _fixed(output) if output is not None else None
        if fixed is not None and wanted is not None and wanted != count(self.dims(output)):
            others = count(tuple(size for size in fixed if size is not None))
            if fixed.count(None) == 1 and others and wanted % others == 0:
                self.expect(tuple(wanted // others if size is None else size for size in fixed))
        return True


def _is_open(tensor: TensorInfo) -> bool:
    fixed = _fixed(tensor)
    return fixed is None or None in fixed


def _fixed(tensor: TensorInfo) -> Dims | None:
    """What the file settles of a shape; None: not even how many dimensions there are."""
    signature = tensor.shape_signature
    if not tensor.shape and tensor.buffer is None:
        return None
    if tensor.buffer is not None or len(signature) != len(tensor.shape):
        return tensor.shape
    return tuple(None if size < 0 else size for size in signature)
