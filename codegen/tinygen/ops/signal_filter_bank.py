"""SignalFilterBank: energies summed up in overlapping triangular bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import KernelCall, Placement
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.rule import Rule, dtype_is, is_constant


def _shapes_fit(op: SignalFilterBank) -> str:
    if op.channels < 1 or op.output.elements != op.channels:
        return f"num_channels is {op.channels}, and output is {op.output}"
    uneven = next((t for t in (op.starts, op.weight_starts, op.widths) if t.elements != op.channels + 1), None)
    return "" if uneven is None else f"num_channels is {op.channels}, and there is {uneven}"


def _bands_lie_within(op: SignalFilterBank) -> str:
    weights = min(op.weights.elements, op.unweights.elements)
    for start, weight_start, width in op.bands:
        if width > 0 and not (0 <= start <= op.input.elements - width and 0 <= weight_start <= weights - width):
            return f"there is one of {width} from {start}, with weights from {weight_start}"
    return ""


@dataclass(frozen=True, eq=False)
class SignalFilterBank(Op):
    """output[c] = sum(input * weights over band c + 1) + sum(input * unweights over band c), modulo 2**64.

    A band is widths[i] energies from starts[i] on, with the weights from weight_starts[i] on. What falls on one side of
    a band's peak counts for the channel before.
    """

    input: Tensor
    weights: Tensor
    unweights: Tensor
    starts: Tensor
    weight_starts: Tensor
    widths: Tensor
    output: Tensor
    channels: int

    KIND = "SignalFilterBank"
    IS_CUSTOM = True
    RULES = (
        dtype_is("input", DType.UINT32),
        *(dtype_is(name, DType.INT16) for name in ("weights", "unweights", "starts", "weight_starts", "widths")),
        dtype_is("output", DType.UINT64),
        *(is_constant(name) for name in ("weights", "unweights", "starts", "weight_starts", "widths")),
        Rule("output has num_channels numbers, and there is one band more", _shapes_fit),
        Rule("the bands lie within input and the weights", _bands_lie_within),
    )

    @classmethod
    def read(cls, node: Node) -> Self:
        read, weights, unweights, starts, weight_starts, widths = (node.input(i) for i in range(6))
        tables = (weights, unweights, starts, weight_starts, widths)
        return cls(node.index, read, *tables, node.outputs[0], node.integer("num_channels"))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.weights, self.unweights, self.starts, self.weight_starts, self.widths)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    def bands(self) -> list[tuple[int, int, int]]:
        """(first energy, first weight, energies) of each."""
        tables = (self.starts, self.weight_starts, self.widths)
        return list(zip(*(table.value.reshape(-1).tolist() for table in tables), strict=True))

    @property
    def macs(self) -> int:
        return 2 * sum(max(width, 0) for _, _, width in self.bands)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        energies, weights, unweights = (np.asarray(v).reshape(-1).astype(object) for v in values[:3])
        rising, falling = [], []
        for start, weight_start, width in self.bands:
            band, taps = energies[start : start + max(width, 0)], slice(weight_start, weight_start + max(width, 0))
            rising.append(int((band * weights[taps]).sum()))
            falling.append(int((band * unweights[taps]).sum()))
        sums = [(rising[c + 1] + falling[c]) % (1 << 64) for c in range(self.channels)]
        return (np.array(sums, np.uint64).reshape(self.output.shape),)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        return (
            KernelCall("tg_signal_filter_bank_u32", {"channels": self.channels}, self.inputs, self.output, whole=True),
        )
