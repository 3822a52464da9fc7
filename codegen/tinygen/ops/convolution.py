"""What CONV_2D and DEPTHWISE_CONV_2D share; the latter has a group per channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.tensor import Tensor
from tinygen.ops.linear import Linear, product
from tinygen.ops.node import Node
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, is_per_tensor
from tinygen.ops.window import WINDOW_FITS, Window


def weights_are_symmetric(op: Any) -> str:
    """What the zero points of the weights are, if not 0."""
    if op.weights.quantization is None:
        return f"{op.weights} has no scale"
    others = sorted(set(op.weights.params.zero_points) - {0})
    return f"{op.weights} has {others[0]}" if others else ""


PLAIN_RULES = (
    is_per_tensor("input", "output"),
    Rule("the weights' zero points are 0", weights_are_symmetric),
    ACTIVATION_IS_CLAMP,
    WINDOW_FITS,
)
"""Of int8, besides its types."""


@dataclass(frozen=True, eq=False)
class Sliding(Linear):
    """A window of weights that moves over the input, [N, H, W, C], or the output, [N, output_h, output_w, F]."""

    window: Window

    BY_ROWS = True

    @property
    def filters(self) -> int:
        return self.output.shape[3]

    def geometry(self, place: Placement) -> dict[str, Field]:
        """The members that the params of all row-wise kernels have."""
        return {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "window": self.window.fields(),
            "input_c": self.input.shape[3],
        }


@dataclass(frozen=True, eq=False)
class Convolution(Sliding):
    """output[n, y, x, f] = activation(sum(input[n, y', x', c] * filter[f, i, j, c]) + bias[f]).

    weights: [F, kernel_h, kernel_w, C / groups], of DEPTHWISE_CONV_2D [1, kernel_h, kernel_w, F].
    """

    @classmethod
    def read(cls, node: Node) -> Self:
        input_, weights, output = node.input(0), node.input(1), node.outputs[0]
        window = Window.of(node, input_, output, weights.shape[1], weights.shape[2])
        activation = node.text("fused_activation_function")
        return cls(node.index, input_, weights, node.optional_input(2), output, activation, window)

    @property
    def is_depthwise(self) -> bool:
        return self.KIND == "DEPTHWISE_CONV_2D"

    @property
    def groups(self) -> int:
        return self.input.shape[3] if self.is_depthwise else self.input.shape[3] // self.weights.shape[3]

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return self.window.needs(rows) if operand is self.input else super().needs(rows, operand)

    def bank(self, weights: Array) -> Array:
        """[filters, depth], whichever operator it is."""
        ordered = weights[0].transpose(2, 0, 1) if self.is_depthwise else weights
        return np.ascontiguousarray(ordered).reshape(self.filters, -1)

    def sums(self, image: Array, weights: Array) -> Any:
        """[pixels, filters]"""
        patches, bank = self.window.patches(image.reshape(-1, *self.input.shape[1:]), 0), self.bank(weights)
        filters = self.filters // self.groups
        parts = [
            product(part.reshape(-1, self.depth), bank[group * filters : (group + 1) * filters].T)
            for group, part in enumerate(np.split(patches, self.groups, axis=-1))
        ]
        return np.concatenate(parts, axis=1)

    def grouped(self, place: Placement) -> dict[str, Field]:
        """The members of kernels for both operators."""
        return {**self.geometry(place), "output_c": self.filters, "groups": self.groups}
