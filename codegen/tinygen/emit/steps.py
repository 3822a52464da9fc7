"""Code -> the calls of its steps as lines of C, and the tables of a loop over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinygen.emit.c_text import PER_LINE, comment_text
from tinygen.ir.program import Call, Code, Constant, Control, Routine
from tinygen.ir.schedule import Rows
from tinygen.ir.tensor import Tensor
from tinygen.ops.op import Op


def code_text(code: Code, constants: Mapping[Constant, str], prefix: str) -> Mapping[str, object]:
    """What the templates print of it. constants: the name of each; prefix: of the names of its tables."""
    lines = _Lines(code, constants)
    return {
        "name": code.name,
        "prefix": prefix,
        "straight": code.is_straight,
        "sequence": lines.sequence() if code.is_straight else (),
        "routines": [lines.routine(routine) for routine in code.routines],
        "order": lines.order(),
        "steps": len(code.order),
        "row_type": f"int{8 * code.row_size}_t",
        "order_type": "uint8_t" if len(code.routines) <= 256 else "uint16_t",
    }


@dataclass(frozen=True)
class _Lines:
    code: Code
    constants: Mapping[Constant, str]

    def order(self) -> list[str]:
        order = [str(routine) for routine in self.code.order]
        return [", ".join(order[i : i + PER_LINE]) + "," for i in range(0, len(order), PER_LINE)]

    def sequence(self) -> list[Mapping[str, object]]:
        """Every step's calls as text."""
        done = [0] * len(self.code.routines)
        steps = []
        for number in self.code.order:
            routine, first = self.code.routines[number], done[number]
            done[number] = min(first + routine.rows_per_step, routine.op.step_rows)
            steps.append(self.routine(routine, Rows(first, done[number])))
        return steps

    def routine(self, routine: Routine, rows: Rows | None = None) -> Mapping[str, object]:
        """An op's calls as text, with a comment that says which op it is; rows: None where a loop over steps knows."""
        calls = [line for call in routine.calls for line in self.call(routine.op, call, rows)]
        return {
            "comment": comment_text(str(routine.op)),
            "calls": [*calls, *(self.control(routine.control) if routine.control else ())],
            "rows": routine.op.step_rows,
            "rows_per_step": routine.rows_per_step,
        }

    def call(self, op: Op, call: Call, rows: Rows | None) -> list[str]:
        """The call and its trace; rows: None where `first` and `count` say it at run time."""
        kernel = call.call
        arguments = [f"&{call.params_name}"]
        arguments += [self.address(tensor, "const ") for tensor in kernel.inputs]
        arguments.append(self.address(kernel.output, ""))
        arguments += [self.address(tensor, "") for tensor in kernel.also]
        range_text = f"{rows.first}, {rows.count}" if rows else "first, count"
        if not kernel.whole:
            arguments.append(range_text)
        if kernel.scratch:
            arguments.append(f"a + {self.code.scratch[op]}")
        lines = [f"{kernel.kernel}({', '.join(arguments)});"]
        if call.probe >= 0:
            if op.accumulates:
                # no rows until the last step, but the time of every step is this op's
                all_rows = max(kernel.output.rows, 1)
                last = f"first + count == {op.step_rows} ? {all_rows} : 0"
                range_text = f"0, {last if rows is None else all_rows if rows.end == op.step_rows else 0}"
            lines.append(self.trace(call.probe, kernel.output, range_text))
        return lines

    def control(self, control: Control) -> list[str]:
        """The functions' calls under their condition, and the traces of what is then there."""
        first, *second = control.functions
        word = "while" if control.is_loop else "if"
        lines = [f"{word} (*{self.address(control.condition, 'const ')}) {{", f"    {first}(a);"]
        for function in second:
            lines += ["} else {", f"    {function}(a);"]
        traced = [(tensor, probe) for tensor, probe in control.results if probe >= 0]
        return [*lines, "}", *(self.trace(probe, tensor, f"0, {max(tensor.rows, 1)}") for tensor, probe in traced)]

    def trace(self, probe: int, tensor: Tensor, rows: str) -> str:
        ring = self.code.rings[tensor]
        return f"tg_trace({probe}, a + {ring.offset}, {ring.height}, {ring.stride}, {tensor.row_bytes}, {rows});"

    def address(self, tensor: Tensor, const: str) -> str:
        if tensor.is_constant:
            return self.constants[Constant.of(tensor.value)]
        place = f"a + {self.code.rings[tensor].offset}"
        c_type = tensor.dtype.c_type
        return place if c_type == "int8_t" else f"({const}{c_type} *)({const}void *)({place})"
