"""Steps -> storage: which tensors share bytes, how many rows of each must exist, and when each byte is in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Forms, Step
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.nested import Nested
from tinygen.ops.op import Op
from tinygen.schedule.offsets import Block, Group
from tinygen.schedule.places import Places, all_rows, given
from tinygen.schedule.rows import rows_read


@dataclass(frozen=True)
class Storage:
    """Bytes for the rows of one tensor, or of several that share them."""

    seats: tuple[tuple[Tensor, int], ...]
    """The tensors, and where each begins."""
    height: int
    """Rows that exist at a time; 0 if every tensor is whole."""
    blocks: tuple[Block, ...]
    """When its bytes are in use."""
    is_borrowed: bool = False
    """They are those of another graph's tensor, for as long as the steps take."""


@dataclass
class Life:
    """When each row of a tensor is written and read last, in steps."""

    born: list[int]
    dies: list[int]


Replaceable = Callable[[Op], tuple[tuple[Tensor, Tensor], ...]]
"""Of an op, (operand, output) wherever the output may lie just where the operand lies."""
_Group = dict[Tensor, int]
"""Written tensors that share bytes, and where each begins."""


def storages(graph: Graph, steps: Sequence[Step], where: Places, replaceable: Replaceable) -> list[Storage]:
    """The storage of every tensor that lives in the arena."""
    lives = lives_of(graph, steps, where)
    groups = _sharing(graph, steps, lives, where, replaceable)
    seats: dict[Tensor, list[Tensor]] = {}
    for tensor, place in where.of.items():
        if tensor not in lives:
            seats.setdefault(place.home, []).append(tensor)
    ports = frozenset((*graph.inputs, *graph.outputs))
    borrowed = set(given(graph)) if graph.is_nested else set()
    found = [_storage(ports, group, lives, where, seats) for group in groups]
    return [replace(s, is_borrowed=not borrowed.isdisjoint(t for t, _ in s.seats)) for s in found]


def lives_of(graph: Graph, steps: Sequence[Step], where: Places) -> dict[Tensor, Life]:
    """Of every tensor that steps write or that is given."""
    end = max(len(steps) - 1, 0)
    lives: dict[Tensor, Life] = defaultdict(lambda: Life([], []))
    lives.update((tensor, Life([0] * _rows(tensor), [0] * _rows(tensor))) for tensor in given(graph))
    for moment, step in enumerate(steps):
        for tensor, read in rows_read(step):
            for piece, rows in where.written(tensor, read):
                lives[piece].dies[rows.first : rows.end] = [moment] * (rows.end - rows.first)
        for tensor in step.op.outputs:
            life, count = lives[tensor], step.rows.end - step.rows.first
            if not step.op.writes_rows:
                # outputs may differ in rows; an op that accumulates touches its output only in its last step
                count = _rows(tensor) if step.rows.end == step.op.step_rows else 0
            life.born += [moment] * count
            life.dies += [moment] * count
    for tensor in graph.outputs:
        for piece, rows in where.written(tensor, all_rows(tensor)) if not tensor.is_constant else ():
            lives[piece].dies[rows.first : rows.end] = [end] * rows.count
    for state in graph.states:
        lives[state.tensor].dies = [end] * _rows(state.tensor)
    return dict(lives)


def _rows(tensor: Tensor) -> int:
    return max(tensor.rows, 1)


def _sharing(
    graph: Graph, steps: Sequence[Step], lives: Mapping[Tensor, Life], where: Places, replaceable: Replaceable
) -> list[_Group]:
    """Tensors by the bytes that they share: an op's output may lie where its operand's rows die as it reads them."""
    homes: dict[Tensor, _Group] = {}
    for tensor in lives:
        homes.setdefault(where.of[tensor].home, {})[tensor] = where.of[tensor].at
    group_of = {tensor: homes[where.of[tensor].home] for tensor in lives}
    protected = {piece for t in graph.outputs if not t.is_constant for piece, _ in where.written(t, all_rows(t))}
    remembered = {state.next for state in graph.states}
    for state in graph.states:
        group_of[state.tensor][state.next] = group_of[state.tensor][state.tensor]
        group_of[state.next] = group_of[state.tensor]
        protected |= {state.tensor, state.next}
    for op in dict.fromkeys(step.op for step in steps):
        replaced: set[Tensor] = set()
        for operand, output in replaceable(op):
            fits = (operand.rows, operand.row_bytes) == (output.rows, output.row_bytes)
            if not fits or operand not in lives or operand in protected or output in remembered | replaced:
                continue
            if isinstance(op, Nested) and _is_seen_twice(operand, op, where):
                continue
            if lives[operand].dies == lives[output].born and _merged(group_of, operand, output):
                replaced.add(output)
    return list({id(group): group for group in group_of.values()}.values())


def _is_seen_twice(operand: Tensor, op: Op, where: Places) -> bool:
    """Some bytes of it are read under another name as well, for which they must stay."""
    read = [piece for t in op.activations for piece, _ in where.written(t, all_rows(t))]
    return read.count(operand) > 1


def _merged(group_of: dict[Tensor, _Group], operand: Tensor, output: Tensor) -> bool:
    """Whether the tensors could be put into one place: what shares bytes with one of them must lie just there, too."""
    into, other = group_of[operand], group_of[output]
    if into is other:
        return False
    shift = into[operand] - other[output]
    if any(place != other[output] for place in other.values()):
        if any(place != into[operand] for place in into.values()):
            return False
        into, other, shift = other, into, -shift
    into.update((tensor, place + shift) for tensor, place in other.items())
    group_of.update((tensor, into) for tensor in other)
    return True


def _storage(
    ports: Set[Tensor],
    group: _Group,
    lives: Mapping[Tensor, Life],
    where: Places,
    inside: Mapping[Tensor, Sequence[Tensor]],
) -> Storage:
    """Rows of members in the same place follow each other, so such a row lives from its first birth to its last death.

    A ring shorter than the tensors must give every one of them the same rows.
    """
    seats = dict(group)
    for piece, at in group.items():
        place = where.of[piece]
        seats.update((tensor, at - place.at + where.of[tensor].at) for tensor in inside.get(place.home, ()))
    first, one_place = next(iter(seats)), len(set(seats.values())) == 1
    alike = one_place and len({(tensor.rows, tensor.row_bytes) for tensor in seats}) == 1
    is_port = not ports.isdisjoint(seats)
    if alike:
        life = _united([lives[tensor] for tensor in group])
        height = _height(life)
        if height < _rows(first) and not is_port:
            return Storage(tuple(seats.items()), height, tuple(_ring_blocks(life, first.row_bytes, height)))
    lowest = min(seats.values())
    by_place: dict[tuple[int, int], list[Tensor]] = {}
    for tensor, at in group.items():
        by_place.setdefault((at - lowest, tensor.row_bytes), []).append(tensor)
    blocks = [
        block
        for (at, row_bytes), tensors in by_place.items()
        for block in _row_blocks(_united([lives[tensor] for tensor in tensors]), row_bytes, at)
    ]
    return Storage(tuple((tensor, at - lowest) for tensor, at in seats.items()), 0, tuple(blocks))


def _united(lives: Sequence[Life]) -> Life:
    if len(lives) == 1:
        return lives[0]
    born, dies = ([life.born for life in lives], [life.dies for life in lives])
    return Life(list(map(min, *born)), list(map(max, *dies)))


def _height(life: Life) -> int:
    """The least ring in which no row is overwritten before it dies: row r + height must be born after row r dies."""
    born = life.born
    if born[-1] <= life.dies[0]:
        return len(born)
    height = newest = 1
    for row, dies in enumerate(life.dies):
        newest = max(newest, row + 1)
        while newest < len(born) and born[newest] <= dies:
            newest += 1
        height = max(height, newest - row)
    return height


def _row_blocks(life: Life, row_bytes: int, at: int) -> list[Block]:
    """One block for each run of rows that are born and die together; at: where the first row lies."""
    blocks, start = [], 0
    for (born, dies), run in groupby(zip(life.born, life.dies, strict=True)):
        rows = len(list(run))
        blocks.append(Block(born, dies + 1, rows * row_bytes, at + start * row_bytes))
        start += rows
    return blocks


def _ring_blocks(life: Life, row_bytes: int, height: int) -> list[Block]:
    """Each slot from a row's birth to its death, joined where the next row follows at once.

    Between rows the bytes of a slot are free for others.
    """
    uses: dict[int, list[tuple[int, int]]] = {}
    for row, (born, dies) in enumerate(zip(life.born, life.dies, strict=True)):
        lives = uses.setdefault(row % height, [])
        if lives and lives[-1][1] >= born:
            lives[-1] = (lives[-1][0], dies + 1)
        else:
            lives.append((born, dies + 1))
    wider: dict[tuple[int, int], list[int]] = {}
    for slot in range(height):
        for use in uses.get(slot, ()):
            wider.setdefault(use, []).append(slot)
    blocks = []
    for (born, end), slots in wider.items():
        for first, count in _runs_of(slots):
            blocks.append(Block(born, end, count * row_bytes, first * row_bytes))
    return blocks


def _runs_of(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """(first, how many) of each run in ascending numbers."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs


def scratch_uses(steps: Sequence[Step], target: Target, forms: Forms) -> dict[Op, Group]:
    """When each op's scratch is in use: while the op runs, and an accumulator's from its first step to its last."""
    sizes = {op: forms.scratch_bytes(op, target) for op in dict.fromkeys(step.op for step in steps)}
    runs: dict[Op, list[tuple[int, int]]] = {op: [] for op, size in sizes.items() if size}
    for moment, step in enumerate(steps):
        used = runs.get(step.op)
        if used is None:
            continue
        if used and (step.op.accumulates or used[-1][1] == moment):
            used[-1] = (used[-1][0], moment + 1)
        else:
            used.append((moment, moment + 1))
    return {op: tuple(Block(*use, sizes[op]) for use in used) for op, used in runs.items()}
