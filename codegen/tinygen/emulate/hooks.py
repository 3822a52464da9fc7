"""Loads Unicorn, and adds hooks to its CPU that are called often.

They go past its Python layer where that is possible, which takes as long as counting itself.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from types import ModuleType
from typing import Any

from tinygen.errors import ToolError

_BLOCK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32, ctypes.c_void_p)
_ACCESS = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_int, ctypes.c_uint64, ctypes.c_int, ctypes.c_int64, ctypes.c_void_p
)
_EVERYWHERE = (1, 0)  # Unicorn's way to say so: an interval that ends before it begins


def load_unicorn() -> tuple[ModuleType, ModuleType]:
    """The modules unicorn and unicorn.arm_const. Raises ToolError when they are missing."""
    try:
        import unicorn
        import unicorn.arm_const
    except ImportError:
        raise ToolError("Emulating an nRF52840 needs Unicorn.", 'Install it: pip install "tinygen[emulate]".') from None
    return unicorn, unicorn.arm_const


def add_block_hook(unicorn: ModuleType, cpu: Any, enter: Callable[..., None]) -> Callable[[], None]:
    """Has `enter(cpu, address, size, user)` called at each block of code; returns what removes it again."""
    return _add_hook(unicorn, cpu, unicorn.UC_HOOK_BLOCK, _BLOCK, enter, _EVERYWHERE)


def add_read_hook(
    unicorn: ModuleType, cpu: Any, read: Callable[..., None], first: int, last: int
) -> Callable[[], None]:
    """Has `read(cpu, kind, address, size, value, user)` called at each load of data from first to last, inclusive."""
    return _add_hook(unicorn, cpu, unicorn.UC_HOOK_MEM_READ, _ACCESS, read, (first, last))


def _add_hook(
    unicorn: ModuleType, cpu: Any, kind: int, prototype: Any, call: Callable[..., None], interval: tuple[int, int]
) -> Callable[[], None]:
    try:
        from unicorn.unicorn_py3.unicorn import uclib

        handle = cpu._uch
    except (ImportError, AttributeError):
        public = cpu.hook_add(kind, call, None, *interval)
        return lambda: cpu.hook_del(public)
    callback = prototype(call)
    hook = ctypes.c_size_t()
    first, last = map(ctypes.c_uint64, interval)
    status = uclib.uc_hook_add(
        handle, ctypes.byref(hook), kind, ctypes.cast(callback, ctypes.c_void_p), None, first, last
    )
    if status != unicorn.UC_ERR_OK:
        raise unicorn.UcError(status)

    def remove(_kept: object = callback) -> None:
        uclib.uc_hook_del(handle, hook)

    return remove
