"""The bench itself: it reads the headers as a C compiler does, and every fault that it is there for is found."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kernels.bench import KERNELS, ROW_BY_ROW, WHOLE, Bench, Benches, Headers, Layout, interface_headers, variants
from ops import nodes
from ops.nodes import op_of, values_of
from tinygen.ir.dtype import DType
from tinygen.ir.program import Constant, KernelCall, Placement
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.conv_2d import Conv2D

SCALAR = sorted(path.stem for path in (KERNELS / "scalar").glob("*.c"))


def test_every_kernel_has_a_header_with_params_and_prototype() -> None:
    headers = Headers.read()
    assert set(headers.prototypes) == set(SCALAR)
    assert {f"{name}_params" for name in SCALAR} <= set(headers.structs)


@pytest.mark.parametrize("folder", ["swar", "dsp", "mve"])
def test_every_variant_of_a_kernel_has_a_portable_one(folder: str) -> None:
    """Files that belong to several kernels have no public function and no header of a kernel."""
    assert {path.stem for path in (KERNELS / folder).glob("*.c")} <= set(SCALAR)


def test_structs_have_the_sizes_that_c_gives_them(benches: Benches, tmp_path: Any) -> None:
    headers = Headers.read()
    names = sorted(headers.structs)
    includes = "".join(f'#include "{path.name}"\n' for path in interface_headers())
    sizes = ", ".join(f"sizeof({name})" for name in names)
    source = tmp_path / "sizes.c"
    source.write_text(f"{includes}extern const unsigned sizes[];\nconst unsigned sizes[] = {{{sizes}}};\n")
    built = tmp_path / "sizes.so"
    command = [*benches.compiler, "-shared", "-fPIC", f"-I{KERNELS / 'include'}", str(source), "-o", str(built)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = (ctypes.c_uint * len(names)).in_dll(ctypes.CDLL(str(built)), "sizes")
    assert list(found) == [ctypes.sizeof(headers.structs[name]) for name in names]


# Planted faults

Change = Callable[[KernelCall], KernelCall]


class Faulty(Conv2D):
    """A convolution whose lowering is changed, that asks for less scratch, or for fewer rows."""

    changes: Sequence[Change] = ()
    missing_scratch = 0
    missing_rows = 0

    def lower(self, place: Placement) -> tuple[KernelCall, ...]:
        (call,) = super().lower(place)
        for change in self.changes:
            call = change(call)
        return (call,)

    def scratch_bytes(self, target: Target) -> int:
        return super().scratch_bytes(target) - self.missing_scratch

    def needs(self, rows: Rows, operand: Tensor) -> Rows:
        found = super().needs(rows, operand)
        return Rows(found.first, found.end - self.missing_rows)


def with_params(**fields: Any) -> Change:
    return lambda call: replace(call, params={**call.params, **fields})


def renamed(old: str, new: str) -> Change:
    return lambda call: replace(call, params={new if k == old else k: v for k, v in call.params.items()})


def without(name: str) -> Change:
    return lambda call: replace(call, params={k: v for k, v in call.params.items() if k != name})


def wider(call: KernelCall) -> KernelCall:
    window = call.params["window"]
    assert isinstance(window, dict)
    return with_params(window={**window, "output_w": window["output_w"] + 1})(call)


def huge_stride(call: KernelCall) -> KernelCall:
    window = call.params["window"]
    assert isinstance(window, dict)
    return with_params(window={**window, "stride_h": 40000})(call)


LOWERING: dict[str, Change] = {
    "misspelt member": renamed("input_zero_point", "input_zeropoint"),
    "missing member": without("groups"),
    "member that does not exist": with_params(colour=1),
    "too large for int16": huge_stride,
    "too large for int32": with_params(output_max=2**31),
    "constant of another type": with_params(bias=Constant.of(np.zeros(5, np.int16))),
    "wrong value": with_params(output_zero_point=9),
    "row that is too wide": wider,
    "no scratch": lambda call: replace(call, scratch=False),
    "whole though it takes rows": lambda call: replace(call, whole=True),
    "input of another type": lambda call: replace(
        call, inputs=(nodes.tensor("input", (1, 6, 5, 4), dtype=DType.FLOAT32),)
    ),
}


def run(bench: Bench, op: Faulty, layout: Layout = WHOLE) -> None:
    values = values_of(op)
    found = bench.run(op, values, layout)
    assert found.tobytes() == Conv2D.evaluate(op, values, bench.rounding)[0].tobytes()


def faulty() -> Faulty:
    op = op_of(nodes.conv_2d())
    return Faulty(**vars(op))


def test_without_a_fault_all_is_well(bench: Bench) -> None:
    for layout in (WHOLE, ROW_BY_ROW):
        run(bench, faulty(), layout)


@pytest.mark.parametrize("name", LOWERING)
def test_a_fault_in_lowering_is_found(name: str, bench: Bench) -> None:
    op = faulty()
    object.__setattr__(op, "changes", [LOWERING[name]])
    with pytest.raises((AssertionError, KeyError)):
        run(bench, op)


def test_scratch_that_is_too_small_is_found(bench: Bench) -> None:
    op = faulty()
    object.__setattr__(op, "missing_scratch", 1)
    with pytest.raises(AssertionError, match="outside its scratch"):
        run(bench, op)


def test_rows_that_an_op_forgets_to_ask_for_are_found(bench: Bench) -> None:
    op = faulty()
    object.__setattr__(op, "missing_rows", 1)
    with pytest.raises(AssertionError):
        run(bench, op, ROW_BY_ROW)


# Pages that must not be touched


@pytest.mark.skipif(os.name != "posix", reason="mprotect is POSIX")
def test_no_kernel_reads_or_writes_beyond_its_buffers(benches: Benches) -> None:
    assert len(benches.all) == 2 * len(variants())  # compiled by now
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "kernels.page_edges", str(benches.folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    last = done.stdout.strip().splitlines()[-1:]
    assert done.returncode == 0, f"{last}\n{done.stderr[-3000:]}"
