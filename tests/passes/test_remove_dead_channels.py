"""remove_dead_channels: what goes, what must stay, and where a constant ends up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest

from ops.nodes import tensor
from passes.planted import Planter, assert_same, assert_sound, random_graph
from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.add import Add
from tinygen.ops.concatenation import Concatenation
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.mean import Mean
from tinygen.passes.channel_needs import needed_channels
from tinygen.passes.channel_ranges import any_value, range_of
from tinygen.passes.remove_dead_channels import remove_dead_channels

IMAGE = (1, 5, 4, 3)
ZERO_POINT = 5
LARGE = 2**30
"""A bias that is far beyond every clamp and that no input makes up for."""


class Exact(Planter):
    """Plants nothing by itself: all weights are other than 0, all biases small, no clamp narrower than int8."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed, dead=0.0)

    def weights(self, filters: int, taps: tuple[int, ...], channels: int) -> Array:
        data = self.random.integers(1, 128, (filters, *taps, channels))
        return np.where(self.random.random(data.shape) < 0.5, -data, data)

    def bias(self, filters: int) -> Tensor | None:
        return tensor("bias", (filters,), 2.0**-9, dtype=DType.INT32, data=self.random.integers(1, 3000, filters))

    def activation(self) -> str:
        return "NONE"

    def zero_point(self) -> int:
        return ZERO_POINT

    def last(self) -> Conv2D | DepthwiseConv2D | FullyConnected:
        op = self.ops[-1]
        assert isinstance(op, Conv2D | DepthwiseConv2D | FullyConnected)
        return op

    def kill(self, filters: list[int], bias: int | None = None) -> None:
        """Make filters of the last op zero, and their biases something."""
        op = self.last()
        assert op.bias is not None
        weights, biases = op.weights.value.copy(), op.bias.value.copy()
        if isinstance(op, DepthwiseConv2D):
            weights[..., filters] = 0
        else:
            weights[filters] = op.weights.zero_point if isinstance(op, FullyConnected) else 0
        if bias is not None:
            biases[filters] = bias
        self.set(weights, biases)

    def ignore(self, channels: list[int]) -> None:
        """Make the weights of the last op for some input channels zero."""
        op = self.last()
        weights = op.weights.value.copy()
        by_channel = weights.reshape(weights.shape[0], -1, op.input.shape[-1])
        by_channel[..., channels] = op.weights.zero_point if isinstance(op, FullyConnected) else 0
        self.set(by_channel.reshape(weights.shape))

    def saturate(self, filters: list[int], bias: int) -> None:
        """Give filters of the last op a bias that decides their output alone."""
        op = self.last()
        assert op.bias is not None
        biases = op.bias.value.copy()
        biases[filters] = bias
        self.set(op.weights.value, biases)

    def set(self, weights: Array, biases: Array | None = None) -> None:
        """Exchange the last op's weights and bias."""
        op = self.last()
        bias = op.bias if biases is None or op.bias is None else replace(op.bias, data=biases)
        self.ops[-1] = replace(op, weights=replace(op.weights, data=weights), bias=bias)


def channels(graph: Graph) -> list[int]:
    """Of what each op makes."""
    return [op.outputs[0].shape[-1] for op in graph.ops]


def removed(graph: Graph) -> list[int]:
    """The channels of each op's output after the pass, which is exact in both roundings."""
    for rounding in Rounding:
        after = remove_dead_channels(graph, rounding)
        assert_same(graph, after, rounding)
        assert_sound(after)
    return channels(after)


def two_convolutions(kernel: int, padding: str, bias: int | None) -> Graph:
    """Filters 1 and 4 of the first of two convolutions are zero."""
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], bias)
    return make.graph(make.conv(first, 3, kernel, 1, padding))


@pytest.mark.parametrize(
    ("kernel", "padding", "bias", "left"),
    [
        (1, "SAME", 77_000, 4),  # a window that never leaves the image
        (3, "VALID", 77_000, 4),
        (3, "SAME", 77_000, 6),  # the border sees the zero point instead of the constant
        (3, "SAME", 0, 4),  # which does not matter when they are equal
        (3, "SAME", LARGE, 6),
        (1, "VALID", -LARGE, 4),
    ],
)
def test_a_zero_filter_goes_where_its_constant_fits_into_the_bias(
    kernel: int, padding: str, bias: int, left: int
) -> None:
    assert removed(two_convolutions(kernel, padding, bias)) == [left, 3]


def test_what_is_left_of_weights_and_bias() -> None:
    graph = two_convolutions(1, "SAME", 77_000)
    first, second = graph.ops
    assert isinstance(first, Conv2D)
    assert isinstance(second, Conv2D)
    assert first.bias is not None
    assert second.bias is not None
    after_first, after_second = remove_dead_channels(graph, Rounding.DOUBLE).ops
    assert isinstance(after_first, Conv2D)
    assert isinstance(after_second, Conv2D)
    assert after_first.bias is not None
    assert after_second.bias is not None
    kept = [0, 2, 3, 5]
    assert after_first.weights.value.tolist() == first.weights.value[kept].tolist()
    assert after_first.bias.value.tolist() == first.bias.value[kept].tolist()
    assert after_first.weights.params.scales == tuple(first.weights.params.scales[i] for i in kept)
    assert after_second.weights.value.tolist() == second.weights.value[..., kept].tolist()
    assert after_second.weights.params == second.weights.params
    values = [np.zeros(IMAGE, np.int8), first.weights.value, first.bias.value]
    constants = first.evaluate(values, Rounding.DOUBLE)[0][0, 0, 0, [1, 4]].astype(np.int64) - ZERO_POINT
    moved = second.weights.value[:, 0, 0, [1, 4]].astype(np.int64) @ constants
    assert moved.any()
    assert after_second.bias.value.tolist() == (second.bias.value.astype(np.int64) + moved).tolist()
    assert after_first.output.name == first.output.name
    assert after_first.output.index == after_first.weights.index == -1
    assert after_second.output is second.output


def test_a_missing_bias_is_made_when_something_moves_into_it() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 77_000)
    last = make.conv(first, 3, 1)
    make.ops[-1] = replace(make.last(), bias=None)
    graph = make.graph(last)
    assert removed(graph) == [4, 3]
    bias = remove_dead_channels(graph, Rounding.DOUBLE).ops[1].inputs[2]
    assert bias.dtype is DType.INT32
    assert bias.value.any()


@pytest.mark.parametrize("bias", [2**31 - 1, -(2**31)])
def test_a_bias_that_overflows_wraps(bias: int) -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 77_000 if bias > 0 else -77_000)
    last = make.conv(first, 3, 1)
    make.saturate([0, 1, 2], bias)
    assert removed(make.graph(last))[0] == 4


def test_an_unread_channel_goes() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6)
    last = make.conv(first, 3)
    make.ignore([0, 3])
    assert removed(make.graph(last)) == [4, 3]


def test_a_channel_that_one_of_two_reads_stays() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6)
    one = make.conv(first, 3)
    make.ignore([0, 3])
    other = make.conv(first, 2)
    make.ignore([0, 4])
    assert removed(make.graph(one, other)) == [5, 3, 2]


def test_what_only_dead_channels_read_goes_with_them() -> None:
    """Back through three layers: the last ignores what alone reads what alone reads."""
    make = Exact()
    first = make.conv(make.input(IMAGE), 4, 1)
    second = make.conv(first, 4, 1)
    op = make.last()
    weights = op.weights.value.copy()
    weights[:3, ..., 2] = 0  # only filter 3 reads channel 2
    make.set(weights)
    last = make.conv(second, 2, 1)
    make.ignore([3])
    assert removed(make.graph(last)) == [3, 3, 2]


@pytest.mark.parametrize("bias", [LARGE, -LARGE])
def test_a_filter_that_always_saturates_is_a_constant(bias: int) -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6)
    make.saturate([2], bias)
    last = make.conv(first, 3, 1)
    assert removed(make.graph(last)) == [5, 3]


def test_a_sum_that_can_wrap_is_not_taken_for_a_constant() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6)
    make.saturate([2], 2**31 - 1)
    last = make.conv(first, 3, 1)
    assert removed(make.graph(last)) == [6, 3]


@pytest.mark.parametrize(("bias", "left"), [(0, 4), (77_000, 6)])
def test_depthwise_channels_go_with_their_input(bias: int, left: int) -> None:
    """Of a constant that is not the zero point, a padded depthwise convolution makes a border."""
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], bias)
    middle = make.conv(first, 0, 3, depthwise=1)
    last = make.conv(middle, 3, 1)
    assert removed(make.graph(last)) == [left, left, 3]


def test_a_dead_depthwise_filter_takes_its_input_with_it() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    middle = make.conv(first, 0, 3, depthwise=1)
    make.kill([0, 5], 77_000)
    last = make.conv(middle, 3, 1)
    assert removed(make.graph(last)) == [4, 4, 3]


@pytest.mark.parametrize(("dead", "left"), [([2], 6), ([2, 4], 6), ([2, 3], 5)])
def test_filters_of_one_channel_go_together(dead: list[int], left: int) -> None:
    """With two filters per channel, a channel goes when both are dead."""
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    middle = make.conv(first, 0, 3, depthwise=2)
    make.kill(dead, 0)
    last = make.conv(middle, 3, 1)
    assert removed(make.graph(last)) == [left, 2 * left, 3]


def test_filters_of_the_only_channel_are_free() -> None:
    make = Exact()
    first = make.conv(make.input((1, 5, 4, 1)), 0, 3, depthwise=8)
    make.kill([0, 3, 6], 77_000)
    last = make.conv(first, 3, 1)
    assert removed(make.graph(last)) == [5, 3]


@pytest.mark.parametrize(("one", "other", "left"), [([1, 2], [], 6), ([1, 2], [2, 3], 5), ([1, 2], [1, 2], 4)])
def test_the_sides_of_an_addition_lose_the_same(one: list[int], other: list[int], left: int) -> None:
    make = Exact()
    image = make.input(IMAGE)
    left_side = make.conv(image, 6, 1)
    make.kill(one, 77_000)
    right_side = make.conv(image, 6, 1)
    make.kill(other, -40_000)
    last = make.conv(make.add(left_side, right_side), 3, 1)
    assert removed(make.graph(last)) == [left, left, left, 3]


def test_a_skip_connection_keeps_what_its_other_end_needs() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1], 0)
    second = make.conv(first, 6, 3)
    make.kill([1, 2], 0)
    last = make.conv(make.add(first, second), 3, 1)
    assert removed(make.graph(last)) == [5, 5, 5, 3]


class Difference(Add):
    """Falls as its second operand rises, which a sum does not."""


class Spread(Mean):
    """Something else made from all elements."""


def test_nothing_is_concluded_about_ops_that_are_made_from_others() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.add(first, first)
    make.mean(first)
    for op, kind in zip(make.ops[1:], (Difference, Spread), strict=True):
        made = kind(*(getattr(op, field.name) for field in fields(op)))
        assert range_of(op, {first: any_value(first)}, Rounding.DOUBLE) is not None
        assert range_of(made, {first: any_value(first)}, Rounding.DOUBLE) is None


def test_a_constant_operand_loses_its_channels_too() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 2], 0)
    last = make.conv(make.add(first, make.constant((6,))), 3, 1)
    assert removed(make.graph(last)) == [4, 4, 3]


Between = Callable[[Exact, Tensor], Tensor]
BETWEEN: dict[str, Between] = {
    "max_pool": lambda make, read: make.pool(read, "MAX_POOL_2D"),
    "average_pool": lambda make, read: make.pool(read, "AVERAGE_POOL_2D"),
    "relu": lambda make, read: make.table(read, "RELU"),
    "logistic": lambda make, read: make.table(read, "LOGISTIC"),
    "reshape": lambda make, read: make.reshape(read, (1, 4, 5, 6)),
    "pad": lambda make, read: make.pad(read, [(0, 0), (1, 1), (0, 2), (0, 0)]),
    "beside": lambda make, read: make.concatenation([read, read], 1),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_ops_without_weights_pass_dead_channels_on(name: str) -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 0)
    last = make.conv(BETWEEN[name](make, first), 3, 1)
    assert removed(make.graph(last)) == [4, 4, 3]


def test_padding_around_another_constant_is_no_constant() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 77_000)
    last = make.conv(make.pad(first, [(0, 0), (1, 1), (0, 2), (0, 0)]), 3, 1)
    assert removed(make.graph(last)) == [6, 6, 3]


def test_parts_of_a_concatenation_lose_their_own() -> None:
    make = Exact()
    image = make.input(IMAGE)
    one = make.conv(image, 4, 1)
    make.kill([3], 0)
    other = make.conv(image, 3, 1)
    make.kill([0, 1], 77_000)
    part = tensor("part", (1, 5, 4, 2), 0.1, ZERO_POINT, data=np.tile([9, -9], 20))
    last = make.conv(make.concatenation([one, other, part], 3), 3, 1)
    # the constant part is as dead as the rest, but every part keeps a channel
    assert removed(make.graph(last)) == [3, 1, 5, 3]


@pytest.mark.parametrize("dtype", [DType.UINT8, DType.FLOAT32])
def test_tensors_of_other_dtypes_are_let_be(dtype: DType) -> None:
    make = Exact()
    made = make.conv(make.input(IMAGE), 3, 1)
    read, part, both = (
        tensor(name, (1, 2, 2, size), 0.1, 3, dtype) for name, size in zip("rpb", (3, 2, 5), strict=True)
    )
    part = replace(part, data=np.zeros(part.shape, dtype.numpy))
    make.inputs.append(read)
    make.ops.append(Concatenation(1, (read, part), both, 3, "NONE"))
    graph = make.graph(made, both)
    assert remove_dead_channels(graph, Rounding.DOUBLE) is graph


@pytest.mark.parametrize("flat", [True, False])
def test_a_flattened_map_loses_channels_at_every_pixel(flat: bool) -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 77_000)
    last = make.dense(make.reshape(first, (1, 120)) if flat else first, 3)
    graph = make.graph(last)
    assert removed(graph)[0] == 4
    assert remove_dead_channels(graph, Rounding.DOUBLE).ops[-1].inputs[1].shape == (3, 80)


def test_a_reshape_that_mixes_channels_keeps_them() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 0)
    graph = make.graph(make.conv(make.reshape(first, (1, 5, 6, 4)), 3, 1))
    assert remove_dead_channels(graph, Rounding.DOUBLE) is graph


def test_rows_that_cut_through_pixels_need_all_channels() -> None:
    make = Exact()
    first = make.conv(make.input((1, 3, 2, 3)), 4, 1)
    make.kill([1, 2], 0)
    graph = make.graph(make.dense(first, 3, 6))
    assert remove_dead_channels(graph, Rounding.DOUBLE) is graph


def test_averaged_channels_go() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 77_000)
    last = make.dense(make.mean(first), 3)
    assert removed(make.graph(last)) == [4, 4, 3]


def test_an_average_over_channels_needs_all() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 0)
    graph = make.graph(make.dense(make.mean(first, (1, 3)), 3))
    assert remove_dead_channels(graph, Rounding.DOUBLE) is graph


def test_a_weight_at_the_zero_point_of_the_weights_reads_nothing() -> None:
    make = Exact()
    first = make.dense(make.input((1, 8)), 6)
    last = make.dense(first, 3, zero_point=4)
    make.ignore([0, 5])
    assert removed(make.graph(last)) == [4, 3]


def test_a_barrier_needs_everything() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 0)
    graph = make.graph(make.softmax(first))
    assert remove_dead_channels(graph, Rounding.DOUBLE) is graph


def test_outputs_of_the_model_stay_as_they_are() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 0)
    last = make.conv(first, 3, 1)
    graph = make.graph(first, last)
    assert remove_dead_channels(graph, Rounding.DOUBLE) is graph


def test_unread_channels_of_the_models_input_stay() -> None:
    make = Exact()
    last = make.conv(make.input(IMAGE), 3, 1)
    make.ignore([0, 2])
    graph = make.graph(last)
    assert remove_dead_channels(graph, Rounding.DOUBLE) is graph


def test_what_is_remembered_keeps_its_channels() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 0)
    last = make.conv(make.add(make.remembered(first), first), 3, 1)
    make.ignore([2])
    graph = make.graph(last, remember=first)
    assert remove_dead_channels(graph, Rounding.DOUBLE) is graph


def test_a_tensor_keeps_a_channel() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6)
    make.kill([0, 1, 2, 3, 4, 5], 0)
    last = make.conv(first, 3)
    assert removed(make.graph(last)) == [1, 3]


def test_groups_stay_whole() -> None:
    make = Exact()
    first = make.conv(make.input(IMAGE), 6, 1)
    make.kill([1, 4], 0)
    last = make.conv(first, 4, 3)
    op = make.last()
    grouped = replace(op.weights, shape=(4, 3, 3, 3), data=op.weights.value[..., :3])
    make.ops[-1] = replace(op, weights=grouped)
    graph = make.graph(last)
    assert remove_dead_channels(graph, Rounding.DOUBLE) is graph


def test_weights_that_are_removed_as_unread_could_have_been_anything() -> None:
    """Noise in their place, in the original, changes no output. Only zeros are trusted here, no constants."""
    overwritten = 0
    for seed in range(120):
        graph = random_graph(seed)
        needs = needed_channels(graph, {tensor_: any_value(tensor_) for tensor_ in graph.tensors()})
        noise = np.random.default_rng(seed)
        ops = []
        for op in graph.ops:
            if isinstance(op, Conv2D | DepthwiseConv2D):
                unread = ~needs[op.output]
                weights = op.weights.value.copy()
                filters = weights if isinstance(op, Conv2D) else weights.transpose(3, 0, 1, 2)
                filters[unread] = noise.integers(-128, 128, filters[unread].shape)
                overwritten += int(unread.sum())
                op = replace(op, weights=replace(op.weights, data=weights))
            ops.append(op)
        assert_same(graph, replace(graph, ops=tuple(ops)), Rounding.DOUBLE, 1)
    assert overwritten > 100
