"""`tinygen ops`: the operators."""

from __future__ import annotations

import click

from tinygen.commands.console import make_console, print_json
from tinygen.commands.options import json_option


@click.command()
@json_option
def ops(as_json: bool) -> None:
    """List the operators that are supported, and on what conditions."""
    from tinygen.ops import OPS
    from tinygen.ops.control_flow import CONTROL_OPERATORS
    from tinygen.ops.variables import VARIABLE_OPERATORS
    from tinygen.tables import ops_table

    resolved = {**VARIABLE_OPERATORS, **CONTROL_OPERATORS}
    if as_json:
        forms = {op.KIND: [[rule.sentence for rule in form.RULES] for form in (op, *op.FORMS)] for op in OPS}
        listed = [{"name": name, "forms": rules} for name, rules in forms.items()]
        others = [{"name": name, "means": means, "rules": rules} for name, (means, *rules) in resolved.items()]
        print_json({"ops": listed, "resolved": others})
        return
    make_console().print(ops_table(OPS, resolved))
