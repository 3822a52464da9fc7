"""SVDF: a fully-connected layer whose results of the last inferences are weighted by their age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import State
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.requantization import float_matmul
from tinygen.ops.rule import Rule, dtype_is, is_constant, is_per_tensor
from tinygen.ops.sequential import matrix_times, sum_in_order
from tinygen.ops.variables import reset_value, state_or_nothing
from tinygen.quant import Int64s, multiply_by_quantized_multiplier, quantize_multiplier, wrap_int32

FLOAT_MAX = float(np.finfo(np.float32).max)
QUANTIZED = {DType.INT8: (DType.INT8,), DType.INT16: (DType.INT16,)}


def _dtypes_fit(op: Svdf) -> str:
    """float32 throughout, or int8 with time weights and state of int8 or int16 both."""
    dtype = op.input.dtype
    plain = [op.weights_feature, op.output]
    timed = [op.weights_time, op.state]
    bias = DType.FLOAT32 if dtype is DType.FLOAT32 else DType.INT32
    ages = (DType.FLOAT32,) if dtype is DType.FLOAT32 else QUANTIZED.get(op.state.dtype, ())
    for tensor in plain:
        if tensor.dtype is not dtype:
            return f"{tensor} is {tensor.dtype.label}"
    for tensor in timed:
        if tensor.dtype not in ages:
            return f"{tensor} is {tensor.dtype.label}"
    return f"{op.bias} is {op.bias.dtype.label}" if op.bias is not None and op.bias.dtype is not bias else ""


def _activation_is_known(op: Svdf) -> str:
    known = ("NONE", "RELU", "RELU6", "RELU_N1_TO_1") if op.is_float else ("NONE", "RELU")
    return "" if op.activation in known else f"it is {op.activation}"


def _weights_are_symmetric(op: Svdf) -> str:
    for tensor in () if op.is_float else (op.weights_feature, op.weights_time):
        if tensor.zero_point:
            return f"{tensor} has {tensor.zero_point}"
    return ""


def _shapes_fit(op: Svdf) -> str:
    matrices = (op.input, op.weights_feature, op.weights_time, op.output)
    flat = next((tensor for tensor in matrices if len(tensor.shape) != 2 or not tensor.elements), None)
    if flat is not None:
        return f"{flat} is no matrix"
    if op.rank < 1 or op.filters % op.rank:
        return f"there are {op.filters} filters of rank {op.rank}"
    elements = op.batches * op.filters * op.memory
    return "" if op.state.elements == elements else f"{op.state} has not {elements} elements"


@dataclass(frozen=True, eq=False)
class Svdf(Op):
    """state[b, f] = (state[b, f, 1:], input[b] . weights_feature[f]); output[b, u] = bias + sum(state . weights_time).

    The filters of a unit are `rank` neighbours. An int8 state wraps where its zero point brings it out of range, as in
    TFLite Micro. In int8 the fused activation does not count: TFLite only clamps to the
    output's range. In float32, sums are in the order of TFLite Micro's loops, each step rounded to float32.
    """

    input: Tensor
    """[batches, depth]"""
    weights_feature: Tensor
    """[filters, depth]"""
    weights_time: Tensor
    """[filters, memory], the oldest first"""
    bias: Tensor | None
    """[units]"""
    state: Tensor
    """[batches, filters * memory]"""
    output: Tensor
    """[batches, units]"""
    next: Tensor
    """what the state becomes"""
    rank: int
    activation: str

    KIND = "SVDF"
    RULES = (
        dtype_is("input", DType.INT8, DType.FLOAT32),
        Rule("the other tensors' types fit the input's and the state's", _dtypes_fit),
        is_constant("weights_feature"),
        is_constant("weights_time"),
        is_constant("bias"),
        is_per_tensor("input", "weights_feature", "weights_time", "state", "output"),
        Rule("the weights' zero points are 0", _weights_are_symmetric),
        Rule("the rank divides the filters of matrices, and the state has memory for each of them", _shapes_fit),
        Rule("the fused activation is NONE or RELU, in float32 also RELU6 or RELU_N1_TO_1", _activation_is_known),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        state = state_or_nothing(node.optional_input(4))
        following = replace(state, name=f"{state.name}, next", index=-1)
        weights = (node.input(1), node.input(2), node.optional_input(3))
        options = (node.integer("rank", 1), node.text("fused_activation_function"))
        return cls(node.index, node.input(0), *weights, state, node.outputs[0], following, *options)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        bias = () if self.bias is None else (self.bias,)
        return (self.input, self.weights_feature, self.weights_time, *bias, self.state)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output, self.next)

    @property
    def states(self) -> tuple[State, ...]:
        return (State(self.state, reset_value(self.state), self.next),)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.state,)

    @property
    def is_float(self) -> bool:
        return self.input.dtype is DType.FLOAT32

    @property
    def batches(self) -> int:
        return self.input.elements // self.weights_feature.shape[1]

    @property
    def filters(self) -> int:
        return self.weights_feature.shape[0]

    @property
    def memory(self) -> int:
        return self.weights_time.shape[1]

    @property
    def macs(self) -> int:
        return self.batches * self.filters * (self.weights_feature.shape[1] + self.memory)

    def requants(self, rounding: Rounding) -> tuple[tuple[int, int], tuple[int, int]]:
        """(multiplier, shift) from the features to the state, and from the sums over time to the output.

        TFLite computes both real multipliers in float32.
        """
        first, feature, state, time, output = (
            np.float32(tensor.scale)
            for tensor in (self.input, self.weights_feature, self.state, self.weights_time, self.output)
        )
        return (
            quantize_multiplier(float(first * feature / state), rounding),
            quantize_multiplier(float(state * time / output), rounding),
        )

    @property
    def clamp(self) -> tuple[float, float]:
        """What the activation lets through, in float32."""
        low, high = {"RELU": (0.0, FLOAT_MAX), "RELU6": (0.0, 6.0), "RELU_N1_TO_1": (-1.0, 1.0)}.get(
            self.activation, (-FLOAT_MAX, FLOAT_MAX)
        )
        return low, high

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        rows = values[0].reshape(self.batches, -1)
        state = values[-1].reshape(self.batches, self.filters, self.memory)
        features = matrix_times(rows, values[1]) if self.is_float else self._features(rows, values[1], rounding)
        following = np.concatenate([state[:, :, 1:], features[:, :, None].astype(state.dtype)], axis=2)
        bias = values[3] if self.bias is not None else np.zeros(self.filters // self.rank, np.int32)
        if self.is_float:
            products = following.astype(np.float32) * values[2].astype(np.float32)
            ages = sum_in_order(products).reshape(self.batches, -1, self.rank)
            low, high = self.clamp
            sums = sum_in_order(ages, bias.astype(np.float32).reshape(-1))
            stored: Array = np.clip(sums, np.float32(low), np.float32(high))
        else:
            stored = self._weighted(following.astype(np.int64), values[2], bias, rounding)
        output = stored.astype(self.output.dtype.numpy).reshape(self.output.shape)
        return output, following.reshape(self.next.shape)

    def _features(self, rows: Array, weights: Array, rounding: Rounding) -> Int64s:
        """[batches, filters] on the state's scale: clamped before the zero point is added, and then wrapped."""
        acc = wrap_int32(float_matmul(rows.astype(np.int64) - self.input.zero_point, weights.T))
        scaled = multiply_by_quantized_multiplier(acc, *self.requants(rounding)[0], rounding)
        clamped = np.clip(scaled, *self.state.dtype.limits) + self.state.zero_point
        return clamped.astype(self.state.dtype.numpy).astype(np.int64)

    def _weighted(self, state: Int64s, weights: Array, bias: Array, rounding: Rounding) -> Int64s:
        """[batches, units]: the stored outputs."""
        ages = (
            ((state - self.state.zero_point) * weights.astype(np.int64))
            .sum(axis=2)
            .reshape(self.batches, -1, self.rank)
        )
        acc = wrap_int32(ages.sum(axis=2) + bias.reshape(-1))
        scaled = multiply_by_quantized_multiplier(acc, *self.requants(rounding)[1], rounding)
        return np.clip(scaled + self.output.zero_point, *self.output.dtype.limits)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        units = self.filters // self.rank
        bias = np.zeros(units, np.float32 if self.is_float else np.int32) if self.bias is None else self.bias.value
        fields: dict[str, Field] = {
            "bias": Constant.of(bias),
            "batches": self.batches,
            "depth": self.weights_feature.shape[1],
            "units": units,
            "rank": self.rank,
            "memory": self.memory,
        }
        if self.is_float:
            low, high = self.clamp
            fields |= {"output_min": low, "output_max": high}
        else:
            feature, output = self.requants(place.target.rounding)
            fields |= {
                "feature": {"multiplier": feature[0], "shift": feature[1]},
                "requant": {"multiplier": output[0], "shift": output[1]},
                "input_zero_point": self.input.zero_point,
                "state_zero_point": self.state.zero_point,
                "state_is_wide": int(self.state.dtype is DType.INT16),
                "output_zero_point": self.output.zero_point,
            }
        kernel = "tg_svdf_f32" if self.is_float else "tg_svdf_s8"
        inputs = (self.input, self.weights_feature, self.weights_time)
        return (KernelCall(kernel, fields, inputs, self.output, whole=True, also=(self.next,)),)
