"""Picks kernel sources: for each kernel the first folder that the target can run, and the headers they include."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tinygen.ir.target import Target
from tinygen.resources import resource_dir

_INCLUDE = re.compile(r'^#include "(tg_\w+\.h)"', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
GENERATED_HEADER = "tg_config.h"
"""Written for each model instead of copied."""


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def variant(kernel: str, folders: tuple[str, ...]) -> str:
    """The folder that the kernel is taken from; empty for what is no kernel."""
    root = resource_dir("firmware") / "kernels"
    return next((folder for folder in folders if (root / folder / f"{kernel}.c").is_file()), "")


def source_characters(kernel: str, target: Target) -> int:
    """How long the kernel's own file and headers named after it are, without comments and indentation."""
    root = resource_dir("firmware") / "kernels"
    text = _text(root / variant(kernel, target.kernels) / f"{kernel}.c")
    for header in _INCLUDE.findall(text):
        stem = header.removesuffix(".h").replace("tg_dsp_", "tg_")
        if stem != kernel and kernel.startswith(stem):
            text += _text(root / "include" / header)
    return len(" ".join(_COMMENT.sub("", text).split()))


def kernel_files(kernels: Iterable[str], target: Target) -> dict[str, str]:
    """File name -> text of every source and header that the kernels need, except the generated one.

    A source that includes another kernel's header calls that kernel.
    """
    root = resource_dir("firmware") / "kernels"
    files: dict[str, str] = {}
    wanted = [f"{kernel}.c" for kernel in kernels]
    while wanted:
        name = wanted.pop()
        if name in files or name == GENERATED_HEADER:
            continue
        folder = "include" if name.endswith(".h") else variant(name.removesuffix(".c"), target.kernels)
        files[name] = _text(root / folder / name)
        headers = _INCLUDE.findall(files[name])
        wanted += headers
        if name.endswith(".c"):
            called = (header.removesuffix(".h") for header in headers)
            wanted += [f"{kernel}.c" for kernel in called if variant(kernel, target.kernels)]
    return files
