"""CONV_3D: a filter bank moved over a volume."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ops.conv_3d_op import Conv3DOp


@dataclass(frozen=True, eq=False)
class Conv3D(Conv3DOp):
    """output[n, z, y, x, f] = activation(sum(input[n, z', y', x', c] * weights[i, j, k, c, f]) + bias[f]), float32.

    Summed up in the order of the taps and channels, as in TFLite.
    """

    KIND = "CONV_3D"

    def sums(self, image: Array, weights: Array) -> Any:
        sums = np.zeros(self.output.shape, np.float32)
        for tap, inside, places in self.taps():
            seen = image[(slice(None), *inside)]
            for c in range(seen.shape[-1]):
                sums[(slice(None), *places)] += seen[..., c : c + 1] * weights[tap][c]
        return sums
