"""About how many cycles a schedule takes on a Cortex-M4; only good enough to choose the faster of two schedules.

The constants were fitted to cycles that were counted for models with all ops whole, and with convolutions, or depthwise
ones, in steps of 1, 2 and 3 rows: keyword spotting (25 rows of 5 pixels, 64 channels), image classification (rows of
32, 16 and 8 pixels), and for depthwise ones also person detection and visual wake words (48 to 3 pixels, both strides).
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
PER_STRIP_CHANNEL, PER_TURN_CHANNEL = 41, 97
"""Of a 3x3 depthwise step: a channel of each strip into which rows are cut, and two rows of it, or one."""
PER_DEPTHWISE_INPUT = 0.9
"""For an input that the step before has read, too."""
PER_DEPTHWISE_OUTPUT, PER_LONELY_OUTPUT = 22, 28
"""With stride 1: one of two below each other, and one that has none beside it."""
PER_STRIDED_OUTPUT = 35
"""With stride 2, where both are computed in any case."""
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
    cycles = 0.0
    if not _is_3x3_depthwise(op, target):
        cycles = sum(tensor.elements for tensor in op.outputs) * PER_OUTPUT
        cycles += 0 if _is_winograd(op, target) else op.macs * PER_MAC
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
    if _is_3x3_depthwise(op, target):
        cycles += op.output.shape[3] * _depthwise_channel(op.window, rows, op.strips(target))
    return cycles


def _is_3x3_depthwise(op: Op, target: Target) -> TypeGuard[DepthwiseConv2D]:
    return target.kernels[0] == "dsp" and isinstance(op, DepthwiseConv2D) and op.strips(target) > 0


def _depthwise_channel(window: Window, rows: int, strips: int) -> float:
    """The kernel computes two rows at a time."""
    turns, columns = -(-rows // 2), window.output_w
    cycles = strips * (PER_STRIP_CHANNEL + PER_TURN_CHANNEL * turns) + PER_DEPTHWISE_INPUT * _read_again(window)
    if window.stride_h == 2:
        return cycles + PER_STRIDED_OUTPUT * 2 * turns * columns
    return cycles + columns * (PER_DEPTHWISE_OUTPUT * (rows - rows % 2) + PER_LONELY_OUTPUT * (rows % 2))


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
