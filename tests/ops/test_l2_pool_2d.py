"""L2_POOL_2D: the kernel against numpy to the last bit, numpy against the reference interpreters."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.nodes import op_of, values_of
from ops.product_nodes import pool
from ops.witness import agrees_with
from tinygen.ir.dtype import DType

CASES = {
    "plain": pool("L2_POOL_2D", DType.FLOAT32),
    "valid": pool("L2_POOL_2D", DType.FLOAT32, kernel=(3, 2), stride=(1, 2), padding="VALID"),
    "same_odd": pool("L2_POOL_2D", DType.FLOAT32, image=(2, 5, 7, 3), kernel=(3, 3)),
    "relu6": pool("L2_POOL_2D", DType.FLOAT32, activation="RELU6"),
}


@pytest.mark.parametrize("name", CASES)
def test_kernel_equals_numpy(benches: Benches, name: str) -> None:
    op = op_of(CASES[name])
    benches.agree(op, values_of(op, name))


@pytest.mark.parametrize("witness", ["tflite_micro", "litert"])
@pytest.mark.parametrize("name", CASES)
def test_numpy_equals(witness: str, name: str) -> None:
    agrees_with(witness, CASES[name])


def test_the_root_is_correctly_rounded(benches: Benches) -> None:
    op = op_of(pool("L2_POOL_2D", DType.FLOAT32, image=(1, 1, 600, 1), kernel=(1, 1), stride=(1, 1)))
    exponents = np.random.default_rng(5).uniform(-74, 60, 600)
    values = np.ldexp(1.0, 0) * np.exp2(exponents)
    values[:8] = [0.0, 1.0, 2.0, 3.0, 4.0, 2.0**-64, 2.0**-70, 2.0**-74.5]
    benches.agree(op, [values.astype(np.float32).reshape(1, 1, 600, 1)])
