"""A schedule read back as a map: which bytes of the arena hold what, at every step, and when most are in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Rows, Schedule
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.schedule.feed import Feed
from tinygen.schedule.liveness import Life, lives_of, scratch_uses
from tinygen.schedule.places import Places, places


@dataclass(frozen=True)
class Span:
    """Bytes of the arena that are in use for some steps."""

    first: int
    """The step that writes them."""
    end: int
    """The step after the last that reads them."""
    offset: int
    bytes: int


@dataclass(frozen=True)
class Region:
    """The ring of a tensor, or the scratch of an op."""

    name: str
    kind: str
    """"input", "output", "state", "tensor" or "scratch"."""
    op: str
    """Who writes it: an op, "the caller", or "the inference before"."""
    op_number: int
    """Among the ops that have steps, in the order of their first; -1 for the caller."""
    shape: tuple[int, ...]
    """Of the tensor; of scratch its bytes."""
    rows: int
    """Of the tensor; 1 for scratch."""
    height: int
    """Rows that have room at a time."""
    row_bytes: int
    offset: int
    bytes: int
    """Of the whole ring."""
    aliases: tuple[str, ...]
    """Other tensors that are the same bytes."""
    spans: tuple[Span, ...]
    """When which of its rows are in use."""

    @property
    def first(self) -> int:
        return min((span.first for span in self.spans), default=0)

    @property
    def end(self) -> int:
        return max((span.end for span in self.spans), default=0)

    @property
    def label(self) -> str:
        """Short: who writes it."""
        if self.kind == "scratch":
            return f"{self.name.split(' ')[0]} of {op_label(self.op)}"
        return self.kind if self.kind != "tensor" else op_label(self.op)

    def bytes_at(self, step: int) -> int:
        """Bytes that it keeps from others during a step."""
        return sum(span.bytes for span in self.spans if span.first <= step < span.end)


@dataclass(frozen=True)
class MemoryMap:
    """The arena over all steps."""

    title: str
    arena_bytes: int
    ops: tuple[str, ...]
    """Those that have steps, in the order of their first step."""
    steps: tuple[tuple[int, int, int], ...]
    """(op number, first row, end row) of each."""
    regions: tuple[Region, ...]
    """In the order of their births."""
    used_bytes: tuple[int, ...]
    """What is kept for somebody, at every step."""

    @property
    def peak_step(self) -> int:
        """The first of the steps at which most bytes are in use."""
        return max(range(len(self.used_bytes)), key=lambda step: self.used_bytes[step], default=0)

    @property
    def peak_bytes(self) -> int:
        return max(self.used_bytes, default=0)

    def users(self, step: int) -> tuple[tuple[Region, int], ...]:
        """(region, its bytes) at a step, the largest first."""
        found = [(region, region.bytes_at(step)) for region in self.regions]
        found.sort(key=lambda user: (-user[1], user[0].offset))
        users: list[tuple[Region, int]] = []
        for region, size in found:
            # ops that share scratch: the largest stands for all
            shared = region.kind == "scratch" and any(u.offset == region.offset for u, _ in users)
            if size and not shared:
                users.append((region, size))
        return tuple(users)

    def as_json(self) -> Mapping[str, Any]:
        """The object that `tinygen plan --json` prints."""
        return {
            "model": self.title,
            "arena_bytes": self.arena_bytes,
            "peak_bytes": self.peak_bytes,
            "peak_step": self.peak_step,
            "ops": list(self.ops),
            "steps": [
                {"op": op, "first_row": first, "end_row": end, "used_bytes": used}
                for (op, first, end), used in zip(self.steps, self.used_bytes, strict=True)
            ],
            "peak_users": [{"name": region.name, "bytes": size} for region, size in self.users(self.peak_step)],
            "regions": [
                {
                    **{name: value for name, value in vars(region).items() if name != "spans"},
                    "first_step": region.first,
                    "end_step": region.end,
                    "spans": [vars(span) for span in region.spans],
                }
                for region in self.regions
            ],
        }


def memory_map(graph: Graph, schedule: Schedule, target: Target) -> MemoryMap:
    """The map of a schedule that check() has passed; everything in it is read off the steps and offsets.

    graph: the one that was scheduled.
    """
    numbers: dict[Op, int] = {}
    for step in schedule.steps:
        numbers.setdefault(step.op, len(numbers))
    where = places(graph, numbers)
    lives = _lives(graph, schedule, where, target)
    regions = [*_tensor_regions(graph, schedule, lives, where, numbers), *_scratch_regions(schedule, target, numbers)]
    regions.sort(key=lambda region: (region.first, region.offset))
    return MemoryMap(
        title=graph.name,
        arena_bytes=schedule.arena_bytes,
        ops=tuple(str(op) for op in numbers),
        steps=tuple((numbers[step.op], step.rows.first, step.rows.end) for step in schedule.steps),
        regions=tuple(regions),
        used_bytes=_unions([span for region in regions for span in region.spans], len(schedule.steps)),
    )


def _lives(graph: Graph, schedule: Schedule, where: Places, target: Target) -> dict[Tensor, Life]:
    """Of every tensor that has bytes of its own."""
    lives = lives_of(graph, schedule.steps, where)
    _hand_over(schedule, lives, target)
    for state in graph.states:
        # the new value takes the old one's place, which is kept from one inference to the next
        del lives[state.next]
    return lives


def _hand_over(schedule: Schedule, lives: Mapping[Tensor, Life], target: Target) -> None:
    """Rows that an output replaces in place die a step earlier: their bytes are the output's from then on."""
    for op in dict.fromkeys(step.op for step in schedule.steps):
        for operand, output in schedule.forms.replaceable(op, target):
            if operand in lives and schedule.rings[operand] == schedule.rings[output]:
                pairs = zip(lives[operand].dies, lives[output].born, strict=False)
                lives[operand].dies[:] = [dies - 1 if dies == born else dies for dies, born in pairs]


def _rows(tensor: Tensor) -> Rows:
    return Rows(0, max(tensor.rows, 1))


def _tensor_regions(
    graph: Graph, schedule: Schedule, lives: Mapping[Tensor, Life], where: Places, numbers: Mapping[Op, int]
) -> Iterator[Region]:
    producers = {tensor: op for op in numbers for tensor in op.outputs}
    for tensor, life in lives.items():
        ring = schedule.rings[tensor]
        producer = producers.get(tensor)
        spans = tuple(_row_spans(life, ring.offset, ring.height, ring.stride, tensor.row_bytes))
        aliases = [
            other
            for other in where.of
            if other not in lives and any(piece is tensor for piece, _ in where.written(other, _rows(other)))
        ]
        aliases += [state.next for state in graph.states if state.tensor is tensor]
        remembered = [state.tensor for state in graph.states]
        ports = {"state": remembered, "input": graph.inputs, "output": graph.outputs}
        writer = "the inference before" if tensor in remembered else "the caller"
        kinds = [kind for kind, those in ports.items() if any(t in those for t in (tensor, *aliases))]
        yield Region(
            name=tensor.name,
            kind=kinds[0] if kinds else "input" if isinstance(producer, Feed) else "tensor",
            op=str(producer) if producer and not isinstance(producer, Feed) else writer,
            op_number=numbers[producer] if producer else -1,
            shape=tensor.shape,
            rows=_rows(tensor).end,
            height=ring.height,
            row_bytes=tensor.row_bytes,
            offset=ring.offset,
            bytes=ring.bytes,
            aliases=tuple(alias.name for alias in aliases),
            spans=spans,
        )


def _row_spans(life: Life, offset: int, height: int, stride: int, row_bytes: int) -> Iterator[Span]:
    """Each row in its slot; neighbours that are born and die together as one."""
    row, rows = 0, len(life.born)
    while row < rows:
        end = row + 1
        while (
            end < rows
            and end % height
            and stride == row_bytes
            and (life.born[end], life.dies[end]) == (life.born[row], life.dies[row])
        ):
            end += 1
        if life.dies[row] >= life.born[row] and row_bytes:
            yield Span(
                life.born[row], life.dies[row] + 1, offset + row % height * stride, (end - row - 1) * stride + row_bytes
            )
        row = end


def _scratch_regions(schedule: Schedule, target: Target, numbers: Mapping[Op, int]) -> Iterator[Region]:
    """An accumulator's from its first step to its last; any other op's only while it runs."""
    uses = scratch_uses(schedule.steps, target, schedule.forms)
    for op, offset in schedule.scratch.items():
        size = schedule.forms.scratch_bytes(op, target)
        spans = tuple(Span(use.first, use.end, offset, size) for use in uses[op])
        yield Region(
            name=f"{'sums' if op.accumulates else 'scratch'} of {op.outputs[0].name}",
            kind="scratch",
            op=str(op),
            op_number=numbers[op],
            shape=(size,),
            rows=1,
            height=1,
            row_bytes=size,
            offset=offset,
            bytes=size,
            aliases=(),
            spans=spans,
        )


def _unions(spans: Sequence[Span], steps: int) -> tuple[int, ...]:
    """The bytes that at least one span covers, at every step: what lies in place is counted once."""
    born: list[list[Span]] = [[] for _ in range(steps)]
    for span in spans:
        if span.first < steps:
            born[span.first].append(span)
    sums: list[int] = []
    live: list[Span] = []
    for step in range(steps):
        live = [span for span in live if span.end > step] + born[step]
        total = top = 0
        for span in sorted(live, key=lambda span: span.offset):
            total += max(span.offset + span.bytes - max(span.offset, top), 0)
            top = max(top, span.offset + span.bytes)
        sums.append(total)
    return tuple(sums)


def op_label(op: str) -> str:
    """ "CONV_2D 4" of "op 4, CONV_2D 'name'"."""
    number, kind, *_ = op.removeprefix("op ").replace(",", "").split(" ")
    return f"{kind} {number}" if number != "-1" else kind
