"""BIDIRECTIONAL_SEQUENCE_RNN: one recurrent layer over a sequence, and another over it backwards."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.ops.rnn_op import RnnOp
from tinygen.ops.rule import Rule


@dataclass(frozen=True, eq=False)
class BidirectionalSequenceRnn(RnnOp):
    """Both layers' outputs side by side, or each by itself."""

    KIND = "BIDIRECTIONAL_SEQUENCE_RNN"
    PLACES = (1, 5)
    AUXILIARY = (9, 10, 11)
    RULES = (
        *RnnOp.RULES,
        Rule("there is no auxiliary input", lambda op: "there is one" if op.has_auxiliary else ""),
    )
