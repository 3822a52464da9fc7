"""What the forms of FULLY_CONNECTED share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field
from tinygen.ops.linear import Linear, product
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule


def _format_is_default(op: Any) -> str:
    return "" if op.weights_format == "DEFAULT" else f"it is {op.weights_format}"


FORMAT_IS_DEFAULT = Rule("the weights' format is DEFAULT", _format_is_default)


@dataclass(frozen=True, eq=False)
class Dense(Linear):
    """output[b, o] = activation(sum(input[b, i] * weights[o, i]) + bias[o]), the input read as [batches, depth].

    input and output may have any shape of so many elements. weights: [outputs, depth].
    """

    weights_format: str
    asymmetric: bool
    """Of a hybrid operator: its rows are quantized with a zero point."""

    KIND = "FULLY_CONNECTED"

    @classmethod
    def read(cls, node: Node) -> Self:
        return cls(
            node.index,
            node.input(0),
            node.input(1),
            node.optional_input(2),
            node.outputs[0],
            node.text("fused_activation_function"),
            node.text("weights_format", "DEFAULT"),
            node.flag("asymmetric_quantize_inputs"),
        )

    @property
    def filters(self) -> int:
        return self.weights.shape[0]

    @property
    def depth(self) -> int:
        return self.weights.shape[1]

    @property
    def batches(self) -> int:
        return self.input.elements // self.depth

    def sums(self, image: Array, weights: Array) -> Any:
        """[batches, outputs]"""
        return product(image.reshape(-1, self.depth), weights.T)

    @property
    def sizes(self) -> dict[str, Field]:
        """The members that the params of all kernels have."""
        return {"batches": self.batches, "depth": self.depth, "outputs": self.filters}
