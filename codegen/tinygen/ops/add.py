"""ADD: the sum of two tensors, with broadcasting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tinygen.ir.dtype import DType
from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ops.integer_pairs import Operation
from tinygen.ops.scaled_sum import ScaledSum


@dataclass(frozen=True, eq=False)
class Add(ScaledSum):
    """output = activation(input1 + input2); both are brought to twice the larger scale first."""

    KIND = "ADD"
    SIGN = 1
    WIDE_OPERATION = Operation.SUM

    def plain(self, x: Any, y: Any) -> Any:
        return x + y

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        (call,) = super().lower(place)
        if self.input1.dtype is not DType.INT8:
            return (call,)
        # the int8 kernels' params hold the operands' places directly
        pairs = call.params["pairs"]
        assert isinstance(pairs, Mapping)
        fields: dict[str, Field] = {**pairs, **{name: v for name, v in call.params.items() if name != "pairs"}}
        return (KernelCall(call.kernel, fields, call.inputs, call.output),)
