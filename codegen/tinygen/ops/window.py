"""A sliding window over height and width: geometry, row needs, patches; shared by convolutions and pools."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygen.ir.dtype import Array
from tinygen.ir.program import Field
from tinygen.ir.schedule import Rows
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.rule import Rule

LARGEST_DIMENSION = 32767
"""Window geometry is held in int16_t."""


@dataclass(frozen=True)
class Window:
    """A window of kernel_h x kernel_w taps, `dilation` apart, moved by `stride` over [N, H, W, C]."""

    input_h: int
    input_w: int
    output_h: int
    output_w: int
    kernel_h: int
    kernel_w: int
    stride_h: int
    stride_w: int
    dilation_h: int
    dilation_w: int
    pad_top: int
    pad_left: int

    @staticmethod
    def of(node: Node, input_: Tensor, output: Tensor, kernel_h: int, kernel_w: int) -> Window:
        """From an operator's options; files from before dilation existed say 0 and mean 1."""
        stride_h, stride_w = node.integer("stride_h", 1), node.integer("stride_w", 1)
        dilation_h = node.integer("dilation_h_factor", 1) or 1
        dilation_w = node.integer("dilation_w_factor", 1) or 1
        _, input_h, input_w, _ = input_.shape
        _, output_h, output_w, _ = output.shape

        def before(size: int, out: int, kernel: int, stride: int, dilation: int) -> int:
            total = (out - 1) * stride + (kernel - 1) * dilation + 1 - size
            return max(total, 0) // 2 if node.text("padding") == "SAME" else 0

        return Window(
            input_h, input_w, output_h, output_w, kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w,
            pad_top=before(input_h, output_h, kernel_h, stride_h, dilation_h),
            pad_left=before(input_w, output_w, kernel_w, stride_w, dilation_w),
        )  # fmt: skip

    @property
    def stays_inside(self) -> bool:
        """No tap ever lies outside the image."""
        bottom = (self.output_h - 1) * self.stride_h + (self.kernel_h - 1) * self.dilation_h
        right = (self.output_w - 1) * self.stride_w + (self.kernel_w - 1) * self.dilation_w
        return self.pad_top == self.pad_left == 0 and bottom < self.input_h and right < self.input_w

    def needs(self, rows: Rows) -> Rows:
        """The input rows under output rows that may span images of a batch."""

        def input_row(row: int, tap: int) -> int:
            image, y = divmod(row, self.output_h)
            inside = y * self.stride_h - self.pad_top + tap * self.dilation_h
            return image * self.input_h + min(max(inside, 0), self.input_h - 1)

        return Rows(input_row(rows.first, 0), input_row(rows.end - 1, self.kernel_h - 1) + 1)

    def fields(self) -> Field:
        """The members of tg_window."""
        return dict(vars(self))

    def patches(self, values: Array, padding: int) -> Array:
        """[N, H, W, C] -> [N, output_h, output_w, kernel_h, kernel_w, C], with `padding` outside the image."""
        reach_h = (self.output_h - 1) * self.stride_h + (self.kernel_h - 1) * self.dilation_h + 1
        reach_w = (self.output_w - 1) * self.stride_w + (self.kernel_w - 1) * self.dilation_w + 1
        batch, _, _, channels = values.shape
        height = max(reach_h, self.pad_top + self.input_h)
        width = max(reach_w, self.pad_left + self.input_w)
        padded = np.full((batch, height, width, channels), padding, values.dtype)
        padded[:, self.pad_top : self.pad_top + self.input_h, self.pad_left : self.pad_left + self.input_w] = values
        rows = np.arange(self.output_h)[:, None] * self.stride_h + np.arange(self.kernel_h) * self.dilation_h
        columns = np.arange(self.output_w)[:, None] * self.stride_w + np.arange(self.kernel_w) * self.dilation_w
        taken: Array = padded[:, rows][:, :, :, columns]
        return taken.transpose(0, 1, 3, 2, 4, 5)


def _too_large(op: object) -> str:
    window: Window = op.window  # type: ignore[attr-defined]
    largest = max(vars(window).values())
    return f"one is {largest}" if largest > LARGEST_DIMENSION else ""


WINDOW_FITS = Rule(f"height, width, kernel, stride and dilation are at most {LARGEST_DIMENSION}", _too_large)
