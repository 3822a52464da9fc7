"""fuse_pad: padding that a convolution takes over, and padding that must stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kernels.bench import Benches
from ops.nodes import values_of
from passes.planted import Planter, assert_same, assert_sound, kinds_of
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.pad import Pad
from tinygen.passes.fuse_pad import fuse_pad

IMAGE = (2, 6, 5, 3)
AROUND = {
    "all_sides": [(0, 0), (1, 1), (1, 1), (0, 0)],
    "before": [(0, 0), (2, 0), (1, 0), (0, 0)],
    "after": [(0, 0), (0, 1), (0, 2), (0, 0)],
    "only_height": [(0, 0), (3, 2), (0, 0), (0, 0)],
    "more_than_the_kernel": [(0, 0), (5, 4), (6, 7), (0, 0)],
    "nothing": [(0, 0), (0, 0), (0, 0), (0, 0)],
}
KINDS = {"CONV_2D": 0, "DEPTHWISE_CONV_2D": 1, "DEPTHWISE_CONV_2D_2": 2}


def padded(name: str, kind: str = "CONV_2D", stride: int = 1, padding: str = "VALID", kernel: int = 3) -> Graph:
    make = Planter(dead=0.0)
    image = make.pad(make.input(IMAGE, -7), AROUND[name])
    return make.graph(make.conv(image, 4, kernel, stride, padding, KINDS[kind]))


@pytest.mark.parametrize("padding", ["VALID", "SAME"])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", AROUND)
def test_fuses(name: str, kind: str, stride: int, padding: str) -> None:
    graph = padded(name, kind, stride, padding)
    after = fuse_pad(graph, Rounding.DOUBLE)
    assert kinds_of(after) == kinds_of(graph)[1:]
    assert after.macs == graph.macs
    for rounding in Rounding:
        assert_same(graph, after, rounding)
    assert_sound(after)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", AROUND)
def test_kernels_take_the_windows(benches: Benches, name: str, kind: str) -> None:
    (op,) = fuse_pad(padded(name, kind, 2), Rounding.DOUBLE).ops
    assert isinstance(op, Conv2D | DepthwiseConv2D)
    benches.agree(op, values_of(op, name))


def test_all_readers_take_it_over() -> None:
    make = Planter(dead=0.0)
    image = make.pad(make.input(IMAGE), AROUND["before"])
    graph = make.graph(make.conv(image, 4, 3), make.conv(image, 0, 3, 2, "VALID", 1))
    after = fuse_pad(graph, Rounding.DOUBLE)
    assert kinds_of(after) == ["CONV_2D", "DEPTHWISE_CONV_2D"]
    assert_same(graph, after, Rounding.DOUBLE)


def test_padding_that_nobody_reads_goes() -> None:
    make = Planter(dead=0.0)
    image = make.input(IMAGE)
    make.pad(image, AROUND["before"])
    assert kinds_of(fuse_pad(make.graph(make.conv(image, 4)), Rounding.DOUBLE)) == ["CONV_2D"]


def pool(make: Planter) -> Graph:
    image = make.pad(make.input(IMAGE), AROUND["before"])
    return make.graph(make.pool(image, "AVERAGE_POOL_2D", "VALID"))


def another_reader(make: Planter) -> Graph:
    image = make.pad(make.input(IMAGE), AROUND["before"])
    return make.graph(make.conv(image, 4, 3), make.pool(image, "MAX_POOL_2D", "VALID"))


def output(make: Planter) -> Graph:
    image = make.pad(make.input(IMAGE), AROUND["before"])
    return make.graph(make.conv(image, 4, 3), image)


def more_channels(make: Planter) -> Graph:
    image = make.pad(make.input(IMAGE), [(0, 0), (1, 1), (0, 0), (0, 1)])
    return make.graph(make.conv(image, 4, 3))


def more_images(make: Planter) -> Graph:
    image = make.pad(make.input(IMAGE), [(0, 1), (1, 1), (0, 0), (0, 0)])
    return make.graph(make.conv(image, 4, 3))


def one_tap(make: Planter) -> Graph:
    """Kernels read a 1x1 window without padding in place, and would read behind the image."""
    image = make.pad(make.input(IMAGE), AROUND["after"])
    return make.graph(make.conv(image, 4, 1))


def too_much_for_the_kernels(make: Planter) -> Graph:
    """They count in int16."""
    image = make.pad(make.input((1, 1, 2, 1)), [(0, 0), (32766, 0), (0, 0), (0, 0)])
    return make.graph(make.conv(image, 1, 5, 1, "SAME"))


def unscaled_input(make: Planter) -> Graph:
    """PAD does without a scale; a convolution of the tensor before it would not."""
    image = make.pad(make.input(IMAGE), AROUND["before"])
    pad = make.ops[-1]
    assert isinstance(pad, Pad)
    make.inputs[0] = replace(pad.input, quantization=None)
    make.ops[-1] = replace(pad, input=make.inputs[0])
    return make.graph(make.conv(image, 4, 3))


class OtherPad(Pad):
    """Fills with something that a convolution does not take the outside for."""

    @property
    def fill(self) -> int:
        return self.output.zero_point + 1


def another_fill(make: Planter) -> Graph:
    image = make.pad(make.input(IMAGE), AROUND["before"])
    pad = make.ops[-1]
    assert isinstance(pad, Pad)
    make.ops[-1] = OtherPad(pad.index, pad.input, pad.paddings, pad.output)
    return make.graph(make.conv(image, 4, 3))


@pytest.mark.parametrize(
    "made",
    [
        pool,
        another_reader,
        output,
        more_channels,
        more_images,
        one_tap,
        too_much_for_the_kernels,
        unscaled_input,
        another_fill,
    ],
)
def test_stays(made: object) -> None:
    assert callable(made)
    graph = made(Planter(dead=0.0))
    assert fuse_pad(graph, Rounding.DOUBLE) is graph
