"""Which tensors lie inside others: reshaped ones, parts of a concatenation, slices; nothing is computed for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tinygen.ir.dtype import DType
from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Rows
from tinygen.ir.tensor import Tensor
from tinygen.ops.copy_op import Copy, CopyOp
from tinygen.ops.op import Op

KEPT = 4096
"""Ops of which is kept what they copy: a search asks again and again."""


@dataclass(frozen=True)
class Place:
    """Bytes of another tensor, or of itself."""

    home: Tensor
    """A tensor that lies in no other."""
    at: int
    """Where in its bytes."""


@dataclass(frozen=True)
class Places:
    """Where the bytes of every run-time tensor are, and who writes them."""

    of: Mapping[Tensor, Place]
    idle: frozenset[Op]
    """Ops without steps: their outputs are there as soon as what they are made of is."""
    pieces: Mapping[Tensor, tuple[Tensor, ...]]
    """The tensors of each home that steps write or that are given; together they cover it."""
    _spans: dict[tuple[Tensor, int, int], list[tuple[Tensor, Rows]]] = field(default_factory=dict)

    def written(self, tensor: Tensor, rows: Rows) -> list[tuple[Tensor, Rows]]:
        """The written rows that hold some rows of a tensor."""
        place = self.of[tensor]
        if place.home is tensor and len(self.pieces[tensor]) == 1 and self.pieces[tensor][0] is tensor:
            return [(tensor, rows)]
        key = (tensor, rows.first, rows.end)
        if key not in self._spans:
            self._spans[key] = list(self._covering(place, tensor, rows))
        return self._spans[key]

    def _covering(self, place: Place, tensor: Tensor, rows: Rows) -> Iterator[tuple[Tensor, Rows]]:
        first, end = place.at + rows.first * tensor.row_bytes, place.at + rows.end * tensor.row_bytes
        for piece in self.pieces[place.home]:
            start = self.of[piece].at
            if piece.row_bytes == 0:
                yield piece, all_rows(piece)
            elif first < start + piece.bytes and start < end:
                above = max(first - start, 0) // piece.row_bytes
                below = -(-(min(end, start + piece.bytes) - start) // piece.row_bytes)
                yield piece, Rows(above, below)


def all_rows(tensor: Tensor) -> Rows:
    return Rows(0, max(tensor.rows, 1))


def given(graph: Graph) -> tuple[Tensor, ...]:
    """The tensors that are there before the first step."""
    return (*graph.inputs, *(state.tensor for state in graph.states))


def places(graph: Graph, copied: Iterable[Op] = ()) -> Places:
    """copied: ops that get steps though they could be idle.

    An output of the model that holds bytes of an input of the model is a copy, so that both can be read by the caller;
    and so is what is remembered, which has its own place.
    """
    shelf = _Shelf(graph)
    kept = set(copied)
    for op in graph.ops:
        for tensor in op.outputs:
            shelf.put(tensor, tensor, 0)
        if op not in kept:
            shelf.make_idle(op)
    return shelf.places()


def can_be_idle(graph: Graph) -> tuple[Op, ...]:
    """The ops, aliases aside, that `places` lets have no steps: the ones to choose from."""
    idle = places(graph).idle
    return tuple(op for op in graph.ops if op in idle and not op.IS_ALIAS)


class _Shelf:
    """Places while ops are added in order."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.of: dict[Tensor, Place] = {}
        self.members: dict[Tensor, list[Tensor]] = {}
        self.idle: set[Op] = set()
        self.fixed = set(given(graph))
        self.outputs = set(graph.outputs)
        self.next_values = {state.next for state in graph.states}
        for tensor in given(graph):
            self.put(tensor, tensor, 0)

    def put(self, tensor: Tensor, home: Tensor, at: int) -> None:
        self.of[tensor] = Place(home, at)
        self.members.setdefault(home, []).append(tensor)

    def move(self, tensor: Tensor, home: Tensor, at: int) -> None:
        """The tensor and all that lies in it."""
        for member in self.members.pop(tensor):
            self.put(member, home, self.of[member].at + at)

    def make_idle(self, op: Op) -> None:
        if any(tensor in self.next_values for tensor in op.outputs):
            return
        cut = _cut(op)
        if cut and not any(self.is_kept_apart(source, tensor) for source, _, tensor in cut):
            for source, at, tensor in cut:
                self.move(tensor, self.of[source].home, self.of[source].at + at)
            self.idle.add(op)
            return
        joined = _joined(op)
        homes = [self.of[part].home for part, _ in joined]
        if joined and len(set(homes)) == len(homes) and all(self.is_movable(part) for part, _ in joined):
            for home, (_, at) in zip(homes, joined, strict=True):
                self.move(home, op.outputs[0], at)
            self.idle.add(op)

    def is_kept_apart(self, source: Tensor, tensor: Tensor) -> bool:
        return tensor in self.outputs and self.of[source].home in self.fixed

    def is_movable(self, part: Tensor) -> bool:
        home = self.of[part].home
        return home not in self.fixed and home not in self.next_values and home.bytes == part.bytes > 0

    def places(self) -> Places:
        made = {tensor for op in self.graph.ops if op not in self.idle for tensor in op.outputs} | self.fixed
        pieces = {
            home: tuple(sorted((t for t in members if t in made), key=lambda t: self.of[t].at))
            for home, members in self.members.items()
        }
        return Places(self.of, frozenset(self.idle), pieces)


def _copies(op: Op) -> list[Copy]:
    """What an op copies, if copies of run-time tensors are all that it does."""
    if not isinstance(op, CopyOp) or op.background is not None or not op.activations:
        return []
    copies = list(op.copies())
    for copy in copies:
        # CONCATENATION of uint8 may bring its parts to another scale
        rescales = copy.source.dtype is DType.UINT8 and copy.source.quantization != copy.target.quantization
        if copy.source.is_constant or copy.moves_nothing or rescales or _run(copy) is None:
            return []
    return copies


def _run(copy: Copy) -> tuple[int, int, int] | None:
    """(first byte in the source, first in the target, bytes) if neighbours stay neighbours."""
    loops, source_first, target_first = copy.geometry
    (times, *steps), size = loops[-1], copy.source.dtype.size
    return (source_first * size, target_first * size, times * size) if len(loops) == 1 and steps == [1, 1] else None


@lru_cache(maxsize=KEPT)
def _cut(op: Op) -> list[tuple[Tensor, int, Tensor]]:
    """(source, first byte, output) where every output is a run of bytes of a source."""
    if op.IS_ALIAS:
        return [(op.inputs[0], 0, op.outputs[0])] if op.activations else []
    found = []
    for copy in _copies(op):
        run = _run(copy)
        if run is None or run[1] != 0 or run[2] != copy.target.bytes:
            return []
        found.append((copy.source, run[0], copy.target))
    return found if len(found) == len(op.outputs) else []


@lru_cache(maxsize=KEPT)
def _joined(op: Op) -> list[tuple[Tensor, int]]:
    """(part, its first byte) where the only output is whole parts one behind the other."""
    found = []
    for copy in _copies(op):
        run = _run(copy)
        if run is None or run[0] != 0 or run[2] != copy.source.bytes:
            return []
        found.append((copy.source, run[1]))
    covers = len(op.outputs) == 1 and sum(part.bytes for part, _ in found) == op.outputs[0].bytes
    return found if covers else []
