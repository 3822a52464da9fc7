"""What all tests share: repeatable hypothesis runs and the kernels, compiled once per session for this computer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent / "tflite"))  # the builder of .tflite files

from kernels.bench import Bench, Benches, find_compiler

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Benches:
    """Every variant of the kernels that runs on this computer, in both roundings."""
    compiler = find_compiler()
    if compiler is None:
        pytest.skip("there is no C compiler: neither cc, gcc, clang nor ziglang")
    return Benches(compiler, tmp_path_factory.mktemp("kernels"))


@pytest.fixture(scope="session")
def bench(benches: Benches) -> Bench:
    """The portable kernels with double rounding."""
    return benches.all[0]
