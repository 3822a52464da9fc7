"""RELU6: min(max(x, 0), 6), rescaled; TFLite Micro forgets to rescale, LiteRT and tinygen do not."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.relu import Relu


@dataclass(frozen=True, eq=False)
class Relu6(Relu):
    """As RELU, with 6 as its upper end."""

    KIND = "RELU6"
    ACTIVATION = "RELU6"
