"""FULLY_CONNECTED of floats with int8 weights: each row of the input is quantized to int8 on the fly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ops.dense import FORMAT_IS_DEFAULT, Dense
from tinygen.ops.float_range import RANGES, clamp_floats, with_bias
from tinygen.ops.hybrid import WEIGHTS_HAVE_SCALES, bias_constant, quantize_floats, real_sums, weight_scales
from tinygen.ops.node import Node
from tinygen.ops.requantization import float_matmul
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, dtype_is, is_constant


@dataclass(frozen=True, eq=False)
class FullyConnectedHybrid(Dense):
    """The option asymmetric_quantize_inputs says whether rows have a zero point."""

    RULES = (
        dtype_is("input", DType.FLOAT32),
        dtype_is("weights", DType.INT8, DType.INT4),
        dtype_is("bias", DType.FLOAT32),
        dtype_is("output", DType.FLOAT32),
        is_constant("weights"),
        is_constant("bias"),
        WEIGHTS_HAVE_SCALES,
        FORMAT_IS_DEFAULT,
        ACTIVATION_IS_CLAMP,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(0).dtype is DType.FLOAT32 and not node.input(1).dtype.is_float

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        made = []
        for row in values[0].astype(np.float32).reshape(self.batches, self.depth):
            stored, scale, zero_point = quantize_floats(row, not self.asymmetric)
            sums = float_matmul((stored - zero_point)[None], values[1].astype(np.int64).T)
            made.append(real_sums(sums, scale, self.weights.params.scales))
        biased = with_bias(np.concatenate(made), values[2] if self.bias is not None else None)
        return (clamp_floats(biased, self.activation).reshape(self.output.shape),)

    def scratch_bytes(self, target: Target) -> int:
        return self.depth

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        scales, step = weight_scales(self.weights)
        low, high = RANGES[self.activation]
        return (
            KernelCall(
                "tg_fully_connected_f32_s8",
                {
                    "weights": Constant.of(self.weights.value),
                    "bias": bias_constant(self.bias, self.units),
                    "scale": scales,
                    "scale_step": step,
                    "symmetric": int(not self.asymmetric),
                    **self.sizes(),
                    "output_min": low,
                    "output_max": high,
                },
                (self.input,),
                self.output,
                whole=True,
                scratch=True,
            ),
        )
