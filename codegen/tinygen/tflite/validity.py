"""Whether a model contradicts itself, whatever tinygen may compile of it."""

from __future__ import annotations

from tinygen.errors import InvalidModelError
from tinygen.tflite.call import Call
from tinygen.tflite.dynamics import open_shapes
from tinygen.tflite.model import Model, Subgraph
from tinygen.tflite.operands import RULES, check_operands
from tinygen.tflite.report import Report, printable
from tinygen.tflite.structure import check_structure, indices_of
from tinygen.tflite.tensors import check_tensors


def check_valid(model: Model, report: Report | None = None, source: str = "") -> None:
    """Raises InvalidModelError with all contradictions, together with those already in `report`.

    `source` is what the error calls the model.
    """
    report = report or Report()
    check_structure(model, report)
    for subgraph in model.subgraphs:
        _check_subgraph(subgraph, report)
    if report.count:
        text = report.text()
        separator = ":" if text.startswith("\n") else ": "
        raise InvalidModelError(
            f"{source or printable(model.name)} is not a valid model{separator}{text}" + ("" if "\n" in text else "."),
            "Convert it again, and look at it with a viewer such as Netron.",
        )


def _check_subgraph(subgraph: Subgraph, report: Report) -> None:
    """An operator's own rules are only asked about tensors that are sound, or one mistake would be told many times."""
    bad = check_tensors(subgraph, report)
    tensors = range(len(subgraph.tensors))
    in_range = all(i in tensors for op in subgraph.operators for i in indices_of(op))
    loose = open_shapes(subgraph) if in_range else frozenset[int]()
    for operator in subgraph.operators:
        call = Call(subgraph, operator, report, loose)
        if not in_range and not all(i in tensors for i in indices_of(operator)):
            continue
        arity_is_right = check_operands(call)
        rule = RULES.get(operator.name)
        if arity_is_right and rule is not None and bad.isdisjoint(indices_of(operator)):
            for check in rule.checks:
                check(call)
