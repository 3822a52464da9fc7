"""DENSIFY: the same bytes; what was stored sparsely no longer is when the model has been read."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.reshape import Reshape


@dataclass(frozen=True, eq=False)
class Densify(Reshape):
    """output = input"""

    KIND = "DENSIFY"
