"""Runs a single operator in interpreters that are not ours: TFLite Micro's and LiteRT's reference kernels."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from kernels.bench import same
from ops.nodes import model_bytes, op_of, values_of
from tinygen.ir.dtype import Array
from tinygen.ir.target import Rounding
from tinygen.ops.node import Node

ARENA_BYTES = 1 << 20


def run_tflite_micro(model: bytes, inputs: Sequence[Array]) -> Array:
    runtime: Any = pytest.importorskip("tflite_micro", reason="tflite-micro is not installed").runtime
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=ARENA_BYTES)
    for i, value in enumerate(inputs):
        interpreter.set_input(value, i)
    interpreter.invoke()
    return np.array(interpreter.get_output(0))


def run_litert(model: bytes, inputs: Sequence[Array], resolver: str = "BUILTIN_REF") -> Array:
    pytest.importorskip("ai_edge_litert", reason="ai-edge-litert is not installed")
    litert: Any = importlib.import_module("ai_edge_litert.interpreter")
    kernels = getattr(litert.OpResolverType, resolver)
    interpreter = litert.Interpreter(model_content=model, experimental_op_resolver_type=kernels, num_threads=1)
    interpreter.allocate_tensors()
    for detail, value in zip(interpreter.get_input_details(), inputs, strict=True):
        interpreter.set_tensor(detail["index"], value)
    interpreter.invoke()
    return np.array(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))


RUNNERS = {"tflite_micro": run_tflite_micro, "litert": run_litert}


def agrees_with(witness: str, node: Node, values: Sequence[Array] | None = None, within: float = 0.0) -> None:
    """Asserts that `evaluate` and the witness give the same bytes; values: of the op's inputs, constants included.

    within: how far floats may be apart, as a part of the largest magnitude.
    """
    op = op_of(node)
    values = values_of(op, witness) if values is None else values
    given = {operand: value for operand, value in zip(op.inputs, values, strict=True) if not operand.is_constant}
    inputs = [given[operand] for operand in dict.fromkeys(node.inputs) if operand in given]
    expected = RUNNERS[witness](model_bytes(node), inputs)
    found = op.evaluate(values, Rounding.DOUBLE)[0]
    same(found, expected.reshape(found.shape), witness, within)
