"""FULLY_CONNECTED: every row of the input times a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tinygen.ir.program import Field, KernelCall, Placement
from tinygen.ir.schedule import Ring
from tinygen.ir.target import Optimize, Rounding, Target
from tinygen.ops.filter_blocks import BLOCK, FilterBlocks, filter_blocks, padded_rows, word_multiple
from tinygen.ops.filter_quads import WeightLanes, weight_lanes
from tinygen.ops.fully_connected_blockwise import FullyConnectedBlockwise
from tinygen.ops.fully_connected_f32 import FullyConnectedF32
from tinygen.ops.fully_connected_hybrid import FullyConnectedHybrid
from tinygen.ops.fully_connected_s16 import FullyConnectedS16
from tinygen.ops.fully_connected_u8 import FullyConnectedU8
from tinygen.ops.linear import LinearS8
from tinygen.ops.plain_fully_connected import PLAIN_RULES, PlainFullyConnected
from tinygen.ops.window import Window

MOST_PIXEL_CHANNELS = 512
"""Inputs above which a row expanded to int16 would take too much scratch."""
LARGEST_ACCUMULATOR = 64
"""Outputs above which int32 sums would take more RAM than the map's rows are worth."""


@dataclass(frozen=True, eq=False)
class FullyConnected(PlainFullyConnected):
    """With constant weights, for which faster kernels have forms of their own."""

    as_pixels: bool = False
    """Computed as so many pixels by the kernel of a pointwise CONV_2D."""

    FORMS = (
        FullyConnectedBlockwise,
        FullyConnectedU8,
        PlainFullyConnected,
        FullyConnectedS16,
        FullyConnectedF32,
        FullyConnectedHybrid,
    )
    RULES = (*LinearS8.TYPES, *PLAIN_RULES)

    @property
    def accumulates(self) -> bool:
        """A map is flattened: its rows can be taken as they come, at the cost of one sum per output."""
        return self.batches == 1 and self.input.rows > 1 and self.filters <= LARGEST_ACCUMULATOR

    def scratch_bytes(self, target: Target) -> int:
        if self.as_pixels:
            return 4 * word_multiple(self.depth)
        if self.accumulates:
            return 4 * word_multiple(self.filters)
        return 0

    def blocks(self, target: Target) -> FilterBlocks | None:
        """The weights as the DSP kernels read them, if they can compute this op."""
        if target.kernels[0] != "dsp" or self.weights.zero_point != 0:
            return None
        if self.accumulates and self.input.row_elements % 4:
            return None
        packed = padded_rows(self.weights.value, word_multiple(self.depth))
        requantization = self.requantization(target.rounding)
        zero_point = self.output.zero_point
        alike = BLOCK if self.as_pixels else 1
        return filter_blocks(packed, self.bias_folded, requantization, zero_point, self.clamp, target.rounding, alike)

    def can_be_pixels(self, target: Target) -> bool:
        """CONV_2D's kernel expands a row at a time, in its scratch."""
        is_small = self.depth <= MOST_PIXEL_CHANNELS and self.batches == self.output.rows
        return is_small and not self.accumulates and self.blocks(target) is not None

    def _pixels_call(self, blocks: FilterBlocks) -> KernelCall:
        rows, channels = self.batches, self.depth
        window = Window(rows, 1, rows, 1, 1, 1, 1, 1, 1, 1, pad_top=0, pad_left=0)
        return KernelCall(
            "tg_conv_2d_blocks_s8",
            {
                "filters": blocks.fields(),
                "input": Ring(0, rows, channels),
                "output": Ring(0, rows, self.filters),
                "window": window.fields(),
                "input_c": channels,
                "input_zero_point": self.input.zero_point,
                "is_staged": 0,
            },
            (self.input,),
            self.output,
            scratch=True,
        )

    def lanes(self, target: Target) -> WeightLanes | None:
        """The weights as the kernel for cores without DSP instructions reads them, if it can compute this op."""
        if target.kernels[0] != "swar" or target.optimize is Optimize.SIZE or self.accumulates:
            return None
        if self.weights.zero_point != 0:
            return None
        if target.rounding not in self._lanes:
            self._lanes[target.rounding] = weight_lanes(
                self.weights.value,
                self.bias_folded,
                self.requantization(target.rounding),
                self.output.zero_point,
                self.clamp,
            )
        return self._lanes[target.rounding]

    @cached_property
    def _lanes(self) -> dict[Rounding, WeightLanes | None]:
        """Packed once: scratch sizes are asked for again and again."""
        return {}

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        lanes = self.lanes(place.target)
        if lanes is not None:
            sizes: dict[str, Field] = {"batches": self.batches, "depth": self.depth, "outputs": self.filters}
            name = "tg_fully_connected_lanes_s8"
            return (KernelCall(name, {**vars(lanes), **sizes}, (self.input,), self.output, whole=True),)
        blocks = self.blocks(place.target)
        if blocks is not None and self.as_pixels:
            return (self._pixels_call(blocks),)
        if blocks is not None:
            kernel = "blocks_s8"
            weights: dict[str, Field] = {"filters": blocks.fields()}
            whole: dict[str, Field] = {**weights, "batches": self.batches, "depth": self.depth}
        else:
            kernel, weights = "s8", {"dense": self.dense_fields(place.target)}
            whole = self.dense_fields(place.target)
        if not self.accumulates:
            return (KernelCall(f"tg_fully_connected_{kernel}", whole, (self.input,), self.output, whole=True),)
        fields: dict[str, Field] = {
            **weights,
            "input": place.ring(self.input),
            "rows": self.input.rows,
            "row_elements": self.input.row_elements,
        }
        return (KernelCall(f"tg_fully_connected_rows_{kernel}", fields, (self.input,), self.output, scratch=True),)
