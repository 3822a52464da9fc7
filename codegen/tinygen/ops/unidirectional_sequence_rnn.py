"""UNIDIRECTIONAL_SEQUENCE_RNN: a recurrent layer over a sequence."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.rnn_op import RnnOp


@dataclass(frozen=True, eq=False)
class UnidirectionalSequenceRnn(RnnOp):
    KIND = "UNIDIRECTIONAL_SEQUENCE_RNN"
