"""About how many cycles a schedule takes on a Cortex-M4; only good enough to choose the faster of two schedules.

The constants were fitted to cycles that the benchmark (scripts/bench.py) counted for two models with all ops whole, and
with all convolutions, or all depthwise ones, in steps of 1, 2 and 3 rows: keyword spotting (25 rows of 5 pixels, 64
channels) and image classification (rows of 32, 16 and 8 pixels).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeGuard

from tinygen.ir.graph import Graph
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Target
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.op import Op
from tinygen.ops.window import Window
from tinygen.schedule.rows import Choices

PER_MAC = 1.1
"""Weights are read again for every pair of pixels, whatever a step is, so this includes them."""
PER_OUTPUT = 16
PER_STEP = 300
"""The loop over steps, the call, and what a kernel prepares: 364 in keyword spotting, 240 in image classification."""
PER_ODD_MAC = 0.5
"""More for a pixel of a convolution that has no partner in its step, since weights serve two: 1,900 for 3,800."""
PER_DEPTHWISE_CHANNEL = 50
"""A 3x3 depthwise step brings weights and rescalings of its channels in order: 4,790 for 64, with the next."""
PER_DEPTHWISE_INPUT = 1.5
"""And reads again the rows that the step before has read: two rows of 7 columns."""
PER_STRIP_CHANNEL = 45
"""Beginning a row of a channel, and once more for each strip into which it is cut."""
PER_BLOCK, PER_BLOCK_CHANNEL = 1900, 112
"""Of Winograd's convolution: four filters for two tiles, and each input channel of that."""
PER_TILE_PAIR, PER_TILE_PAIR_CHANNEL = 400, 200
"""Bringing two tiles into its form, and each channel of that."""
PER_FLASH_READ = 0.5
"""What flash makes a read wait, here: none where it is fast, up to 2 where it is slow."""
PER_COPIED_WORD = 2.8 + PER_FLASH_READ


def effort(graph: Graph, target: Target, choices: Choices, idle: frozenset[Op] = frozenset()) -> int:
    """idle: ops that have no steps."""
    rows_per_step = choices.rows_per_step
    return sum(
        _effort(
            op,
            choices.forms.target(op, target),
            rows_per_step.get(op, op.step_rows) if op.is_divisible else op.step_rows,
            op in choices.forms.staged,
        )
        for op in graph.ops
        if op not in idle
    )


@lru_cache(maxsize=1 << 14)
def _effort(op: Op, target: Target, rows: int, is_staged: bool) -> int:
    cycles = float(sum(tensor.elements for tensor in op.outputs) * PER_OUTPUT)
    if not _is_winograd(op, target):
        cycles += op.macs * PER_MAC
    steps, rest = divmod(op.step_rows, rows)
    sizes = {rows: steps, rest: 1 if rest else 0}
    return int(cycles + sum(count * _step(op, target, size, is_staged) for size, count in sizes.items() if count))


def _step(op: Op, target: Target, rows: int, is_staged: bool) -> float:
    """What a step takes besides its arithmetic."""
    cycles = PER_STEP + op.flash_reads(target, rows, is_staged) * (PER_COPIED_WORD if is_staged else PER_FLASH_READ)
    if target.kernels[0] != "dsp":
        return cycles
    if _is_winograd(op, target):
        return cycles + _tile_pairs(rows, op.window.output_w) * _tile_pair(op)
    if isinstance(op, Conv2D) and rows * op.window.output_w % 2 and op.blocks(target) is not None:
        cycles += PER_ODD_MAC * op.depth * op.output.shape[3]
    if isinstance(op, DepthwiseConv2D) and (op.window.kernel_h, op.window.kernel_w) == (3, 3):
        channels = op.output.shape[3]
        cycles += PER_DEPTHWISE_CHANNEL * channels + PER_DEPTHWISE_INPUT * channels * _read_again(op.window)
        cycles += PER_STRIP_CHANNEL * channels * rows * op.strips(target)
    return cycles


def _is_winograd(op: Op, target: Target) -> TypeGuard[Conv2D]:
    return isinstance(op, Conv2D) and op.winograd(target) is not None


def _tile_pairs(rows: int, columns: int) -> int:
    """Of 2 x 2 outputs."""
    return -(-rows // 2) * -(-columns // 4)


def _tile_pair(op: Conv2D) -> float:
    channels = op.input.shape[3]
    blocks = op.output.shape[3] // 4
    return blocks * (PER_BLOCK + PER_BLOCK_CHANNEL * channels) + PER_TILE_PAIR + PER_TILE_PAIR_CHANNEL * channels


def _read_again(window: Window) -> int:
    """Pixels of the input that two neighbouring rows of the output both need."""
    middle = window.output_h // 2
    one, two = (window.needs(Rows(middle, middle + 1 + more)).count for more in (0, 1))
    return max(2 * one - two, 0) * (window.input_w + window.kernel_w - 1)
