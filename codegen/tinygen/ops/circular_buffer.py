"""CIRCULAR_BUFFER: the inputs of the last inferences, for convolutions over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import State
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.history import counter_of, following
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.variables import reset_value

SLOTS_OF_ONE_CYCLE = (5, 13, 25)
"""Where the file does not say how many cycles there are, TFLite Micro takes one for these numbers of slots."""
SLOTS = " or ".join(map(str, SLOTS_OF_ONE_CYCLE))


def _shapes_fit(op: CircularBuffer) -> str:
    before, after = op.input.shape, op.output.shape
    if len(before) != 4 or len(after) != 4 or before[:2] != (1, 1) or (after[0], *after[2:]) != (1, *before[2:]):
        return f"they are {op.input} and {op.output}"
    return "" if op.output.elements and op.valid.elements == 1 else f"output_valid is {op.valid}"


def _cycles_are_known(op: CircularBuffer) -> str:
    return "" if op.cycles >= 1 else f"cycles_max is {op.cycles}"


def _always_goes_on(op: CircularBuffer) -> str:
    return "" if op.cycles == 1 or op.tells else f"cycles_max is {op.cycles}"


@dataclass(frozen=True, eq=False)
class CircularBuffer(Op):
    """output = (output[:, 1:], input): the slots move up, the newest is last; valid = this is every cycles_max-th time.

    After a reset all slots hold the zero point. Without the second output, TFLite Micro ends an inference that is not
    valid here.
    """

    input: Tensor
    """[1, 1, width, depth]"""
    before: Tensor
    """[1, slots, width, depth]: the output of the inference before"""
    cycles_left: Tensor
    output: Tensor
    """what is remembered"""
    valid: Tensor
    next_cycles: Tensor
    cycles: int
    tells: bool
    """`valid` is an output of the file, not only known to the op"""

    KIND = "CIRCULAR_BUFFER"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.INT8),
        dtype_is("output", DType.INT8),
        dtype_is("valid", DType.BOOL),
        Rule("input is one slot of output, of batch 1", _shapes_fit),
        Rule(f"cycles_max is at least 1, or there are {SLOTS} slots", _cycles_are_known),
        Rule("cycles_max is 1, or there is a second output", _always_goes_on),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        output, cycles = node.outputs[0], node.integer("cycles_max")
        if cycles <= 0 and len(output.shape) > 1 and output.shape[1] in SLOTS_OF_ONE_CYCLE:
            cycles = 1
        tells = len(node.outputs) > 1
        valid = node.outputs[1] if tells else Tensor(f"{output.name}, valid", (), DType.BOOL)
        before, left = replace(output, name=f"{output.name}, before", index=-1), counter_of(output)
        return cls(node.index, node.input(0), before, left, output, valid, following(left), cycles, tells)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.before, self.cycles_left)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output, self.valid, self.next_cycles)

    @property
    def states(self) -> tuple[State, ...]:
        return (
            State(self.before, reset_value(self.before), self.output),
            State(self.cycles_left, np.full(1, self.cycles, np.int32), self.next_cycles),
        )

    @property
    def in_place(self) -> tuple[Tensor, ...]:
        return (self.before, self.cycles_left)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        left = int(values[2][0]) - 1
        return (
            np.concatenate([values[1][:, 1:], values[0]], axis=1),
            np.full(self.valid.shape, left <= 0),
            np.full(1, self.cycles if left <= 0 else left, np.int32),
        )

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        slot = self.input.elements
        fields = {"slots": self.output.elements // slot, "slot_bytes": slot, "cycles": self.cycles}
        also = (self.valid, self.next_cycles)
        return (KernelCall("tg_circular_buffer_s8", fields, (self.input,), self.output, whole=True, also=also),)
