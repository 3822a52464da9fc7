"""Checks how tensors, operators and subgraphs refer to each other."""

from __future__ import annotations

from collections.abc import Iterator

from tinygen.tflite.model import Model, Operator, Subgraph
from tinygen.tflite.report import Report, operator_label, tensor_label

_SUBGRAPH_OPTIONS = (
    "init_subgraph_index",
    "then_subgraph_index",
    "else_subgraph_index",
    "cond_subgraph_index",
    "body_subgraph_index",
    "subgraph",
    "decomposition_subgraph_index",
    "update_computation_subgraph_index",
    "comparator_subgraph_index",
)
"""Options that name another subgraph."""


def check_structure(model: Model, report: Report) -> None:
    """Reports indices out of range, order, tensors nobody makes, and subgraphs that call themselves."""
    if not model.subgraphs:
        report.add("the model has no subgraph")
        return
    main = model.subgraphs[0]
    if not main.tensors:
        report.add("the model has no tensors")
    elif not main.outputs:
        report.add("the model has no outputs")
    for subgraph in model.subgraphs:
        if _indices_in_range(subgraph, report):
            _check_flow(subgraph, report)
    _check_calls(model, report)
    for signature in model.signatures:
        if not 0 <= signature.subgraph < len(model.subgraphs):
            report.add(f"a signature refers to subgraph {signature.subgraph} of {len(model.subgraphs)}")
            continue
        tensors = len(model.subgraphs[signature.subgraph].tensors)
        for index in (*signature.inputs.values(), *signature.outputs.values()):
            if not 0 <= index < tensors:
                report.add(f"a signature refers to tensor {index} of {tensors}")


def indices_of(operator: Operator) -> Iterator[int]:
    """All tensors that the operator names, without the absent ones."""
    yield from (i for i in operator.inputs if i != -1)
    yield from operator.outputs


def _indices_in_range(subgraph: Subgraph, report: Report) -> bool:
    tensors = len(subgraph.tensors)
    bad = False
    for kind, indices in (("input", subgraph.inputs), ("output", subgraph.outputs)):
        for index in indices:
            if not 0 <= index < tensors:
                bad = True
                where = f"subgraph {subgraph.index}" if subgraph.index else "the model"
                report.add(f"{where}: {kind} tensor index {index} is out of range ({tensors} tensors)")
    for operator in subgraph.operators:
        for kind, indices, optional in (
            ("input", operator.inputs, True),
            ("output", operator.outputs, False),
            ("intermediate", operator.intermediates, True),
        ):
            for index in indices:
                if not 0 <= index < tensors and not (optional and index == -1):
                    bad = True
                    label = operator_label(subgraph, operator)
                    report.add(f"{label}: {kind} tensor index {index} is out of range ({tensors} tensors)")
    return not bad


def _check_flow(subgraph: Subgraph, report: Report) -> None:
    """Every tensor is written once, before it is read."""
    tensors = subgraph.tensors
    inputs = set(subgraph.inputs)
    producer: dict[int, int] = {}
    for operator in subgraph.operators:
        for index in operator.outputs:
            producer.setdefault(index, operator.index)
    ready = [t.buffer is not None or t.is_variable or 0 in t.shape or t.index in inputs for t in tensors]
    written: dict[int, int] = {}
    for operator in subgraph.operators:
        for index in operator.inputs:
            if index == -1 or ready[index]:
                continue
            label, tensor = operator_label(subgraph, operator), tensor_label(subgraph, tensors[index])
            ready[index] = True  # one complaint per tensor
            if operator.name == "CUSTOM" and index not in producer:
                continue  # Vela passes scratch memory so
            if index in producer:
                report.add(f"{label} reads {tensor} before operator {producer[index]} produces it")
            else:
                report.add(f"{label} reads {tensor}, which is neither an input, a constant nor produced")
        for index in operator.outputs:
            _check_write(subgraph, operator, index, inputs, written, report)
            ready[index] = True
    for index in subgraph.outputs:
        if not ready[index]:
            report.add(f"output {tensor_label(subgraph, tensors[index])} is produced by no operator")


def _check_write(
    subgraph: Subgraph, operator: Operator, index: int, inputs: set[int], written: dict[int, int], report: Report
) -> None:
    tensor = subgraph.tensors[index]
    problem = ""
    if index in inputs:
        problem = "a model input"
    elif tensor.buffer is not None and 0 not in tensor.shape:
        problem = "a constant"
    elif index in written:
        problem = f"which operator {written[index]} has written already"
    if problem:
        report.add(f"{operator_label(subgraph, operator)} writes {tensor_label(subgraph, tensor)}, {problem}")
    written[index] = operator.index


def _check_calls(model: Model, report: Report) -> None:
    """Subgraphs that operators name exist, and none leads back to itself."""
    callees: list[list[int]] = []
    for subgraph in model.subgraphs:
        called = []
        for operator in subgraph.operators:
            for option in _SUBGRAPH_OPTIONS:
                index = operator.options.get(option)
                if not isinstance(index, int) or (index < 0 and operator.name.startswith("STABLEHLO")):
                    continue
                if not 0 <= index < len(model.subgraphs):
                    label = operator_label(subgraph, operator)
                    report.add(f"{label}: {option} is {index}; the model has {len(model.subgraphs)} subgraphs")
                elif index == subgraph.index:
                    report.add(f"{operator_label(subgraph, operator)} refers to its own subgraph: endless recursion")
                else:
                    called.append(index)
        callees.append(called)
    # whatever can be removed from the leaves up is free of cycles
    callers: list[list[int]] = [[] for _ in callees]
    for caller, called in enumerate(callees):
        for callee in called:
            callers[callee].append(caller)
    remaining = [len(called) for called in callees]
    leaves = [i for i, n in enumerate(remaining) if n == 0]
    while leaves:
        for caller in callers[leaves.pop()]:
            remaining[caller] -= 1
            if remaining[caller] == 0:
                leaves.append(caller)
    circle = [i for i, n in enumerate(remaining) if n]
    if circle:
        report.add(f"subgraphs {', '.join(map(str, circle[:5]))} call each other in a circle: endless recursion")
