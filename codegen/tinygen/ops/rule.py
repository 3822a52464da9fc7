"""A rule is one sentence about what tinygen compiles: an error, a line of the manual and a test at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tinygen.ir.dtype import DType
from tinygen.ir.tensor import Tensor

if TYPE_CHECKING:
    from tinygen.ops.op import Op


@dataclass(frozen=True)
class Rule:
    """sentence: what must hold. found: what an op has instead, in words; empty when the rule holds."""

    sentence: str
    found: Callable[[Any], str]
    field: str = "input"
    """The tensor that the rule is about, where it is about element types."""
    dtypes: tuple[DType, ...] = ()
    """The element types that it lets through; empty for any other rule."""

    def broken_by(self, op: Op) -> str:
        return self.found(op)


def dtype_is(field: str, *dtypes: DType) -> Rule:
    """The tensor in `field` has one of the dtypes."""
    accepted = " or ".join(d.label for d in dtypes)

    def found(op: Op) -> str:
        tensor: Tensor | None = getattr(op, field)
        return "" if tensor is None or tensor.dtype in dtypes else f"{tensor} is {tensor.dtype.label}"

    return Rule(f"{field} is {accepted}", found, field, dtypes)


def is_constant(field: str) -> Rule:
    """The tensor in `field` is known when the model is compiled."""

    def found(op: Op) -> str:
        tensor: Tensor | None = getattr(op, field)
        return "" if tensor is None or tensor.is_constant else f"{tensor} is computed at run time"

    return Rule(f"{field} is a constant", found)


def is_per_tensor(*fields: str) -> Rule:
    """Each tensor in `fields` has one scale and one zero point."""

    def found(op: Op) -> str:
        for field in fields:
            tensor: Tensor = getattr(op, field)
            if tensor.dtype.is_float:
                continue
            if tensor.quantization is None:
                return f"{tensor} has no quantization"
            if tensor.quantization.per_channel:
                return f"{tensor} has {len(tensor.quantization.scales)} scales"
        return ""

    return Rule(f"{' and '.join(fields)} {'has' if len(fields) == 1 else 'have'} one scale and one zero point", found)


def _dtypes_differ(op: Any) -> str:
    return "" if op.input.dtype is op.output.dtype else f"{op.output} is {op.output.dtype.label}"


SAME_DTYPE = Rule("input and output have the same type", _dtypes_differ)


def same_quantization(first: str, second: str) -> Rule:
    """The tensors in two fields have the same scale and zero point, because values are copied as they are."""

    def found(op: Op) -> str:
        a, b = getattr(op, first), getattr(op, second)
        if a.dtype.is_float:
            return ""
        if a.quantization is None or b.quantization is None:
            return f"{b if a.quantization else a} has no quantization"
        if (a.scale, a.zero_point) == (b.scale, b.zero_point):
            return ""
        return f"{a.scale:g} and {a.zero_point} against {b.scale:g} and {b.zero_point}"

    return Rule(f"{first} and {second} have the same scale and zero point", found)


def activation_is_clamp(op: Any) -> str:
    """What `op` has instead of an activation that is a clamp."""
    return "" if op.activation in ("NONE", "RELU", "RELU6", "RELU_N1_TO_1") else f"it is {op.activation}"


ACTIVATION_IS_CLAMP = Rule("the fused activation is NONE, RELU, RELU6 or RELU_N1_TO_1", activation_is_clamp)
