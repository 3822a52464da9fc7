"""What every LSTM must have for tinygen to compile it, whatever its element types."""

from __future__ import annotations

from typing import Any

from tinygen.ops.rule import Rule


def _is_tanh(op: Any) -> str:
    return "" if op.activation == "TANH" else f"it is {op.activation}"


def _parts_are_complete(op: Any) -> str:
    gates = len(op.input_weights)
    if gates not in (3, 4) or (len(op.recurrent_weights), len(op.biases)) != (gates, gates):
        return f"it has {gates}, {len(op.recurrent_weights)} and {len(op.biases)} of them"
    if len(op.peepholes) not in (0, gates - 1) or len(op.norms) not in (0, gates):
        return f"it has {len(op.peepholes)} peepholes and {len(op.norms)} layer normalizations for {gates} gates"
    return ""


def _parts_are_constant(op: Any) -> str:
    return next((f"{tensor} is computed at run time" for tensor in op.parameters if not tensor.is_constant), "")


def _shapes_fit(op: Any) -> str:
    wanted = (
        (op.input_weights, (op.units, op.input.shape[-1])),
        (op.recurrent_weights, (op.units, op.hidden_size)),
        ((*op.peepholes, *op.biases, *op.norms), (op.units,)),
        (op.projection[:1], (op.hidden_size, op.units)),
        (op.projection[1:], (op.hidden_size,)),
    )
    for tensor, shape in ((tensor, shape) for tensors, shape in wanted for tensor in tensors):
        if tensor.shape != shape:
            return f"{tensor} has not the shape {'x'.join(map(str, shape))}"
    for state, size in ((op.hidden, op.hidden_size), (op.cell, op.units)):
        if state.elements != op.batches * size:
            return f"{state} has not {op.batches * size} elements"
    return "" if op.projection or op.hidden_size == op.units else f"{op.hidden} has not {op.units} elements per batch"


def _is_sequence(op: Any) -> str:
    return "" if op.input_rank_fits else f"{op.input} is no such sequence"


IS_SEQUENCE = Rule("the input is a sequence of vectors", _is_sequence)

LSTM_RULES: tuple[Rule, ...] = (
    Rule("the fused activation is TANH", _is_tanh),
    IS_SEQUENCE,
    Rule("there are weights and biases for four gates, or for three without the input gate", _parts_are_complete),
    Rule("weights and biases are constants", _parts_are_constant),
    Rule("weights, biases and states have the shapes that the gates need", _shapes_fit),
)
