"""Program -> the files of the standalone C: model, weights, kernels, example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinygen import __version__
from tinygen.emit.c_text import PER_LINE, array_lines, comment_text, initializers, real
from tinygen.emit.kernels import kernel_files
from tinygen.emit.render import render
from tinygen.ir.dtype import DType
from tinygen.ir.program import Call, Constant, Memory, Program, Routine
from tinygen.ir.schedule import Rows
from tinygen.ir.target import Rounding, Target
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op


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
        "inputs": inputs,
        "outputs": outputs,
        "kernels": program.kernels,
        "constants": [_constant(constant, cname) for constant, cname in program.constants.items()],
        "params": [
            (f"{call.kernel}_params", cname, initializers(call.params, program.constants))
            for cname, call in program.params.items()
        ],
        "straight": program.is_straight,
        "push": program.target.push,
        "feed": program.feed,
        "feed_ring": program.rings[program.inputs[0]] if program.target.push else None,
        "routines": [_routine(program, routine) for routine in program.routines],
        "sequence": _sequence(program) if program.is_straight else (),
        "order": _order_lines(program),
        "steps": len(program.order),
        "order_type": "uint8_t" if len(program.routines) <= 256 else "uint16_t",
        "row_type": f"int{8 * program.row_size}_t",
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


def _order_lines(program: Program) -> list[str]:
    order = [str(routine) for routine in program.order]
    return [", ".join(order[i : i + PER_LINE]) + "," for i in range(0, len(order), PER_LINE)]


def _sequence(program: Program) -> list[Mapping[str, object]]:
    """Every step's calls as text."""
    done = [0] * len(program.routines)
    steps = []
    for number in program.order:
        routine, first = program.routines[number], done[number]
        done[number] = min(first + routine.rows_per_step, routine.op.step_rows)
        steps.append(_routine(program, routine, Rows(first, done[number])))
    return steps


def _routine(program: Program, routine: Routine, rows: Rows | None = None) -> Mapping[str, object]:
    """An op's calls as text, with a comment that says which op it is; rows: None where the loop over steps says it."""
    return {
        "comment": comment_text(str(routine.op)),
        "calls": [line for call in routine.calls for line in _call_lines(program, routine.op, call, rows)],
        "rows": routine.op.step_rows,
        "rows_per_step": routine.rows_per_step,
    }


def _call_lines(program: Program, op: Op, call: Call, rows: Rows | None) -> list[str]:
    """The call and its trace; rows: None where `first` and `count` say it at run time."""
    kernel = call.call
    arguments = [f"&{call.params_name}"]
    arguments += [_address(program, tensor, "const ") for tensor in kernel.inputs]
    arguments.append(_address(program, kernel.output, ""))
    arguments += [_address(program, tensor, "") for tensor in kernel.also]
    range_text = f"{rows.first}, {rows.count}" if rows else "first, count"
    if not kernel.whole:
        arguments.append(range_text)
    if kernel.scratch:
        arguments.append(f"a + {program.scratch[op]}")
    lines = [f"{kernel.kernel}({', '.join(arguments)});"]
    if call.probe >= 0:
        ring, output = program.rings[kernel.output], kernel.output
        if op.accumulates:
            # no rows until the last step, but the time of every step is this op's
            all_rows = max(output.rows, 1)
            last = f"first + count == {op.step_rows} ? {all_rows} : 0"
            range_text = f"0, {last if rows is None else all_rows if rows.end == op.step_rows else 0}"
        place = f"a + {ring.offset}, {ring.height}, {ring.stride}, {output.row_bytes}"
        lines.append(f"tg_trace({call.probe}, {place}, {range_text});")
    return lines


def _address(program: Program, tensor: Tensor, const: str) -> str:
    if tensor.is_constant:
        return program.constants[Constant.of(tensor.value)]
    place = f"a + {program.rings[tensor].offset}"
    c_type = tensor.dtype.c_type
    return place if c_type == "int8_t" else f"({const}{c_type} *)({const}void *)({place})"
