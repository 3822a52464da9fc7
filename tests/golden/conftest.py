"""`--update-golden` rewrites the golden files, whose changes are then reviewed as C."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Rewrite tests/golden/*/ from what is generated now.")
