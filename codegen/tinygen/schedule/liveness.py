"""Steps -> storage: which tensors share bytes, how many rows of each must exist, and when each byte is in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Step
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op
from tinygen.schedule.offsets import Block
from tinygen.schedule.rows import given, homes, rows_of_home, rows_read


@dataclass(frozen=True)
class Storage:
    """Bytes for the rows of one tensor, or of several that share them."""

    tensors: tuple[Tensor, ...]
    height: int
    """Rows of the first of them that exist at a time."""
    blocks: tuple[Block, ...]
    """When its bytes are in use."""

    @property
    def is_whole(self) -> bool:
        return self.height >= self.tensors[0].rows


@dataclass
class _Life:
    """When each row of a tensor is written and read last, in steps."""

    born: list[int]
    dies: list[int]


def storages(graph: Graph, steps: Sequence[Step]) -> list[Storage]:
    """The storage of every tensor that lives in the arena."""
    home_of = homes(graph)
    lives = _lives(graph, steps, home_of)
    groups = _sharing(graph, steps, lives, home_of)
    aliases: dict[Tensor, list[Tensor]] = {}
    for tensor, home in home_of.items():
        if tensor is not home:
            aliases.setdefault(home, []).append(tensor)
    return [_storage(graph, group, lives, [a for tensor in group for a in aliases.get(tensor, ())]) for group in groups]


def _lives(graph: Graph, steps: Sequence[Step], home_of: Mapping[Tensor, Tensor]) -> dict[Tensor, _Life]:
    end = max(len(steps) - 1, 0)
    lives = {tensor: _Life([0] * _rows(tensor), [0] * _rows(tensor)) for tensor in given(graph)}
    for moment, step in enumerate(steps):
        for tensor in step.op.activations:
            home = home_of[tensor]
            rows = rows_of_home(tensor, rows_read(step.op, step.rows, tensor), home)
            lives[home].dies[rows.first : rows.end] = [moment] * rows.count
        for tensor in step.op.outputs:
            life = lives.setdefault(tensor, _Life([], []))
            count = step.rows.count
            if not step.op.writes_rows:
                # outputs may differ in rows; an op that accumulates touches its output only in its last step
                count = _rows(tensor) if step.rows.end == step.op.step_rows else 0
            life.born += [moment] * count
            life.dies += [moment] * count
    for tensor in graph.outputs:
        if not tensor.is_constant:
            home = home_of[tensor]
            lives[home].dies = [end] * _rows(home)
    for state in graph.states:
        lives[state.tensor].dies = [end] * _rows(state.tensor)
    return lives


def _rows(tensor: Tensor) -> int:
    return max(tensor.rows, 1)


def _sharing(
    graph: Graph, steps: Sequence[Step], lives: Mapping[Tensor, _Life], home_of: Mapping[Tensor, Tensor]
) -> list[list[Tensor]]:
    """Tensors by the bytes that they share: an op's output may lie where its operand's rows die as it reads them."""
    last_step = {step.op: moment for moment, step in enumerate(steps)}
    group_of: dict[Tensor, list[Tensor]] = {tensor: [tensor] for tensor in lives}
    protected = {home_of[tensor] for tensor in graph.outputs if not tensor.is_constant}
    for state in graph.states:
        group_of[state.tensor].append(state.next)
        group_of[state.next] = group_of[state.tensor]
        protected |= {state.tensor, state.next}
    for op in last_step:
        for operand in op.in_place:
            output = op.outputs[0]
            fits = (operand.rows, operand.row_bytes) == (output.rows, output.row_bytes)
            if not fits or operand not in lives or operand in protected or len(group_of[output]) > 1:
                continue
            if all(dies == born for dies, born in zip(lives[operand].dies, lives[output].born, strict=True)):
                group = group_of[operand]
                group.append(output)
                group_of[output] = group
                break
    seen: set[int] = set()
    groups = []
    for group in group_of.values():
        if id(group) not in seen:
            seen.add(id(group))
            groups.append(group)
    return groups


def _storage(graph: Graph, group: list[Tensor], lives: Mapping[Tensor, _Life], aliases: list[Tensor]) -> Storage:
    """Members of a group follow each other row by row, so a row lives from its first birth to its last death.

    Aliases count other rows over the same bytes, which a ring shorter than the tensor could not give them.
    """
    first = group[0]
    rows = _rows(first)
    born = [min(lives[t].born[r] for t in group) for r in range(rows)]
    dies = [max(lives[t].dies[r] for t in group) for r in range(rows)]
    is_port = any(tensor in graph.inputs or tensor in graph.outputs for tensor in group)
    height = rows if is_port or aliases else _height(born, dies)
    if height == rows:
        blocks = _row_blocks(born, dies, first.row_bytes)
    else:
        blocks = [Block(min(born), max(dies) + 1, height * first.row_bytes)]
    return Storage((*group, *aliases), height, tuple(blocks))


def _height(born: Sequence[int], dies: Sequence[int]) -> int:
    """The least ring in which no row is overwritten before it dies: row r + height must be born after row r dies."""
    height = newest = 1
    for row in range(len(born)):
        newest = max(newest, row + 1)
        while newest < len(born) and born[newest] <= dies[row]:
            newest += 1
        height = max(height, newest - row)
    return height


def _row_blocks(born: Sequence[int], dies: Sequence[int], row_bytes: int) -> list[Block]:
    """One block for each run of rows that are born and die together."""
    blocks: list[Block] = []
    start = 0
    for row in range(1, len(born) + 1):
        if row == len(born) or (born[row], dies[row]) != (born[start], dies[start]):
            blocks.append(Block(born[start], dies[start] + 1, (row - start) * row_bytes, start * row_bytes))
            start = row
    return blocks


def scratch_lives(steps: Sequence[Step]) -> dict[Op, tuple[int, int]]:
    """[first, end) of every op's steps."""
    lives: dict[Op, tuple[int, int]] = {}
    for moment, step in enumerate(steps):
        first, _ = lives.get(step.op, (moment, moment))
        lives[step.op] = (first, moment + 1)
    return lives
