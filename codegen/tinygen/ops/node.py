"""What an op reads itself from: one operator of the file with its tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinygen.ir.tensor import Tensor


@dataclass(frozen=True)
class Node:
    """An operator of the file; absent optional inputs are None."""

    index: int
    kind: str
    inputs: Sequence[Tensor | None]
    outputs: Sequence[Tensor]
    options: Mapping[str, Any]

    def input(self, i: int) -> Tensor:
        """Input i, which the operator can't do without."""
        tensor = self.inputs[i]
        assert tensor is not None, f"{self.kind} {self.index}: input {i} is absent"
        return tensor

    def optional_input(self, i: int) -> Tensor | None:
        return self.inputs[i] if i < len(self.inputs) else None

    def integer(self, option: str, default: int = 0) -> int:
        return int(self.options.get(option, default))

    def flag(self, option: str) -> bool:
        return bool(self.options.get(option, False))

    def text(self, option: str, default: str = "NONE") -> str:
        return str(self.options.get(option, default))

    def real(self, option: str, default: float = 0.0) -> float:
        return float(self.options.get(option, default))
