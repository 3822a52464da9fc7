"""WHILE, IF and STABLEHLO_COMPOSITE -> the operators of the subgraphs that they call, in the caller's place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.open_shapes import shaped_outputs
from tinygen.ops.select_v2 import SelectV2
from tinygen.tflite.model import Model, Operator, Subgraph

LARGEST_UNROLLING = 4000
"""Operators that loops and branches may become; beyond them the program would be far too large for a chip."""
DEEPEST = 16
"""How many calls may be inside each other."""
FORGETFUL = "operators of the subgraphs remember nothing"
CONTROL_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "IF": (
        "one of two subgraphs; both are computed, and a result chosen, unless the condition is a constant",
        "the condition has one element",
        "both subgraphs give tensors of the same shapes and types",
        FORGETFUL,
    ),
    "WHILE": (
        "a subgraph again and again, one after the other",
        "how often follows from constants",
        f"it becomes at most {LARGEST_UNROLLING} operators",
        FORGETFUL,
    ),
    "STABLEHLO_COMPOSITE": ("the subgraph that says what it means", FORGETFUL),
}
"""The operators in whose place those of a subgraph are put, what each stands for, and on what conditions."""
EXACT = (DType.INT32, DType.INT64, DType.FLOAT32, DType.BOOL)
"""Types whose constants are computed at once: no rounding of requantization is in them."""

Tensors = dict[int, Tensor]


class UnsupportedCallError(Exception):
    """Why a call can't be resolved."""


@dataclass(frozen=True)
class Reader:
    """How the importer reads the parts of a subgraph."""

    tensors: Callable[[Subgraph], Tensors]
    op: Callable[[Operator, Mapping[int, Tensor], int], Op | str]
    """From an operator, the tensors and the op's number."""
    broken_rules: Callable[[Op], Sequence[str]]


@dataclass
class ControlFlow:
    """The calls of a model, resolved while its operators are walked in order."""

    model: Model
    reader: Reader
    numbers: count[int] = field(init=False)
    """Of the ops made here: none is used twice, nor by an operator of the main subgraph."""
    is_used: bool = field(init=False)
    """Whether the main subgraph calls another."""
    made: int = 0

    def __post_init__(self) -> None:
        operators = self.model.subgraphs[0].operators
        self.numbers = count(len(operators))
        self.is_used = any(operator.name in CONTROL_OPERATORS for operator in operators)

    def resolve(self, operator: Operator, tensors: Tensors) -> tuple[list[Op], str]:
        """The ops that stand for the operator, whose outputs get their tensors; or why it can't be resolved."""
        ops: list[Op] = []
        try:
            self._resolve(operator, tensors, ops, 0)
        except UnsupportedCallError as problem:
            return [], str(problem)
        return ops, ""

    def fold(self, op: Op, tensors: Tensors) -> bool:
        """Computes an op of constants at once, so that conditions are known."""
        if op.activations or op.states or any(tensor.dtype not in EXACT for tensor in op.outputs):
            return False
        values = op.evaluate([tensor.value for tensor in op.inputs], Rounding.DOUBLE)
        for tensor, value in zip(op.outputs, values, strict=True):
            tensors[tensor.index] = replace(tensor, data=value)
        return True

    def _resolve(self, operator: Operator, tensors: Tensors, ops: list[Op], depth: int) -> None:
        missing = next((i for i in operator.inputs if i not in tensors), None)
        if missing is not None:
            raise UnsupportedCallError(f"tensor {missing} has a type that is not supported")
        given = [tensors[i] for i in operator.inputs]
        results = {"IF": self._if, "WHILE": self._while, "STABLEHLO_COMPOSITE": self._composite}[operator.name](
            operator, given, ops, depth
        )
        if len(operator.outputs) != len(results):
            raise UnsupportedCallError(f"it has {len(operator.outputs)} outputs, and its subgraph {len(results)}")
        tensors.update(zip(operator.outputs, results, strict=True))

    def _composite(self, operator: Operator, given: list[Tensor], ops: list[Op], depth: int) -> list[Tensor]:
        return self._call(_subgraph(operator, "decomposition_subgraph_index"), given, ops, depth + 1)

    def _while(self, operator: Operator, given: list[Tensor], ops: list[Op], depth: int) -> list[Tensor]:
        condition = _subgraph(operator, "cond_subgraph_index")
        body = _subgraph(operator, "body_subgraph_index")
        current = given
        while _truth(self._call(condition, current, [], depth + 1)):
            current = self._call(body, current, ops, depth + 1)
            self._count()
        return current

    def _if(self, operator: Operator, given: list[Tensor], ops: list[Op], depth: int) -> list[Tensor]:
        condition, *rest = given
        branches = _subgraph(operator, "then_subgraph_index"), _subgraph(operator, "else_subgraph_index")
        if condition.is_constant:
            return self._call(branches[0 if _truth([condition]) else 1], rest, ops, depth + 1)
        if condition.elements != 1:
            raise UnsupportedCallError(f"its condition {condition} has {condition.elements} elements")
        results = [self._call(branch, rest, ops, depth + 1) for branch in branches]
        if len(results[0]) != len(results[1]):
            raise UnsupportedCallError(f"its branches have {len(results[0])} and {len(results[1])} results")
        return [self._chosen(condition, yes, no, ops) for yes, no in zip(*results, strict=True)]

    def _chosen(self, condition: Tensor, yes: Tensor, no: Tensor, ops: list[Op]) -> Tensor:
        """Both branches have no effects but their results, so both are computed."""
        if yes is no:
            return yes
        if (yes.shape, yes.dtype) != (no.shape, no.dtype):
            raise UnsupportedCallError(f"its branches give {yes} and {no}")
        result = replace(yes, name=f"{yes.name}, chosen", data=None, index=-1)
        if len(condition.shape) > len(result.shape):
            raise UnsupportedCallError(f"its condition {condition} has more dimensions than {yes}")
        chosen = SelectV2.read(Node(next(self.numbers), "SELECT_V2", (condition, yes, no), (result,), {}))
        self._append(chosen, ops)
        return result

    def _call(self, index: int, given: Sequence[Tensor], ops: list[Op], depth: int) -> list[Tensor]:
        """Adds the ops of a subgraph and returns its outputs."""
        if depth >= DEEPEST:
            raise UnsupportedCallError(f"subgraphs call each other more than {DEEPEST} deep")
        subgraph = self.model.subgraphs[index]
        if len(subgraph.inputs) != len(given):
            raise UnsupportedCallError(f"subgraph {index} takes {len(subgraph.inputs)} tensors, not {len(given)}")
        tensors = self.reader.tensors(subgraph)
        for i, tensor in zip(subgraph.inputs, given, strict=True):
            inner = tensors.get(i)
            is_open = -1 in subgraph.tensors[i].shape_signature
            fits = inner is not None and (is_open or inner.elements == tensor.elements)
            if inner is None or inner.dtype is not tensor.dtype or not fits:
                raise UnsupportedCallError(f"subgraph {index} takes {inner or 'another type'} for {tensor}")
            tensors[i] = tensor
        for operator in subgraph.operators:
            tensors |= shaped_outputs(subgraph, operator, tensors, {})
            if operator.name in CONTROL_OPERATORS:
                self._resolve(operator, tensors, ops, depth)
                continue
            self._read(operator, subgraph, tensors, ops)
        if not subgraph.outputs or any(i not in tensors for i in subgraph.outputs):
            raise UnsupportedCallError(f"subgraph {index} has no results of a type that is supported")
        return [tensors[i] for i in subgraph.outputs]

    def _read(self, operator: Operator, subgraph: Subgraph, tensors: Tensors, ops: list[Op]) -> None:
        where = f"in subgraph {subgraph.index}, op {operator.index}, {operator.custom_name or operator.name}"
        op = self.reader.op(operator, tensors, next(self.numbers))
        if isinstance(op, str):
            raise UnsupportedCallError(f"{where}: {op}")
        for reason in self.reader.broken_rules(op):
            raise UnsupportedCallError(f"{where}: {reason}")
        if op.states:
            raise UnsupportedCallError(
                f"{where}: it remembers something, which only operators of the main subgraph may"
            )
        if self.fold(op, tensors):
            return
        tensors.update((tensor.index, tensor) for tensor in op.outputs)
        self._append(op, ops)

    def _append(self, op: Op, ops: list[Op]) -> None:
        self._count()
        ops.append(op)

    def _count(self) -> None:
        """Loops that do nothing count, too."""
        self.made += 1
        if self.made > LARGEST_UNROLLING:
            raise UnsupportedCallError(f"it becomes more than {LARGEST_UNROLLING} operators")


def _subgraph(operator: Operator, option: str) -> int:
    return int(str(operator.options[option]))


def _truth(results: Sequence[Tensor]) -> bool:
    condition = results[0]
    if not condition.is_constant:
        raise UnsupportedCallError("how often it is repeated is not known when the model is compiled")
    return bool(np.asarray(condition.value).reshape(-1)[0])
