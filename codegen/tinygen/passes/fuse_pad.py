"""PAD before a convolution becomes the padding of the convolution's window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.op import Op
from tinygen.ops.pad import Pad
from tinygen.ops.window import LARGEST_DIMENSION, Window
from tinygen.passes.readers import readers_of, wanted_from


def fuse_pad(graph: Graph, rounding: Rounding) -> Graph:
    """Exact because PAD fills with the zero point, which is what a convolution takes the outside of its image for.

    Pools count only what is inside, so they keep their PAD.
    """
    readers, wanted = readers_of(graph), set(wanted_from(graph))
    fused: dict[Tensor, Pad] = {
        op.output: op
        for op in graph.ops
        if isinstance(op, Pad) and op.output not in wanted and _is_fusable(op, readers.get(op.output, ()))
    }
    if not fused:
        return graph
    ops = (_widened(op, fused) for op in graph.ops if op.outputs[0] not in fused)
    return replace(graph, ops=tuple(ops))


def _is_fusable(pad: Pad, readers: Sequence[Op]) -> bool:
    around = pad.paddings.value.astype(np.int64).reshape(-1, 2)
    return (
        len(around) == 4
        and not around[[0, 3]].any()
        and bool((around >= 0).all())
        and pad.output.quantization is not None
        and pad.input.quantization == pad.output.quantization
        and pad.fill == pad.output.zero_point
        and not pad.input.is_constant
        and all(isinstance(op, Conv2D | DepthwiseConv2D) and _fits(_window(op.window, pad)) for op in readers)
    )


def _fits(window: Window) -> bool:
    # kernels take a 1x1 window without padding for one that never leaves the image
    return max(vars(window).values()) <= LARGEST_DIMENSION and (window.kernel_h, window.kernel_w) != (1, 1)


def _window(window: Window, pad: Pad) -> Window:
    """The same positions, counted from the image inside the padding."""
    around = pad.paddings.value.reshape(-1, 2)
    return replace(
        window,
        input_h=pad.input.shape[1],
        input_w=pad.input.shape[2],
        pad_top=window.pad_top + int(around[1, 0]),
        pad_left=window.pad_left + int(around[2, 0]),
    )


def _widened(op: Op, fused: Mapping[Tensor, Pad]) -> Op:
    if not isinstance(op, Conv2D | DepthwiseConv2D) or op.input not in fused:
        return op
    pad = fused[op.input]
    return replace(op, input=pad.input, window=_window(op.window, pad))
