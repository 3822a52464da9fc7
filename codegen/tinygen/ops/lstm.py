"""LSTM: one time of a recurrent layer, in float32."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tinygen.ir.dtype import DType
from tinygen.ops.lstm_hybrid import PlainLstmHybrid
from tinygen.ops.lstm_op import LstmOp, all_float
from tinygen.ops.lstm_rules import IS_SEQUENCE
from tinygen.ops.rule import Rule


def _is_full(op: Lstm) -> str:
    return "" if len(op.input.shape) == 2 and op.input.elements else f"{op.input} is no such batch"


@dataclass(frozen=True, eq=False)
class Lstm(LstmOp):
    """The hidden state after one time; with peepholes, projection and layer normalization if the file has them."""

    KIND = "LSTM"
    FORMS = (PlainLstmHybrid,)
    RULES: ClassVar[tuple[Rule, ...]] = (
        Rule("everything is float32", all_float, dtypes=(DType.FLOAT32,)),
        Rule("the input is a batch of vectors", _is_full),
        *(rule for rule in LstmOp.RULES if rule is not IS_SEQUENCE),
    )
