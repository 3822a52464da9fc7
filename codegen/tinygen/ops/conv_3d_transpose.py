"""CONV_3D_TRANSPOSE: every element of a volume spread over a window of the output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.conv_3d_op import Conv3DOp
from tinygen.ops.float_range import clamp_floats, with_bias


@dataclass(frozen=True, eq=False)
class Conv3DTranspose(Conv3DOp):
    """output[n, z', y', x', f] = activation(sum(input[n, z, y, x, c] * weights[i, j, k, f, c]) + bias[f]), float32.

    Summed up in the order of the input's elements and channels, as in TFLite. The file's output shape is redundant.
    """

    KIND = "CONV_3D_TRANSPOSE"
    FIRST = 2

    @property
    def wide(self) -> Tensor:
        return self.output

    @property
    def narrow(self) -> Tensor:
        return self.input

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        sums = np.zeros(self.output.shape, np.float32)
        image, weights = values[0].astype(np.float32), values[1].astype(np.float32)
        with np.errstate(all="ignore"):
            for tap, inside, places in reversed(self.taps()):  # an earlier element reaches an output with a later tap
                seen = image[(slice(None), *places)]
                for c in range(seen.shape[-1]):
                    sums[(slice(None), *inside)] += seen[..., c : c + 1] * weights[tap][:, c]
        return (clamp_floats(with_bias(sums, self.bias_of(values)), self.activation),)
