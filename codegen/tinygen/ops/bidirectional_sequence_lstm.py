"""BIDIRECTIONAL_SEQUENCE_LSTM: one LSTM over a sequence, and another over it backwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import State
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.lstm_hybrid import UnidirectionalSequenceLstmHybrid
from tinygen.ops.lstm_op import LstmOp
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.unidirectional_sequence_lstm import UnidirectionalSequenceLstm
from tinygen.ops.variables import reset_value, state_or_nothing

PARAMETERS = range(1, 18)
"""Where a layer's parameters stand in UNIDIRECTIONAL_SEQUENCE_LSTM; behind them come its two states."""
LAYERS = ((0, 35, 36), (17, 37, 38))
"""Of each layer how much further its parameters stand here, and where its states are."""
AUXILIARY = range(39, 48)


def _layers_fit(op: BidirectionalSequenceLstm) -> str:
    for layer in op.layers:
        for rule in layer.RULES:
            if found := rule.broken_by(layer):
                return f"it is not true that {rule.sentence}: {found}"
    return ""


def _outputs_fit(op: BidirectionalSequenceLstm) -> str:
    batches, times = op.layers[0].sequence
    sizes = [layer.hidden_size for layer in op.layers]
    wanted = [sum(sizes)] if len(op.results) == 1 else sizes
    found = [result.elements for result in op.results]
    return "" if found == [batches * times * size for size in wanted] else f"the output is {op.results[0]}"


@dataclass(frozen=True, eq=False)
class BidirectionalSequenceLstm(Op):
    """Both layers' outputs side by side, or each by itself; within 1e-5 of the largest, as a single LSTM's step."""

    input: Tensor
    """[batches, times, depth] or [times, batches, depth]"""
    parameters: tuple[Tensor, ...]
    """Of both layers, those that are there."""
    places: tuple[int, ...]
    """Where in the file each of them stands."""
    hidden: tuple[Tensor, ...]
    """Of each layer, as the cells and what both become."""
    cell: tuple[Tensor, ...]
    results: tuple[Tensor, ...]
    """One output for both layers, or one for each."""
    next_hidden: tuple[Tensor, ...]
    next_cell: tuple[Tensor, ...]
    node: Node
    """Whose options the layers have."""
    has_auxiliary: bool

    KIND = "BIDIRECTIONAL_SEQUENCE_LSTM"
    RULES = (
        dtype_is("input", DType.FLOAT32),
        Rule("there is no auxiliary input", lambda op: "there is one" if op.has_auxiliary else ""),
        Rule("each layer is a UNIDIRECTIONAL_SEQUENCE_LSTM that is compiled", _layers_fit),
        Rule("the outputs hold the hidden states of both layers", _outputs_fit),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        places = tuple(at for at in range(1, 35) if node.optional_input(at) is not None)
        hidden, cell = (tuple(state_or_nothing(node.optional_input(s[i])) for s in LAYERS) for i in (1, 2))
        next_hidden, next_cell = (
            tuple(replace(t, name=f"{t.name}, next", index=-1) for t in group) for group in (hidden, cell)
        )
        parameters = tuple(node.input(at) for at in places)
        has_auxiliary = any(node.optional_input(at) is not None for at in AUXILIARY)
        outputs = tuple(node.outputs)
        states = (hidden, cell, outputs, next_hidden, next_cell)
        return cls(node.index, node.input(0), parameters, places, *states, node, has_auxiliary)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, *self.parameters, *self.hidden, *self.cell)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (*self.results, *self.next_hidden, *self.next_cell)

    @property
    def states(self) -> tuple[State, ...]:
        pairs = zip((*self.hidden, *self.cell), (*self.next_hidden, *self.next_cell), strict=True)
        return tuple(State(tensor, reset_value(tensor), following) for tensor, following in pairs)

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (*self.hidden, *self.cell)

    @cached_property
    def layers(self) -> tuple[LstmOp, ...]:
        """The first goes forwards, the second backwards."""
        at = dict(zip(self.places, self.parameters, strict=True))
        made = []
        for i, (shift, _, _) in enumerate(LAYERS):
            parameters = [at.get(place + shift) for place in PARAMETERS]
            inputs = (self.input, *parameters, self.hidden[i], self.cell[i])
            node = replace(self.node, kind=UnidirectionalSequenceLstm.KIND, inputs=inputs, outputs=self.results[:1])
            hybrid = UnidirectionalSequenceLstmHybrid.takes(node)
            layer = (UnidirectionalSequenceLstmHybrid if hybrid else UnidirectionalSequenceLstm).read(node)
            made.append(replace(layer, next_hidden=self.next_hidden[i], next_cell=self.next_cell[i]))
        return tuple(made)

    @property
    def macs(self) -> int:
        return sum(layer.macs for layer in self.layers)

    def scratch_bytes(self, target: Target) -> int:
        return max(layer.scratch_bytes(target) for layer in self.layers)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        value_of = dict(zip(self.inputs, values, strict=True))
        time = 0 if self.layers[0].time_major else 1
        seen, hidden, cell = [], [], []
        for i, layer in enumerate(self.layers):
            read = value_of[self.input]
            given = {**value_of, self.input: np.flip(read, time) if i else read}
            shape = (*read.shape[:-1], layer.hidden_size)
            apart = replace(layer, output=replace(layer.output, shape=shape))
            made, *states = apart.evaluate([given[tensor] for tensor in apart.inputs], rounding)
            seen.append(np.flip(made, time) if i else made)
            hidden.append(states[0])
            cell.append(states[1])
        results = seen if len(self.results) == len(seen) else [np.concatenate(seen, axis=-1)]
        shaped = (made.reshape(output.shape) for made, output in zip(results, self.results, strict=True))
        return (*shaped, *hidden, *cell)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        forward, backward = self.layers
        is_merged = len(self.results) == 1
        return (
            forward.call(self.results[0], 0, False),
            backward.call(self.results[-1], forward.hidden_size if is_merged else 0, True),
        )
