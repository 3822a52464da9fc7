"""Model -> Graph: the file's first subgraph as typed ops, or an error that lists everything tinygen can't compile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinygen.errors import UnsupportedModelError
from tinygen.ir.dtype import DTYPES, Array, DType
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Blocks, Quantization, Tensor
from tinygen.ops import OP_BY_KIND
from tinygen.ops.control_flow import CONTROL_OPERATORS, ControlFlow, Reader
from tinygen.ops.legacy_uint8 import hold_as_int8
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.open_shapes import shaped_outputs
from tinygen.ops.sparse import densified
from tinygen.ops.variables import VARIABLE_OPERATORS, Variables, reset_value
from tinygen.tflite.model import Model, Operator, Subgraph, TensorInfo

RESOLVED = frozenset((*VARIABLE_OPERATORS, *CONTROL_OPERATORS))
"""Operators of which no op of their own is left."""
LISTED_PROBLEMS = 20
"""How many refused ops an error names before it only counts."""


@dataclass(frozen=True)
class Refusal:
    """Why an operator can't be compiled."""

    index: int
    """Its place in the file's subgraph."""
    kind: str
    reason: str


@dataclass(frozen=True)
class Import:
    """What came of every operator of a model."""

    graph: Graph
    """The ops that could be read; complete only if there are no refusals."""
    operators: tuple[Operator, ...]
    refusals: tuple[Refusal, ...]

    @property
    def complete(self) -> Graph:
        """The graph; raises UnsupportedModelError if any operator was refused."""
        if not self.refusals:
            return self.graph
        lines = [f"op {r.index}, {r.kind}: {r.reason}" for r in self.refusals[:LISTED_PROBLEMS]]
        if len(self.refusals) > LISTED_PROBLEMS:
            lines.append(f"and {len(self.refusals) - LISTED_PROBLEMS} more")
        raise UnsupportedModelError(
            f"{self.graph.name}: the model is valid, but tinygen does not compile it: {'; '.join(lines)}.",
            "`tinygen ops` lists what is supported and on what conditions.",
        )


def import_model(model: Model, name: str) -> Import:
    """The model's first subgraph as a graph called `name`, with a refusal for each op that breaks a rule."""
    subgraph = model.subgraphs[0]
    tensors = _tensors(subgraph)
    tensors |= _unchanging(subgraph, tensors)
    legacy = hold_as_int8(subgraph, tensors)
    subgraph = legacy.subgraph
    variables = Variables(model)
    control = ControlFlow(model, Reader(_tensors, _read, _broken_rules))
    sparse = frozenset(info.index for info in subgraph.tensors if info.is_sparse)
    ops: list[Op] = []
    refusals: list[Refusal] = []
    known: dict[int, Tensor] = {}
    for operator in subgraph.operators:
        tensors |= shaped_outputs(subgraph, operator, tensors, known)
        if operator.name in RESOLVED:
            inlined, reason = _resolve(operator, tensors, variables, control)
            ops += inlined
            refusals += [Refusal(operator.index, operator.name, reason)] if reason else []
            continue
        result = _read_best(operator, tensors, known)
        if isinstance(result, str):
            refusals.append(Refusal(operator.index, operator.custom_name or operator.name, result))
            continue
        if control.is_used and not _broken_rules(result) and control.fold(result, tensors):
            continue
        ops.append(result)
        # an op may know the shape of an output that the file leaves open
        tensors.update((tensor.index, tensor) for tensor in result.outputs if tensor.index >= 0)
        reasons = _broken_rules(result) or _sparse_operands(result, sparse)
        known.update({} if reasons else _known_outputs(_resolved(operator, tensors, known, result)))
        refusals += (Refusal(operator.index, result.KIND, reason) for reason in reasons)
    states, stores = variables.states()
    refusals += _refused_states(subgraph, tensors, ops)
    graph = Graph(
        name=name,
        crc32=model.crc32,
        inputs=tuple(legacy.ports.get(i, tensors[i]) for i in subgraph.inputs),
        outputs=tuple(legacy.ports.get(i, tensors[i]) for i in subgraph.outputs),
        ops=(*legacy.first, *ops, *legacy.last, *stores),
        states=(*states, *(state for op in ops for state in op.states)),
    )
    refusals += _refused_ports(graph)
    return Import(graph, subgraph.operators, tuple(refusals))


def _resolve(
    operator: Operator, tensors: dict[int, Tensor], variables: Variables, control: ControlFlow
) -> tuple[Sequence[Op], str]:
    """The ops that one of RESOLVED leaves, and why it can't be resolved, if so."""
    if operator.name in CONTROL_OPERATORS:
        return control.resolve(operator, tensors)
    return (), variables.resolve(operator, tensors)


def _tensors(subgraph: Subgraph) -> dict[int, Tensor]:
    """The tensors that the subgraph uses and that have a dtype tinygen knows."""
    tensors = {info.index: _tensor(info) for info in subgraph.tensors if info.dtype in DTYPES}
    for info in subgraph.tensors:
        if info.blockwise is not None and info.index in tensors and info.blockwise.zero_points <= 0:
            scales = tensors.get(info.blockwise.scales)
            if scales is not None and scales.data is not None and scales.dtype.is_float:
                blocks = Blocks(scales.data, info.blockwise.block_size)
                tensors[info.index] = replace(tensors[info.index], blocks=blocks)
    return tensors


def _tensor(info: TensorInfo) -> Tensor:
    quantization = None
    if info.scales:
        axis = info.quantized_dimension if len(info.scales) > 1 else 0
        quantization = Quantization(info.scales, info.zero_points, axis)
    dtype = DTYPES[info.dtype]
    data = None
    buffer = info.buffer
    if buffer is not None and info.sparsity is None:
        data = _decode(buffer, dtype, info.shape)
    elif buffer is not None and info.sparsity is not None:
        data = densified(info.sparsity, info.shape, lambda count: _decode(buffer, dtype, (count,)))
    return Tensor(info.name, info.shape, dtype, quantization, data, info.index)


def _decode(buffer: memoryview, dtype: DType, shape: tuple[int, ...]) -> Array:
    """A constant's value, read-only; two int4 per byte become an int8 each."""
    if dtype is DType.INT4:
        packed = np.frombuffer(buffer, np.uint8)
        nibbles = np.stack([packed & 15, packed >> 4], axis=-1).reshape(-1)[: int(np.prod(shape, dtype=np.int64))]
        return ((nibbles ^ 8).astype(np.int8) - 8).reshape(shape)
    little_endian: Array = np.frombuffer(buffer, dtype.numpy.newbyteorder("<")).reshape(shape)
    return little_endian


def _read(operator: Operator, tensors: Mapping[int, Tensor], number: int) -> Op | str:
    """The typed op, or why there is none; number: by which it is known."""
    kind, is_custom = operator.custom_name or operator.name, operator.name == "CUSTOM"
    op_class = OP_BY_KIND.get(kind)
    if op_class is None or is_custom != op_class.IS_CUSTOM:
        return "this operator is not supported"
    missing = [i for i in (*operator.inputs, *operator.outputs) if i >= 0 and i not in tensors]
    if missing:
        return f"tensor {missing[0]} has a type that is not supported"
    inputs = tuple(tensors[i] if i >= 0 else None for i in operator.inputs)
    outputs = tuple(tensors[i] for i in operator.outputs)
    node = Node(number, kind, inputs, outputs, operator.options)
    return op_class.form(node).read(node)


def _read_best(operator: Operator, tensors: Mapping[int, Tensor], known: Mapping[int, Tensor]) -> Op | str:
    """The op, with operands that follow from constants as constants where it can't do without them.

    Otherwise it keeps the tensors of the file, so that its operands can be probed.
    """
    plain = _read(operator, tensors, operator.index)
    if isinstance(plain, str):
        return plain
    resolved = _resolved(operator, tensors, known, plain)
    return resolved if _broken_rules(plain) or type(plain) is not type(resolved) else plain


def _resolved(operator: Operator, tensors: Mapping[int, Tensor], known: Mapping[int, Tensor], plain: Op) -> Op:
    """The op on what is known of its operands, if it can be read like that."""
    if known.keys().isdisjoint(operator.inputs):
        return plain
    op = _read(operator, {**tensors, **{i: known[i] for i in operator.inputs if i in known}}, operator.index)
    return plain if isinstance(op, str) or _broken_rules(op) else op


def _known_outputs(op: Op) -> dict[int, Tensor]:
    """What an op of constants makes, if that does not depend on how the user wants to round."""
    if op.activations or op.states:
        return {}
    made = [op.evaluate([tensor.value for tensor in op.inputs], rounding) for rounding in Rounding]
    same = all(one.tobytes() == other.tobytes() for one, other in zip(*made, strict=True))
    return {t.index: replace(t, data=value) for t, value in zip(op.outputs, made[0], strict=True)} if same else {}


def _broken_rules(op: Op) -> list[str]:
    """The sentence of each broken rule with what was found; later rules may rest on earlier ones, so the first."""
    for rule in op.RULES:
        found = rule.broken_by(op)
        if found:
            return [f"{rule.sentence}, but {found}"]
    return []


def _sparse_operands(op: Op, sparse: frozenset[int]) -> list[str]:
    """Sparse constants that contradict their shape, which must not be taken for tensors that are computed."""
    found = [tensor for tensor in op.activations if tensor.index in sparse]
    return [f"{tensor} is stored sparsely, with values outside of it" for tensor in found[:1]]


def _unchanging(subgraph: Subgraph, tensors: Mapping[int, Tensor]) -> dict[int, Tensor]:
    """Variables that nobody sets or updates, as the constants that they are: what they hold after a reset."""
    changing = set(subgraph.inputs)
    for operator in subgraph.operators:
        kind = OP_BY_KIND.get(operator.custom_name or operator.name)
        remembers = kind is not None and kind.states is not Op.states
        changing.update(operator.outputs, operator.inputs if remembers else ())
    variables = [info.index for info in subgraph.tensors if info.is_variable and info.index in tensors]
    return {i: replace(tensors[i], data=reset_value(tensors[i])) for i in variables if i not in changing}


def _refused_states(subgraph: Subgraph, tensors: Mapping[int, Tensor], ops: Sequence[Op]) -> list[Refusal]:
    """A variable tensor belongs to the one op that reads and updates it, to the caller who sets it as an input,
    or is what the op gives to others.
    """
    variables = {
        tensors[info.index]
        for info in subgraph.tensors
        if info.is_variable and info.index in tensors and info.index not in subgraph.inputs
    }
    variables -= {state.next for op in ops for state in op.states}
    found = [
        Refusal(-1, "model output", f"{tensors[i]} is a variable")
        for i in subgraph.outputs
        if tensors.get(i) in variables
    ]
    taken: set[Tensor] = set()
    for op in ops:
        own = [state.tensor for state in op.states if state.tensor.index >= 0]
        reasons = [f"its state {tensor} is not a variable" for tensor in own if tensor not in variables]
        reasons += [f"its state {tensor} is a constant" for tensor in own if tensor.is_constant]
        reasons += [f"its state {tensor} is the state of an earlier operator" for tensor in own if tensor in taken]
        taken.update(own)
        others = [tensor for tensor in op.activations if tensor in variables and tensor not in own]
        reasons += [
            f"{tensor} is a variable, and it is read by an operator that does not update it" for tensor in others
        ]
        found += [Refusal(op.index, op.KIND, reason) for reason in reasons[:1]]
    return found


def _refused_ports(graph: Graph) -> list[Refusal]:
    return [
        Refusal(-1, word, f"{tensor} has no elements")
        for word, tensors in (("model input", graph.inputs), ("model output", graph.outputs))
        for tensor in tensors
        if tensor.elements == 0
    ]
