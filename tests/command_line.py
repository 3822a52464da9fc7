"""Runs the `tinygen` command in this process: arguments in, exit status and text out. Also loads the scripts."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from tinygen.cli import main

CHECKOUT = Path(__file__).resolve().parent.parent
MODELS = CHECKOUT / "models"
SHARED = CHECKOUT.parent / "shared"


@dataclass(frozen=True)
class Outcome:
    """What came of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What --json printed; raises ValueError when it is not exactly one value."""
        return json.loads(self.out)


def tinygen(*arguments: object) -> Outcome:
    """The command with these arguments; an exception other than SystemExit is a failed test."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    arguments_of_process = mock.patch.object(sys, "argv", ["tinygen", *map(str, arguments)])
    with arguments_of_process, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Outcome(code, out.getvalue(), err.getvalue())


def script(name: str) -> ModuleType:
    """scripts/NAME.py as a module."""
    spec = importlib.util.spec_from_file_location(f"{name}_script", CHECKOUT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module
