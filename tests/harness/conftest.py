"""Compiles the harness for this computer: as a library for fuzzing, and as firmware of the toy model."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tinygen.resources import resource_dir

WARNINGS = ("all", "extra", "pedantic", "conversion", "shadow", "cast-align", "strict-prototypes", "error")
FLAGS = ("-std=c99", "-O1", *(f"-W{name}" for name in WARNINGS))
HERE = Path(__file__).parent
Build = Callable[..., Path]


@pytest.fixture(scope="session")
def compile_c(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Compiles C files, with the harness's headers, into a program or, with "-shared", a library."""
    compiler = next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)
    if compiler is None:
        pytest.skip("no C compiler on PATH")
    include = f"-I{resource_dir('firmware') / 'harness'}"

    def build(sources: list[Path], *options: str) -> Path:
        out = tmp_path_factory.mktemp("c") / "built.exe"
        command = [compiler, *FLAGS, include, *options, *map(str, sources), "-o", str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return out

    return build


@pytest.fixture(scope="session")
def compile_toy(compile_c: Build) -> Build:
    """Compiles the host firmware with the toy model and small frames."""
    firmware = resource_dir("firmware")
    sources = [*sorted((firmware / "harness").glob("*.c")), *sorted((firmware / "ports" / "host").glob("*.c"))]

    def build(*options: str) -> Path:
        return compile_c([*sources, HERE / "toy_model.c"], "-DTG_LINK_PAYLOAD=128", *options)

    return build


@pytest.fixture(scope="session")
def toy_firmware(compile_toy: Build) -> Path:
    """The toy model as it should be."""
    return compile_toy()
