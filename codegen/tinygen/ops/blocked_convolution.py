"""Convolutions whose filters the DSP kernels take in blocks of four, where that is exact."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property

from tinygen.ir.target import Rounding, Target
from tinygen.ops.convolution import Convolution
from tinygen.ops.filter_blocks import FilterBlocks


@dataclass(frozen=True, eq=False)
class BlockedConvolution(Convolution):
    """Its blocks are asked for again and again, as scratch sizes are, and packed once."""

    def blocks(self, target: Target) -> FilterBlocks | None:
        """The filters as the DSP kernel reads them, if it can compute this op."""
        if target.kernels[0] != "dsp" or self.groups > 1 or self.window.dilation_w > 1:
            return None
        if target.rounding not in self._blocks:
            self._blocks[target.rounding] = self.in_blocks(target.rounding)
        return self._blocks[target.rounding]

    @abstractmethod
    def in_blocks(self, rounding: Rounding) -> FilterBlocks | None:
        """The filters packed; None where the kernel can't compute with them."""

    @cached_property
    def _blocks(self) -> dict[Rounding, FilterBlocks | None]:
        return {}
