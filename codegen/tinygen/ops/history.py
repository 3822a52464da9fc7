"""What ops on streams of samples remember: the samples of the inferences before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.tensor import Tensor
from tinygen.ops.rule import Rule

MOST_KEPT = 1 << 20
"""Far more than any chip has room for."""


def history_of(output: Tensor, streams: int, kept: int, dtype: DType = DType.INT16) -> Tensor:
    """The last `kept` samples of every stream [streams, kept]; one that does not count where none is kept."""
    size = max(kept, 1) if streams * kept <= MOST_KEPT else MOST_KEPT + 1
    return Tensor(f"{output.name}, history", (streams, size) if size <= MOST_KEPT else (1, size), dtype)


def counter_of(output: Tensor) -> Tensor:
    """A number that is remembered."""
    return Tensor(f"{output.name}, counter", (1,), DType.INT32)


def following(remembered: Tensor) -> Tensor:
    """What a tensor that is remembered becomes."""
    return replace(remembered, name=f"{remembered.name}, next")


def continued(history: Array, kept: int, samples: Array) -> Array:
    """[streams, kept + samples]: each stream's samples behind those before; samples: [streams, ...]."""
    return np.concatenate([history[:, :kept], samples.reshape(len(history), -1)], axis=1)


def history_after(joined: Array, kept: int, history: Array) -> Array:
    """The history at the end of what `continued` gave."""
    return joined[:, joined.shape[1] - kept :] if kept else history


def _too_many(op: Any) -> str:
    return "" if op.history.elements <= MOST_KEPT else "there are more"


FEW_ARE_KEPT = Rule(f"at most {MOST_KEPT} samples are remembered", _too_many)
