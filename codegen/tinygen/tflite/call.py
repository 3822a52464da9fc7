"""One operator together with its tensors, as the checks want to ask about it."""

from __future__ import annotations

import math
import struct
from collections.abc import Set

from tinygen.tflite.model import Operator, Subgraph, TensorInfo
from tinygen.tflite.report import Report, operator_label, tensor_label

Dims = tuple[int | None, ...]
"""A shape whose open dimensions are None."""

_INTEGERS = {
    "int8": "b",
    "uint8": "B",
    "int16": "h",
    "uint16": "H",
    "int32": "i",
    "uint32": "I",
    "int64": "q",
    "uint64": "Q",
}
MANY = 1 << 30
"""The most inputs or outputs of an operator that may have any number."""
_MOST_VALUES = 1 << 12
"""Longer constants are data, not axes, sizes or paddings; gather's indices beyond this are not looked at."""


class Call:
    """An operator whose tensor indices are known to be in range.

    open_shapes: tensors whose shape is a placeholder. closed: dimensions and ranks that the signature leaves open are
    those of the shape.
    """

    def __init__(
        self,
        subgraph: Subgraph,
        operator: Operator,
        report: Report,
        open_shapes: Set[int] = frozenset(),
        closed: bool = False,
    ) -> None:
        self.subgraph = subgraph
        self.operator = operator
        self.options = operator.options
        self._report = report
        self._open = open_shapes
        self._closed = closed

    def fail(self, sentence: str) -> None:
        self._report.add(f"{operator_label(self.subgraph, self.operator)}: {sentence}")

    def label(self, tensor: TensorInfo) -> str:
        return tensor_label(self.subgraph, tensor)

    def has_number(self, what: str, found: int, least: int, most: int) -> bool:
        """Whether there are as many inputs or outputs as there must be; complains if not."""
        if least <= found <= most:
            return True
        needed = str(least) if least == most else f"{least} or more" if most == MANY else f"{least} to {most}"
        self.fail(
            f"it has {found or 'no'} {what}{'' if found == 1 else 's'}; "
            f"{needed} {'is' if needed == '1' else 'are'} needed"
        )
        return False

    def input(self, position: int) -> TensorInfo | None:
        """None where an optional input is absent."""
        inputs = self.operator.inputs
        if position >= len(inputs) or inputs[position] < 0:
            return None
        return self.subgraph.tensors[inputs[position]]

    def output(self, position: int = 0) -> TensorInfo | None:
        outputs = self.operator.outputs
        return self.subgraph.tensors[outputs[position]] if position < len(outputs) else None

    def dims(self, tensor: TensorInfo | None) -> Dims | None:
        """The shape, or None if the file does not settle the rank: absent, or made of run-time values."""
        if tensor is None or tensor.index in self._open:
            return None
        if self._closed:
            return tensor.shape
        if not tensor.shape and tensor.buffer is None:
            return None
        signature = tensor.shape_signature
        if len(signature) != len(tensor.shape) or -1 not in signature:
            return tensor.shape
        return tuple(None if s < 0 else d for s, d in zip(signature, tensor.shape, strict=True))

    def ranked(self, position: int, rank: int, what: str) -> Dims | None:
        """The shape of an input that must have `rank` dimensions, or None after complaining if it has not."""
        tensor = self.input(position)
        dims = self.dims(tensor)
        if tensor is not None and dims is not None and len(dims) != rank:
            self.fail(f"its {what}, {self.label(tensor)}, has shape {list(tensor.shape)}; rank {rank} is needed")
            return None
        return dims

    def integers(self, position: int) -> list[int] | None:
        """The values of a constant integer input, flat; None if it is not a (short) constant, or not of integers."""
        tensor = self.input(position)
        if tensor is not None and tensor.dtype not in _INTEGERS:
            self.fail(f"its input {position}, {self.label(tensor)}, is {tensor.dtype}; integers are needed")
            return None
        if tensor is None or tensor.buffer is None or tensor.sparsity is not None:
            return None
        count = math.prod(tensor.shape)
        code = _INTEGERS[tensor.dtype]
        if count > _MOST_VALUES or len(tensor.buffer) != count * struct.calcsize("<" + code):
            return None
        return list(struct.unpack(f"<{count}{code}", tensor.buffer))

    def integer(self, name: str) -> int:
        """An option that is a number; 0 where the operator has no options."""
        value = self.options.get(name, 0)
        return value if isinstance(value, int) else 0

    def axis(self, value: int, rank: int, what: str = "axis") -> int | None:
        """The axis counted from 0, or None after complaining if it is out of range."""
        if -rank <= value < rank:
            return value % rank
        self.fail(f"its {what} is {value}; the input has rank {rank}")
        return None

    def expect(self, wanted: Dims | None, position: int = 0) -> None:
        """Complains if an output's shape is not `wanted`."""
        output = self.output(position)
        dims = self.dims(output)
        if output is None or dims is None or wanted is None or agree(dims, wanted):
            return
        shown = ", ".join("?" if d is None else str(d) for d in wanted)
        self.fail(f"its output, {self.label(output)}, has shape {list(output.shape)}; its inputs make it [{shown}]")

    def expect_elements(self, wanted: int | None) -> bool:
        """Whether the output can have `wanted` elements; complains if not."""
        made = count(self.dims(self.output()))
        if wanted is None or made is None or made == wanted:
            return True
        self.fail(f"its output has {made} elements; its inputs make {wanted}")
        return False

    def propose(self, wanted: Dims | None, position: int = 0) -> None:
        """Says what shape an output gets that the file leaves open; another one in the file is no contradiction."""


def agree(one: Dims, other: Dims) -> bool:
    """True if the two can be the same shape."""
    return len(one) == len(other) and all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def count(dims: Dims | None) -> int | None:
    """Elements, or None if a dimension is open."""
    result = 1
    for dim in dims if dims is not None else (None,):
        if dim is None:
            return None
        result *= dim
    return result
