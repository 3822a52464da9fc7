"""Links generated C with nothing but a start and a tracing function that does nothing: an image for any emulator."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tinygen.emit.generate import Generated
from tinygen.writing import write_folder

_START = """
#include <stdint.h>
#include "NAME.h"

static NAME_t model;
extern uint32_t data_load[], data_start[], data_end[], bss_end[], stack_top[];
void tg_trace(int32_t probe, const void *ring, int32_t height, int32_t stride, int32_t row_bytes, int32_t first,
              int32_t count);
void start(void);

__attribute__((noinline)) void tg_trace(int32_t probe, const void *ring, int32_t height, int32_t stride,
                                        int32_t row_bytes, int32_t first, int32_t count) {
    __asm__ volatile("");
}

void start(void) {
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* CPACR: the FPU */
    __asm__ volatile("dsb\\n isb");
    for (uint32_t *to = data_start, *from = data_load; to < data_end;) *to++ = *from++;
    for (volatile uint32_t *to = data_end; to < bss_end;) *to++ = 0;
    NAME_init(&model);
    *(volatile uint32_t *)0xE000EDFC |= 1u << 24; /* TRCENA */
    *(volatile uint32_t *)0xE0001000 |= 1u; /* CYCCNTENA */
    NAME_invoke(&model);
    *(volatile uint32_t *)0xE0001000 &= ~1u;
    register uint32_t r0 __asm__("r0") = 0x18, r1 __asm__("r1") = 0x20026; /* semihosting: exit with 0 */
    __asm__ volatile("bkpt 0xab" : : "r"(r0), "r"(r1) : "memory");
    for (;;) {
    }
}

__attribute__((section(".vectors"), used)) const void *const vectors[2] = {stack_top, (const void *)start};
"""
_SCRIPT = """
MEMORY { FLASH (rx) : ORIGIN = 0, LENGTH = 1M
         RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 256K }
ENTRY(start)
SECTIONS {
    .text : { KEEP(*(.vectors)) *(.text*) *(.rodata*) . = ALIGN(8); } > FLASH
    .ARM.exidx : { *(.ARM.exidx*) } > FLASH
    data_load = LOADADDR(.data);
    .data : { data_start = .; *(.data*) . = ALIGN(8); data_end = .; } > RAM AT > FLASH
    .bss (NOLOAD) : { *(.bss*) *(COMMON) . = ALIGN(8); bss_end = .; } > RAM
    stack_top = ORIGIN(RAM) + LENGTH(RAM);
}
"""


def link(generated: Generated, folder: Path) -> Path:
    """The ELF file: one inference on zeros, with the cycle counter on, then a breakpoint; skips without gcc."""
    gcc = shutil.which("arm-none-eabi-gcc")
    if not gcc:
        pytest.skip("there is no arm-none-eabi-gcc on PATH")
    write_folder(folder, generated.files)
    (folder / "start.c").write_text(_START.replace("NAME", generated.name), encoding="utf-8")
    (folder / "bare.ld").write_text(_SCRIPT, encoding="utf-8")
    target = generated.target
    flags = [*target.cflags, *target.recommended_cflags, "-DTG_TRACE", f"-I{harness()}", "-nostartfiles"]
    flags += ["--specs=nano.specs", "-T", "bare.ld", "-Wl,--gc-sections", "-o", "bare.elf"]
    done = subprocess.run(
        [gcc, *flags, "start.c", *generated.sources], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "bare.elf"


def harness() -> Path:
    """Where tg_trace.h is."""
    return Path(__file__).resolve().parent.parent / "firmware" / "harness"
