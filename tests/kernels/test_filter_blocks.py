"""Filters packed for the DSP kernels: these against the portable ones, and what would overflow is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kernels.bench import LAYOUTS, Bench, Benches, same
from ops.nodes import conv_2d, fully_connected, op_of, values_of
from tinygen.ir.target import TARGETS, Optimize, Rounding, Target
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.filter_blocks import filter_blocks
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.requantization import Requantization

M4 = TARGETS["cortex-m4"]
CASES = {
    "plain": conv_2d(filters=5),
    "padded_rows": conv_2d((1, 6, 7, 3), 4, stride=(2, 2)),
    "words": conv_2d((1, 5, 4, 8), 6),
    "pointwise": conv_2d((2, 3, 3, 8), 9, kernel=(1, 1)),
    "tall_dilation": conv_2d((1, 9, 4, 4), 4, dilation=(2, 1)),
    "per_tensor": conv_2d(filters=7, per_channel=False),
    "fully_connected": fully_connected(),
    "fully_connected_rows": fully_connected(depth=32, input_shape=(1, 4, 2, 4)),
}
WINOGRAD = {
    "even": conv_2d((1, 6, 8, 16), 4),
    "odd": conv_2d((2, 5, 7, 16), 8, activation="RELU", zero_points=(5, -128)),
    "valid": conv_2d((1, 6, 6, 32), 4, padding="VALID"),
    "per_tensor": conv_2d((1, 3, 9, 16), 4, per_channel=False),
    "one_pixel": conv_2d((1, 1, 1, 16), 4),
    "extreme": conv_2d((1, 4, 4, 16), 4, zero_points=(-128, 127)),
}


class Portable(Bench):
    """The portable kernels, called as the DSP kernels are."""

    @property
    def target(self) -> Target:
        return M4.with_choices(Optimize.SPEED, self.rounding)


@pytest.mark.parametrize("name", WINOGRAD)
def test_winograd_equals_numpy(benches: Benches, name: str) -> None:
    op = op_of(WINOGRAD[name])
    assert isinstance(op, Conv2D)
    assert op.winograd(M4) is not None
    values = values_of(op, name)
    benches.agree(op, values)
    for bench in (b for b in benches.all if b.variant == "scalar"):
        portable = Portable(bench.variant, bench.rounding, bench.library, bench.headers)
        for layout in LAYOUTS:
            same(portable.run(op, values, layout), op.evaluate(values, bench.rounding)[0], f"{name} {layout}")


@pytest.mark.parametrize("optimize", Optimize)
def test_winograd_where_flash_may_be_spent(optimize: Optimize) -> None:
    op = op_of(WINOGRAD["even"])
    target = M4.with_choices(optimize, Rounding.DOUBLE)
    assert isinstance(op, Conv2D)
    assert (op.winograd(target) is not None) is (optimize in (Optimize.SPEED, Optimize.RAM))
    assert op.winograd(target.lean) is None


@pytest.mark.parametrize("name", CASES)
def test_portable_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    assert isinstance(op, Conv2D | FullyConnected)
    assert op.blocks(M4) is not None
    values = values_of(op, name)
    for bench in (b for b in benches.all if b.variant == "scalar"):
        portable = Portable(bench.variant, bench.rounding, bench.library, bench.headers)
        for layout in LAYOUTS:
            same(portable.run(op, values, layout), op.evaluate(values, bench.rounding)[0], f"{name} {layout}")


def test_what_could_overflow_is_refused() -> None:
    weights, bias = np.full((4, 4), 127, np.int8), np.zeros(4, np.int32)
    requant = Requantization((2**30,), (-3,))

    def packs(
        weights: np.ndarray = weights, bias: np.ndarray = bias, requant: Requantization = requant, high: int = 127
    ) -> bool:
        return filter_blocks(weights, bias, requant, 0, (-128, high), Rounding.DOUBLE) is not None

    room = 2**23 - 4 * 127 * 128
    assert packs()
    assert packs(bias=np.array([0, room - 1, 0, 0]))
    assert not packs(bias=np.array([0, room, 0, 0]))
    assert packs(bias=np.array([room, 0, 0, 0]))
    assert not packs(bias=np.array([2**30, 0, 0, 0]))
    assert not packs(weights=np.full((4, 4), -128, np.int8)), "-128 - 256 * 128 needs 17 bits"
    assert packs(weights=np.array([[1], [-128]] * 2, np.int8).repeat(4, axis=1))
    assert packs(requant=replace(requant, shifts=(-22,)))
    assert not packs(requant=replace(requant, shifts=(-23,)))
    assert not packs(requant=replace(requant, shifts=(0,)))
    assert packs(requant=Requantization((0,), (0,)))
    assert not packs(high=100)
