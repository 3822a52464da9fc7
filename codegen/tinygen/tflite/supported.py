"""What of a valid model no operator could make up for: foreign operators, element types, versions, run-time shapes."""

from __future__ import annotations

import math
from collections.abc import Collection

from tinygen.errors import UnsupportedModelError
from tinygen.tflite.call import Call
from tinygen.tflite.custom import DECODERS
from tinygen.tflite.dynamics import open_shapes, run_time_shapes
from tinygen.tflite.model import Model, Operator, Subgraph, TensorInfo
from tinygen.tflite.operands import RULES
from tinygen.tflite.report import Report, operator_label, printable, tensor_label
from tinygen.tflite.tensors import BITS
from tinygen.tflite.versions import latest_version

_ELEMENT_TYPES = frozenset({"string", "complex64", "complex128", "float64", "bfloat16", "variant"})
"""Element types of the schema for which there is no C."""

_LARGEST = 8 << 20
"""Bytes of a tensor that is computed: several times the RAM of any chip that we compile for."""

_COMPILED = {
    "ethos-u": "it was compiled for an Ethos-U by Vela; give the original .tflite",
    "edgetpu-custom-op": "it was compiled for an Edge TPU; give the original .tflite",
}
"""Custom operators that stand for a part of the model that another compiler has taken."""


def check_supported_form(model: Model, custom: Collection[str] = ()) -> None:
    """Raises UnsupportedModelError with all reasons. `custom` are the custom operators that are known."""
    report = Report()
    hints: list[str] = []
    for subgraph in model.subgraphs:
        for operator in subgraph.operators:
            reason, hint = _operator_reason(operator, custom)
            if reason:
                report.add(f"{operator_label(subgraph, operator)}: {reason}")
            hints += [hint] if hint and hint not in hints else []
        for operator, index in run_time_shapes(subgraph):
            tensor = tensor_label(subgraph, subgraph.tensors[index])
            report.add(
                f"{operator_label(subgraph, operator)}: its output's shape follows from run-time values ({tensor})"
            )
        decoded = {i for operator in subgraph.operators if operator.custom_name in DECODERS for i in operator.outputs}
        for tensor_info in _used_tensors(subgraph):
            reason = _tensor_reason(tensor_info, tensor_info.index in decoded)
            if not reason and tensor_info.index in subgraph.inputs and tensor_info.buffer is not None:
                reason = "it is a model input with constant data"
            if reason:
                report.add(f"{tensor_label(subgraph, tensor_info)}: {reason}")
    if not report.count:
        for subgraph in model.subgraphs:
            _check_closed_shapes(subgraph, report)
        hints += ["Convert the model with fixed shapes."] if report.count else []
    if report.count:
        text = report.text()
        separator = ":" if text.startswith("\n") else ": "
        end = "" if "\n" in text else "."
        raise UnsupportedModelError(f"{printable(model.name)} can't be compiled{separator}{text}{end}", " ".join(hints))


def _check_closed_shapes(subgraph: Subgraph, report: Report) -> None:
    """Shapes that the file leaves open are compiled as they stand in it, so they must agree."""
    loose = open_shapes(subgraph, calls_settled=True)
    for operator in subgraph.operators:
        call = Call(subgraph, operator, report, loose, closed=True)
        for check in RULES[operator.name].checks if operator.name in RULES else ():
            check(call)


def _operator_reason(operator: Operator, custom: Collection[str]) -> tuple[str, str]:
    """(reason, hint), both empty for an operator that may be supported."""
    name = operator.custom_name
    if operator.name == "CUSTOM":
        if name in _COMPILED:
            return _COMPILED[name], ""
        if name.startswith("Flex"):
            return f"{printable(name)} is an operator of TensorFlow", "Convert the model again without SELECT_TF_OPS."
        if name not in custom:
            known = f"; known are {', '.join(sorted(custom))}" if custom else ""
            return f"{printable(name)} is a custom operator, whose meaning the file does not hold{known}", ""
        return "", ""
    if operator.name.startswith("BUILTIN_"):
        return f"builtin operator {operator.name.removeprefix('BUILTIN_')} is unknown", "It may be newer than tinygen."
    latest = latest_version(operator.name)
    if operator.version > latest:
        return (
            f"version {operator.version} is newer than {latest}, the newest that is known",
            "A newer converter made it.",
        )
    return "", ""


def _used_tensors(subgraph: Subgraph) -> list[TensorInfo]:
    used = {*subgraph.inputs, *subgraph.outputs}
    for operator in subgraph.operators:
        used.update(operator.inputs, operator.outputs)
    return [tensor for tensor in subgraph.tensors if tensor.index in used]


def _tensor_reason(tensor: TensorInfo, is_decoded: bool) -> str:
    """is_decoded: an operator makes it of constants alone."""
    if tensor.dtype in _ELEMENT_TYPES or tensor.dtype.startswith("type_"):
        return f"its element type is {tensor.dtype.replace('_', ' number ')}"
    is_constant = is_decoded or tensor.buffer is not None
    size = math.prod(tensor.shape) * BITS.get(tensor.dtype, 8) // 8
    if not is_constant and size > _LARGEST:
        return f"its shape {list(tensor.shape)} makes it {size:,} bytes, computed at run time; up to {_LARGEST:,} are"
    if len(tensor.scales) > 1 and not is_constant and not tensor.dtype.startswith("float"):
        return f"it is quantized per channel ({len(tensor.scales)} scales), which only constants may be"
    return ""
