"""Profiles written by hand, and the tools that measuring one needs, for tests."""

from __future__ import annotations

import importlib.util
import shutil

import pytest

from tinygen.profiling import ESTIMATED, Cost, OpProfile, Profile


def op(index: int, cycles: int, kind: str = "CONV_2D") -> OpProfile:
    """An op that takes so many cycles."""
    label = f"op {index}, {kind} 'layer_{index}'"
    return OpProfile(label, index, kind, f"layer_{index}", 1, 100, Cost(cycles - 1, cycles, 7))


def profile(*ops: OpProfile, between: int = 10, model: str = "kws", board: str = "nrf52840") -> Profile:
    """An emulated nRF52840's, with so many cycles between the ops."""
    total = sum((each.cost for each in ops), start=Cost(between, between, 0))
    return Profile(
        model=model,
        crc32="0123abcd",
        board=board,
        clock_hz=64_000_000,
        target="cortex-m4",
        optimize="speed",
        rounding="double",
        ram_limit=0,
        push=False,
        tinygen="0.1.0",
        cycles_are=ESTIMATED,
        ops=ops,
        total=total,
    )


def need_emulator() -> None:
    """Skips the test where firmware for an nRF52840 can't be built and run."""
    if not shutil.which("arm-none-eabi-gcc") and not importlib.util.find_spec("ziglang"):
        pytest.skip("there is neither arm-none-eabi-gcc nor ziglang")
    if not importlib.util.find_spec("unicorn") or not importlib.util.find_spec("capstone"):
        pytest.skip("unicorn and capstone are not installed")
