"""Custom operators one after the other: sequences of inferences against TFLite Micro, and plans for their memory."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec

from ops.nodes import chance
from ops.signal_nodes import TENSOR_TYPES, interpreted
from tinygen.ir.dtype import DType
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.ops import CUSTOM_OPERATORS
from tinygen.ops.importer import import_model
from tinygen.passes import run_passes
from tinygen.reference import Memory, evaluate
from tinygen.schedule import make_schedule
from tinygen.tflite import check_supported_form, parse_model


def custom(kind: str, read: Sequence[int], made: Sequence[int], **options: int) -> OperatorSpec:
    written: Any = importlib.import_module("flatbuffers.flexbuffers").Dumps(options)
    return OperatorSpec("CUSTOM", read, made, custom=kind, custom_options=bytes(written))


def samples(name: str, *shape: int) -> TensorSpec:
    return TensorSpec(name, shape, "INT16")


def overlapping_frames() -> ModelSpec:
    """To spectra and back: the samples of 96 of which 64 make a frame, 32 later."""
    window = chance("window").integers(0, 4096, 64).astype(np.int16)
    tensors = [
        samples("input", 1, 96),
        samples("frames", 1, 3, 64),
        TensorSpec("valid", (), "BOOL"),
        TensorSpec("window", (64,), "INT16", window.tobytes()),
        samples("windowed", 1, 3, 64),
        samples("spectra", 1, 3, 66),
        samples("again", 1, 3, 64),
        samples("sum", 1, 96),
        samples("output", 1, 96),
    ]
    number = TENSOR_TYPES[DType.INT16]
    operators = [
        custom("SignalFramer", [0], [1, 2], frame_size=64, frame_step=32, prefill=1),
        custom("SignalWindow", [1, 3], [4], shift=12),
        custom("SignalRfft", [4], [5], T=number, fft_length=64),
        custom("SignalIrfft", [5], [6], T=number, fft_length=64),
        custom("SignalOverlapAdd", [6], [7], T=number, frame_step=32),
        custom("SignalDelay", [7], [8], delay_length=40),
    ]
    return ModelSpec([SubgraphSpec(tensors, operators, [0], [8, 2])])


def convolution_over_time() -> ModelSpec:
    """The buffer is a variable, is read by another operator, and is an output."""
    random = chance("over time")
    weights, bias = random.integers(-127, 128, (4, 3, 1, 8)), random.integers(-500, 500, 4)
    tensors = [
        TensorSpec("input", (1, 1, 1, 8), "INT8", None, (0.1,), (3,)),
        TensorSpec("buffer", (1, 5, 1, 8), "INT8", None, (0.1,), (3,), variable=True),
        TensorSpec("weights", weights.shape, "INT8", weights.astype(np.int8).tobytes(), (0.02,)),
        TensorSpec("bias", (4,), "INT32", bias.astype(np.int32).tobytes(), (0.002,)),
        TensorSpec("output", (1, 3, 1, 4), "INT8", None, (0.5,), (-4,)),
    ]
    valid = {"Padding": 1, "StrideW": 1, "StrideH": 1, "DilationWFactor": 1, "DilationHFactor": 1}
    operators = [
        custom("CIRCULAR_BUFFER", [0], [1], cycles_max=1),
        OperatorSpec("CONV_2D", [1, 2, 3], [4], ("Conv2DOptions", valid), 3),
    ]
    return ModelSpec([SubgraphSpec(tensors, operators, [0], [4, 1])])


MODELS = {"overlapping_frames": overlapping_frames(), "convolution_over_time": convolution_over_time()}


@pytest.mark.parametrize("name", MODELS)
def test_a_chain(name: str) -> None:
    data = MODELS[name].bytes()
    model = parse_model(data, name)
    check_supported_form(model, CUSTOM_OPERATORS)
    graph = import_model(model, name).complete
    (read,) = graph.inputs
    low, high = read.dtype.limits
    sequence = [[chance(name, i).integers(low, high, read.shape, read.dtype.numpy, endpoint=True)] for i in range(7)]
    memory: Memory = {}
    for inputs, theirs in zip(sequence, interpreted(data, sequence, len(graph.outputs)), strict=True):
        for ours, expected in zip(evaluate(graph, inputs, Rounding.DOUBLE, memory), theirs, strict=True):
            assert np.array_equal(ours, expected.reshape(ours.shape))
    passed = run_passes(graph, Rounding.DOUBLE)
    plans = {
        optimize: make_schedule(passed, TARGETS["generic"].with_choices(optimize, Rounding.DOUBLE)).arena_bytes
        for optimize in Optimize
    }
    assert plans[Optimize.RAM] == min(plans.values())
