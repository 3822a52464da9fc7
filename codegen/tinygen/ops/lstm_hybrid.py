"""UNIDIRECTIONAL_SEQUENCE_LSTM and LSTM of floats with int8 weights: vectors are quantized to int8 on the fly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.hybrid import hybrid_sums
from tinygen.ops.lstm_op import GATES, LstmOp, way_fields
from tinygen.ops.node import Node
from tinygen.ops.requantization import float_matmul
from tinygen.ops.rule import Rule
from tinygen.ops.sequential import Float32s, normalized


def _dtypes_fit(op: LstmHybrid) -> str:
    floats = (op.input, op.output, op.hidden, op.cell, *op.biases, *op.norms, *op.projection[1:])
    wrong = [t for t in floats if t.dtype is not DType.FLOAT32]
    wrong += [t for t in op.stored if t.dtype is not DType.INT8]
    return f"{wrong[0]} is {wrong[0].dtype.label}" if wrong else ""


def _scales_fit(op: LstmHybrid) -> str:
    for tensor in op.stored:
        if tensor.quantization is None or tensor.quantization.per_channel or tensor.zero_point:
            return f"{tensor} has not"
    return ""


@dataclass(frozen=True, eq=False)
class LstmHybrid(LstmOp):
    """As in float32, with exact sums of int8; a hidden value at the edge between two of them may fall on either side.

    The option asymmetric_quantize_inputs says whether vectors have a zero point.
    """

    RULES = (
        Rule("activations, states and biases are float32, weights are int8", _dtypes_fit),
        Rule("weights have one scale and zero point 0", _scales_fit),
        *LstmOp.RULES,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        weights = node.optional_input(2)
        return node.input(0).dtype is DType.FLOAT32 and weights is not None and not weights.dtype.is_float

    @property
    def stored(self) -> tuple[Tensor, ...]:
        """The weights of int8."""
        return (*self.input_weights, *self.recurrent_weights, *self.peepholes, *self.projection[:1])

    def product(self, vectors: Array, weights: Tensor, value_of: dict[Tensor, Array]) -> Float32s:
        """[batches, outputs] from vectors [batches, depth], each quantized by itself."""
        matrix = value_of[weights].astype(np.int64).T
        return hybrid_sums(
            vectors.astype(np.float32),
            lambda vector: float_matmul(vector[None], matrix),
            weights.params.scales,
            not self.asymmetric,
        )

    def _sums(self, name: str, read: Array, hidden: Array, cell: Float32s, value_of: dict[Tensor, Array]) -> Float32s:
        bias = value_of[self.gates_of(self.biases)[name]].astype(np.float32)
        start = np.zeros_like(bias) if self.norms else bias
        sums = start + self.product(read, self.gates_of(self.input_weights)[name], value_of)
        sums = sums + self.product(hidden, self.gates_of(self.recurrent_weights)[name], value_of)
        if name in self.peephole_of:
            sums = sums + real_values(self.peephole_of[name]) * cell
        if self.norms:
            sums = normalized(sums) * value_of[self.gates_of(self.norms)[name]].astype(np.float32) + bias
        return np.asarray(sums, np.float32)

    def _projected(self, result: Float32s, value_of: dict[Tensor, Array]) -> Float32s:
        weights, *bias = self.projection
        start = value_of[bias[0]].astype(np.float32) if bias else np.float32(0)
        return np.asarray(start + self.product(result, weights, value_of), np.float32)

    def scratch_bytes(self, target: Target) -> int:
        return 17 * self.units + self.input.shape[-1] + self.hidden_size

    def call(self, output: Tensor, offset: int, backwards: bool) -> KernelCall:
        def of(group: Any, name: str) -> Field:
            """The values of a gate's tensor as floats, or none."""
            return Constant.of(real_values(group[name])) if name in group else 0

        norms = self.gates_of(self.norms) if self.norms else {}
        gates: dict[str, Field] = {
            f"{name}_gate": {
                "input": _matrix(self.gates_of(self.input_weights).get(name)),
                "recurrent": _matrix(self.gates_of(self.recurrent_weights).get(name)),
                "bias": of(self.gates_of(self.biases), name),
                "peephole": of(self.peephole_of, name),
                "norm": of(norms, name),
            }
            for name in GATES
        }
        weights, bias = (*self.projection, None, None)[:2]
        fields: dict[str, Field] = {
            **way_fields(self, output, offset, backwards),
            **gates,
            "is_coupled": int(len(self.input_weights) == 3),
            "symmetric": int(not self.asymmetric),
            "projection": _matrix(weights),
            "projection_bias": 0 if bias is None else Constant.of(bias.value),
            "cell_clip": max(self.cell_clip, 0.0),
            "projection_clip": max(self.projection_clip, 0.0),
        }
        states = (self.next_hidden, self.next_cell)
        return KernelCall("tg_lstm_f32_s8", fields, (self.input,), output, whole=True, scratch=True, also=states)


def real_values(tensor: Tensor) -> Float32s:
    """A constant as floats."""
    values = tensor.value.astype(np.float32)
    return values if tensor.dtype.is_float else np.asarray(values * np.float32(tensor.scale), np.float32)


def _matrix(weights: Tensor | None) -> dict[str, Field]:
    """The members of tg_lstm_matrix."""
    if weights is None:
        return {"weights": 0, "scale": 0.0}
    return {"weights": Constant.of(weights.value), "scale": weights.scale}


@dataclass(frozen=True, eq=False)
class UnidirectionalSequenceLstmHybrid(LstmHybrid):
    KIND = "UNIDIRECTIONAL_SEQUENCE_LSTM"


@dataclass(frozen=True, eq=False)
class PlainLstmHybrid(LstmHybrid):
    KIND = "LSTM"
