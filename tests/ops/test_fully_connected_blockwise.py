"""FULLY_CONNECTED with a scale per block of weights: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from command_line import tinygen
from kernels.bench import Benches
from ops.nodes import chance, fully_connected, model_bytes, op_of, values_of
from ops.product_nodes import as_hybrid
from ops.witness import run_litert
from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Blocks
from tinygen.ops.node import Node


def blockwise(batches: int, blocks: int, size: int, units: int, bias: str = "small", **options: Any) -> Node:
    made = as_hybrid(fully_connected((batches,), blocks * size, units, bias=bias, **options))
    weights = made.inputs[1]
    assert weights is not None
    scales = chance("blocks", blocks, units).uniform(0.001, 0.01, (units, blocks)).astype(np.float16)
    narrow = (weights.value.astype(np.int64) // 16).astype(np.int8)
    changed = replace(weights, dtype=DType.INT4, quantization=None, data=narrow, blocks=Blocks(scales, size))
    return replace(made, inputs=(made.inputs[0], changed, *made.inputs[2:]))


@pytest.mark.parametrize("asymmetric", [False, True])
@pytest.mark.parametrize(
    ("batches", "blocks", "size", "units"), [(1, 1, 32, 1), (1, 3, 32, 5), (3, 2, 8, 4), (2, 7, 1, 3)]
)
def test_kernels_equal_numpy(
    benches: Benches, batches: int, blocks: int, size: int, units: int, asymmetric: bool
) -> None:
    for bias, activation in (("small", "RELU6"), ("none", "NONE")):
        options = {"activation": activation, "asymmetric_quantize_inputs": asymmetric}
        op = op_of(blockwise(batches, blocks, size, units, bias, **options))
        benches.agree(op, values_of(op, size), within=1e-6)


def test_without_a_single_scale_the_bias_is_left() -> None:
    op = op_of(blockwise(2, 3, 8, 5))
    values = values_of(op, 1)
    assert np.array_equal(op.evaluate(values, Rounding.DOUBLE)[0], np.tile(values[2], (2, 1)))
    assert "--rounding single" in op.caution(Rounding.DOUBLE)
    assert not op.caution(Rounding.SINGLE)


@pytest.mark.parametrize(
    ("rounding", "resolver"),
    [(Rounding.DOUBLE, "BUILTIN_REF"), (Rounding.SINGLE, "BUILTIN_WITHOUT_DEFAULT_DELEGATES")],
)
@pytest.mark.parametrize("batches", [1, 3])
def test_numpy_is_as_litert(rounding: Rounding, resolver: str, batches: int) -> None:
    made = blockwise(batches, 4, 32, 8, "none", asymmetric_quantize_inputs=True)
    op = op_of(made)
    values = values_of(op, 2)
    expected = run_litert(model_bytes(made), values[:1], resolver)
    found = op.evaluate(values, rounding)[0]
    assert np.abs(found - expected).max() <= 1e-6 * np.abs(expected).max()


def test_the_user_is_told(tmp_path: Path) -> None:
    file = tmp_path / "blockwise.tflite"
    file.write_bytes(model_bytes(blockwise(1, 2, 8, 3)))
    told = tinygen("generate", file, "-o", tmp_path / "double")
    assert told.code == 0
    assert "note: op 0, FULLY_CONNECTED" in told.err
    assert "--rounding single" in told.err
    assert not tinygen("generate", file, "-o", tmp_path / "single", "--rounding", "single").err
