"""What UNIDIRECTIONAL_SEQUENCE_LSTM and LSTM share: their tensors, their states, and one step in float32."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import State
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.lstm_rules import LSTM_RULES
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule
from tinygen.ops.sequential import Float32s, matrix_times, normalized
from tinygen.ops.variables import reset_value, state_or_nothing

GATES = ("input", "forget", "cell", "output")
"""In the order in which the file lists them; a coupled LSTM has no input gate."""


@dataclass(frozen=True, eq=False)
class LstmOp(Op):
    """For every time: gates from the input and the hidden state, then the new cell, then the new hidden state, put out.

    In float32, sums are in the order of the kernel's loops; exp and sqrt make the outputs of one step differ from the
    exact ones by less than 1e-5 of the largest.
    """

    input: Tensor
    """[batches, times, depth], [times, batches, depth], or [batches, depth] of one time"""
    input_weights: tuple[Tensor, ...]
    """per gate [units, depth]; the input gate's come first and may be missing"""
    recurrent_weights: tuple[Tensor, ...]
    """per gate [units, outputs]"""
    peepholes: tuple[Tensor, ...]
    """per gate but the cell gate: [units], or none"""
    biases: tuple[Tensor, ...]
    """per gate [units]"""
    projection: tuple[Tensor, ...]
    """weights [outputs, units] and maybe a bias [outputs], or none"""
    norms: tuple[Tensor, ...]
    """per gate [units]: what scales the normalized sums, or none"""
    hidden: Tensor
    """[batches, outputs]"""
    cell: Tensor
    """[batches, units]"""
    output: Tensor
    """the hidden states of all times"""
    next_hidden: Tensor
    next_cell: Tensor
    activation: str
    cell_clip: float
    projection_clip: float
    time_major: bool
    asymmetric: bool
    """Vectors that meet int8 weights are quantized with a zero point."""

    RULES: ClassVar[tuple[Rule, ...]] = LSTM_RULES

    @classmethod
    def read(cls, node: Node) -> Self:
        def some(*places: int) -> tuple[Tensor, ...]:
            found = (node.optional_input(i) for i in places)
            return tuple(tensor for tensor in found if tensor is not None)

        hidden, cell = (state_or_nothing(node.optional_input(i)) for i in (18, 19))
        time_major = node.flag("time_major")
        output = node.outputs[0]
        shape = (*node.input(0).shape[:-1], *hidden.shape[-1:])
        if output.shape != shape and not output.shape:
            output = replace(output, shape=shape)  # the file leaves it open
        return cls(
            node.index,
            node.input(0),
            some(1, 2, 3, 4),
            some(5, 6, 7, 8),
            some(9, 10, 11),
            some(12, 13, 14, 15),
            some(16, 17),
            some(20, 21, 22, 23),
            hidden,
            cell,
            output,
            replace(hidden, name=f"{hidden.name}, next", index=-1),
            replace(cell, name=f"{cell.name}, next", index=-1),
            node.text("fused_activation_function"),
            node.real("cell_clip"),
            node.real("proj_clip"),
            time_major,
            node.flag("asymmetric_quantize_inputs"),
        )

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        """Every weight and bias, in the order of `inputs`."""
        groups = (self.input_weights, self.recurrent_weights, self.peepholes, self.biases, self.projection, self.norms)
        return tuple(tensor for group in groups for tensor in group)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, *self.parameters, self.hidden, self.cell)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output, self.next_hidden, self.next_cell)

    @property
    def states(self) -> tuple[State, ...]:
        return (
            State(self.hidden, reset_value(self.hidden), self.next_hidden),
            State(self.cell, reset_value(self.cell), self.next_cell),
        )

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.hidden, self.cell)

    @property
    def input_rank_fits(self) -> bool:
        return len(self.input.shape) in (2, 3) and 0 not in self.input.shape

    @property
    def sequence(self) -> tuple[int, int]:
        """(batches, times)"""
        if len(self.input.shape) == 2:
            return self.input.shape[0], 1
        first, second = self.input.shape[:2]
        return (second, first) if self.time_major else (first, second)

    @property
    def batches(self) -> int:
        return self.sequence[0]

    @property
    def units(self) -> int:
        return self.input_weights[-1].shape[0]

    @property
    def hidden_size(self) -> int:
        return self.hidden.elements // self.batches

    @property
    def macs(self) -> int:
        return (
            self.batches
            * self.sequence[1]
            * sum(tensor.elements for tensor in self.parameters if tensor not in self.biases)
        )

    def gates_of(self, group: Sequence[Any]) -> dict[str, Any]:
        """The members of a group by their gates' names."""
        names = GATES if len(group) == 4 else GATES[1:]
        return dict(zip(names, group, strict=True))

    @property
    def peephole_of(self) -> dict[str, Tensor]:
        names = ("input", "forget", "output") if len(self.peepholes) == 3 else ("forget", "output")
        return dict(zip(names, self.peepholes, strict=False))

    def steps(self, values: Array) -> Iterator[Array]:
        """The input of each time as [batches, depth]."""
        batches, times = self.sequence
        shaped = values.reshape(times, batches, -1) if self.time_major else values.reshape(batches, times, -1)
        for t in range(times):
            yield shaped[t] if self.time_major else shaped[:, t]

    def joined(self, hidden: Sequence[Array]) -> Array:
        """The hidden states of all times in the order of the output."""
        joined: Array = np.stack(hidden, axis=0 if self.time_major else 1)
        return joined.reshape(self.output.shape)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        value_of = dict(zip(self.inputs, values, strict=True))
        hidden = value_of[self.hidden].reshape(self.batches, -1)
        cell = value_of[self.cell].reshape(self.batches, -1)
        seen = []
        for read in self.steps(value_of[self.input]):
            hidden, cell = self.step(read, hidden, cell, value_of, rounding)
            seen.append(hidden)
        return self.joined(seen), hidden.reshape(self.hidden.shape), cell.reshape(self.cell.shape)

    def step(
        self, read: Array, hidden: Array, cell: Array, value_of: dict[Tensor, Array], rounding: Rounding
    ) -> tuple[Array, Array]:
        """The hidden state and the cell after one time, in float32."""
        old = cell.astype(np.float32)
        forget = _logistic(self._sums("forget", read, hidden, old, value_of))
        gate = np.tanh(self._sums("cell", read, hidden, old, value_of).astype(np.float64)).astype(np.float32)
        coupled = len(self.input_weights) == 3
        entry = np.float32(1) - forget if coupled else _logistic(self._sums("input", read, hidden, old, value_of))
        new = forget * old + gate * entry
        if self.cell_clip > 0:
            new = np.clip(new, -np.float32(self.cell_clip), np.float32(self.cell_clip))
        result = _logistic(self._sums("output", read, hidden, new, value_of)) * np.tanh(new.astype(np.float64)).astype(
            np.float32
        )
        if self.projection:
            result = self._projected(result, value_of)
            if self.projection_clip > 0:
                result = np.clip(result, -np.float32(self.projection_clip), np.float32(self.projection_clip))
        return result.astype(np.float32), new.astype(np.float32)

    def _projected(self, result: Float32s, value_of: dict[Tensor, Array]) -> Float32s:
        """What the projection makes of what the output gate lets through."""
        weights, *bias = (value_of[tensor] for tensor in self.projection)
        start = bias[0].astype(np.float32) if bias else np.zeros(len(weights), np.float32)
        return matrix_times(result, weights, start)

    def _sums(self, name: str, read: Array, hidden: Array, cell: Float32s, value_of: dict[Tensor, Array]) -> Float32s:
        """What goes into a gate's sigmoid or tanh."""
        bias = value_of[self.gates_of(self.biases)[name]].astype(np.float32)
        start = np.zeros_like(bias) if self.norms else bias
        sums = matrix_times(read, value_of[self.gates_of(self.input_weights)[name]], start)
        sums = matrix_times(hidden, value_of[self.gates_of(self.recurrent_weights)[name]], sums)
        if name in self.peephole_of:
            sums = sums + value_of[self.peephole_of[name]].astype(np.float32) * cell
        if self.norms:
            sums = normalized(sums) * value_of[self.gates_of(self.norms)[name]].astype(np.float32) + bias
        return sums

    def scratch_bytes(self, target: Target) -> int:
        return 4 * 4 * self.units

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (self.call(self.output, 0, False),)

    def call(self, output: Tensor, offset: int, backwards: bool) -> KernelCall:
        """Its hidden states stand in the output's vectors from `offset` on."""

        def pointer(tensors: dict[str, Tensor], name: str) -> Field:
            return Constant.of(tensors[name].value) if name in tensors else 0

        groups = {
            "input_weights": self.gates_of(self.input_weights),
            "recurrent_weights": self.gates_of(self.recurrent_weights),
            "bias": self.gates_of(self.biases),
            "peephole": self.peephole_of,
            "norm": self.gates_of(self.norms) if self.norms else {},
        }
        gates: dict[str, Field] = {
            f"{name}_gate": {field: pointer(group, name) for field, group in groups.items()} for name in GATES
        }
        projection: tuple[Field, ...] = tuple(Constant.of(tensor.value) for tensor in self.projection)
        fields: dict[str, Field] = {
            **way_fields(self, output, offset, backwards),
            **gates,
            "is_coupled": int(len(self.input_weights) == 3),
            "projection": (*projection, 0)[0],
            "projection_bias": (*projection, 0, 0)[1],
            "cell_clip": max(self.cell_clip, 0.0),
            "projection_clip": max(self.projection_clip, 0.0),
        }
        states = (self.next_hidden, self.next_cell)
        return KernelCall("tg_lstm_f32", fields, (self.input,), output, whole=True, scratch=True, also=states)


def way_fields(op: LstmOp, output: Tensor, offset: int, backwards: bool) -> dict[str, Field]:
    """The members `sequence` and `way` of the kernels of floats."""
    batches, times = op.sequence
    step = batches if op.time_major else 1
    return {
        "sequence": {**sequence_fields(op), "time_step": -step if backwards else step},
        "way": {
            "first": (times - 1) * step if backwards else 0,
            "output_step": output.elements // (batches * times),
            "output_offset": offset,
        },
    }


def sequence_fields(op: LstmOp) -> dict[str, Field]:
    """The members of tg_lstm_sequence."""
    batches, times = op.sequence
    return {
        "batches": batches,
        "times": times,
        "depth": op.input.shape[-1],
        "units": op.units,
        "outputs": op.hidden_size,
        "batch_step": 1 if op.time_major else times,
        "time_step": batches if op.time_major else 1,
    }


def all_float(op: LstmOp) -> str:
    """What an LSTM in float32 has instead of float32 throughout."""
    tensors = (*op.inputs, op.output)
    wrong = (tensor for tensor in tensors if tensor.dtype is not DType.FLOAT32)
    return next((f"{tensor} is {tensor.dtype.label}" for tensor in wrong), "")


def _logistic(x: npt.NDArray[Any]) -> Float32s:
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-x.astype(np.float64))), np.float32)
