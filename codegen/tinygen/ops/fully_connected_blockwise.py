"""FULLY_CONNECTED of floats with weights of 4 bits, of which every block along a row has a scale of its own.

LiteRT's default kernels apply these scales, and `--rounding single` does as they do. Its reference kernel looks for one
scale of the weights, finds none and takes 0: the clamped bias is its answer and that of `--rounding double`.
TFLite Micro does not run such an operator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Blocks
from tinygen.ops.dense import FORMAT_IS_DEFAULT, Dense
from tinygen.ops.float_range import RANGES, Floats, clamp_floats, with_bias
from tinygen.ops.hybrid import bias_constant, quantize_floats
from tinygen.ops.node import Node
from tinygen.ops.requantization import float_matmul
from tinygen.ops.reshape import copy_blocks
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, dtype_is, is_constant


def _blocks_fit(op: Any) -> str:
    rows, columns = op.weights.shape if len(op.weights.shape) == 2 else (0, 0)
    size, scales = op.blocks.size, op.blocks.scales
    fits = size > 0 and columns % size == 0 and scales.size * size == rows * columns
    return "" if fits else f"{op.weights} has {scales.size} scales for blocks of {size}"


@dataclass(frozen=True, eq=False)
class FullyConnectedBlockwise(Dense):
    """output[b, o] = activation(bias[o] + row scale * sum over blocks of scale[o, block] * sum of stored * weights).

    Within 1e-6 of the largest output on any compiler: the integers are exact, the float32 sums of blocks are in order.
    """

    RULES = (
        dtype_is("input", DType.FLOAT32),
        dtype_is("weights", DType.INT4, DType.INT8),
        dtype_is("bias", DType.FLOAT32),
        dtype_is("output", DType.FLOAT32),
        is_constant("weights"),
        is_constant("bias"),
        Rule("weights are a matrix, with a scale for each block of a row", _blocks_fit),
        FORMAT_IS_DEFAULT,
        ACTIVATION_IS_CLAMP,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(1).blocks is not None

    @property
    def blocks(self) -> Blocks:
        assert self.weights.blocks is not None, "only weights with blocks make this form"
        return self.weights.blocks

    @property
    def scales(self) -> Floats:
        """[outputs, blocks]"""
        return self.blocks.scales.astype(np.float32).reshape(self.filters, -1)

    def caution(self, rounding: Rounding) -> str:
        if rounding is Rounding.SINGLE:
            return ""
        return "LiteRT's reference kernel ignores the weights' scales per block; `--rounding single` applies them"

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        sums = np.zeros((self.batches, self.filters), np.float32)
        if rounding is Rounding.SINGLE:
            rows = values[0].astype(np.float32).reshape(self.batches, self.depth)
            sums = np.stack([self._row(row, values[1]) for row in rows])
        return (self._finished(sums),)

    def _finished(self, sums: Floats) -> Array:
        biased = with_bias(sums, None if self.bias is None else self.bias.value)
        return clamp_floats(biased, self.activation).reshape(self.output.shape)

    def _row(self, row: Floats, weights: Array) -> Floats:
        stored, scale, zero_point = quantize_floats(row, not self.asymmetric)
        total = np.zeros(self.filters, np.float32)
        for block in range(self.scales.shape[1]):
            part = slice(block * self.blocks.size, (block + 1) * self.blocks.size)
            exact = float_matmul((stored[part] - zero_point)[None], weights[:, part].astype(np.int64).T)[0]
            total += exact.astype(np.float32) * self.scales[:, block]
        return np.asarray(total * scale, np.float32)

    def scratch_bytes(self, target: Target) -> int:
        return self.depth if target.rounding is Rounding.SINGLE else 0

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if place.target.rounding is Rounding.DOUBLE:
            value = self._finished(np.zeros((self.batches, self.filters), np.float32))
            known = replace(self.output, data=value)
            return (copy_blocks(known, self.output, 1, known.bytes, known.bytes, 0),)
        low, high = RANGES[self.activation]
        fields = {
            "weights": Constant.of(self.weights.value),
            "bias": bias_constant(self.bias, self.filters),
            "scales": Constant.of(self.scales),
            "block": self.blocks.size,
            "symmetric": int(not self.asymmetric),
            **self.sizes,
            "output_min": low,
            "output_max": high,
        }
        kernel = "tg_fully_connected_blockwise_f32_s8"
        return (KernelCall(kernel, fields, (self.input,), self.output, whole=True, scratch=True),)
