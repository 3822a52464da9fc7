"""Runs a .tflite on a batch with the reference runtimes: TFLite Micro, whose answer counts, and LiteRT."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import numpy.typing as npt

ARENA_BYTES = 1 << 18


def run_tflite_micro(model: bytes, inputs: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """inputs [N, ...] -> outputs [N, ...], one sample at a time."""
    runtime = importlib.import_module("tflite_micro").runtime
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=ARENA_BYTES)
    outputs = []
    for sample in inputs:
        interpreter.set_input(sample[np.newaxis], 0)
        interpreter.invoke()
        outputs.append(np.array(interpreter.get_output(0)))
    return np.concatenate(outputs)


def run_litert(model: bytes, inputs: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """inputs [N, ...] -> outputs [N, ...], one sample at a time."""
    litert = importlib.import_module("ai_edge_litert.interpreter")
    interpreter = litert.Interpreter(
        model_content=model, experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF, num_threads=1
    )
    interpreter.allocate_tensors()
    first = interpreter.get_input_details()[0]["index"]
    last = interpreter.get_output_details()[0]["index"]
    outputs = []
    for sample in inputs:
        interpreter.set_tensor(first, sample[np.newaxis])
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(last).copy())
    return np.concatenate(outputs)
