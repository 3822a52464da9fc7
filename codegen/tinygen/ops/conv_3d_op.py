"""What CONV_3D and CONV_3D_TRANSPOSE share: a filter bank over a volume, in float32."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import ClassVar, Self

from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.tensor import Tensor
from tinygen.ops.linear import LinearF32
from tinygen.ops.node import Node
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule

Sizes = tuple[int, int, int]
"""Depth, height and width."""


def _shapes(op: Conv3DOp) -> str:
    if not len(op.input.shape) == len(op.weights.shape) == len(op.output.shape) == 5:
        return f"{op.input} and {op.weights} make {op.output}"
    slid = tuple(
        -(-size // stride) if op.padding == "SAME" else (size - (kernel - 1) * dilation - 1) // stride + 1
        for size, kernel, stride, dilation in zip(op.wide.shape[1:4], op.kernel, op.strides, op.dilations, strict=True)
    )
    fits = op.narrow.shape[1:4] == slid and op.input.shape[0] == op.output.shape[0]
    fits = fits and op.weights.shape[3:] == (op.wide.shape[4], op.narrow.shape[4])
    fits = fits and (op.bias is None or op.bias.elements == op.output.shape[4])
    return "" if fits else f"{op.input} and {op.weights} make {op.output}"


def _steps(op: Conv3DOp) -> str:
    return "" if min(*op.strides, *op.dilations) > 0 else f"they are {op.strides} and {op.dilations}"


@dataclass(frozen=True, eq=False)
class Conv3DOp(LinearF32):
    """From [N, D, H, W, C] to [N, output_d, output_h, output_w, F].

    weights: [kernel_d, kernel_h, kernel_w, C, F], of the transposed [kernel_d, kernel_h, kernel_w, F, C].
    """

    strides: Sizes
    dilations: Sizes
    padding: str

    RULES: ClassVar[tuple[Rule, ...]] = (
        *LinearF32.TYPES,
        ACTIVATION_IS_CLAMP,
        Rule("strides and dilations are positive", _steps),
        Rule("input, weights, bias and output have 5 dimensions, and sizes that fit, without groups", _shapes),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        strides = (node.integer("stride_d"), node.integer("stride_h"), node.integer("stride_w"))
        names = ("dilation_d_factor", "dilation_h_factor", "dilation_w_factor")
        dilations = (node.integer(names[0], 1), node.integer(names[1], 1), node.integer(names[2], 1))
        bias = node.optional_input(max(cls.INPUT, 1) + 1)
        tensors = (node.input(cls.INPUT), node.input(1), bias, node.outputs[0])
        activation = node.text("fused_activation_function")
        return cls(node.index, *tensors, activation, strides, dilations, node.text("padding"))

    @property
    def filters(self) -> int:
        return self.output.shape[4]

    @property
    def wide(self) -> Tensor:
        """The tensor over which the window moves."""
        return self.input

    @property
    def narrow(self) -> Tensor:
        """The tensor that has an element for each place of the window."""
        return self.output

    @property
    def kernel(self) -> tuple[int, ...]:
        return self.weights.shape[:3]

    @property
    def pads(self) -> tuple[int, ...]:
        """Elements before the first of the volume, along each dimension."""
        sides = zip(
            self.wide.shape[1:4], self.narrow.shape[1:4], self.kernel, self.strides, self.dilations, strict=True
        )
        beyond = ((places - 1) * stride + (kernel - 1) * by + 1 - size for size, places, kernel, stride, by in sides)
        return tuple(max(more, 0) // 2 for more in beyond)

    @property
    def macs(self) -> int:
        return math.prod(self.narrow.shape[:4]) * self.weights.elements

    def taps(self) -> Sequence[tuple[tuple[int, ...], tuple[slice, ...], tuple[slice, ...]]]:
        """For each tap: which it is, the places that it reaches within the volume, and the windows that are there."""
        found = []
        for tap in product(*map(range, self.kernel)):
            inside, places = [], []
            for axis, at in enumerate(tap):
                stride, first = self.strides[axis], at * self.dilations[axis] - self.pads[axis]
                low = max(-(first // stride), 0)
                high = min((self.wide.shape[axis + 1] - 1 - first) // stride + 1, self.narrow.shape[axis + 1])
                places.append(slice(low, max(high, low)))
                begin = first + low * stride
                inside.append(slice(begin, max(begin + (high - low) * stride, begin), stride))
            found.append((tap, tuple(inside), tuple(places)))
        return found

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        fields: dict[str, Field] = {
            "sizes": self.output.shape[1:4],
            "input_sizes": self.input.shape[1:4],
            "kernel": self.kernel,
            "strides": self.strides,
            "dilations": self.dilations,
            "pads": self.pads,
            "batches": self.input.shape[0],
            "input_c": self.input.shape[4],
            "output_c": self.filters,
        }
        return self.float_call(f"tg_{self.KIND.lower()}_f32", fields, whole=True)
