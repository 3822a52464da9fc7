"""Reports as rich tables and text; what is decided elsewhere is only laid out here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from tinygen.boards import Board
    from tinygen.inspection import Inspection
    from tinygen.ops.op import Op
    from tinygen.project import Build

SHOWN_OPS = 1000
"""Of a larger model the table shows no more ops: its layout takes seconds, and nobody reads it."""


def shape_text(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape)) or "scalar"


def inspection_table(inspection: Inspection) -> Table:
    """One line per op, as far as somebody reads them; totals below."""
    table = Table(title=f"{inspection.name}: {inspection.file_bytes:,} bytes", show_footer=True, title_justify="left")
    table.add_column("#", justify="right")
    table.add_column("op", footer=f"{len(inspection.ops)} ops")
    table.add_column("input")
    table.add_column("output")
    table.add_column("quantization")
    table.add_column("MACs", justify="right", footer=f"{inspection.macs:,}")
    table.add_column("weights", justify="right", footer=f"{inspection.weight_bytes:,}")
    table.add_column("supported", overflow="fold")
    for op in inspection.ops[:SHOWN_OPS]:
        table.add_row(
            str(op.index),
            escape(op.kind),
            " ".join(shape_text(shape) for shape in op.input_shapes),
            shape_text(op.output_shape),
            escape(op.quantization),
            f"{op.macs:,}",
            f"{op.weight_bytes:,}",
            f"[red]no: {escape(op.reason)}[/red]" if op.reason else "yes",
        )
    if len(inspection.ops) > SHOWN_OPS:
        table.caption = f"{len(inspection.ops) - SHOWN_OPS:,} more ops are not shown: --json lists all of them"
    return table


def inspection_lines(inspection: Inspection) -> list[str]:
    """What follows the table: memory and boards, or why it can't be compiled."""
    if inspection.estimate is None:
        return [f"[red]Not supported:[/red] {escape(inspection.refusal)}"]
    needed = inspection.estimate
    fitting = [board.name for board, fits in inspection.boards if fits]
    others = [board.name for board, fits in inspection.boards if not fits]
    lines = [
        f"RAM {needed.ram_bytes:,} bytes; flash {needed.weights_bytes:,} bytes of constants "
        f"and about {needed.code_bytes:,} of code (for a Cortex-M4)",
        f"fits on: {', '.join(fitting) or 'no board'}",
    ]
    if others:
        lines.append(f"too large for: {', '.join(others)}")
    return lines


def build_table(build: Build) -> Table:
    """RAM and flash by who uses them, against what the board has."""
    memory, board = build.memory, build.board
    table = Table(title=f"{board.title}", title_justify="left")
    table.add_column("memory")
    for column in ("model", "weights", "firmware", "stack", "total", "of the board's"):
        table.add_column(column, justify="right")

    def share(used: int, size: int) -> str:
        return "" if board.is_host else f"{size:,} ({100 * used / size:.1f} %)"

    table.add_row(
        "RAM",
        f"{memory.arena_bytes:,}",
        "",
        f"{memory.firmware_ram_bytes:,}",
        f"{memory.stack_bytes:,}",
        f"{memory.ram_bytes:,}",
        share(memory.ram_bytes, board.ram_bytes),
    )
    table.add_row(
        "flash",
        f"{memory.code_bytes:,}",
        f"{memory.weights_bytes:,}",
        f"{memory.firmware_flash_bytes:,}",
        "",
        f"{memory.flash_bytes:,}",
        share(memory.flash_bytes, board.flash_bytes),
    )
    table.caption = stack_text(build)
    table.caption_justify = "left"
    return table


def stack_text(build: Build) -> str:
    """How much of the reserved stack can be used at worst, and how much of that is the model's."""
    stack = build.stack
    model = "unknown" if stack.model_bytes is None else f"{stack.model_bytes:,} bytes"
    whole = "unknown" if stack.worst_case_bytes is None else f"{stack.worst_case_bytes:,} bytes"
    if stack.worst_case_bytes is not None and stack.worst_case_bytes > build.memory.stack_bytes:
        whole = f"[red]{whole}, more than is reserved[/red]"
    reason = f" ({escape(stack.unknown)})" if stack.unknown else ""
    return f"stack at worst: the model {model}, the whole firmware {whole}{reason}"


def boards_table(boards: Sequence[Board]) -> Table:
    """One line per board."""
    table = Table(title="boards", title_justify="left")
    for column in ("name", "what", "core", "RAM", "flash", "run by", "flashed by"):
        table.add_column(column, justify="right" if column in ("RAM", "flash") else "left")
    runners = {"process": "this computer", "qemu": "QEMU", "serial": "serial port"}
    for board in boards:
        runner = runners[board.runner] + (" or --emulate" if board.emulator else "")
        sizes = ("", "") if board.is_host else (f"{board.ram_bytes // 1024} K", f"{board.flash_bytes // 1024} K")
        table.add_row(board.name, escape(board.title), board.target, *sizes, runner, board.flash_tool or "-")
    return table


def ops_table(ops: Sequence[type[Op]], resolved: Mapping[str, tuple[str, ...]]) -> Table:
    """One line per operator: its rules, form by form; resolved: what operators stand for, and their conditions."""
    table = Table(title="operators", title_justify="left", show_lines=True)
    table.add_column("operator")
    table.add_column("conditions")
    for op in ops:
        forms = ("; ".join(rule.sentence for rule in form.RULES) for form in (op, *op.FORMS))
        table.add_row(op.KIND, escape("\nor: ".join(forms)))
    for kind, sentences in resolved.items():
        table.add_row(kind, escape("; ".join(sentences)))
    return table
