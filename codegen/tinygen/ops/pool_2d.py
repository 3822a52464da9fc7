"""What AVERAGE_POOL_2D and MAX_POOL_2D share: a window without weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from tinygen.ir.dtype import DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.rule import ACTIVATION_IS_CLAMP, Rule, dtype_is, same_quantization
from tinygen.ops.unary import Unary
from tinygen.ops.window import WINDOW_FITS, Window
from tinygen.quant import activation_range


@dataclass(frozen=True, eq=False)
class Pool2D(Unary):
    """Every output element is made from a window of one channel; taps outside the image do not count.

    From [N, H, W, C] to [N, output_h, output_w, C], int8 on the same scale.
    """

    window: Window
    activation: str

    BY_ROWS = True
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT8),
        dtype_is("output", DType.INT8),
        same_quantization("input", "output"),
        ACTIVATION_IS_CLAMP,
        WINDOW_FITS,
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        input_, output = node.input(0), node.outputs[0]
        window = Window.of(node, input_, output, node.integer("filter_height"), node.integer("filter_width"))
        return cls(node.index, input_, output, window, node.text("fused_activation_function"))

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        return self.window.needs(rows)

    def call(self, kernel: str, place: Placement) -> KernelCall:
        """The call of a pooling kernel; all of them take tg_pool_2d_s8_params."""
        low, high = self.clamp
        return KernelCall(
            kernel,
            {
                "input": place.ring(self.input),
                "output": place.ring(self.output),
                "window": self.window.fields(),
                "channels": self.input.shape[3],
                "output_min": low,
                "output_max": high,
            },
            (self.input,),
            self.output,
        )
