"""CIRCULAR_BUFFER: kernels against numpy, and sequences of inferences against TFLite Micro."""

from __future__ import annotations

import pytest

from kernels.bench import Benches
from ops.nodes import model_bytes
from ops.signal_nodes import circular_buffer, equals_micro, inferences, kernels_agree
from tinygen.ops.importer import import_model
from tinygen.tflite import parse_model


@pytest.mark.parametrize("cycles", [1, 2, 5])
@pytest.mark.parametrize(("slots", "width", "depth"), [(4, 2, 3), (1, 1, 1), (2, 1, 33)])
def test_with_a_second_output(benches: Benches, slots: int, width: int, depth: int, cycles: int) -> None:
    made = circular_buffer(slots, width, depth, cycles)
    kernels_agree(benches, made, inferences(made, 3))
    equals_micro(made, inferences(made, 12))


@pytest.mark.parametrize(("slots", "cycles"), [(4, 1), (5, 0), (13, 0), (25, 0)])
def test_with_one_output_every_inference_goes_on(benches: Benches, slots: int, cycles: int) -> None:
    made = circular_buffer(slots, cycles=cycles, with_valid=False)
    kernels_agree(benches, made, inferences(made, 2))
    equals_micro(made, inferences(made, 6))


def test_the_output_is_what_is_remembered() -> None:
    """The file calls it a variable, and others may read it."""
    graph = import_model(parse_model(model_bytes(circular_buffer()), "m"), "m").complete
    assert graph.outputs[0] in {state.next for state in graph.states}
