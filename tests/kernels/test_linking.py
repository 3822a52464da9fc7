"""What the kernels link: no double precision, no library of mathematics, and floats only where floats are meant."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kernels.bench import KERNELS

OF_LIBC = {"memcpy", "memset"}
OF_INTEGERS = re.compile(r"__aeabi_(u?idiv(mod)?|u?ldivmod|lmul|llsl|llsr|lasr|mem(cpy|set|clr)[48]?)|__clzsi2")
OF_FLOATS = re.compile(r"__aeabi_(f\w+|u?[il]2f|ul2f|cf\w+)")
"""What a core without an FPU has instead of instructions for single precision."""
FLOAT_INSIDE = {"tg_sqrt_s16", "tg_resize_bilinear_u8", "tg_bucketize"}
"""Defined by float arithmetic between integers, or by boundaries that are floats."""
CORES = {"scalar": "cortex-m0plus", "swar": "cortex-m0plus", "dsp": "cortex-m4"}
"""Each without an FPU, so that code for floats is called by name."""


def is_kernel(name: str) -> bool:
    return (KERNELS / "scalar" / f"{name}.c").is_file()


@pytest.fixture(scope="module", params=list(CORES))
def undefined(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Kernel -> what it takes from elsewhere."""
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("there is no arm-none-eabi-gcc")
    place = tmp_path_factory.mktemp(request.param)
    sources = sorted((KERNELS / request.param).glob("*.c"))
    flags = [f"-mcpu={CORES[request.param]}", "-mthumb", "-mfloat-abi=soft", "-std=c99", "-O2"]
    command = ["arm-none-eabi-gcc", *flags, f"-I{KERNELS / 'include'}", "-c", *map(str, sources)]
    subprocess.run(command, cwd=place, check=True)
    return {source.stem: _undefined(place / f"{source.stem}.o") for source in sources}


def _undefined(compiled: Path) -> set[str]:
    done = subprocess.run(["arm-none-eabi-nm", "-u", str(compiled)], capture_output=True, text=True, check=True)
    return set(done.stdout.split()) - {"U"}


def test_kernels_link_no_library(undefined: dict[str, set[str]]) -> None:
    foreign = {
        kernel: names
        for kernel, wanted in undefined.items()
        if (
            names := {
                n
                for n in wanted - OF_LIBC
                if not OF_INTEGERS.fullmatch(n) and not OF_FLOATS.fullmatch(n) and not is_kernel(n)
            }
        )
    }
    assert foreign == {}


def test_only_kernels_of_floats_link_floats(undefined: dict[str, set[str]]) -> None:
    with_floats = {kernel for kernel, wanted in undefined.items() if any(map(OF_FLOATS.fullmatch, wanted))}
    assert {kernel for kernel in with_floats if not re.search("_f(16|32)", kernel)} <= FLOAT_INSIDE
    assert "tg_add_f32" not in undefined or "tg_add_f32" in with_floats, "the names are what they were"
