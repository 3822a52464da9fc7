"""When each row is computed and where it lies: steps over rings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor

if TYPE_CHECKING:
    from tinygen.ops.op import Op


@dataclass(frozen=True)
class Rows:
    """Rows [first, end) of a tensor."""

    first: int
    end: int

    @property
    def count(self) -> int:
        return self.end - self.first


@dataclass(frozen=True)
class Ring:
    """Where a tensor's rows lie in the arena: row r at offset + (r % height) * stride.

    A ring as tall as the tensor is the whole tensor.
    """

    offset: int
    """Bytes from the arena's start."""
    height: int
    """Rows that exist at a time."""
    stride: int
    """Bytes from one row to the next; more than a row when the tensor is a slice of a wider one."""

    @property
    def bytes(self) -> int:
        return self.height * self.stride


@dataclass(frozen=True)
class Step:
    """Compute some consecutive output rows of one op."""

    op: Op
    rows: Rows
    """Of the op's outputs; of its input for an op that accumulates."""


@dataclass(frozen=True)
class Forms:
    """How ops are computed, where there is a choice."""

    staged: frozenset[Op] = frozenset()
    """Ops whose constants are copied into their scratch at the start of each step, as flash is slow."""
    lean: frozenset[Op] = frozenset()
    """Ops whose kernels are to be those with the smaller scratch, though others are faster."""

    def target(self, op: Op, target: Target) -> Target:
        """The target as the op sees it."""
        return target.lean if op in self.lean else target

    def scratch_bytes(self, op: Op, target: Target) -> int:
        seen = self.target(op, target)
        return op.scratch_bytes(seen) + (op.staged_bytes(seen) if op in self.staged else 0)

    def replaceable(self, op: Op, target: Target) -> tuple[tuple[Tensor, Tensor], ...]:
        """(operand, output) wherever the output may lie just where the operand lies."""
        return op.replaceable(self.target(op, target))


@dataclass(frozen=True)
class Schedule:
    """Everything that is decided about time and RAM."""

    steps: tuple[Step, ...]
    rings: Mapping[Tensor, Ring]
    """For every tensor that lives in the arena; tensors that share bytes have overlapping rings."""
    scratch: Mapping[Op, int]
    """The arena offset of each op's scratch, for ops that need any."""
    arena_bytes: int
    forms: Forms = Forms()
    borrowed_bytes: int = 0
    """Behind the arena, of a nested graph's schedule: they stand for the places of the op's operands and outputs."""

    def placed(self, scratch: int, places: Mapping[Tensor, int]) -> Schedule:
        """A nested graph's schedule in the arena around it.

        scratch: where the op's scratch begins. places: where what the graph borrows lies.
        """
        windows = {self.rings[tensor].offset: place for tensor, place in places.items() if tensor.bytes}

        def moved(offset: int) -> int:
            if offset < self.arena_bytes or not windows:
                return scratch + offset
            start = max(first for first in windows if first <= offset)
            return windows[start] + offset - start

        rings = {tensor: replace(ring, offset=moved(ring.offset)) for tensor, ring in self.rings.items()}
        return replace(self, rings=rings, scratch={op: scratch + offset for op, offset in self.scratch.items()})
