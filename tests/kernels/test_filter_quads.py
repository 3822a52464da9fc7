"""Filters packed for two products in one word: fast kernels and portable ones, and what is left to extra terms."""

from __future__ import annotations

import ctypes
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kernels.bench import FLAGS, KERNELS, LAYOUTS, SANITIZE, Bench, Benches, same
from ops.nodes import conv_2d, depthwise_conv_2d, fully_connected, op_of, values_of
from tinygen.ir.dtype import Array
from tinygen.ir.target import TARGETS, Optimize, Rounding, Target
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.filter_quads import LARGEST_SUM, filter_quads
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.node import Node
from tinygen.ops.requantization import Requantization

M3 = TARGETS["cortex-m3"]
PIXELS = (1, 2, 3, 4, 5, 7, 8, 9)
CASES = {
    "plain": conv_2d(filters=5),
    "odd_channels": conv_2d((1, 6, 7, 3), 4, stride=(2, 2)),
    "odd_number_of_quads": conv_2d((1, 5, 4, 4), 6, kernel=(1, 3)),
    "pointwise": conv_2d((2, 3, 3, 8), 9, kernel=(1, 1)),
    "dilation": conv_2d((1, 9, 7, 4), 4, dilation=(2, 3)),
    "dilation_odd_channels": conv_2d((1, 9, 7, 3), 4, dilation=(2, 3)),
    "kernel_larger_than_image": conv_2d((1, 2, 3, 3), kernel=(5, 7)),
    "per_tensor": conv_2d(filters=7, per_channel=False),
    **{f"{pixels}_pixels": conv_2d((1, 1, pixels, 4), 3) for pixels in PIXELS},
    "depthwise": depthwise_conv_2d(),
    "depthwise_overlapping": depthwise_conv_2d((2, 5, 4, 7), stride=(2, 1)),
    "depthwise_even_taps": depthwise_conv_2d((1, 5, 4, 4), kernel=(2, 3), dilation=(2, 1)),
}
EXTREMES = {
    "largest": (127, 127),
    "smallest": (-128, -128),
    "apart": (-128, 127),
    "at_the_limit": (64, 63),
}
"""Weights that take turns: with inputs that are as far from 0 as can be, lanes would overflow first with them."""


class Portable(Bench):
    """The portable kernels, called as the fast ones are."""

    @property
    def target(self) -> Target:
        return M3.with_choices(Optimize.SPEED, self.rounding)


def agree(benches: Benches, op: Conv2D | DepthwiseConv2D | FullyConnected, values: list[Array], label: str) -> None:
    """The fast kernels and the portable ones, whole and row by row."""
    for bench in (b for b in benches.all if b.variant in ("scalar", "swar")):
        portable = Portable(bench.variant, bench.rounding, bench.library, bench.headers)
        for layout in LAYOUTS:
            found = portable.run(op, values, layout)
            same(found, op.evaluate(values, bench.rounding)[0], f"{bench.variant} {label} {layout}")


def with_weights(node: Node, weights: Array) -> Conv2D | FullyConnected:
    op = op_of(node)
    assert isinstance(op, Conv2D | FullyConnected)
    return replace(op, weights=replace(op.weights, data=weights.astype(np.int8).reshape(op.weights.shape)))


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    assert isinstance(op, Conv2D | DepthwiseConv2D)
    assert (op.quads(M3) if isinstance(op, Conv2D) else op.packed(M3)) is not None
    agree(benches, op, values_of(op, name), name)


@pytest.mark.parametrize("input_value", [-128, 127])
@pytest.mark.parametrize("name", EXTREMES)
def test_lanes_never_overflow(benches: Benches, name: str, input_value: int) -> None:
    weights = np.resize(EXTREMES[name], 3 * 24)
    op = with_weights(conv_2d((1, 1, 4, 24), 3, kernel=(1, 1)), weights)
    values = [np.full(op.input.shape, input_value, np.int8), *values_of(op)[1:]]
    values[0][..., 1::2] = np.where(weights[1] < 0, -1 - input_value, input_value)
    agree(benches, op, values, name)


@pytest.mark.parametrize("rounding", Rounding)
def test_products_of_halves_equal_long_ones(benches: Benches, rounding: Rounding, tmp_path: Path) -> None:
    """Of sums and multipliers that the smallest cores multiply, which no test runs on."""
    single = int(rounding is Rounding.SINGLE)
    source, built = tmp_path / "products.c", tmp_path / "products.so"
    lines = ['#include "tg_halves.h"']
    for name in ("tg_long_product", "tg_halves_product"):
        head = f"int32_t called_{name}(int32_t sum, int32_t multiplier)"
        lines += [f"{head};", f"{head} {{ return {name}(sum, multiplier); }}"]
    source.write_text("\n".join(lines) + "\n")
    flags = [*FLAGS, *SANITIZE, f"-DTG_ROUNDING_SINGLE={single}", f"-I{KERNELS / 'include'}"]
    subprocess.run([*benches.compiler, *flags, str(source), "-o", str(built)], check=True)
    library, random = ctypes.CDLL(str(built)), np.random.default_rng(single)
    near = [value for power in range(29) for value in (2**power - 1, 2**power)]
    sums = [*near, *(-value for value in near), *random.integers(1 - 2**29, 2**29, 2000).tolist()]
    multipliers = [0, 2**30, 2**30 + 1, 2**31 - 1, 2**31 - 2**16, *random.integers(2**30, 2**31, 20).tolist()]
    for multiplier in multipliers:
        for value in sums:
            exact = (value * multiplier + (0 if single else 2**30)) >> 31
            assert library.called_tg_long_product(value, multiplier) == exact, (value, multiplier)
            assert library.called_tg_halves_product(value, multiplier) == exact, (value, multiplier)


@pytest.mark.parametrize("outputs", PIXELS)
@pytest.mark.parametrize("depth", [8, 16, 40])
def test_fully_connected_equals_numpy(benches: Benches, outputs: int, depth: int) -> None:
    random = np.random.default_rng(outputs)
    weights = random.integers(-30, 31, (outputs, depth))
    weights[0, :4] = (127, -127, 90, 1)
    op = with_weights(fully_connected((3,), depth, outputs), weights)
    lanes = op.lanes(M3) if isinstance(op, FullyConnected) else None
    assert lanes is not None or outputs * depth < 64
    agree(benches, op, values_of(op, outputs), f"{outputs} of {depth}")


@pytest.mark.parametrize("input_value", [-128, 127])
@pytest.mark.parametrize("weight", [31, -31])
def test_fully_connected_lanes_never_overflow(benches: Benches, weight: int, input_value: int) -> None:
    op = with_weights(fully_connected(depth=32, units=8), np.full((8, 32), weight))
    assert isinstance(op, FullyConnected)
    assert op.lanes(M3) is not None
    assert op.scratch_bytes(M3) == 0  # dense chains live in what they read and write
    agree(benches, op, [np.full(op.input.shape, input_value, np.int8), *values_of(op)[1:]], f"{weight}")


def test_many_extras_are_no_faster() -> None:
    op = with_weights(fully_connected(depth=32, units=8), np.full((8, 32), 127))
    assert isinstance(op, FullyConnected)
    assert op.lanes(M3) is None


def test_what_is_too_much_is_left_to_extras() -> None:
    weights = np.array([[127, -128, 5, 0, 100, 100, 55, 0], [1, 2, 3, 4, -127, -127, -127, -127]], np.int8)
    packed = filter_quads(weights, np.zeros(2, np.int32), Requantization((2**30,), (-8,)), 0, (-128, 127))
    assert packed is not None
    left = packed.weights.values.astype(int).reshape(2, 2, 4) - 128
    assert np.abs(left).sum(axis=2).max() <= LARGEST_SUM
    counts = packed.filters.values.reshape(2, -1)[:, 1]
    assert counts.tolist() == [1, 2]
    restored, terms = left.reshape(2, 8), iter(packed.extras.values.tolist())
    for filter_, count in enumerate(counts):
        for _, term in zip(range(count), terms, strict=False):
            quad, word = divmod(term >> 8, 10)
            restored[filter_, 4 * quad + word // 2 - 1] += np.int8(
                term & 255 if term & 128 == 0 else (term & 255) - 256
            )
    assert np.array_equal(restored, weights)


@pytest.mark.parametrize(
    ("choices", "is_taken"),
    [
        ({"optimize": Optimize.SPEED}, True),
        ({"optimize": Optimize.BALANCED}, True),
        ({"optimize": Optimize.SIZE}, False),
        ({"optimize": Optimize.RAM}, False),
        ({"optimize": Optimize.SPEED, "ram_limit": 16 * 1440}, True),
        ({"optimize": Optimize.SPEED, "ram_limit": 16 * 1440 - 1}, False),
    ],
)
def test_patches_are_expanded_where_memory_allows(choices: dict[str, object], is_taken: bool) -> None:
    """3 x 3 x 16 taps of four pixels take 1440 bytes."""
    op = op_of(conv_2d((1, 4, 4, 16), 4))
    assert isinstance(op, Conv2D)
    assert (op.quads(replace(M3, rounding=Rounding.DOUBLE, **choices)) is not None) is is_taken  # type: ignore[arg-type]


def test_rows_of_one_pixel_are_not_worth_it() -> None:
    op = op_of(conv_2d((1, 9, 1, 4), 4, kernel=(1, 1)))
    assert isinstance(op, Conv2D)
    assert op.quads(M3) is not None
    assert op.quads(replace(M3, push=True)) is None
