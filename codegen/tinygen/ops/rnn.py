"""RNN: a recurrent layer for one time."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.rnn_op import RnnOp


@dataclass(frozen=True, eq=False)
class Rnn(RnnOp):
    KIND = "RNN"
    RANK = 2
