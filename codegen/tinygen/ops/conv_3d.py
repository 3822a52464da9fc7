"""CONV_3D: a filter bank moved over a volume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.target import Rounding
from tinygen.ops.conv_3d_op import Conv3DOp
from tinygen.ops.float_range import clamp_floats, with_bias


@dataclass(frozen=True, eq=False)
class Conv3D(Conv3DOp):
    """output[n, z, y, x, f] = activation(sum(input[n, z', y', x', c] * weights[i, j, k, c, f]) + bias[f]), float32.

    Summed up in the order of the taps and channels, as in TFLite.
    """

    KIND = "CONV_3D"

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        sums = np.zeros(self.output.shape, np.float32)
        image, weights = values[0].astype(np.float32), values[1].astype(np.float32)
        with np.errstate(all="ignore"):
            for tap, inside, places in self.taps():
                seen = image[(slice(None), *inside)]
                for c in range(seen.shape[-1]):
                    sums[(slice(None), *places)] += seen[..., c : c + 1] * weights[tap][c]
        return (clamp_floats(with_bias(sums, self.bias_of(values)), self.activation),)
