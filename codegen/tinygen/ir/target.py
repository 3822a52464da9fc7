"""What the C is generated for: a core and the choices that the user made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property


class Rounding(Enum):
    """How a requantization rounds; see quant.py."""

    DOUBLE = "double"
    SINGLE = "single"


class Optimize(Enum):
    """What to spend and what to save."""

    SPEED = "speed"
    BALANCED = "balanced"
    SIZE = "size"
    RAM = "ram"


@dataclass(frozen=True)
class Target:
    """A core, the kernel folders that it can run (best first), and the user's choices."""

    name: str
    kernels: tuple[str, ...]
    """Folders of firmware/kernels, the fastest that the core can execute first; always ends in "scalar"."""
    cflags: tuple[str, ...]
    """The core's own compiler flags, for arm-none-eabi-gcc."""
    zig: tuple[str, ...] = ()
    """The same for `python -m ziglang cc`."""
    optimize: Optimize = Optimize.SPEED
    rounding: Rounding = Rounding.DOUBLE
    ram_limit: int = 0
    """Bytes that the model's RAM must not exceed; 0: no limit."""
    is_lean: bool = False
    """Of kernels that compute the same, those with the smaller scratch are to be taken, not the faster ones."""
    push: bool = False
    """The caller pushes the input's rows one by one instead of filling a whole frame."""

    def with_choices(self, optimize: Optimize, rounding: Rounding, ram_limit: int = 0, push: bool = False) -> Target:
        return replace(self, optimize=optimize, rounding=rounding, ram_limit=ram_limit, push=push)

    @cached_property
    def lean(self) -> Target:
        return replace(self, is_lean=True)

    @property
    def recommended_cflags(self) -> tuple[str, ...]:
        """The compiler flags that we recommend for the generated C, besides the core's own."""
        level = "-Os" if self.optimize is Optimize.SIZE else "-O2"
        return (level, "-ffunction-sections", "-fdata-sections")


def _arm(core: str, flags: str, zig_cpu: str, kernels: tuple[str, ...], hard_float: bool) -> Target:
    abi = "eabihf" if hard_float else "eabi"
    return Target(
        name=core,
        kernels=kernels,
        cflags=(f"-mcpu={core}", "-mthumb", *flags.split()),
        zig=("-target", f"thumb-freestanding-{abi}", f"-mcpu={zig_cpu}"),
    )


_FPU4 = "-mfloat-abi=hard -mfpu=fpv4-sp-d16"
_FPU5 = "-mfloat-abi=hard -mfpu=fpv5-d16"
_FPU5_SINGLE = "-mfloat-abi=hard -mfpu=fpv5-sp-d16"

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("host", ("scalar",), ()),
        Target("generic", ("scalar",), ()),
        _arm("cortex-m0", "", "cortex_m0", ("swar", "scalar"), False),
        _arm("cortex-m0plus", "", "cortex_m0plus", ("swar", "scalar"), False),
        _arm("cortex-m3", "", "cortex_m3", ("swar", "scalar"), False),
        _arm("cortex-m4", _FPU4, "cortex_m4+vfp4d16sp", ("dsp", "scalar"), True),
        _arm("cortex-m7", _FPU5, "cortex_m7+fp_armv8d16", ("dsp", "scalar"), True),
        _arm("cortex-m33", _FPU5_SINGLE, "cortex_m33+fp_armv8d16sp+dsp", ("dsp", "scalar"), True),
        _arm("cortex-m55", "-mfloat-abi=hard", "cortex_m55+mve_fp", ("mve", "dsp", "scalar"), True),
    )
}
"""What `--target` takes."""
