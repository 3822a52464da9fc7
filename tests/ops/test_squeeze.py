"""SQUEEZE: the bytes stay; numpy against LiteRT."""

from __future__ import annotations

from kernels.bench import Benches
from ops.move_rules import VALID
from ops.nodes import op_of, values_of
from ops.witness import agrees_with

MADE = VALID["SQUEEZE"]


def test_the_bytes_stay(benches: Benches) -> None:
    op = op_of(MADE)
    assert op.IS_ALIAS
    benches.agree(op, values_of(op))


def test_numpy_equals_litert() -> None:
    agrees_with("litert", MADE)
