"""WHILE, IF and STABLEHLO_COMPOSITE -> the operators of the subgraphs that they call, or a Loop or Branch over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.branch import Branch
from tinygen.ops.nesting import Call, Side, UnsupportedCallError, check_carried, make_branch, make_loop
from tinygen.ops.op import Op
from tinygen.ops.open_shapes import shaped_outputs
from tinygen.ops.reshape import Reshape
from tinygen.tflite.model import Model, Operator, Subgraph

FEW = 64
"""Operators and turns that a loop may become without being one in C: they take about what the loop's own code takes."""
LARGEST_UNROLLING = 4000
"""Operators that loops may become if there is no other way: a program of more would be far too large for a chip."""
MOST_READ = 5 * LARGEST_UNROLLING
"""Operators that are read in all, those of attempts that failed included: loops in loops could take for ever."""
DEEPEST = 16
"""How many calls may be inside each other."""
FORGETFUL = "operators of the subgraphs remember nothing"
CONTROL_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "IF": (
        "one of two subgraphs, and only that one is computed",
        "the condition is one bool",
        "both subgraphs give tensors of the same shapes and types as the operator",
        FORGETFUL,
    ),
    "WHILE": (
        "a subgraph again and again, as a loop in C; a few turns, if constants say how many, one after the other",
        "the condition is one bool",
        "what goes from turn to turn keeps its shape and type",
        f"if an operator needs its turn's number as a constant, all turns have at most {LARGEST_UNROLLING} operators",
        FORGETFUL,
    ),
    "STABLEHLO_COMPOSITE": ("the subgraph that says what it means", FORGETFUL),
}
"""The operators that are resolved into others or into Loop and Branch, what each stands for, and on what conditions."""
EXACT = (DType.INT32, DType.INT64, DType.FLOAT32, DType.BOOL)
"""Types whose constants are computed at once: no rounding of requantization is in them."""

Tensors = dict[int, Tensor]
Attempt = Callable[[list[Op]], list[Tensor]]
"""Adds ops, and returns what they give."""


class _TooLongError(UnsupportedCallError):
    """It becomes too many operators."""


class _FinalError(UnsupportedCallError):
    """Nor can it be resolved in another way."""


ENDLESS = "it does not end: a turn changes nothing that its condition depends on"


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
    left: int = LARGEST_UNROLLING
    """Ops that may still be made."""
    read: int = 0
    """Operators and turns so far."""

    def __post_init__(self) -> None:
        operators = self.model.subgraphs[0].operators
        self.numbers = count(len(operators))
        self.is_used = any(operator.name in CONTROL_OPERATORS for operator in operators)

    def resolve(self, operator: Operator, tensors: Tensors) -> tuple[list[Op], str]:
        """The ops that stand for the operator, whose outputs get their tensors; or why it can't be resolved."""
        ops: list[Op] = []
        try:
            self._resolve(Call(operator, self.model.subgraphs[0], tensors, operator.index, 0), ops)
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

    def _resolve(self, call: Call, ops: list[Op]) -> None:
        operator = call.operator
        missing = next((i for i in (*operator.inputs, *operator.outputs) if i not in call.tensors), None)
        if missing is not None:
            raise UnsupportedCallError(f"tensor {missing} has a type that is not supported")
        resolvers = {"IF": self._if, "WHILE": self._while, "STABLEHLO_COMPOSITE": self._composite}
        results = resolvers[operator.name](call, ops)
        if len(operator.outputs) != len(results):
            raise UnsupportedCallError(f"it has {len(operator.outputs)} outputs, and its subgraph {len(results)}")
        for i, value in zip(operator.outputs, results, strict=True):
            if call.tensors[i].dtype is not value.dtype:
                raise UnsupportedCallError(f"its output {call.tensors[i]} gets {value}")
            call.tensors[i] = self._seen_as(call.tensors[i], value, ops)

    def _composite(self, call: Call, ops: list[Op]) -> list[Tensor]:
        return self._inside(self._subgraph(call, "decomposition_subgraph_index"), call.given, ops, call.depth + 1)

    def _while(self, call: Call, ops: list[Op]) -> list[Tensor]:
        """A few turns one after the other; else a loop; else, if it can't be one, many turns."""
        try:
            return self._attempt(lambda made: self._unrolled(call, made), FEW, ops)
        except _FinalError:
            raise
        except UnsupportedCallError as problem:
            unrolled = problem
        try:
            return self._attempt(lambda made: self._looped(call, made), self.left, ops)
        except _FinalError:
            raise
        except UnsupportedCallError as problem:
            looped = problem
        if not isinstance(unrolled, _TooLongError):
            raise looped
        try:
            return self._attempt(lambda made: self._unrolled(call, made), self.left, ops)
        except _TooLongError as problem:
            raise UnsupportedCallError(f"{problem}, and as a loop: {looped}") from problem

    def _attempt(self, attempt: Attempt, limit: int, ops: list[Op]) -> list[Tensor]:
        """What the attempt gives, if it makes no more than `limit` ops; they count only if it succeeds."""
        before, allowed, made = self.left, min(limit, self.left), list[Op]()
        self.left = allowed
        try:
            results = attempt(made)
        except UnsupportedCallError:
            self.left = before
            raise
        self.left += before - allowed
        ops += made
        return results

    def _unrolled(self, call: Call, ops: list[Op]) -> list[Tensor]:
        condition = self._subgraph(call, "cond_subgraph_index")
        body = self._subgraph(call, "body_subgraph_index")
        current = call.given
        while _truth(_condition(self._inside(condition, current, [], call.depth + 1))):
            following = self._inside(body, current, ops, call.depth + 1)
            if len(following) == len(current) and all(map(_is_same, current, following)):
                raise _FinalError(ENDLESS)
            current = following
            self._count()
        return current

    def _looped(self, call: Call, ops: list[Op]) -> list[Tensor]:
        """The condition before the first turn is computed outside of the loop, the others at the end of each turn."""
        condition = self._subgraph(call, "cond_subgraph_index")
        body, given, depth = self._subgraph(call, "body_subgraph_index"), call.given, call.depth + 1
        first = _condition(self._inside(condition, given, ops, depth))
        pairs = enumerate(zip(body.inputs, body.outputs, strict=False))
        kept = frozenset(i for i, (before, after) in pairs if before == after)
        inputs = self._own_inputs(body, given, kept)
        turn: list[Op] = []
        results = self._inside(body, inputs, turn, depth)
        check_carried(inputs, results)
        again = _condition(self._inside(condition, results, turn, depth))
        if again.is_constant and _truth(again):
            raise _FinalError(ENDLESS)
        loop, left = make_loop(call, kept, first, again, Side(inputs, turn, results), self.numbers)
        self._append(loop, ops)
        return left

    def _if(self, call: Call, ops: list[Op]) -> list[Tensor]:
        condition, *given = call.given
        branches = [self._subgraph(call, f"{role}_subgraph_index") for role in Branch.ROLES]
        if _condition([condition]).is_constant:
            return self._inside(branches[0 if _truth(condition) else 1], given, ops, call.depth + 1)
        sides: list[Side] = []
        for subgraph in branches:
            made: list[Op] = []
            inputs = self._own_inputs(subgraph, given, frozenset(range(len(given))))
            sides.append(Side(inputs, made, self._inside(subgraph, inputs, made, call.depth + 1)))
        branch = make_branch(call, sides, self.numbers)
        self._append(branch, ops)
        return list(branch.results)

    def _own_inputs(self, subgraph: Subgraph, given: Sequence[Tensor], kept: Set[int]) -> list[Tensor]:
        """The inputs as tensors of a graph of its own, in the shapes of what they are given.

        kept: what does not change, and so is still a constant if it is one.
        """
        _check_inputs(subgraph, given)
        tensors = self.reader.tensors(subgraph)
        return [
            tensor
            if tensor.is_constant and i in kept
            else replace(_input(subgraph, tensors, k, tensor), shape=tensor.shape, data=None, index=-1)
            for i, (k, tensor) in enumerate(zip(subgraph.inputs, given, strict=True))
        ]

    def _inside(self, subgraph: Subgraph, given: Sequence[Tensor], ops: list[Op], depth: int) -> list[Tensor]:
        """Adds the ops of a subgraph and returns its outputs."""
        if depth >= DEEPEST:
            raise UnsupportedCallError(f"subgraphs call each other more than {DEEPEST} deep")
        _check_inputs(subgraph, given)
        tensors = self.reader.tensors(subgraph)
        for i, tensor in zip(subgraph.inputs, given, strict=True):
            tensors[i] = self._seen_as(_input(subgraph, tensors, i, tensor), tensor, ops)
        for operator in subgraph.operators:
            tensors |= shaped_outputs(subgraph, operator, tensors, {})
            if operator.name in CONTROL_OPERATORS:
                self._resolve(Call(operator, subgraph, tensors, next(self.numbers), depth), ops)
            else:
                self._read(operator, subgraph, tensors, ops)
        if not subgraph.outputs or any(i not in tensors for i in subgraph.outputs):
            raise UnsupportedCallError(f"subgraph {subgraph.index} has no results of a type that is supported")
        return [tensors[i] for i in subgraph.outputs]

    def _seen_as(self, name: Tensor, value: Tensor, ops: list[Op]) -> Tensor:
        """The value where another tensor stands for it: the same bytes, even on another scale."""
        if name.quantization in (None, value.quantization) or name.dtype.is_float:
            return value
        if value.is_constant:
            return replace(value, quantization=name.quantization)
        seen = replace(name, shape=value.shape, index=-1)
        self._append(Reshape(next(self.numbers), value, None, seen), ops)
        return seen

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
        self.left -= 1
        self.read += 1
        if self.read > MOST_READ:
            raise _FinalError(f"with all that it calls it has more than {MOST_READ} operators")
        if self.left < 0:
            raise _TooLongError(f"it becomes more than {LARGEST_UNROLLING} operators")

    def _subgraph(self, call: Call, option: str) -> Subgraph:
        return self.model.subgraphs[int(str(call.operator.options[option]))]


def _check_inputs(subgraph: Subgraph, given: Sequence[Tensor]) -> None:
    if len(subgraph.inputs) != len(given):
        raise UnsupportedCallError(f"subgraph {subgraph.index} takes {len(subgraph.inputs)} tensors, not {len(given)}")


def _input(subgraph: Subgraph, tensors: Tensors, index: int, given: Tensor) -> Tensor:
    """The subgraph's input that takes the tensor."""
    inner = tensors.get(index)
    is_open = -1 in subgraph.tensors[index].shape_signature
    fits = inner is not None and (is_open or inner.elements == given.elements)
    if inner is None or inner.dtype is not given.dtype or not fits:
        raise UnsupportedCallError(f"subgraph {subgraph.index} takes {inner or 'another type'} for {given}")
    return inner


def _is_same(one: Tensor, other: Tensor) -> bool:
    """Just as much is known of both."""
    if not one.is_constant or not other.is_constant:
        return one.is_constant == other.is_constant
    return np.array_equal(one.value, other.value)


def _condition(results: Sequence[Tensor]) -> Tensor:
    condition = results[0]
    if condition.dtype is not DType.BOOL or condition.elements != 1:
        raise UnsupportedCallError(f"its condition {condition} is not one bool")
    return condition


def _truth(condition: Tensor) -> bool:
    if not condition.is_constant:
        raise UnsupportedCallError("how often it is repeated is not known when the model is compiled")
    return bool(np.asarray(condition.value).reshape(-1)[0])
