"""Makes TFLite Micro's operators on signals, and runs sequences of inferences of them in its interpreter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from kernels.bench import Benches, same
from ops.nodes import chance, model_bytes, node, op_of, tensor
from ops.witness import ARENA_BYTES
from tinygen.ir.dtype import Array, DType
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node
from tinygen.ops.op import Op

Shape = tuple[int, ...]
Inference = Sequence[Array]
"""The inputs of one, or the outputs."""


def window(shape: Shape = (1, 30), length: int = 30, shift: int = 12) -> Node:
    weights = chance("window", length).integers(-32768, 32768, length)
    return node(
        "SignalWindow",
        [tensor("input", shape, dtype=DType.INT16), tensor("weights", (length,), dtype=DType.INT16, data=weights)],
        [tensor("output", shape, dtype=DType.INT16)],
        shift=shift,
    )


def fft_auto_scale(length: int = 30) -> Node:
    outputs = [tensor("output", (length,), dtype=DType.INT16), tensor("scale_bits", (), dtype=DType.INT32)]
    return node("SignalFftAutoScale", [tensor("input", (length,), dtype=DType.INT16)], outputs)


TENSOR_TYPES = {DType.FLOAT32: 0, DType.INT32: 2, DType.INT16: 7}
"""The schema's numbers, which TFLite Micro looks for in the options of some operators."""


def rfft(length: int = 16, samples: int = 0, frames: Shape = (), dtype: DType = DType.INT16) -> Node:
    """samples: of a frame, 0 for `length`."""
    return node(
        "SignalRfft",
        [tensor("input", (*frames, samples or length), dtype=dtype)],
        [tensor("output", (*frames, length + 2), dtype=dtype)],
        T=TENSOR_TYPES[dtype],
        fft_length=length,
    )


def irfft(length: int = 16, frames: Shape = (), dtype: DType = DType.INT16) -> Node:
    return node(
        "SignalIrfft",
        [tensor("input", (*frames, length + 2), dtype=dtype)],
        [tensor("output", (*frames, length), dtype=dtype)],
        T=TENSOR_TYPES[dtype],
        fft_length=length,
    )


# Running


def run_time_inputs(op: Op) -> list[Any]:
    states = {state.tensor for state in op.states}
    return [t for t in op.inputs if not t.is_constant and t not in states]


def inferences(node_: Node, count: int, *key: object) -> list[list[Array]]:
    """Random inputs of `count` inferences, the extremes among them."""
    random = chance("inferences", node_.kind, *key)
    found = []
    for _ in range(count):
        values: list[Array] = []
        for operand in run_time_inputs(op_of(node_)):
            if operand.dtype.is_float:
                values.append(random.normal(0, 100, operand.shape).astype(np.float32))
                continue
            low, high = operand.dtype.limits
            drawn = random.integers(low, high, operand.shape, dtype=operand.dtype.numpy, endpoint=True)
            small = drawn >> random.integers(0, 8 * operand.dtype.size, operand.shape, dtype=operand.dtype.numpy)
            extreme = random.choice(np.array([low, high, 0], operand.dtype.numpy), operand.shape)
            kind = random.integers(0, 8, operand.shape)
            values.append(np.where(kind == 0, extreme, np.where(kind < 4, small, drawn)).astype(operand.dtype.numpy))
        found.append(values)
    return found


def evaluated(op: Op, sequence: Sequence[Inference]) -> list[Inference]:
    """The outputs of a sequence of inferences by `evaluate`, without what is remembered."""
    memory = {state.tensor: state.initial for state in op.states}
    found = []
    for inputs in sequence:
        given = dict(zip(run_time_inputs(op), inputs, strict=True)) | memory
        values = [t.value if t.is_constant else given[t] for t in op.inputs]
        results = dict(zip(op.outputs, op.evaluate(values, Rounding.DOUBLE), strict=True))
        memory = {state.tensor: results[state.next] for state in op.states}
        found.append([value for t, value in results.items() if t not in {state.next for state in op.states}])
    return found


def in_micro(node_: Node, sequence: Sequence[Inference]) -> list[Inference]:
    """The outputs of a sequence of inferences in TFLite Micro."""
    runtime: Any = pytest.importorskip("tflite_micro", reason="tflite-micro is not installed").runtime
    interpreter = runtime.Interpreter.from_bytes(model_bytes(node_), arena_size=ARENA_BYTES)
    found = []
    for inputs in sequence:
        for i, value in enumerate(inputs):
            interpreter.set_input(value, i)
        interpreter.invoke()
        found.append([np.array(interpreter.get_output(i)) for i in range(len(node_.outputs))])
    return found


def equals_micro(node_: Node, sequence: Sequence[Inference]) -> None:
    """Asserts that every output of a sequence of inferences is TFLite Micro's."""
    op = op_of(node_)
    for i, (ours, theirs) in enumerate(zip(evaluated(op, sequence), in_micro(node_, sequence), strict=True)):
        for which, (found, expected) in enumerate(zip(ours, theirs, strict=True)):
            same(found, expected.reshape(found.shape), f"inference {i}, output {which}")


def kernels_agree(benches: Benches, node_: Node, sequence: Sequence[Inference]) -> None:
    """Asserts that the kernels give every output and the new states, from the states that the sequence leads to."""
    op = op_of(node_)
    memory = {state.tensor: state.initial for state in op.states}
    for inputs in sequence:
        given = dict(zip(run_time_inputs(op), inputs, strict=True)) | memory
        values = [t.value if t.is_constant else given[t] for t in op.inputs]
        benches.agree(op, values)
        results = dict(zip(op.outputs, op.evaluate(values, Rounding.DOUBLE), strict=True))
        memory = {state.tensor: results[state.next] for state in op.states}
