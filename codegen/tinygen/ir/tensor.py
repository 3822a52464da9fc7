"""A tensor of the graph: shape, element type, quantization and, when it is constant, its value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from tinygen.ir.dtype import Array, DType


@dataclass(frozen=True)
class Quantization:
    """real = scale * (stored - zero_point), per tensor (one scale) or per channel along `axis`."""

    scales: tuple[float, ...]
    """Each is exactly a float32."""
    zero_points: tuple[int, ...]
    axis: int = 0

    @property
    def per_channel(self) -> bool:
        return len(self.scales) > 1

    @property
    def scale(self) -> float:
        return self.scales[0]

    @property
    def zero_point(self) -> int:
        return self.zero_points[0]


@dataclass(frozen=True)
class Blocks:
    """real = scale * stored, with a scale for every `size` consecutive elements of the last dimension."""

    scales: Array
    """One for each block, in the order of the elements."""
    size: int


@dataclass(frozen=True, eq=False)
class Tensor:
    """A node of the graph's data; two tensors are the same only if they are the same object."""

    name: str
    shape: tuple[int, ...]
    dtype: DType
    quantization: Quantization | None = None
    data: Array | None = None
    """The value of a constant, of `shape`; None for a tensor computed at run time."""
    index: int = -1
    """Its place in the file's subgraph; -1 for a tensor that a pass made."""
    blocks: Blocks | None = None
    """How a constant is quantized block by block; it has no `quantization` then."""

    @property
    def is_constant(self) -> bool:
        return self.data is not None

    @cached_property
    def elements(self) -> int:
        return math.prod(self.shape)

    @cached_property
    def bytes(self) -> int:
        return self.elements * self.dtype.size

    @cached_property
    def row_shape(self) -> tuple[int, ...]:
        """What one row holds: the last two dimensions of a map, the last one of anything flatter."""
        return self.shape[-2:] if len(self.shape) > 2 else self.shape[-1:]

    @cached_property
    def row_elements(self) -> int:
        return math.prod(self.row_shape)

    @cached_property
    def row_bytes(self) -> int:
        return self.row_elements * self.dtype.size

    @cached_property
    def rows(self) -> int:
        """How many rows: [N, H, W, C] has N * H of W * C elements, [N, C] has N of C."""
        return math.prod(self.shape[: len(self.shape) - len(self.row_shape)])

    @property
    def scale(self) -> float:
        return self.params.scale

    @property
    def zero_point(self) -> int:
        return self.params.zero_point

    @property
    def params(self) -> Quantization:
        """The quantization of a tensor whose op's rules demand one."""
        assert self.quantization is not None, f"tensor {self.name!r} is not quantized"
        return self.quantization

    @property
    def value(self) -> Array:
        """The value of a tensor whose op's rules demand a constant."""
        assert self.data is not None, f"tensor {self.name!r} is not constant"
        return self.data

    def __str__(self) -> str:
        shape = "x".join(map(str, self.shape)) or "scalar"
        return f"{self.name!r} ({self.dtype.label} {shape})"
