"""RNN and its kin: kernels against numpy, sequences of inferences against LiteRT."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.bench import Benches
from ops.nodes import op_of
from ops.recurrent_nodes import kernels_agree, rnn, sequence_agrees
from tinygen.ir.target import Rounding

CASES = {
    "one": rnn("RNN"),
    "one_relu": rnn("RNN", 3, depth=1, units=(7,), activation="RELU"),
    "sequence": rnn("UNIDIRECTIONAL_SEQUENCE_RNN"),
    "sequence_none": rnn("UNIDIRECTIONAL_SEQUENCE_RNN", 1, 4, 3, (2,), "NONE"),
    "sequence_major": rnn("UNIDIRECTIONAL_SEQUENCE_RNN", 3, 5, activation="RELU6", time_major=True),
    "both": rnn("BIDIRECTIONAL_SEQUENCE_RNN", units=(4, 3)),
    "both_major": rnn("BIDIRECTIONAL_SEQUENCE_RNN", 3, 4, 2, (1, 5), "RELU_N1_TO_1", time_major=True),
    "both_apart": rnn("BIDIRECTIONAL_SEQUENCE_RNN", units=(4, 3), merged=False),
}


@pytest.mark.parametrize("name", CASES)
def test_kernels_equal_numpy(benches: Benches, name: str) -> None:
    kernels_agree(benches, CASES[name], within=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_numpy_equals_litert(name: str) -> None:
    sequence_agrees("litert", CASES[name], within=1e-5)


def test_the_second_layer_goes_backwards() -> None:
    """What LiteRT gives for it as an output of its own is what stands behind the first layer's when both are one."""
    apart, merged = (op_of(rnn("BIDIRECTIONAL_SEQUENCE_RNN", units=(4, 3), merged=m)) for m in (False, True))
    random = np.random.default_rng(5)
    values = [t.data if t.data is not None else random.normal(0, 1, t.shape).astype(np.float32) for t in apart.inputs]
    first, second, *_ = apart.evaluate(values, Rounding.DOUBLE)
    assert np.array_equal(np.concatenate([first, second], axis=-1), merged.evaluate(values, Rounding.DOUBLE)[0])
