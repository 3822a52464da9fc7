"""Runs kernels on buffers that end, or begin, at a page that must not be touched; a stray access ends the process.

A kernel may read a few bytes past a buffer up to the next multiple of 8, where the arena still is.
"""

from __future__ import annotations

import ctypes
import faulthandler
import importlib
import mmap
import sys
from pathlib import Path

import numpy as np

from kernels.bench import Benches, Bytes, Guarded, Layout, find_compiler
from tinygen.ir.target import Rounding

MODULES = (
    "add", "concatenation", "conv_2d", "depthwise_conv_2d", "fully_connected", "mean", "pad", "pool_2d", "reshape",
    "softmax",
)  # fmt: skip


def before_a_page(size: int, chance: np.random.Generator) -> tuple[Bytes, int]:
    whole = _pages(size, chance)
    return whole, (len(whole) - size) // 8 * 8


def behind_a_page(size: int, chance: np.random.Generator) -> tuple[Bytes, int]:
    return _pages(size, chance), 0


def _pages(size: int, chance: np.random.Generator) -> Bytes:
    """Pages that hold at least one byte, between two that can't be read or written."""
    page = mmap.PAGESIZE
    count = -(-max(size, 1) // page)
    everything = np.frombuffer(mmap.mmap(-1, (count + 2) * page), np.uint8)
    address = everything.ctypes.data
    for forbidden in (address, address + (count + 1) * page):
        done = ctypes.CDLL(None).mprotect(ctypes.c_void_p(forbidden), ctypes.c_size_t(page), 0)
        assert done == 0
    whole = everything[page : (count + 1) * page]
    whole[:] = chance.integers(0, 256, len(whole), np.uint8)
    return whole


def main(folder: str) -> None:
    faulthandler.enable()
    nodes = importlib.import_module("ops.nodes")
    compiler = find_compiler()
    assert compiler is not None
    benches = Benches(compiler, Path(folder))
    for allocate in (before_a_page, behind_a_page):
        Guarded.allocate = staticmethod(allocate)
        for name in MODULES:
            module = importlib.import_module(f"ops.test_{name}")
            cases = next(value for key, value in vars(module).items() if key in ("EVERYTHING", "CASES"))
            for label, node in cases.items():
                print(allocate.__name__, name, label, flush=True)
                op = nodes.op_of(node)
                for bench in benches.all:
                    if bench.rounding is Rounding.DOUBLE:
                        bench.run(op, nodes.values_of(op, label), Layout(1))


if __name__ == "__main__":
    main(sys.argv[1])
