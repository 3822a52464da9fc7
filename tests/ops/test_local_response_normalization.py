"""LOCAL_RESPONSE_NORMALIZATION: kernels against numpy, numpy against LiteRT."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.index_nodes import local_response_normalization
from ops.nodes import chance, op_of
from ops.witness import agrees_with
from tinygen.ir.dtype import Array


@pytest.mark.parametrize("radius", [0, 1, 2, 5, 20])
@pytest.mark.parametrize(("bias", "alpha", "beta"), [(1.0, 1.0, 0.5), (2.0, 1e-4, 0.75), (0.1, 0.3, 1.0)])
def test_normalizations(benches: Benches, radius: int, bias: float, alpha: float, beta: float) -> None:
    made = local_response_normalization((2, 3, 2, 7), radius, bias, alpha, beta)
    values: list[Array] = [chance("lrn", radius).normal(0, 3, (2, 3, 2, 7)).astype(np.float32)]
    benches.agree(op_of(made), values, within=2e-5)
    agrees_with("litert", made, values, 2e-6)
