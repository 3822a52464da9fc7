"""SELECT: each element, or each slice along the first axis, from one of two tensors."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.select_v2 import SelectV2


@dataclass(frozen=True, eq=False)
class Select(SelectV2):
    """A condition of one dimension is for the first axis of the others."""

    KIND = "SELECT"

    @property
    def condition_shape(self) -> tuple[int, ...]:
        shape = self.condition.shape
        return (*shape, *(1,) * (len(self.output.shape) - 1)) if len(shape) == 1 else shape
