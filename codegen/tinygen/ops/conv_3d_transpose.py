"""CONV_3D_TRANSPOSE: every element of a volume spread over a window of the output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.tensor import Tensor
from tinygen.ops.conv_3d_op import Conv3DOp


@dataclass(frozen=True, eq=False)
class Conv3DTranspose(Conv3DOp):
    """output[n, z', y', x', f] = activation(sum(input[n, z, y, x, c] * weights[i, j, k, f, c]) + bias[f]), float32.

    Summed up in the order of the input's elements and channels, as in TFLite. The file's output shape is redundant.
    """

    KIND = "CONV_3D_TRANSPOSE"
    INPUT = 2

    @property
    def wide(self) -> Tensor:
        return self.output

    @property
    def narrow(self) -> Tensor:
        return self.input

    def sums(self, image: Array, weights: Array) -> Any:
        sums = np.zeros(self.output.shape, np.float32)
        for tap, inside, places in reversed(self.taps()):  # an earlier element reaches an output with a later tap
            seen = image[(slice(None), *places)]
            for c in range(seen.shape[-1]):
                sums[(slice(None), *inside)] += seen[..., c : c + 1] * weights[tap][:, c]
        return sums
