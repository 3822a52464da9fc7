"""Writes what is generated in the documents: tables, quoted files and tinygen's own output."""

from __future__ import annotations

import argparse
import inspect
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType

from tinygen.boards import all_boards
from tinygen.ir.target import TARGETS
from tinygen.ops import OPS
from tinygen.ops.control_flow import CONTROL_OPERATORS
from tinygen.ops.copy_op import MOVABLE
from tinygen.ops.elementwise_binary import Arithmetic
from tinygen.ops.legacy_uint8 import COMPUTING
from tinygen.ops.op import Op
from tinygen.ops.variables import VARIABLE_OPERATORS

ROOT = Path(__file__).resolve().parent.parent
SHOWN = re.compile(r"<!-- (?P<kind>output|example) of: (?P<command>.*?) -->\n```text\n(?P<text>.*?)```\n", re.DOTALL)
"""A block of README.md that holds what a command prints; an example depends on the C compiler too."""
BOARDS = re.compile(r"<!-- table of boards -->\n(?P<text>.*?)(?=\n\n[^|])", re.DOTALL)
BENCHMARKS = re.compile(r"<!-- table of benchmarks -->\n(?P<text>.*?)(?=\n\n[^|])", re.DOTALL)
MEASURED = {
    "keyword spotting": "mlperf_kws_ref_model",
    "visual wake words": "mlperf_vww_96_int8",
    "image classification": "mlperf_pretrainedResnet_quant",
    "anomaly detection": "mlperf_ad01_int8",
    "streaming wake word": "mlperf_str_ww_ref_model",
    "person_detect": "tflm_person_detect",
    "micro_speech": "tflm_micro_speech_quantized",
    "hello_world": "tflm_hello_world_int8",
}
"""The models of README's comparison: the five of MLPerf Tiny, then TFLite Micro's examples."""
QUOTED = re.compile(r"<!-- file: (?P<path>\S+) -->\n(```.*?\n```\n)?", re.DOTALL)
"""A file that docs/adding-an-operator.md shows whole."""
LANGUAGES = {".py": "python", ".c": "c", ".h": "c"}
SUFFIXES = {"s8": "int8", "s16": "int16", "f32": "float32", "u8": "uint8"}
"""What the endings of kernels' names mean."""
RESOLVED = {**VARIABLE_OPERATORS, **CONTROL_OPERATORS}
"""Operators of which nothing is left when the model has been read."""
TFLITE_MICRO = """
    ABS ADD ADD_N ARG_MAX ARG_MIN ASSIGN_VARIABLE AVERAGE_POOL_2D BATCH_MATMUL BATCH_TO_SPACE_ND
    BROADCAST_ARGS BROADCAST_TO CALL_ONCE CAST CEIL CONCATENATION CONV_2D COS CUMSUM DEPTHWISE_CONV_2D
    DEPTH_TO_SPACE DEQUANTIZE DIV DYNAMIC_UPDATE_SLICE ELU EMBEDDING_LOOKUP EQUAL EXP EXPAND_DIMS FILL FLOOR
    FLOOR_DIV FLOOR_MOD FULLY_CONNECTED GATHER GATHER_ND GREATER GREATER_EQUAL HARD_SWISH IF L2_NORMALIZATION
    L2_POOL_2D LEAKY_RELU LESS LESS_EQUAL LOG LOGICAL_AND LOGICAL_NOT LOGICAL_OR LOGISTIC LOG_SOFTMAX MAXIMUM
    MAX_POOL_2D MEAN MINIMUM MIRROR_PAD MUL NEG NOT_EQUAL PACK PAD PADV2 PRELU QUANTIZE READ_VARIABLE
    REDUCE_ALL REDUCE_MAX REDUCE_MIN RELU RELU6 RESHAPE RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR REVERSE_V2
    ROUND RSQRT SELECT_V2 SHAPE SIN SLICE SOFTMAX SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQRT SQUARE
    SQUARED_DIFFERENCE SQUEEZE STRIDED_SLICE SUB SUM SVDF TANH TRANSPOSE TRANSPOSE_CONV
    UNIDIRECTIONAL_SEQUENCE_LSTM UNPACK VAR_HANDLE WHILE ZEROS_LIKE
""".split()  # noqa: SIM905
"""The builtin operators for which its MicroMutableOpResolver has an Add function (2026-10)."""
REACHED = {"process": "runs as a process", "qemu": "QEMU", "serial": "serial port"}


def main() -> int:
    """0 if all is fresh or has been written; 1 if --check finds something stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, name what is stale, leave out examples")
    check = parser.parse_args().check
    stale = 0
    for path, text in documents(examples=not check).items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        print(f"{path.relative_to(ROOT)}: {'stale' if check else 'written'}")
        if not check:
            path.write_text(text, encoding="utf-8", newline="\n")
    return 1 if check and stale else 0


def documents(examples: bool) -> dict[Path, str]:
    """Path -> the text that it should have; examples: build and run firmware for README's examples too."""
    readme = ROOT / "README.md"
    adding = ROOT / "docs" / "adding-an-operator.md"
    return {
        adding: QUOTED.sub(quoted, adding.read_text(encoding="utf-8")),
        ROOT / "docs" / "supported-operators.md": supported_operators(),
        readme: fresh_readme(readme.read_text(encoding="utf-8"), examples),
    }


def fresh_readme(text: str, examples: bool) -> str:
    """README.md with its blocks of output as the commands print them now, and its table of boards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for shown in ("models", "scripts"):
            (folder / shown).symlink_to(ROOT / shown)

        def fresh(block: re.Match[str]) -> str:
            if block["kind"] == "example" and not examples:
                return block[0]
            head = block[0][: block.start("text") - block.start()]
            return f"{head}$ {block['command']}\n{printed(block['command'], folder)}```\n"

        text = BOARDS.sub(lambda _: f"<!-- table of boards -->\n{boards_table()}", SHOWN.sub(fresh, text))
        return BENCHMARKS.sub(lambda _: f"<!-- table of benchmarks -->\n{benchmarks_table()}", text)


def quoted(block: re.Match[str]) -> str:
    """The marker and the whole file behind it."""
    path = ROOT / block["path"]
    text = path.read_text(encoding="utf-8")
    return f"<!-- file: {block['path']} -->\n```{LANGUAGES[path.suffix]}\n{text}```\n"


def printed(command: str, folder: Path) -> str:
    """What `tinygen ...` or `python ...` prints when it runs in `folder`."""
    program, *arguments = command.split()
    start = {"tinygen": [sys.executable, "-m", "tinygen.cli"], "python": [sys.executable]}[program]
    path = os.pathsep.join(filter(None, (str(ROOT / "codegen"), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [*start, *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


def boards_table() -> str:
    """The boards as a table in Markdown."""
    lines = ["| board | what | core | RAM | flash | how it is reached |", "|---|---|---|---|---|---|"]
    for board in all_boards():
        sizes = ["", ""] if board.is_host else [f"{size // 1024} K" for size in (board.ram_bytes, board.flash_bytes)]
        reached = REACHED[board.runner] + (" or `--emulate`" if board.emulator else "")
        lines.append(f"| `{board.name}` | {board.title} | {board.target} | {' | '.join(sizes)} | {reached} |")
    return "\n".join(lines)


def benchmarks_table() -> str:
    """tinygen's record beside what was measured of TFLite Micro, on a Cortex-M4, as a table in Markdown."""
    ours, theirs = (
        json.loads((ROOT / "benchmarks" / f"{name}.json").read_text(encoding="utf-8"))["rows"]
        for name in ("record", "peers")
    )
    lines = [
        "| model | cycles: TFLite Micro | tinygen | RAM: TFLite Micro | tinygen | with `ram` | code: theirs | ours |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for title, model in MEASURED.items():
        peer, speed, ram = theirs[model], ours[f"{model} m4 speed"], ours[f"{model} m4 ram"]
        numbers = (
            peer["cycles"], speed["cycles"], peer["arena_bytes"], speed["ram_bytes"], ram["ram_bytes"],
            peer["code_bytes"], speed["code_bytes"],
        )  # fmt: skip
        lines.append(f"| {title} | {' | '.join(f'{number:,}' for number in numbers)} |")
    return "\n".join(lines)


def supported_operators() -> str:
    """The manual's page of operators, from their rules and the folders of the kernels."""
    return "\n".join(_operator_lines()) + "\n"


def _operator_lines() -> Iterator[str]:
    yield "<!-- Written by scripts/documents.py from the rules in codegen/tinygen/ops; `make docs` writes it anew. -->"
    yield "# Supported operators"
    yield ""
    yield f"tinygen compiles {len(OPS) + len(RESOLVED)} operators of TFLite, each under the conditions below."
    yield "`tinygen inspect MODEL` says which operators of a model break which condition; `tinygen generate` refuses it"
    yield "and lists them all."
    yield ""
    yield "Every kernel exists in portable C (`scalar`), which any core runs. A faster variant gives the same bytes:"
    yield ", ".join(f"`{folder}` for {_cores(folder)}" for folder in faster_folders()) + "."
    yield ""
    yield "Element types are those of the activations; `int16 x int8` has weights of the second type. `(uint8)` is that"
    yield "of models that were quantized to uint8, which are computed in int8. int4 is stored as int8. `any` is one of"
    yield f"{', '.join(dtype.label for dtype in MOVABLE)}."
    yield ""
    yield "| operator | what it computes | element types | faster on |"
    yield "|---|---|---|---|"
    for op in OPS:
        yield f"| [{op.KIND}](#{op.KIND.lower()}) | {_summary(op)} | {element_types(op)} | {_faster(op)} |"
    yield from (f"| [{name}](#{name.lower()}) | {means} | any | |" for name, (means, *_) in RESOLVED.items())
    yield ""
    yield from _absent_lines()
    for op in OPS:
        yield ""
        yield f"## {op.KIND}"
        yield ""
        kernels = ", ".join(f"`{kernel}`" for kernel in kernels_of(op))
        yield f"Kernels: {kernels}." if kernels else "No kernel: the bytes stay where they are, or are known."
        yield ""
        yield from (f"- {rule.sentence}" for rule in op.RULES)
        for form in op.FORMS:
            yield ""
            yield f"Or{_remark(form)}:"
            yield ""
            yield from (f"- {rule.sentence}" for rule in form.RULES)
    for name, (means, *rules) in RESOLVED.items():
        yield ""
        yield f"## {name}"
        yield ""
        yield f"Resolved when the model is read: {means}."
        yield ""
        yield from (f"- {rule}" for rule in rules)


def _absent_lines() -> Iterator[str]:
    """Which operators TFLite Micro has and tinygen lacks, and how custom operators are known."""
    absent = [name for name in TFLITE_MICRO if name not in RESOLVED and name not in {op.KIND for op in OPS}]
    if absent:
        yield f"TFLite Micro also has {', '.join(absent)}; a model with one of them is refused by that name."
    else:
        yield "Every builtin operator that TFLite Micro can register is among them."
    custom = [op.KIND for op in OPS if op.IS_CUSTOM]
    known = f"known are {', '.join(custom)}" if custom else "none is known"
    yield f"Of custom operators, which a file holds by name without their meaning, {known}."


def _remark(form: type[Op]) -> str:
    """What a form says of itself: for which types it is, and its own documentation."""
    text = form.__dict__.get("__doc__") or ""
    own = "" if text.startswith(f"{form.__name__}(") else text.split("\n", 1)[0].strip().rstrip(".")
    return "".join(f", {words}" for words in (types_of(form), own) if words)


def types_of(form: type[Op]) -> str:
    """The element types of one form's activations, with those of its weights where they differ; empty: any."""
    rules = [rule for rule in form.RULES if rule.dtypes]
    main = next((rule.dtypes for rule in rules if rule.field in ("input", "input1", "lhs")), ())
    weights = next((rule.dtypes for rule in rules if rule.field in ("weights", "rhs")), main)
    if main == MOVABLE:
        return "any"
    labels = [dtype.label for dtype in main]
    if weights == main:
        return ", ".join(labels)
    seconds = [dtype.label for dtype in weights]
    return ", ".join(a if a == b else f"{a} x {b}" for a in labels for b in seconds)


def element_types(op: type[Op]) -> str:
    """Of all forms of an operator."""
    found = dict.fromkeys(label for form in (op, *op.FORMS) for label in filter(None, types_of(form).split(", ")))
    if not found:
        return "as below" if op.IS_CUSTOM else "any"
    legacy = ["(uint8)"] if op.KIND in COMPUTING and "uint8" not in found else []
    return ", ".join([*found, *legacy])


def _faster(op: type[Op]) -> str:
    """Folders with a variant of one of the operator's kernels, and the types that it is for."""
    found = []
    for folder in faster_folders():
        kernels = [kernel for kernel in kernels_of(op) if folder in variants_of(kernel)]
        types = dict.fromkeys(SUFFIXES.get(kernel.rsplit("_", 1)[1], "any") for kernel in kernels)
        found += [f"{folder}: {', '.join(types)}"] if kernels else []
    return "; ".join(found)


def _summary(op: type[Op]) -> str:
    """The first sentence of the operator's module, without its name."""
    documentation = sys.modules[op.__module__].__doc__ or ""
    return documentation.split("\n", 1)[0].partition(": ")[2].rstrip(".").replace("|", "\\|")


def kernels_of(op: type[Op]) -> tuple[str, ...]:
    """The kernels that the operator's code names, that of its base classes and of functions it imports included."""
    bases = [base for form in (op, *op.FORMS) for base in form.__mro__ if _is_of_ops(base)]
    modules = [sys.modules[module] for module in dict.fromkeys(base.__module__ for base in bases)]
    functions = [f for module in modules for f in vars(module).values() if inspect.isfunction(f) and _is_of_ops(f)]
    texts = [inspect.getsource(module) for module in modules] + [inspect.getsource(f) for f in functions]
    names = {name for text in texts for name in re.findall(r'"(tg_[^"\s]+)"', text)}
    word = op.word() if issubclass(op, Arithmetic) else op.KIND.lower()
    return tuple(sorted({kernel for name in names for kernel in _named(name, word)}))


def _named(name: str, word: str) -> Iterator[str]:
    """The kernels that a name stands for, in which {...} is the operator's word or what element types make of it."""
    for own in ("{self.KIND.lower()}", "{self.word()}", "{word}"):
        name = name.replace(own, word)
    pattern = re.sub(r"\{[^{}]*\}", r"\\w+", name)
    yield from (kernel for kernel in portable_kernels() if re.fullmatch(pattern, kernel))


@cache
def portable_kernels() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (ROOT / "firmware" / "kernels" / "scalar").glob("*.c")))


def _is_of_ops(code: type | FunctionType) -> bool:
    return code.__module__.startswith("tinygen.ops.")


def variants_of(kernel: str) -> list[str]:
    """The folders that hold the kernel, the portable one first."""
    folders = (ROOT / "firmware" / "kernels").glob(f"*/{kernel}.c")
    return sorted((path.parent.name for path in folders), key=lambda name: (name != "scalar", name))


def faster_folders() -> list[str]:
    """The folders of kernels for certain cores, if they hold any."""
    folders = {folder for target in TARGETS.values() for folder in target.kernels if folder != "scalar"}
    return sorted(folder for folder in folders if any((ROOT / "firmware" / "kernels" / folder).glob("*.c")))


def _cores(folder: str) -> str:
    cores = [name.replace("cortex-m", "Cortex-M") for name, target in TARGETS.items() if folder in target.kernels]
    return " and ".join(filter(None, (", ".join(cores[:-1]), cores[-1])))


if __name__ == "__main__":
    sys.exit(main())
