"""Compiles the emulators' test firmware with the first compiler found."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
Build = Callable[..., Path]


def _compiler() -> list[str]:
    if gcc := shutil.which("arm-none-eabi-gcc"):
        return [gcc, "-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard", "-nostdlib"]
    if importlib.util.find_spec("ziglang"):
        zig = [sys.executable, "-m", "ziglang", "cc", "-target", "thumb-freestanding-eabihf"]
        return [*zig, "-mcpu=cortex_m4+vfp4d16sp"]
    pytest.skip("neither arm-none-eabi-gcc nor ziglang is installed")


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """build(mode, origin=0, source="emulated.c") -> path of the ELF file, compiled once."""
    folder = tmp_path_factory.mktemp("firmware")

    def run(mode: str, origin: int = 0, source: str = "emulated.c") -> Path:
        elf = folder / f"{Path(source).stem}_{mode}_{origin:x}.elf"
        if not elf.exists():
            script = folder / f"{origin:x}.ld"
            script.write_text((HERE / "emulated.ld").read_text().replace("ORIGIN_OF_FLASH", hex(origin)))
            flags = ["-O2", "-g", "-ffreestanding", f"-DMODE={mode}", f"-Wl,-T,{script}", "-Wl,-e,Reset_Handler"]
            subprocess.run([*_compiler(), *flags, "-o", str(elf), str(HERE / source)], check=True, capture_output=True)
        return elf

    return run
