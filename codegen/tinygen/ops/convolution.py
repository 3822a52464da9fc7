"""What the forms of CONV_2D and DEPTHWISE_CONV_2D share that are not plain int8; the latter has a group per channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.window import Window
from tinygen.quant import activation_range

MatrixProduct = Callable[[Any, Any], Any]


@dataclass(frozen=True, eq=False)
class Convolution(Op):
    """output[n, y, x, f] = activation(sum(input[n, y', x', c] * filter[f, i, j, c]) + bias[f])."""

    input: Tensor
    """[N, H, W, C]"""
    weights: Tensor
    """[F, kernel_h, kernel_w, C / groups]; of DEPTHWISE_CONV_2D [1, kernel_h, kernel_w, F]"""
    bias: Tensor | None
    """[F]"""
    output: Tensor
    """[N, output_h, output_w, F]"""
    window: Window
    activation: str

    BY_ROWS = True

    @classmethod
    def read(cls, node: Node) -> Self:
        input_, weights, output = node.input(0), node.input(1), node.outputs[0]
        window = Window.of(node, input_, output, weights.shape[1], weights.shape[2])
        activation = node.text("fused_activation_function")
        return cls(node.index, input_, weights, node.optional_input(2), output, window, activation)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.weights) if self.bias is None else (self.input, self.weights, self.bias)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def is_depthwise(self) -> bool:
        return self.KIND == "DEPTHWISE_CONV_2D"

    @property
    def filters(self) -> int:
        return self.output.shape[3]

    @property
    def groups(self) -> int:
        return self.input.shape[3] if self.is_depthwise else self.input.shape[3] // self.weights.shape[3]

    @property
    def depth(self) -> int:
        """Weights per filter."""
        return self.weights.elements // self.filters

    @property
    def macs(self) -> int:
        return self.output.elements * self.depth

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return self.window.needs(rows) if operand is self.input else super().needs(rows, operand)

    def bank(self, weights: Array) -> Array:
        """[filters, depth], whichever operator it is."""
        ordered = weights[0].transpose(2, 0, 1) if self.is_depthwise else weights
        return np.ascontiguousarray(ordered).reshape(self.filters, -1)

    def sums(self, image: Array, weights: Array, product: MatrixProduct) -> Any:
        """[pixels, filters] from an image whose zeros are 0; product: of [m, depth] and [depth, n]."""
        patches, bank = self.window.patches(image, 0), self.bank(weights)
        filters = self.filters // self.groups
        parts = [
            product(part.reshape(-1, self.depth), bank[group * filters : (group + 1) * filters].T)
            for group, part in enumerate(np.split(patches, self.groups, axis=-1))
        ]
        return np.concatenate(parts, axis=1)

    def geometry(self, place: Placement) -> dict[str, Field]:
        """The members that the params of all row-wise kernels have."""
        return {
            "input": place.ring(self.input),
            "output": place.ring(self.output),
            "window": self.window.fields(),
            "input_c": self.input.shape[3],
            "output_c": self.filters,
            "groups": self.groups,
        }

    def bias_values(self, values: Sequence[Array]) -> Array | None:
        return values[2] if self.bias is not None else None
