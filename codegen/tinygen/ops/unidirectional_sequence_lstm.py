"""UNIDIRECTIONAL_SEQUENCE_LSTM: a recurrent layer over a sequence, in float32 and in TFLite Micro's integers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall, Placement
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.lstm_arithmetic import FRACTION_BITS, sigmoid, sigmoid_table, tanh
from tinygen.ops.lstm_hybrid import UnidirectionalSequenceLstmHybrid
from tinygen.ops.lstm_op import GATES, LstmOp, all_float, sequence_fields
from tinygen.ops.requantization import float_matmul
from tinygen.ops.rule import Rule, dtype_is
from tinygen.ops.wide import reduced_multiplier, wide_multiply
from tinygen.quant import Int64s, multiply_by_quantized_multiplier, quantize_multiplier, wrap_int32

Pair = tuple[int, int]
INT16 = (-(2**15), 2**15 - 1)


def _dtypes_fit(op: UnidirectionalSequenceLstm) -> str:
    if op.input.dtype is DType.FLOAT32:
        return all_float(op)
    weights = [*op.input_weights, *op.recurrent_weights]
    wanted = (
        ((op.hidden, op.output), op.input.dtype),
        ((op.cell,), DType.INT16),
        (weights, DType.INT8),
        (op.biases, DType.INT32 if op.input.dtype is DType.INT8 else DType.INT64),
    )
    wrong = (tensor for tensors, dtype in wanted for tensor in tensors if tensor.dtype is not dtype)
    return next((f"{tensor} is {tensor.dtype.label}" for tensor in wrong), "")


def _is_plain(op: UnidirectionalSequenceLstm) -> str:
    if not op.is_integer:
        return ""
    parts = (("peepholes", op.peepholes), ("a projection", op.projection), ("layer normalization", op.norms))
    found = [name for name, tensors in parts if tensors]
    if len(op.input_weights) == 3:
        found.append("no input gate")
    return f"it has {' and '.join(found)}" if found else ""


def _is_quantized(op: UnidirectionalSequenceLstm) -> str:
    if not op.is_integer:
        return ""
    weights = (*op.input_weights, *op.recurrent_weights)
    for tensor in (op.input, op.hidden, op.cell, op.output, *weights):
        if tensor.quantization is None or tensor.quantization.per_channel:
            return f"{tensor} has {0 if tensor.quantization is None else len(tensor.quantization.scales)} scales"
    symmetric = (*weights, op.cell, *((op.input, op.hidden) if op.input.dtype is DType.INT16 else ()))
    return next((f"{t} has zero point {t.zero_point}" for t in symmetric if t.zero_point), "")


def _cell_is_binary(op: UnidirectionalSequenceLstm) -> str:
    if not op.is_integer:
        return ""
    bits = -math.log2(op.cell.scale)
    return "" if bits == int(bits) and 0 <= bits <= 24 else f"it is {op.cell.scale:g}"


@dataclass(frozen=True, eq=False)
class UnidirectionalSequenceLstm(LstmOp):
    """Integers: gates in Q3.12 become Q0.15, cells are int16 with a scale that is a power of 2, as in TFLite Micro."""

    KIND = "UNIDIRECTIONAL_SEQUENCE_LSTM"
    FORMS = (UnidirectionalSequenceLstmHybrid,)
    RULES: ClassVar[tuple[Rule, ...]] = (
        dtype_is("input", DType.INT8, DType.INT16, DType.FLOAT32),
        Rule("the other tensors' types fit the input's", _dtypes_fit),
        Rule("in integers there are four gates, without peepholes, projection and layer normalization", _is_plain),
        *LstmOp.RULES,
        Rule(
            "in integers each tensor has one scale, weights, cells and int16 tensors with zero point 0", _is_quantized
        ),
        Rule("in integers the cell's scale is a power of 2, at most 1", _cell_is_binary),
    )

    @property
    def is_integer(self) -> bool:
        return self.input.dtype is not DType.FLOAT32

    @property
    def cell_bits(self) -> int:
        """Fraction bits of the stored cell."""
        return int(-math.log2(self.cell.scale))

    @property
    def stored_clip(self) -> int:
        """The largest stored cell; 0 for no limit."""
        return int(min(self.cell_clip / self.cell.scale, 32767.0)) if self.cell_clip > 0 else 0

    def sum_requant(self, read: Tensor, weights: Tensor, rounding: Rounding) -> Pair:
        """From sum(read * weights) to Q3.12; TFLite multiplies the scales in float32. Q0.31, for 64-bit sums Q0.15."""
        product = float(np.float32(read.scale) * np.float32(weights.scale))
        multiplier, shift = quantize_multiplier(product * 2.0**FRACTION_BITS, rounding)
        return (multiplier if self.input.dtype is DType.INT8 else reduced_multiplier(multiplier)), shift

    def product_requants(self, rounding: Rounding) -> tuple[Pair, Pair, Pair]:
        """From forget gate * cell and input gate * cell gate to the cell; from output gate * tanh to the output."""
        unit = 2.0**-15
        reals = (
            unit * self.cell.scale / self.cell.scale,
            unit * unit / self.cell.scale,
            unit * unit / self.hidden.scale,
        )
        first, second, third = (quantize_multiplier(real, rounding) for real in reals)
        return first, second, third

    def step(
        self, read: Array, hidden: Array, cell: Array, value_of: dict[Tensor, Array], rounding: Rounding
    ) -> tuple[Array, Array]:
        if not self.is_integer:
            return super().step(read, hidden, cell, value_of, rounding)
        sums = {name: self._gate(name, read, hidden, value_of, rounding) for name in GATES}
        forget, entry, result = (sigmoid(sums[name]) for name in ("forget", "input", "output"))
        kept, taken, shown = self.product_requants(rounding)
        new = np.clip(multiply_by_quantized_multiplier(forget * cell.astype(np.int64), *kept, rounding), *INT16)
        update = multiply_by_quantized_multiplier(entry * tanh(sums["cell"], FRACTION_BITS), *taken, rounding)
        new = np.clip(new + np.clip(update, *INT16), *INT16)
        if self.stored_clip:
            new = np.clip(new, -self.stored_clip, self.stored_clip)
        seen = multiply_by_quantized_multiplier(tanh(new, self.cell_bits) * result, *shown, rounding)
        stored = np.clip(seen + self.hidden.zero_point, *self.hidden.dtype.limits)
        return stored.astype(self.hidden.dtype.numpy), new.astype(np.int16)

    def _gate(self, name: str, read: Array, hidden: Array, value_of: dict[Tensor, Array], rounding: Rounding) -> Int64s:
        """What goes into a gate's sigmoid or tanh, in Q3.12: each of two sums is rescaled and clamped by itself."""
        bias = value_of[self.gates_of(self.biases)[name]].astype(np.int64)
        total = np.zeros((self.batches, self.units), np.int64)
        for value, tensor, group, start in (
            (read, self.input, self.input_weights, bias),
            (hidden, self.hidden, self.recurrent_weights, np.zeros_like(bias)),
        ):
            weights = self.gates_of(group)[name]
            acc = float_matmul(value.astype(np.int64) - tensor.zero_point, value_of[weights].T) + start
            pair = self.sum_requant(tensor, weights, rounding)
            if self.input.dtype is DType.INT16:
                scaled = wide_multiply(acc, *pair)
            else:
                scaled = multiply_by_quantized_multiplier(wrap_int32(acc), *pair, rounding)
            total += np.clip(scaled, *INT16)
        return np.clip(total, *INT16)

    def scratch_bytes(self, target: Target) -> int:
        return 0 if self.is_integer else super().scratch_bytes(target)

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        if not self.is_integer:
            return super().lower(place)
        rounding = place.target.rounding
        kept, taken, shown = self.product_requants(rounding)
        low, high = self.hidden.dtype.limits
        fields: dict[str, Field] = {
            "sequence": sequence_fields(self),
            **{f"{name}_gate": self._gate_fields(name, rounding) for name in GATES},
            "cell_update": {
                "sigmoid": Constant.of(sigmoid_table()),
                "forget": _requant(kept),
                "update": _requant(taken),
                "hidden": _requant(shown),
                "cell_shift": self.cell_bits - FRACTION_BITS,
                "cell_clip": self.stored_clip or 2**15,
                "hidden_zero_point": self.hidden.zero_point,
                "hidden_min": low,
                "hidden_max": high,
            },
        }
        kernel = "tg_lstm_s8" if self.input.dtype is DType.INT8 else "tg_lstm_s16"
        states = (self.next_hidden, self.next_cell)
        return (KernelCall(kernel, fields, (self.input,), self.output, whole=True, also=states),)

    def _gate_fields(self, name: str, rounding: Rounding) -> dict[str, Field]:
        read = self.gates_of(self.input_weights)[name]
        recurrent = self.gates_of(self.recurrent_weights)[name]
        fields: dict[str, Field] = {
            "input_weights": Constant.of(read.value),
            "recurrent_weights": Constant.of(recurrent.value),
            "input_bias": self._folded(read, self.input, self.gates_of(self.biases)[name].value),
        }
        if self.input.dtype is DType.INT8:
            fields["recurrent_bias"] = self._folded(recurrent, self.hidden, np.zeros(self.units, np.int64))
        return {
            **fields,
            "input": _requant(self.sum_requant(self.input, read, rounding)),
            "recurrent": _requant(self.sum_requant(self.hidden, recurrent, rounding)),
        }

    def _folded(self, weights: Tensor, read: Tensor, bias: Array) -> Constant:
        """bias - zero point * sum(weights) per unit, wrapped as the accumulator is."""
        if self.input.dtype is DType.INT16:
            return Constant.of(bias.astype(np.int64))
        total = bias.astype(np.int64) - read.zero_point * weights.value.astype(np.int64).sum(axis=1)
        return Constant.of(wrap_int32(total).astype(np.int32))


def _requant(pair: Pair) -> dict[str, Field]:
    return {"multiplier": pair[0], "shift": pair[1]}
