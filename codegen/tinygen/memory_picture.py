"""A MemoryMap -> SVG or HTML: address up, steps across, the peak marked with who is live at it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tinygen.emit.render import render
from tinygen.memory_map import MemoryMap, Region, Span, op_label

LEFT, PLOT, GAP, SIDE = 160, 860, 24, 316
"""Widths, in pixels: labels, the charts, the space after them, the list of the peak's users."""
USE_TOP, USE_HEIGHT = 60, 64
ARENA_TOP, ARENA_HEIGHT = 150, 430
LANES_TOP = ARENA_TOP + ARENA_HEIGHT + 34
LANE_HEIGHT = 14
LABELLED_LANES = 44
"""More ops than this get thinner lanes, without labels."""
LISTED_USERS = 14
LETTER_WIDTH = 6.1
"""Of the labels' font, on average."""
COLORS = ("#4e79a7", "#b07aa1", "#76b7b2", "#e15759", "#9c755f", "#86bcb6", "#d37295", "#6b8fc9", "#a0784f", "#8c6bb1")
"""Of tensors, by the number of their op."""
KIND_COLORS = {"input": "#7d8799", "output": "#3d9a5b", "state": "#6a51a3", "scratch": "#e0a030"}


@dataclass(frozen=True)
class Block:
    """A region as the template draws it."""

    color: str
    title: str
    path: str
    """Where and when its rows are in use."""
    label: str
    label_x: str
    label_y: str


def svg(memory: MemoryMap) -> str:
    """The picture as a file of its own."""
    return render("memory_map.svg.j2", **_context(memory))


def html_page(memory: MemoryMap) -> str:
    """The picture and a table of all regions, in one file that loads nothing."""
    return render(
        "memory_map.html.j2", title=_text(memory.title), picture=svg(memory), regions=list(_table(memory)),
        columns=("tensor", "written by", "shape", "bytes", "rows", "rows in RAM", "address", "steps"),
    )  # fmt: skip


class _Scale:
    """Steps and addresses -> pixels."""

    def __init__(self, memory: MemoryMap) -> None:
        self.step = PLOT / max(len(memory.steps), 1)
        self.byte = ARENA_HEIGHT / max(memory.arena_bytes, 1)

    def x(self, step: int) -> float:
        return LEFT + step * self.step

    def y(self, address: int) -> float:
        return ARENA_TOP + ARENA_HEIGHT - address * self.byte

    def path(self, spans: Iterable[Span]) -> str:
        return "".join(map(self._rectangle, spans))

    def _rectangle(self, span: Span) -> str:
        left, top = _number(self.x(span.first)), _number(self.y(span.offset + span.bytes))
        width, height = _number((span.end - span.first) * self.step), _number(span.bytes * self.byte)
        return f"M{left} {top}h{width}v{height}H{left}z"


def _context(memory: MemoryMap) -> Mapping[str, object]:
    scale = _Scale(memory)
    lane = min(LANE_HEIGHT, LANE_HEIGHT * LABELLED_LANES / max(len(memory.ops), 1))
    lanes_end = LANES_TOP + lane * len(memory.ops)
    peak_x = scale.x(memory.peak_step)
    users = memory.users(memory.peak_step)
    return {
        "width": LEFT + PLOT + GAP + SIDE,
        "height": _number(max(lanes_end + 56, LANES_TOP + 40)),
        "left": LEFT,
        "right": LEFT + PLOT,
        "plot": PLOT,
        "title": _text(memory.title),
        "summary": f"arena {memory.arena_bytes:,} bytes, {len(memory.steps):,} steps of {len(memory.ops)} ops",
        "use_top": USE_TOP,
        "use_end": USE_TOP + USE_HEIGHT,
        "use_path": _use_path(memory, scale),
        "arena_top": ARENA_TOP,
        "arena_end": ARENA_TOP + ARENA_HEIGHT,
        "arena_height": ARENA_HEIGHT,
        "addresses": [(_number(scale.y(a)), f"{a:,}") for a in ticks(memory.arena_bytes, 8)],
        "steps": [(_number(scale.x(s)), f"{s:,}") for s in ticks(max(len(memory.steps), 1), 12)],
        "blocks": [_block(region, scale) for region in memory.regions],
        "lanes_top": LANES_TOP,
        "lanes_end": _number(lanes_end),
        "lanes": list(_lanes(memory, scale, lane)),
        "peak_left": _number(peak_x),
        "peak_width": _number(max(scale.step, 1.5)),
        "peak_label": f"peak: {memory.peak_bytes:,} bytes at step {memory.peak_step:,}",
        "peak_anchor": "start" if peak_x < LEFT + PLOT / 2 else "end",
        "peak_label_x": _number(peak_x + (6 if peak_x < LEFT + PLOT / 2 else -6)),
        "side": LEFT + PLOT + GAP,
        "side_end": LEFT + PLOT + GAP + SIDE - 12,
        "users": [_user(i, region, size) for i, (region, size) in enumerate(users[:LISTED_USERS])],
        "more": f"and {len(users) - LISTED_USERS} more" if len(users) > LISTED_USERS else "",
        "more_y": ARENA_TOP + 34 + 30 * LISTED_USERS,
        "legend": [(ARENA_TOP - 100 + 16 * i, color, kind) for i, (kind, color) in enumerate(KIND_COLORS.items())],
    }


def _use_path(memory: MemoryMap, scale: _Scale) -> str:
    """The area under the bytes in use, closed along the bottom."""
    bottom = USE_TOP + USE_HEIGHT
    parts = [f"M{LEFT} {bottom}"]
    for step, used in enumerate(memory.used_bytes):
        height = USE_HEIGHT * used / max(memory.arena_bytes, 1)
        parts.append(f"V{_number(bottom - height)}H{_number(scale.x(step + 1))}")
    return "".join([*parts, f"V{bottom}z"])


def _block(region: Region, scale: _Scale) -> Block:
    place = _label_place(region)
    width, height = (place.end - place.first) * scale.step, place.bytes * scale.byte
    room = int((width - 8) / LETTER_WIDTH)
    label = region.label if len(region.label) <= room else region.label[: max(room - 1, 0)] + "…"
    shown = height >= 12 and room >= 4
    return Block(
        color=_color(region),
        title=_text(_description(region)),
        path=scale.path(region.spans),
        label=_text(label) if shown else "",
        label_x=_number(scale.x(place.first) + width / 2),
        label_y=_number(scale.y(place.offset + place.bytes) + height / 2 + 4),
    )


def _label_place(region: Region) -> Span:
    """Where the name has most room: over all rows while all of them live, or in the largest part."""
    first = max((span.first for span in region.spans), default=0)
    end = min((span.end for span in region.spans), default=0)
    if end > first:
        return Span(first, end, region.offset, region.bytes)
    empty = Span(0, 0, region.offset, 0)
    return max(region.spans, key=lambda span: (span.end - span.first) * span.bytes, default=empty)


def _description(region: Region) -> str:
    """What hovering shows, line by line."""
    shape = "x".join(map(str, region.shape)) or "scalar"
    lines = [region.name, f"by {region.op}"]
    if region.kind != "scratch":
        lines.append(f"{region.kind} {shape}, {region.rows:,} rows of {region.row_bytes:,} bytes")
        if region.height < region.rows:
            lines.append(f"a ring of {region.height:,} rows")
    lines.append(f"{region.bytes:,} bytes from {region.offset:,} to {region.offset + region.bytes:,}")
    lines.append(f"steps {region.first:,} to {region.end - 1:,}")
    if region.aliases:
        lines.append(f"the same bytes as {', '.join(region.aliases)}")
    return "\n".join(lines)


def _lanes(memory: MemoryMap, scale: _Scale, height: float) -> Iterator[Mapping[str, str]]:
    """One line per op: the steps that it runs in."""
    runs: list[list[tuple[int, int]]] = [[] for _ in memory.ops]
    for step, (runner, _, _) in enumerate(memory.steps):
        if runs[runner] and runs[runner][-1][1] == step:
            runs[runner][-1] = (runs[runner][-1][0], step + 1)
        else:
            runs[runner].append((step, step + 1))
    for number, op in enumerate(memory.ops):
        top = LANES_TOP + number * height
        yield {
            "title": _text(op),
            "label": _text(op_label(op)[:26]) if len(memory.ops) <= LABELLED_LANES else "",
            "label_y": _number(top + height - 3.5),
            "color": COLORS[number % len(COLORS)],
            "path": "".join(
                f"M{_number(scale.x(first))} {_number(top + 1)}h{_number(max((end - first) * scale.step, 1))}"
                f"v{_number(height - 2)}H{_number(scale.x(first))}z"
                for first, end in runs[number]
            ),
        }


def _user(number: int, region: Region, size: int) -> Mapping[str, object]:
    letters = int((SIDE - 40) / LETTER_WIDTH)
    name = region.name if len(region.name) <= letters else "…" + region.name[-(letters - 1) :]
    rows = f", {region.height:,} of {region.rows:,} rows" if region.height < region.rows else ""
    return {
        "y": ARENA_TOP + 34 + 30 * number,
        "color": _color(region),
        "name": _text(name),
        "facts": _text(f"{region.label}: {size:,} bytes{rows}"),
        "title": _text(_description(region)),
    }


def _table(memory: MemoryMap) -> Iterator[tuple[str, Sequence[str]]]:
    """(color, cells) of every region."""
    for region in memory.regions:
        cells = (
            region.name,
            region.op,
            "x".join(map(str, region.shape)) or "scalar",
            f"{region.bytes:,}",
            f"{region.rows:,}",
            f"{region.height:,}",
            f"{region.offset:,}",
            f"{region.first:,} to {region.end - 1:,}",
        )
        yield _color(region), [_text(cell) for cell in cells]


def _color(region: Region) -> str:
    return KIND_COLORS.get(region.kind, COLORS[region.op_number % len(COLORS)])


def ticks(end: int, most: int) -> list[int]:
    """Round numbers from 0 on, and `end` itself; about `most` at most."""
    unit = next(unit for power in range(20) for unit in (10**power, 2 * 10**power, 5 * 10**power) if end <= unit * most)
    found = list(range(0, end, unit))
    if len(found) > 1 and end - found[-1] < unit / 2:
        found.pop()
    return [*found, end]


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    """For XML: markup escaped, unprintable characters replaced."""
    return html.escape("".join(c if c.isprintable() or c == "\n" else "?" for c in text))
