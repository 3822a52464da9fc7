"""What RNN, UNIDIRECTIONAL_SEQUENCE_RNN and BIDIRECTIONAL_SEQUENCE_RNN share: layers that see their last output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import State
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.float_range import RANGES, clamp_floats
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule
from tinygen.ops.sequential import Float32s, matrix_times
from tinygen.ops.variables import reset_value, state_or_nothing


@dataclass(frozen=True)
class Layer:
    """One direction."""

    weights: Tensor
    """[units, depth]"""
    recurrent_weights: Tensor
    """[units, units]"""
    bias: Tensor
    """[units]"""
    hidden: Tensor
    """[batches, units]"""

    @property
    def units(self) -> int:
        return self.bias.elements

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        return (self.weights, self.recurrent_weights, self.bias)


def _not_float(op: RnnOp) -> str:
    wrong = [t for t in (*op.inputs, *op.outputs) if t.dtype is not DType.FLOAT32]
    return f"{wrong[0]} is {wrong[0].dtype.label}" if wrong else ""


def _activation(op: RnnOp) -> str:
    return "" if op.activation == "TANH" or op.activation in RANGES else f"it is {op.activation}"


def _late(op: RnnOp) -> str:
    late = [t for layer in op.layers for t in layer.parameters if not t.is_constant]
    return f"{late[0]} is computed at run time" if late else ""


def _shapes(op: RnnOp) -> str:
    if len(op.input.shape) != op.RANK or 0 in op.input.shape:
        return f"the input is {op.input}"
    for layer, output in zip(op.layers, op.outputs_of_layers, strict=True):
        units = layer.units
        fits = layer.weights.shape == (units, op.input.shape[-1]) and layer.recurrent_weights.shape == (units, units)
        if not fits or layer.hidden.elements != op.sequence[0] * units:
            return f"{layer.weights}, {layer.recurrent_weights} and {layer.hidden} are for {op.input}"
        if output.elements % (op.sequence[0] * op.sequence[1]) or op.output_units(output) < units:
            return f"the output is {output}"
    made = sum(layer.units for layer in op.layers) * op.sequence[0] * op.sequence[1]
    return "" if sum(output.elements for output in op.results) == made else f"the output is {op.results[0]}"


@dataclass(frozen=True, eq=False)
class RnnOp(Op):
    """hidden = activation(bias + input . weights + hidden . recurrent_weights) for every time, in float32.

    Within 1e-5 of the largest. Sums are in the order of the kernel's loops.
    """

    input: Tensor
    """[batches, depth], [batches, times, depth] or [times, batches, depth]"""
    parameters: tuple[Tensor, ...]
    """Of each layer the weights, the recurrent weights and the bias."""
    hidden: tuple[Tensor, ...]
    """Of each layer."""
    results: tuple[Tensor, ...]
    """One output for all layers, or one for each."""
    next_hidden: tuple[Tensor, ...]
    activation: str
    time_major: bool
    has_auxiliary: bool

    RANK: ClassVar[int] = 3
    """Dimensions of the input."""
    RULES: ClassVar[tuple[Rule, ...]] = (
        Rule("all tensors are float32", _not_float),
        Rule("the fused activation is TANH, NONE, RELU, RELU6 or RELU_N1_TO_1", _activation),
        Rule("weights and biases are constants", _late),
        Rule("input, weights, states and outputs have shapes that fit", _shapes),
    )
    PLACES: ClassVar[tuple[int, ...]] = (1,)
    """Where among the inputs each layer's weights, recurrent weights, bias and hidden state begin."""
    AUXILIARY: ClassVar[tuple[int, ...]] = ()
    """Places of inputs that must be absent."""

    @classmethod
    def read(cls, node: Node) -> Self:
        hidden = tuple(state_or_nothing(node.optional_input(at + 3)) for at in cls.PLACES)
        following = tuple(replace(state, name=f"{state.name}, next", index=-1) for state in hidden)
        parameters = tuple(node.input(i) for at in cls.PLACES for i in range(at, at + 3))
        has_auxiliary = any(node.optional_input(i) is not None for i in cls.AUXILIARY)
        options = (node.text("fused_activation_function"), node.flag("time_major"), has_auxiliary)
        return cls(node.index, node.input(0), parameters, hidden, tuple(node.outputs), following, *options)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, *self.parameters, *self.hidden)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (*self.results, *self.next_hidden)

    @property
    def states(self) -> tuple[State, ...]:
        pairs = zip(self.hidden, self.next_hidden, strict=True)
        return tuple(State(hidden, reset_value(hidden), following) for hidden, following in pairs)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return self.hidden

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The first goes forwards, the second backwards."""
        parts = (self.parameters[i : i + 3] for i in range(0, len(self.parameters), 3))
        return tuple(Layer(w, r, bias, state) for (w, r, bias), state in zip(parts, self.hidden, strict=True))

    @property
    def outputs_of_layers(self) -> tuple[Tensor, ...]:
        return tuple(self.results[min(i, len(self.results) - 1)] for i in range(len(self.hidden)))

    @property
    def sequence(self) -> tuple[int, int]:
        """(batches, times)"""
        if len(self.input.shape) == 2:
            return self.input.shape[0], 1
        first, second = self.input.shape[:2]
        return (second, first) if self.time_major else (first, second)

    def output_units(self, output: Tensor) -> int:
        """Elements of a vector of an output."""
        return output.elements // (self.sequence[0] * self.sequence[1])

    @property
    def macs(self) -> int:
        weights = (t.elements for layer in self.layers for t in layer.parameters[:2])
        return self.sequence[0] * self.sequence[1] * sum(weights)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        value_of = dict(zip(self.inputs, values, strict=True))
        batches, times = self.sequence
        shaped = value_of[self.input].reshape(*((times, batches) if self.time_major else (batches, times)), -1)
        steps = shaped if self.time_major else shaped.swapaxes(0, 1)
        seen: list[Array] = []
        last: list[Array] = []
        for i, layer in enumerate(self.layers):
            hidden = value_of[layer.hidden].reshape(batches, -1)
            made = []
            for read in steps[::-1] if i else steps:
                hidden = self._step(layer, read, hidden, value_of)
                made.append(hidden)
            joined = np.stack(made[::-1] if i else made)
            seen.append(joined if self.time_major else joined.swapaxes(0, 1))
            last.append(hidden.reshape(layer.hidden.shape))
        merged = seen if len(self.results) == len(seen) else [np.concatenate(seen, axis=-1)]
        results = (made.reshape(output.shape) for made, output in zip(merged, self.results, strict=True))
        return (*results, *last)

    def _step(self, layer: Layer, read: Array, hidden: Array, value_of: dict[Tensor, Array]) -> Float32s:
        sums = matrix_times(read, value_of[layer.weights], value_of[layer.bias].astype(np.float32).reshape(-1))
        sums = matrix_times(hidden, value_of[layer.recurrent_weights], sums)
        if self.activation == "TANH":
            return np.tanh(sums.astype(np.float64)).astype(np.float32)
        return clamp_floats(sums, self.activation)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return tuple(self._call(i) for i in range(len(self.layers)))

    def _call(self, i: int) -> KernelCall:
        """The call for layer i, which goes backwards if it is not the first."""
        layer, output = self.layers[i], self.outputs_of_layers[i]
        batches, times = self.sequence
        step = batches if self.time_major else 1
        low, high = RANGES.get(self.activation, RANGES["NONE"])
        fields: dict[str, Field] = {
            "weights": Constant.of(layer.weights.value),
            "recurrent_weights": Constant.of(layer.recurrent_weights.value),
            "bias": Constant.of(layer.bias.value.reshape(-1)),
            "batches": batches,
            "times": times,
            "depth": self.input.shape[-1],
            "units": layer.units,
            "first": (times - 1) * step if i else 0,
            "batch_step": 1 if self.time_major else times,
            "time_step": -step if i else step,
            "output_units": self.output_units(output),
            "output_offset": self.layers[0].units if i and len(self.results) == 1 else 0,
            "is_tanh": int(self.activation == "TANH"),
            "output_min": low,
            "output_max": high,
        }
        return KernelCall("tg_rnn_f32", fields, (self.input,), output, whole=True, also=(self.next_hidden[i],))
