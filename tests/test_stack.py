"""Stack: what is read from instructions is what the compiler says, and more than what a running firmware uses."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from command_line import MODELS
from tinygen import stack
from tinygen.boards import load_board
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.pipeline import Compiled, compile_model
from tinygen.project import build_project, write_project
from tinygen.resources import resource_dir
from tinygen.session import build_cached, open_session, run_vectors
from tinygen.stack import EXCEPTION_BYTES, UNKNOWN_ON_HOST, firmware_stack
from tinygen.vectors import random_vectors

GCC = shutil.which("arm-none-eabi-gcc")
needs_gcc = pytest.mark.skipif(not GCC, reason="no arm-none-eabi-gcc on PATH")
needs_zig = pytest.mark.skipif(not importlib.util.find_spec("ziglang"), reason="no ziglang installed")
MODEL_GOAL = 600
"""Bytes of stack that a model may take."""
HEAD = """
void SysTick_Handler(void) {}
__attribute__((noinline)) int leaf(int *a, int n) {
    volatile int kept[25];
    for (int i = 0; i < n; i++) kept[i] = a[i];
    return kept[n / 2];
}
"""

Link = Callable[..., Path]


@pytest.fixture
def link(tmp_path: Path) -> Link:
    """Compiles C for a core and links it, with the compiler's own opinion of every function in tmp_path."""

    def build(text: str, core: str = "cortex-m4", *flags: str) -> Path:
        source, elf = tmp_path / "code.c", tmp_path / "code.elf"
        source.write_text(text)
        options = ["-O2", "-fstack-usage", "-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs"]
        command = [
            str(GCC),
            *TARGETS[core].cflags,
            *options,
            *flags,
            "-Wl,-e,Reset_Handler",
            str(source),
            "-o",
            str(elf),
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stderr
        return elf

    return build


def said(folder: Path) -> Iterator[tuple[str, int]]:
    """(function, bytes) of every .su file."""
    for path in sorted(folder.glob("*.su")):
        for line in path.read_text().splitlines():
            place, size, kind = line.split("\t")
            assert kind == "static", line
            yield place.rsplit(":", 1)[1], int(size)


@needs_gcc
@pytest.mark.parametrize("level", ["-O2", "-Os", "-O0"])
@pytest.mark.parametrize("core", ["cortex-m0", "cortex-m4", "cortex-m55"])
def test_frames_are_what_the_compiler_says(core: str, level: str, tmp_path: Path) -> None:
    """Of every portable kernel, kept whole in one program."""
    kernels = resource_dir("firmware") / "kernels"
    sources = sorted((kernels / "scalar").glob("*.c"))
    elf = tmp_path / "kernels.elf"
    start = tmp_path / "start.c"
    start.write_text("void Reset_Handler(void) {}\n")
    flags = [
        *TARGETS[core].cflags,
        level,
        "-fstack-usage",
        "-nostartfiles",
        "--specs=nano.specs",
        "--specs=nosys.specs",
    ]
    command = [str(GCC), *flags, f"-I{kernels / 'include'}", "-Wl,-e,Reset_Handler", *map(str, sources), str(start)]
    done = subprocess.run([*command, "-o", str(elf)], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    frames: dict[str, list[int]] = {}
    for function in stack._read(elf).functions.values():
        assert not function.unknown, function
        frames.setdefault(function.name, []).append(function.frame)
    found = list(said(tmp_path))
    assert len(found) > 15
    for name, size in found:
        # the compiler leaves out what it pushes of a struct that is passed by value
        assert name not in frames or any(size <= frame <= size + 8 for frame in frames[name]), (
            name,
            size,
            frames[name],
        )


@needs_gcc
@pytest.mark.parametrize("core", ["cortex-m0", "cortex-m4", "cortex-m55"])
def test_depths_add_up_along_the_deepest_calls(core: str, link: Link, tmp_path: Path) -> None:
    text = (
        HEAD
        + """
__attribute__((noinline)) int toy_invoke(int *a) {
    int b[40];
    for (int i = 0; i < 9; i++) b[i] = a[i] * 3;
    return leaf(b, 9) + 1;
}
void Reset_Handler(void) {
    volatile int x[3] = {0};
    for (;;) {
        x[0] = toy_invoke((int *)x);
        x[1] = leaf((int *)x, 2);
    }
}
"""
    )
    report = firmware_stack(link(text, core), ("toy_invoke",))
    frames = dict(said(tmp_path))
    assert report.model_bytes == frames["toy_invoke"] + frames["leaf"]
    assert report.model_path == (("toy_invoke", frames["toy_invoke"]), ("leaf", frames["leaf"]))
    whole = frames["Reset_Handler"] + frames["toy_invoke"] + frames["leaf"]
    assert report.worst_case_bytes == whole + EXCEPTION_BYTES + frames["SysTick_Handler"]
    assert report.unknown == ""


@needs_gcc
@pytest.mark.parametrize("core", ["cortex-m0", "cortex-m4", "cortex-m7"])
def test_a_frame_of_kilobytes(core: str, link: Link, tmp_path: Path) -> None:
    text = HEAD + "int toy_invoke(int n) { int b[3001]; for (int i = 0; i < 9; i++) b[i] = n; return leaf(b, n); }\n"
    report = firmware_stack(
        link(text + "void Reset_Handler(void) { for (;;) toy_invoke(9); }\n", core), ("toy_invoke",)
    )
    assert report.model_bytes == sum(size for name, size in said(tmp_path) if name in ("toy_invoke", "leaf"))
    assert report.model_bytes is not None
    assert report.model_bytes > 12000


@needs_gcc
def test_the_trace_of_the_test_firmware_is_not_the_models(link: Link, tmp_path: Path) -> None:
    text = (
        HEAD
        + """
__attribute__((noinline)) void tg_trace(int *a) { volatile int kept[100]; kept[leaf(a, 3)] = leaf(a, 4); }
__attribute__((noinline)) int toy_push_rows(int *a) { tg_trace(a); return leaf(a, 9) + 1; }
void Reset_Handler(void) { int a[9] = {0}; for (;;) toy_push_rows(a); }
"""
    )
    report = firmware_stack(link(text), ("toy_invoke", "toy_push_rows"))
    frames = dict(said(tmp_path))
    assert report.model_bytes == frames["toy_push_rows"] + frames["leaf"]
    assert report.worst_case_bytes is not None
    assert report.worst_case_bytes > report.model_bytes + 400 + EXCEPTION_BYTES


@needs_gcc
def test_a_pointer_may_call_what_its_table_holds(link: Link) -> None:
    text = (
        HEAD
        + """
static int small(int *a, int n) { return a[n]; }
static int large(int *a, int n) { int b[50]; for (int i = 0; i < 50; i++) b[i] = a[i % n]; return leaf(b, n); }
int (*const table[2])(int *, int) = {small, large};
int toy_invoke(int *a, int n) { return table[n](a, n) + 1; }
int (*const starts[1])(int *, int) = {toy_invoke};
void Reset_Handler(void) { int a[9] = {0}; for (;;) starts[a[1]](a, a[0]); }
"""
    )
    report = firmware_stack(link(text), ("toy_invoke",))
    assert [name for name, _ in report.model_path] == ["toy_invoke", "large", "leaf"]
    assert report.worst_case_bytes is not None


@needs_gcc
@pytest.mark.parametrize("core", ["cortex-m0", "cortex-m4"])
def test_a_jump_into_the_same_function_calls_nothing(core: str, link: Link) -> None:
    text = (
        HEAD
        + """
int toy_invoke(int *a) {
    __asm__ volatile(".syntax unified; adr r2, 1f; adds r2, r2, #1; bx r2; .p2align 2; 1:" : : : "r2", "cc");
    return leaf(a, 3) + 1;
}
int (*const starts[1])(int *) = {toy_invoke};
void Reset_Handler(void) { int a[9] = {0}; for (;;) starts[a[1]](a); }
"""
    )
    report = firmware_stack(link(text, core), ("toy_invoke",))
    assert report.unknown == ""
    assert [name for name, _ in report.model_path] == ["toy_invoke", "leaf"]


@needs_gcc
def test_a_far_branch_of_the_smallest_cores_calls_nothing(link: Link, tmp_path: Path) -> None:
    """GCC has only BL to go further than 2 KB there."""
    text = (
        HEAD
        + """
int toy_invoke(int *a) {
    do {
        __asm__ volatile(".rept 1500; nop; .endr\\n" FAR);
    } while (leaf(a, 3) > a[1]);
    return 1;
}
void Reset_Handler(void) { int a[9] = {0}; for (;;) toy_invoke(a); }
""".replace("FAR", " ".join(['"nop\\n"'] * 600))
    )
    report = firmware_stack(link(text, "cortex-m0"), ("toy_invoke",))
    assert report.unknown == ""
    frames = dict(said(tmp_path))
    assert report.model_bytes == frames["toy_invoke"] + frames["leaf"]


@needs_gcc
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("int toy_invoke(int *a) { return *a > 1 ? *a + toy_invoke(a + 1) * toy_invoke(a) : 1; }", "may call itself"),
        ("int toy_invoke(int *a) { int b[*a]; for (int i = 0; i < *a; i++) b[i] = i; return leaf(b, 1); }", "stack"),
        ("int other(int *a) { return leaf(a, 3); }", "toy_invoke is not in the firmware"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_said(code: str, reason: str, link: Link) -> None:
    name = "other" if "other" in code else "toy_invoke"
    text = f"{HEAD}{code}\nvoid Reset_Handler(void) {{ int a[9] = {{0}}; for (;;) {name}(a); }}\n"
    report = firmware_stack(link(text), ("toy_invoke",))
    assert report.model_bytes is None
    assert re.search(reason, report.unknown)


def test_programs_of_this_computer_are_unknown() -> None:
    assert UNKNOWN_ON_HOST.model_bytes is None
    assert UNKNOWN_ON_HOST.unknown


def compiled_cnn(board: str, optimize: Optimize = Optimize.SPEED) -> Compiled:
    target = TARGETS[load_board(board).target].with_choices(optimize, Rounding.DOUBLE)
    return compile_model(MODELS / "digits_cnn.tflite", target)


@pytest.mark.parametrize("toolchain", [pytest.param("gcc", marks=needs_gcc), pytest.param("zig", marks=needs_zig)])
@pytest.mark.parametrize("board", ["qemu-m0", "nrf52840", "qemu-m55"])
def test_a_model_takes_little_stack(
    board: str, toolchain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINYGEN_TOOLCHAIN", toolchain)
    compiled = compiled_cnn(board)
    report = build_project(write_project(compiled.generated, load_board(board), tmp_path)).stack
    assert report.unknown == ""
    assert report.model_bytes is not None
    assert 50 < report.model_bytes < load_board(board).stack_bytes / 2
    assert report.worst_case_bytes is not None
    assert report.model_bytes + EXCEPTION_BYTES < report.worst_case_bytes < load_board(board).stack_bytes


@needs_gcc
@pytest.mark.parametrize("board", ["qemu-m0", "nrf52840", "qemu-m55"])
def test_a_model_takes_less_stack_than_is_promised(board: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYGEN_TOOLCHAIN", "gcc")
    report = build_project(write_project(compiled_cnn(board).generated, load_board(board), tmp_path)).stack
    assert report.model_bytes is not None
    assert report.model_bytes < MODEL_GOAL, report.model_path


@pytest.mark.parametrize("toolchain", [pytest.param("gcc", marks=needs_gcc), pytest.param("zig", marks=needs_zig)])
@pytest.mark.parametrize("board", ["qemu-m4", "nrf52840"])
def test_a_running_firmware_uses_less_than_the_worst_case(
    board: str, toolchain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if board == "qemu-m4" and not shutil.which("qemu-system-arm"):
        pytest.skip("no qemu-system-arm on PATH")
    if board == "nrf52840" and not all(map(importlib.util.find_spec, ("unicorn", "capstone"))):
        pytest.skip("unicorn and capstone are not installed")
    monkeypatch.setenv("TINYGEN_TOOLCHAIN", toolchain)
    compiled = compiled_cnn(board)
    built = build_cached(compiled, load_board(board), lambda line: None)
    with open_session(built, compiled, "", emulated=True) as session:
        run_vectors(session, compiled, random_vectors(compiled.original, 3))
        used = session.device.stack_bytes_used
    worst = built.stack.worst_case_bytes
    assert worst is not None
    assert 150 < used <= worst
