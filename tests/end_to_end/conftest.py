"""One cache of builds for all end-to-end tests of a run, shared by the processes of pytest-xdist."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that $TINYGEN_CACHE names."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "end_to_end_cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TINYGEN_CACHE", str(folder))
        yield folder
