"""Graph and Schedule -> Program: kernel calls with names, constants and parameters shared where they are equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

import numpy as np

from tinygen.emit.c_text import initializers
from tinygen.ir.graph import Graph, State
from tinygen.ir.program import (
    Call,
    Code,
    Constant,
    Control,
    Field,
    KernelCall,
    Memory,
    Placement,
    Probe,
    Program,
    Routine,
)
from tinygen.ir.schedule import Schedule, Step
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.nested import Nested
from tinygen.ops.op import Op


class _Names:
    """Gives equal constants and equal params one name each."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.constants: dict[Constant, str] = {}
        self.params: dict[str, KernelCall] = {}
        self._taken: set[str] = set()
        self._params_by_text: dict[tuple[str, str], str] = {}

    def add_constant(self, constant: Constant, label: str) -> None:
        """Numbers the label if another array has it."""
        if constant in self.constants:
            return
        names = (f"{self.prefix}_{label}" if i == 1 else f"{self.prefix}_{label}_{i}" for i in count(1))
        name = next(name for name in names if name not in self._taken)
        self._taken.add(name)
        self.constants[constant] = name

    def add_params(self, call: KernelCall, label: str) -> str:
        text = ", ".join(initializers(call.params, self.constants))
        name = self._params_by_text.setdefault((call.kernel, text), label)
        self.params.setdefault(name, call)
        return name


def lower(graph: Graph, schedule: Schedule, target: Target, name: str) -> Program:
    """The program that computes `graph` as `schedule` says; `name` is the C identifier of the model."""
    names, functions, probes = _Names(name), list[Code](), list[Probe]()
    code = _Lowering(target, names, functions, probes).code(name, schedule, is_probed=True)
    for i, tensor in enumerate(graph.outputs):
        if tensor.is_constant:
            names.add_constant(Constant.of(tensor.value), f"constant_output_{i}")
    memories = tuple(_memory(state, schedule, names) for state in graph.states)
    return Program(
        name=name,
        title=graph.name,
        crc32=graph.crc32,
        target=target,
        inputs=graph.inputs,
        outputs=graph.outputs,
        routines=code.routines,
        order=code.order,
        functions=tuple(functions),
        probes=tuple(probes),
        constants=names.constants,
        params=names.params,
        memories=memories,
        rings=schedule.rings,
        scratch=schedule.scratch,
        arena_bytes=schedule.arena_bytes,
        macs=graph.macs,
    )


@dataclass(frozen=True)
class _Lowering:
    """Schedules -> code, all with the same names."""

    target: Target
    names: _Names
    functions: list[Code]
    """Those of the graphs inside ops so far."""
    probes: list[Probe]

    def code(self, name: str, schedule: Schedule, is_probed: bool) -> Code:
        routines: dict[Op, Routine] = {}
        for step in schedule.steps:
            if step.op not in routines:
                routines[step.op] = self.routine(step, schedule, is_probed)
        number = {op: i for i, op in enumerate(routines)}
        order = tuple(number[step.op] for step in schedule.steps)
        return Code(name, tuple(routines.values()), order, schedule.rings, schedule.scratch)

    def routine(self, step: Step, schedule: Schedule, is_probed: bool) -> Routine:
        op, forms = step.op, schedule.forms
        kernel_calls = op.lower(Placement(forms.target(op, self.target), schedule.rings, op in forms.staged))
        probe_of: dict[Tensor, int] = {}
        for tensor in op.outputs if is_probed and (kernel_calls or isinstance(op, Nested)) else ():
            probe_of[tensor] = len(self.probes)
            self.probes.append(Probe(op, tensor))
        if not isinstance(op, Nested):
            return Routine(op, tuple(_calls(op, kernel_calls, self.names, probe_of)), step.rows.count)
        calls = tuple(_calls(op, kernel_calls, self.names, {}))
        return Routine(op, calls, step.rows.count, self.control(op, schedule, probe_of))

    def control(self, op: Nested, schedule: Schedule, probe_of: Mapping[Tensor, int]) -> Control:
        """How the op calls the functions of its graphs, which are made for the places of its tensors."""
        names = []
        for role, graph, planned in zip(op.ROLES, op.graphs, op.schedules, strict=True):
            inner = (*graph.inputs, *(state.tensor for state in graph.states))
            outer = (*op.operands, *op.outputs)
            places = {i: schedule.rings[o].offset for i, o in zip(inner, outer, strict=True)}
            placed = planned.placed(schedule.scratch.get(op, 0), places)
            names.append(f"op_{op.index}_{role}")
            self.functions.append(self.code(names[-1], placed, is_probed=False))
        for tensor in op.inputs:
            if tensor.is_constant:
                self.names.add_constant(Constant.of(tensor.value), f"op_{op.index}_input")
        results = tuple((tensor, probe_of.get(tensor, -1)) for tensor in op.outputs)
        return Control(op.decides, tuple(names), results)


def _calls(
    op: Op, kernel_calls: tuple[KernelCall, ...], names: _Names, probe_of: Mapping[Tensor, int]
) -> Iterator[Call]:
    """The op's calls in order; the last one that writes a tensor completes its rows."""
    last_writer = {call.output: call for call in kernel_calls}
    for i, call in enumerate(kernel_calls):
        suffix = f"_{i}" if len(kernel_calls) > 1 else ""
        label = f"op_{op.index}{suffix}"
        for field, constant in _constants_in(call.params):
            names.add_constant(constant, f"{label}_{field}")
        for tensor in call.inputs:
            if tensor.is_constant:
                names.add_constant(Constant.of(tensor.value), f"{label}_input")
        probe = probe_of.get(call.output, -1) if last_writer[call.output] is call else -1
        yield Call(call, names.add_params(call, label), probe)


def _memory(state: State, schedule: Schedule, names: _Names) -> Memory:
    """Where a state lies, and what a reset puts there."""
    content = np.ascontiguousarray(state.initial).view(np.uint8).reshape(-1)
    offset = schedule.rings[state.tensor].offset
    if (content == content[0]).all():
        return Memory(offset, len(content), int(content[0]))
    initial = Constant.of(state.initial)
    names.add_constant(initial, f"state_{offset}")
    return Memory(offset, len(content), initial)


def _constants_in(params: Mapping[str, Field]) -> Iterator[tuple[str, Constant]]:
    """Every array that a params struct points at, with the member's name."""
    for field, value in params.items():
        if isinstance(value, Constant):
            yield field, value
        elif isinstance(value, Mapping):
            yield from _constants_in(value)
