"""Every rule of the other forms of operators has a model that breaks exactly it."""

from __future__ import annotations

import pytest

from ops import elementwise_rules, move_rules, product_rules, reduction_rules
from ops.nodes import model_bytes
from tinygen.errors import UnsupportedModelError
from tinygen.ops import OPS
from tinygen.ops.importer import Import, import_model
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.tflite.decode import Decoder
from tinygen.tflite.report import Report

FORMS = product_rules.FORMS | move_rules.FORMS | reduction_rules.FORMS | elementwise_rules.FORMS
CASES = [(name, sentence) for name, (_, breaks) in FORMS.items() for sentence in breaks]
FORM_CLASSES: dict[str, type[Op]] = {form.__name__: form for op in OPS for form in op.FORMS}


def imported(made: Node) -> Import:
    """Without the reader's check for contradictions, which refuses some of these models before a rule is asked."""
    return import_model(Decoder(model_bytes(made), Report()).model("broken", 0), "broken")


@pytest.mark.parametrize("name", FORMS)
def test_every_rule_is_broken_once(name: str) -> None:
    """Except those that hold because another input type, or rhs type, makes another form."""
    sentences = {rule.sentence for rule in FORM_CLASSES[name].RULES}
    kept = {s for s in sentences - set(FORMS[name][1]) if s.split()[0] in ("input", "lhs", "weights", "rhs")}
    assert sentences - kept == set(FORMS[name][1])
    assert len(kept) <= 2


@pytest.mark.parametrize("name", FORMS)
def test_the_unbroken_model_is_compiled(name: str) -> None:
    assert type(imported(FORMS[name][0]).complete.ops[0]).__name__ == name


@pytest.mark.parametrize(("name", "sentence"), CASES)
def test_rule(name: str, sentence: str) -> None:
    made, breaks = FORMS[name]
    found = imported(breaks[sentence](made))
    with pytest.raises(UnsupportedModelError) as raised:
        _ = found.complete
    assert f"op 0, {made.kind}: {sentence}, but " in raised.value.message
    assert len(found.refusals) == 1
