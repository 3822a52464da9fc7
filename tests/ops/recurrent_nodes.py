"""Makes the operators that remember, and runs sequences of inferences in the interpreters that are not ours."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kernels.bench import Benches, same
from ops.nodes import chance, model_bytes, node, op_of, tensor
from ops.witness import ARENA_BYTES
from tinygen.ir.dtype import Array, DType
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node


def svdf(
    batches: int = 2,
    depth: int = 7,
    units: int = 4,
    rank: int = 2,
    memory: int = 5,
    dtype: DType = DType.INT16,
    zero_points: tuple[int, int, int] = (3, 0, -7),
    activation: str = "NONE",
    with_bias: bool = True,
) -> Node:
    """SVDF; dtype: of the state. zero_points: of input, state and output."""
    random = chance("svdf", batches, depth, units, rank, memory)
    is_float, filters = dtype is DType.FLOAT32, units * rank
    plain = DType.FLOAT32 if is_float else DType.INT8
    largest = 120 if dtype is DType.INT8 else 30000
    scales = {
        "state": 2.0**-2 if dtype is DType.INT8 else 2.0**-10,
        "time": 2.0**-7 if dtype is DType.INT8 else 2.0**-14,
    }

    def values(shape: tuple[int, ...], limit: float) -> Array:
        return random.normal(0, 1, shape) if is_float else random.integers(-int(limit), int(limit) + 1, shape)

    def made(
        name: str, shape: tuple[int, ...], scale: float, zero: int, kind: DType, data: Array | None = None
    ) -> Tensor:
        return tensor(name, shape, 0.0 if is_float else scale, zero, kind, data=data)

    feature, time = values((filters, depth), 127), values((filters, memory), largest)
    bias_scale = scales["state"] * scales["time"]
    bias = made("bias", (units,), bias_scale, 0, DType.FLOAT32 if is_float else DType.INT32, values((units,), 9000))
    return node(
        "SVDF",
        [
            made("input", (batches, depth), 2.0**-5, zero_points[0], plain),
            made("feature", (filters, depth), 2.0**-6, 0, plain, feature),
            made("time", (filters, memory), scales["time"], 0, dtype, time),
            bias if with_bias else None,
            made("state", (batches, filters * memory), scales["state"], zero_points[1], dtype),
        ],
        [made("output", (batches, units), 2.0**-2, zero_points[2], plain)],
        rank=rank,
        fused_activation_function=activation,
    )


def lstm(
    batches: int = 2,
    times: int = 3,
    depth: int = 5,
    units: int = 4,
    dtype: DType = DType.INT8,
    time_major: bool = False,
    zero_points: tuple[int, int] = (3, -5),
    cell_bits: int = 11,
    cell_clip: float = 10.0,
    extras: Sequence[str] = (),
    kind: str = "UNIDIRECTIONAL_SEQUENCE_LSTM",
) -> Node:
    """extras: of "coupled", "peephole", "projection", "projection_bias", "norm". zero_points: of input and output."""
    random = chance("lstm", batches, times, depth, units)
    is_float = dtype is DType.FLOAT32
    outputs = 3 if "projection" in extras else units
    weight_type = DType.FLOAT32 if is_float else DType.INT8
    bias_type = {DType.FLOAT32: DType.FLOAT32, DType.INT8: DType.INT32, DType.INT16: DType.INT64}[dtype]
    zeros = zero_points if dtype is DType.INT8 else (0, 0)
    step = {DType.INT8: 2.0**-6, DType.INT16: 2.0**-14, DType.FLOAT32: 0.0}[dtype]
    hidden_step = {DType.INT8: 2.0**-7, DType.INT16: 2.0**-15, DType.FLOAT32: 0.0}[dtype]

    def constant(
        name: str, shape: tuple[int, ...], kind: DType = weight_type, scale: float = 0.0, limit: int = 127
    ) -> Tensor:
        data = random.normal(0, 1, shape) if is_float else random.integers(-limit, limit + 1, shape)
        return tensor(name, shape, scale, 0, kind, data=data)

    def gates(name: str, *shape: int, start: int = 0, scale: float = 0.0, **more: Any) -> list[Tensor | None]:
        return [None] * start + [constant(f"{name}{i}", shape, scale=scale, **more) for i in range(start, 4)]

    first = 1 if "coupled" in extras else 0
    scale = 0.0 if is_float else 0.011
    peepholes: list[Tensor | None] = [None] * 3
    if "peephole" in extras:
        peepholes = [None if i < first else constant(f"peephole{i}", (units,)) for i in range(3)]
    projection: list[Tensor | None] = [None, None]
    if "projection" in extras:
        projection[0] = constant("projection", (outputs, units))
    if "projection_bias" in extras:
        projection[1] = constant("projection bias", (outputs,))
    norms = gates("norm", units, start=first) if "norm" in extras else [None] * 4
    leading: tuple[int, ...] = (times, batches) if time_major else (batches, times)
    leading = (batches,) if kind == "LSTM" else leading
    options = {"time_major": time_major} if kind != "LSTM" else {"kernel_type": 0}
    return node(
        kind,
        [
            tensor("input", (*leading, depth), step, zeros[0], dtype),
            *gates("input weights", units, depth, start=first, scale=scale),
            *gates("recurrent weights", units, outputs, start=first, scale=scale),
            *peepholes,
            *gates("bias", units, start=first, scale=step * scale, kind=bias_type, limit=3000),
            *projection,
            tensor("hidden", (batches, outputs), hidden_step, zeros[1], dtype),
            tensor(
                "cell", (batches, units), 0.0 if is_float else 2.0**-cell_bits, 0, dtype if is_float else DType.INT16
            ),
            *norms,
        ],
        [tensor("output", (*leading, outputs), hidden_step, zeros[1], dtype)],
        fused_activation_function="TANH",
        cell_clip=cell_clip,
        proj_clip=0.75 if "projection" in extras else 0.0,
        **options,
    )


def as_hybrid(made: Node, asymmetric: bool = False) -> Node:
    """The float LSTM with its weights as int8."""
    weights = {*range(1, 12), 16}

    def stored(i: int, operand: Tensor | None) -> Tensor | None:
        if operand is None or i not in weights:
            return operand
        scale = float(np.float32(np.abs(operand.value.astype(np.float64)).max() / 127))
        data = np.round(operand.value.astype(np.float64) / scale)
        return tensor(operand.name, operand.shape, scale, 0, DType.INT8, data=data)

    options = {**made.options, "asymmetric_quantize_inputs": asymmetric}
    return replace(made, inputs=tuple(stored(i, t) for i, t in enumerate(made.inputs)), options=options)


def both_ways(forward: Node, backward: Node, merged: bool = True) -> Node:
    """BIDIRECTIONAL_SEQUENCE_LSTM of two that read the same input, without layer normalization."""

    def named(made: Node, prefix: str, places: Sequence[int]) -> list[Tensor | None]:
        operands = (made.inputs[i] for i in places)
        return [None if t is None else replace(t, name=f"{prefix} {t.name}") for t in operands]

    inputs: list[Tensor | None] = [forward.input(0)]
    pairs = ((forward, "forward"), (backward, "backward"))
    for places in (range(1, 18), range(18, 20)):
        for made, prefix in pairs:
            inputs += named(made, prefix, places)
    inputs += [None] * 9
    outputs = [replace(made.outputs[0], name=f"{prefix} output") for made, prefix in pairs]
    if merged:
        size = sum(output.shape[-1] for output in outputs)
        outputs = [replace(outputs[0], shape=(*outputs[0].shape[:-1], size))]
    options = {**forward.options, "merge_outputs": merged}
    return node("BIDIRECTIONAL_SEQUENCE_LSTM", inputs, outputs, **options)


def rnn(
    kind: str,
    batches: int = 2,
    times: int = 3,
    depth: int = 5,
    units: Sequence[int] = (4,),
    activation: str = "TANH",
    time_major: bool = False,
    merged: bool = True,
) -> Node:
    """RNN and its kin; units: of each direction."""
    random = chance("rnn", batches, times, depth, units)
    leading = (batches,) if kind == "RNN" else (times, batches) if time_major else (batches, times)
    inputs: list[Tensor | None] = [tensor("input", (*leading, depth), dtype=DType.FLOAT32)]
    for i, count in enumerate(units):
        shapes = (("weights", (count, depth)), ("recurrent weights", (count, count)), ("bias", (count,)))
        inputs += [
            tensor(f"{name} {i}", shape, dtype=DType.FLOAT32, data=random.normal(0, 0.5, shape))
            for name, shape in shapes
        ]
        inputs.append(tensor(f"hidden {i}", (batches, count), dtype=DType.FLOAT32))
    options: dict[str, Any] = {"fused_activation_function": activation}
    if kind != "RNN":
        options["time_major"] = time_major
    if kind == "BIDIRECTIONAL_SEQUENCE_RNN":
        options["merge_outputs"] = merged
        inputs += [None, None, None]
    sizes = [sum(units)] if merged else list(units)
    outputs = [tensor(f"output {i}", (*leading, size), dtype=DType.FLOAT32) for i, size in enumerate(sizes)]
    return node(kind, inputs, outputs, **options)


def inputs_of(node_: Node, count: int) -> list[Array]:
    """What the model is given, one inference after the other."""
    read, random = node_.input(0), chance("inputs", node_.input(0).shape)
    if read.dtype.is_float:
        return [random.normal(0, 1, read.shape).astype(np.float32) for _ in range(count)]
    low, high = read.dtype.limits
    return [random.integers(low, high + 1, read.shape).astype(read.dtype.numpy) for _ in range(count)]


def evaluated(node_: Node, inputs: Sequence[Array]) -> list[Array]:
    """The outputs of a sequence by `evaluate`."""
    op = op_of(node_)
    memory = {state.tensor: state.initial for state in op.states}
    found = []
    for value in inputs:
        given = {node_.input(0): value, **memory}
        results = dict(
            zip(op.outputs, op.evaluate([given.get(t, t.data) for t in op.inputs], Rounding.DOUBLE), strict=True)
        )  # type: ignore[misc]
        memory = {state.tensor: results[state.next] for state in op.states}
        found.append(results[op.outputs[0]])
    return found


def sequence_agrees(witness: str, node_: Node, count: int = 6, within: float = 0.0) -> None:
    """Asserts that several inferences without a reset give what the witness gives."""
    inputs = inputs_of(node_, count)
    expected = {"tflite_micro": _in_micro, "litert": _in_litert}[witness](model_bytes(node_, drop_absent=False), inputs)
    for i, (ours, theirs) in enumerate(zip(evaluated(node_, inputs), expected, strict=True)):
        same(ours, theirs.reshape(ours.shape), f"{witness}, inference {i}", within)


def kernels_agree(benches: Benches, node_: Node, within: float = 0.0) -> None:
    """Asserts that the kernels give the output and the new states of `evaluate`, from states of any value."""
    op = op_of(node_)
    random = chance("states", node_.kind)
    values = []
    for operand in op.inputs:
        if operand.data is not None:
            values.append(operand.data)
        elif operand.dtype.is_float:
            values.append(random.normal(0, 1, operand.shape).astype(np.float32))
        else:
            low, high = operand.dtype.limits
            values.append(random.integers(low, high + 1, operand.shape).astype(operand.dtype.numpy))
    benches.agree(op, values, within=within)


def _in_micro(model: bytes, inputs: Sequence[Array]) -> list[Array]:
    runtime: Any = pytest.importorskip("tflite_micro", reason="tflite-micro is not installed").runtime
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=ARENA_BYTES)
    found = []
    for value in inputs:
        interpreter.set_input(value, 0)
        interpreter.invoke()
        found.append(np.array(interpreter.get_output(0)))
    return found


def _in_litert(model: bytes, inputs: Sequence[Array]) -> list[Array]:
    pytest.importorskip("ai_edge_litert", reason="ai-edge-litert is not installed")
    litert: Any = importlib.import_module("ai_edge_litert.interpreter")
    resolver = litert.OpResolverType.BUILTIN_REF
    interpreter = litert.Interpreter(model_content=model, experimental_op_resolver_type=resolver, num_threads=1)
    interpreter.allocate_tensors()
    found = []
    for value in inputs:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], value)
        interpreter.invoke()
        found.append(np.array(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])))
    return found
