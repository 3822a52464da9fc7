"""Program -> the files of the standalone C: model, weights, kernels, example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinygen import __version__
from tinygen.emit.c_text import array_lines, comment_text, initializers, real
from tinygen.emit.kernels import kernel_files
from tinygen.emit.render import render
from tinygen.emit.steps import code_text
from tinygen.ir.dtype import DType
from tinygen.ir.program import Constant, Memory, Program
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor


@dataclass(frozen=True)
class Port:
    """An input or output of the model, as its C code presents it."""

    tensor: Tensor
    c_type: str
    expression: str
    """Where it lies, in terms of the model's struct `m`."""

    @property
    def bytes(self) -> int:
        return self.tensor.bytes

    @property
    def shape(self) -> tuple[int, ...]:
        return self.tensor.shape or (1,)

    @property
    def scale(self) -> str:
        return real(self.tensor.scale if self.tensor.quantization else 1.0)

    @property
    def zero_point(self) -> int:
        return self.tensor.zero_point if self.tensor.quantization else 0

    @property
    def title(self) -> str:
        return comment_text(str(self.tensor))


@dataclass(frozen=True)
class Generated:
    """Standalone C for one model."""

    name: str
    """The C identifier that prefixes its names."""
    files: Mapping[str, str]
    """File name -> text, all for one folder."""
    sources: tuple[str, ...]
    """The files to compile, without the example main.c."""
    crc32: int
    """Of the .tflite file."""
    arena_bytes: int
    """sizeof(<name>_t): all RAM that the model uses."""
    weights_bytes: int
    macs: int
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    probes: int
    """How many tensors the test firmware can report."""
    target: Target


def generate(program: Program) -> Generated:
    """Prints the program; the text depends on nothing but the program and tinygen's version."""
    name = program.name
    inputs = tuple(_port(program, tensor, mutable=True) for tensor in program.inputs)
    outputs = tuple(_port(program, tensor, mutable=False) for tensor in program.outputs)
    context = {
        "name": name,
        "upper": name.upper(),
        "title": comment_text(program.title),
        "crc32": f"{program.crc32:08x}",
        "version": __version__,
        "target": program.target.name,
        "rounding": program.target.rounding.value,
        "single": int(program.target.rounding is Rounding.SINGLE),
        "arena_bytes": program.struct_arena_bytes,
        "weights_bytes": program.weights_bytes,
        "macs": program.macs,
        "macs_are": "per inference, if loops take one turn" if program.has_loops else "per inference",
        "inputs": inputs,
        "outputs": outputs,
        "kernels": program.kernels,
        "constants": [_constant(constant, cname) for constant, cname in program.constants.items()],
        "has_bools": any(constant.c_type == "bool" for constant in program.constants),
        "params": [
            (f"{call.kernel}_params", cname, initializers(call.params, program.constants))
            for cname, call in program.params.items()
        ],
        "functions": [code_text(code, program.constants, f"{code.name}_") for code in program.functions],
        "code": code_text(program, program.constants, ""),
        "push": program.target.push,
        "feed": program.feed,
        "feed_ring": program.rings[program.inputs[0]] if program.target.push else None,
        "ram_bytes": program.ram_bytes,
        "memories": [_memory(program, memory) for memory in program.memories],
        "uses_float": any(t.dtype is DType.FLOAT32 for t in (*program.inputs, *program.outputs)),
    }
    kernels = kernel_files(program.kernels, program.target)
    files = {
        f"{name}.h": render("model.h.j2", **context),
        f"{name}.c": render("model.c.j2", **context),
        f"{name}_weights.h": render("weights.h.j2", **context),
        f"{name}_weights.c": render("weights.c.j2", **context),
        "tg_config.h": render("tg_config.h.j2", **context),
        "main.c": render("main.c.j2", **context),
        **{file: kernels[file] for file in sorted(kernels)},
    }
    if "tg_common.h" not in files:
        files |= kernel_files((), program.target) | {"tg_common.h": _common_header(program.target)}
    sources = tuple(file for file in files if file.endswith(".c") and file != "main.c")
    return Generated(
        name=name,
        files=files,
        sources=sources,
        crc32=program.crc32,
        arena_bytes=program.ram_bytes,
        weights_bytes=program.weights_bytes,
        macs=program.macs,
        inputs=inputs,
        outputs=outputs,
        probes=len(program.probes),
        target=program.target,
    )


def _common_header(target: Target) -> str:
    """What even a model without kernels includes."""
    return kernel_files(("tg_copy",), target)["tg_common.h"]


def _port(program: Program, tensor: Tensor, mutable: bool) -> Port:
    c_type = tensor.dtype.c_type
    if tensor.is_constant:
        return Port(tensor, c_type, program.constants[Constant.of(tensor.value)])
    const = "" if mutable else "const "
    place = f"m->arena.bytes + {program.rings[tensor].offset}"
    if c_type != "int8_t":
        place = f"({const}{c_type} *)({const}void *)({place})"
    return Port(tensor, c_type, place)


def _constant(constant: Constant, name: str) -> Mapping[str, object]:
    return {
        "c_type": constant.c_type,
        "name": name,
        "length": len(constant.values),
        "lines": array_lines(constant),
    }


def _memory(program: Program, memory: Memory) -> Mapping[str, object]:
    """How a reset restores what is remembered."""
    is_filled = isinstance(memory.initial, int)
    return {
        "offset": memory.offset,
        "bytes": memory.bytes,
        "fill": memory.initial if is_filled else None,
        "initial": program.constants[memory.initial] if isinstance(memory.initial, Constant) else None,
    }
