"""Compiles generated C with this computer's compilers and runs it: bytes of inputs go in, bytes of outputs come out."""

from __future__ import annotations

import functools
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tinygen.emit.generate import Generated
from tinygen.ir.dtype import Array
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.pipeline import compile_model
from tinygen.vectors import Vectors

C_WARNINGS = ("all", "extra", "pedantic", "conversion", "shadow", "cast-align", "strict-prototypes", "error")
C_FLAGS = ("-std=c99", *(f"-W{name}" for name in C_WARNINGS))
CPP_FLAGS = ("-std=c++11", "-Wall", "-Wextra", "-Wpedantic", "-Werror")
SANITIZE = ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def compiler(name: str) -> str:
    """The path of a compiler; skips the test where it is not installed."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"there is no {name} on PATH")
    return path


@functools.cache
def _sanitizes(path: str) -> bool:
    """Whether the compiler has the sanitizers' libraries, which are packages of their own on some systems."""
    with tempfile.TemporaryDirectory() as folder:
        command = [path, *SANITIZE, "-x", "c", "-", "-o", str(Path(folder) / "program")]
        return subprocess.run(command, input=b"int main(void) { return 0; }", capture_output=True).returncode == 0


def sanitizing(name: str) -> str:
    """The path of a compiler with sanitizers; skips the test where there is none."""
    path = compiler(name)
    if not _sanitizes(path):
        pytest.skip(f"{name} has no address and undefined behaviour sanitizers here")
    return path


def run(command: Sequence[object], data: bytes = b"") -> bytes:
    """What the command prints; its error text is the assertion's."""
    done = subprocess.run([str(part) for part in command], input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[:4000]
    return done.stdout


@dataclass(frozen=True)
class Folder:
    """Generated C on disk."""

    path: Path
    generated: Generated

    @property
    def sources(self) -> list[Path]:
        return [self.path / name for name in self.generated.sources]

    def driver(self) -> Path:
        """A function <name>_serve that answers inferences from stdin to stdout until `count` are done, as a C file."""
        name, upper = self.generated.name, self.generated.name.upper()
        infer = self._pushing() if self.generated.target.push else self._filling()
        write = "".join(
            f"        fwrite({name}_output_{i}(&m), 1, {upper}_OUTPUT_{i}_SIZE, stdout);\n"
            for i in range(len(self.generated.outputs))
        )
        path = self.path / "driver.c"
        path.write_text(
            f'#include <stdio.h>\n#include "{name}.h"\nint {name}_serve(int count);\n'
            f"int {name}_serve(int count) {{\n    static {name}_t m;\n    {name}_init(&m);\n"
            f"    for (int k = 0; k < count; k++) {{\n{infer}{write}    }}\n    return 0;\n}}\n"
        )
        return path

    def _filling(self) -> str:
        """One inference with whole inputs."""
        name, upper = self.generated.name, self.generated.name.upper()
        read = "".join(
            f"        if (fread({name}_input_{i}(&m), 1, {upper}_INPUT_{i}_SIZE, stdin) != {upper}_INPUT_{i}_SIZE) {{\n"
            "            return 1;\n        }\n"
            for i in range(len(self.generated.inputs))
        )
        return f"{read}        {name}_invoke(&m);\n"

    def _pushing(self) -> str:
        """One inference, its rows pushed in portions of 1, 2, 3, 1, 2, ... rows."""
        name, upper = self.generated.name, self.generated.name.upper()
        return f"""        int32_t wanted = {upper}_INPUT_0_ROWS;
        while (wanted > 0) {{
            static char rows[3 * {upper}_INPUT_0_ROW_SIZE];
            static int portion = 1;
            const int32_t n = portion < wanted ? portion : wanted;
            if (fread(rows, {upper}_INPUT_0_ROW_SIZE, (size_t)n, stdin) != (size_t)n) {{
                return 1;
            }}
            if ({name}_push_rows(&m, rows, n) != wanted - n) {{
                return 2;
            }}
            wanted -= n;
            portion = portion % 3 + 1;
        }}
"""


def write_model(
    path: Path,
    model: Path,
    target: str,
    rounding: Rounding = Rounding.DOUBLE,
    name: str = "",
    push: bool = False,
    optimize: Optimize = Optimize.SPEED,
) -> Folder:
    """The model's C in the new folder `path`."""
    chosen = TARGETS[target].with_choices(optimize, rounding, push=push)
    generated = compile_model(model, chosen, name).generated
    path.mkdir()
    for file, text in generated.files.items():
        (path / file).write_text(text, encoding="utf-8", newline="\n")
    return Folder(path, generated)


def build_server(cc: str, folders: Sequence[Folder], count: int, program: Path, *flags: str) -> Path:
    """A program that serves `count` inferences of every folder's model, one model after the other.

    Every folder is compiled by itself, since each has a tg_config.h of its own.
    """
    objects = []
    for folder in folders:
        work = program.with_name(f"{program.name}_{folder.generated.name}")
        work.mkdir()
        sources = [path.resolve() for path in (*folder.sources, folder.driver())]
        done = subprocess.run(
            [cc, *C_FLAGS, *flags, "-c", *map(str, sources)], cwd=work, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[:4000]
        objects += sorted(work.glob("*.o"))
    main = program.with_name(f"{program.name}_main.c")
    names = [folder.generated.name for folder in folders]
    main.write_text(
        "".join(f"int {name}_serve(int count);\n" for name in names)
        + f"int main(void) {{\n    return {' || '.join(f'{name}_serve({count})' for name in names)};\n}}\n"
    )
    run([cc, *flags, main, *objects, "-o", program])
    return program


def requests(vectors: Vectors) -> bytes:
    """All inputs, in the order in which the server reads them."""
    return b"".join(array.tobytes() for inference in vectors.inputs for array in inference)


def answers(expected: Sequence[Sequence[Array]]) -> bytes:
    """All outputs, in the order in which the server writes them."""
    return b"".join(np.ascontiguousarray(array).tobytes() for inference in expected for array in inference)


def differences(expected: bytes, got: bytes) -> str:
    """Empty when they are equal; else where they part, in words."""
    if expected == got:
        return ""
    if len(expected) != len(got):
        return f"{len(got)} bytes instead of {len(expected)}"
    wrong = [i for i, (a, b) in enumerate(zip(expected, got, strict=True)) if a != b]
    return (
        f"{len(wrong)} of {len(got)} bytes differ, the first at {wrong[0]}: {got[wrong[0]]}, not {expected[wrong[0]]}"
    )
