"""Measures the kernels on an emulated Cortex-M4: instructions per element of models of one operator.

Each operator is compiled twice, with the M4's own kernels and with the portable ones alone, and runs in the emulator of
an nRF52840, which counts instructions exactly. Its output is compared with the reference before anything is printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from tinygen.boards import load_board
from tinygen.ir.dtype import Array
from tinygen.ir.target import TARGETS, Optimize, Rounding
from tinygen.ops.node import Node
from tinygen.pipeline import compile_model
from tinygen.profiling import measure
from tinygen.project import build_project, write_project
from tinygen.reference import evaluate
from tinygen.session import SHARED_NAME, open_session, run_vectors
from tinygen.vectors import random_vectors

ROOT = Path(__file__).resolve().parent.parent
BOARD = "nrf52840"
OWN, PORTABLE = TARGETS["cortex-m4"].kernels, ("scalar",)
MAP = (1, 16, 16, 64)
"""16,384 elements."""
SCALINGS = ((0.1, 3), (0.07, -5), (0.12, 7))


@dataclass(frozen=True)
class Case:
    """A model of one operator, and what its instructions are divided by."""

    node: Node
    per: str
    count: int


@dataclass(frozen=True)
class Cost:
    """What one build of a case takes."""

    instructions: int
    code_bytes: int


def outputs(node: Node) -> Case:
    return Case(node, "output", node.outputs[0].elements)


def inputs(node: Node) -> Case:
    return Case(node, "input", node.input(0).elements)


def products(node: Node, count: int) -> Case:
    return Case(node, "product", count)


def cases() -> dict[str, Case]:
    """Every line of the table, by name. The operators are made as the tests make them."""
    sys.path += [folder for name in ("tests", "tests/tflite") if (folder := str(ROOT / name)) not in sys.path]
    from ops.elementwise_nodes import FLOAT32, INT8, INT16, binary, unary
    from ops.moves import resize, transpose
    from ops.nodes import add, conv_2d, depthwise_conv_2d, elementwise, fully_connected, mean, pad, pool_2d, softmax
    from ops.product_nodes import as_float, as_hybrid, as_int16, batch_matmul, pool, transpose_conv
    from ops.recurrent_nodes import lstm, svdf
    from ops.reduction_nodes import l2_normalization, reduce

    return {
        "ADD": outputs(add(MAP, MAP)),
        "ADD same scales": outputs(add(MAP, MAP, (0.1, 0.1, 0.12))),
        "ADD relu": outputs(add(MAP, MAP, activation="RELU")),
        "ADD channels": outputs(add(MAP, (64,), constant=True)),
        "ADD one": outputs(add(MAP, (1,))),
        "SUB": outputs(binary("SUB", INT8, (MAP, MAP), SCALINGS)),
        "SUB channels": outputs(binary("SUB", INT8, (MAP, (64,)), SCALINGS, constant=True)),
        "SUB one": outputs(binary("SUB", INT8, (MAP, (1,)), SCALINGS)),
        "MUL": outputs(binary("MUL", INT8, (MAP, MAP), SCALINGS)),
        "MUL relu": outputs(binary("MUL", INT8, (MAP, MAP), SCALINGS, fused_activation_function="RELU")),
        "MUL channels": outputs(binary("MUL", INT8, (MAP, (64,)), SCALINGS, constant=True)),
        "MUL columns": outputs(binary("MUL", INT8, (MAP, (1, 16, 16, 1)), SCALINGS)),
        "MUL one": outputs(binary("MUL", INT8, (MAP, (1,)), SCALINGS)),
        "MUL constant": outputs(binary("MUL", INT8, (MAP, (1,)), SCALINGS, constant=True)),
        "MAXIMUM": outputs(binary("MAXIMUM", INT8, (MAP, MAP), SCALINGS[:1] * 3)),
        "table": outputs(elementwise("TANH", MAP, (0.03, 1 / 128), (3, 0))),
        "AVERAGE_POOL_2D 2x2": inputs(pool_2d("AVERAGE_POOL_2D", MAP)),
        "AVERAGE_POOL_2D 3x3": outputs(pool_2d("AVERAGE_POOL_2D", MAP, (3, 3), (1, 1))),
        "AVERAGE_POOL_2D 1 channel": outputs(pool_2d("AVERAGE_POOL_2D", (1, 64, 64, 1), (3, 3), (1, 1))),
        "AVERAGE_POOL_2D global": inputs(pool_2d("AVERAGE_POOL_2D", MAP, (16, 16), padding="VALID")),
        "MAX_POOL_2D 2x2": inputs(pool_2d("MAX_POOL_2D", MAP)),
        "MAX_POOL_2D 3x3": outputs(pool_2d("MAX_POOL_2D", MAP, (3, 3), (1, 1))),
        "MAX_POOL_2D 1 channel": outputs(pool_2d("MAX_POOL_2D", (1, 64, 64, 1), (3, 3), (1, 1))),
        "MAX_POOL_2D global": inputs(pool_2d("MAX_POOL_2D", MAP, (16, 16), padding="VALID")),
        "MEAN height, width": inputs(mean(MAP)),
        "MEAN height": inputs(mean(MAP, (1,))),
        "MEAN width": inputs(mean(MAP, (2,))),
        "MEAN channels": inputs(mean(MAP, (3,))),
        "SOFTMAX 4": outputs(softmax((1024, 4))),
        "SOFTMAX 10": outputs(softmax((400, 10))),
        "SOFTMAX 1000": outputs(softmax((4, 1000))),
        "LSTM int8": products(lstm(1, 4, 32, 64), 4 * 4 * 64 * (32 + 64)),
        "LSTM int16": products(lstm(1, 4, 32, 64, INT16), 4 * 4 * 64 * (32 + 64)),
        "SVDF int16 state": products(svdf(1, 64, 64, 1, 10), 64 * (64 + 10)),
        "SVDF int8 state": products(svdf(1, 64, 64, 1, 10, INT8), 64 * (64 + 10)),
        "BATCH_MATMUL": products(batch_matmul((1, 16, 64), (1, 64, 16)), 16 * 64 * 16),
        "FULLY_CONNECTED int16": products(as_int16(fully_connected(depth=256, units=64)), 256 * 64),
        "DEPTHWISE_CONV_2D int16": products(as_int16(depthwise_conv_2d((1, 8, 8, 64))), 8 * 8 * 64 * 9),
        "CONV_2D int16": products(as_int16(conv_2d((1, 8, 8, 16), 16)), 8 * 8 * 16 * 9 * 16),
        "CONV_2D float": products(as_float(conv_2d((1, 8, 8, 16), 16)), 8 * 8 * 16 * 9 * 16),
        "CONV_2D float 1 channel": products(as_float(conv_2d((1, 16, 16, 1), 8)), 16 * 16 * 8 * 9),
        "DEPTHWISE_CONV_2D twice": products(depthwise_conv_2d((1, 8, 8, 32), 2), 8 * 8 * 64 * 9),
        "DEPTHWISE_CONV_2D float": products(as_float(depthwise_conv_2d((1, 8, 8, 64))), 8 * 8 * 64 * 9),
        "FULLY_CONNECTED float": products(as_float(fully_connected(depth=128, units=64)), 128 * 64),
        "CONV_2D hybrid": products(as_hybrid(conv_2d((1, 8, 8, 16), 16)), 8 * 8 * 16 * 9 * 16),
        "FULLY_CONNECTED hybrid": products(as_hybrid(fully_connected(depth=128, units=64)), 128 * 64),
        "TRANSPOSE_CONV": products(transpose_conv((1, 8, 8, 16), 16), 8 * 8 * 16 * 9 * 16),
        "TRANSPOSE_CONV int16": products(as_int16(transpose_conv((1, 8, 8, 16), 16), 2), 8 * 8 * 16 * 9 * 16),
        "TRANSPOSE_CONV float": products(as_float(transpose_conv((1, 8, 8, 16), 16), 2), 8 * 8 * 16 * 9 * 16),
        "TRANSPOSE": outputs(transpose((64, 256), (1, 0))),
        "TRANSPOSE channels first": outputs(transpose(MAP, (0, 3, 1, 2))),
        "PAD": outputs(pad((1, 16, 16, 64), ((0, 0), (1, 1), (1, 1), (0, 0)))),
        "RESIZE_BILINEAR": outputs(resize("RESIZE_BILINEAR", (1, 8, 8, 64), (16, 16))),
        "RESIZE_BILINEAR half pixels": outputs(
            resize("RESIZE_BILINEAR", (1, 8, 8, 64), (16, 16), half_pixel_centers=True)
        ),
        "RESIZE_NEAREST_NEIGHBOR": outputs(resize("RESIZE_NEAREST_NEIGHBOR", (1, 8, 8, 64), (16, 16))),
        "ADD int16": outputs(binary("ADD", INT16, (MAP, MAP), [(scale / 256, 0) for scale, _ in SCALINGS])),
        "SUB int16": outputs(binary("SUB", INT16, (MAP, MAP), [(scale / 256, 0) for scale, _ in SCALINGS])),
        "MUL int16": outputs(binary("MUL", INT16, (MAP, MAP), [(2.0**-15, 0)] * 3)),
        "LOGISTIC int16": outputs(unary("LOGISTIC", INT16, MAP)),
        "TANH int16": outputs(unary("TANH", INT16, MAP)),
        "LEAKY_RELU int16": outputs(unary("LEAKY_RELU", INT16, MAP)),
        "AVERAGE_POOL_2D int16": inputs(pool("AVERAGE_POOL_2D", INT16, image=MAP)),
        "MAX_POOL_2D int16": inputs(pool("MAX_POOL_2D", INT16, image=MAP)),
        "PRELU": outputs(binary("PRELU", INT8, (MAP, (64,)), constant=True)),
        "SQUARED_DIFFERENCE": outputs(binary("SQUARED_DIFFERENCE", INT8, (MAP, MAP), SCALINGS)),
        "GREATER": outputs(binary("GREATER", INT8, (MAP, MAP), SCALINGS)),
        "REDUCE_MAX height, width": inputs(reduce("REDUCE_MAX", MAP)),
        "REDUCE_MAX channels": inputs(reduce("REDUCE_MAX", MAP, (3,))),
        "SUM": inputs(reduce("SUM", MAP)),
        "L2_NORMALIZATION": outputs(l2_normalization((64, 64))),
        "QUANTIZE": outputs(elementwise("QUANTIZE", MAP, dtypes=(FLOAT32, INT8))),
        "QUANTIZE int16": outputs(elementwise("QUANTIZE", MAP, (0.1, 0.0004), (0, 0), (INT16, INT16))),
        "QUANTIZE int8 to int16": outputs(elementwise("QUANTIZE", MAP, (0.1, 0.0004), (3, 0), (INT8, INT16))),
    }


def measured(case: Case, kernels: tuple[str, ...], optimize: str) -> Cost:
    """Raises AssertionError where the board computes other bytes than the reference."""
    from ops.nodes import model_bytes

    board = load_board(BOARD)
    target = replace(TARGETS[board.target].with_choices(Optimize(optimize), Rounding.DOUBLE), kernels=kernels)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "operator.tflite"
        path.write_bytes(model_bytes(case.node))
        compiled = compile_model(path, target, SHARED_NAME)
        vectors = random_vectors(compiled.original, 1)
        built = build_project(write_project(compiled.generated, board, Path(folder) / "project"), lambda line: None)
        with open_session(built, compiled, "", emulated=True) as session:
            (found,) = run_vectors(session, compiled, vectors)
            cost = measure(session, board, compiled, vectors.inputs[0], lambda line: None).total
    expected = evaluate(compiled.original, vectors.inputs[0], Rounding.DOUBLE)
    assert same(found, expected), "other bytes than the reference"
    assert cost.instructions is not None
    return Cost(cost.instructions, built.memory.code_bytes)


def same(found: Sequence[Array], expected: Sequence[Array]) -> bool:
    return all(np.array_equal(ours, theirs) for ours, theirs in zip(found, expected, strict=True))


def row(name: str, case: Case, optimize: str) -> tuple[str, ...]:
    """One line of the table."""
    own, portable = (measured(case, kernels, optimize) for kernels in (OWN, PORTABLE))
    costs = (f"{cost.instructions / case.count:.2f}" for cost in (own, portable))
    factor = f"{portable.instructions / own.instructions:.1f}"
    return name, f"{case.count:,}", case.per, *costs, factor, f"{own.code_bytes - portable.code_bytes:+,}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only operators whose name contains one of these, comma-separated")
    levels = [level.value for level in Optimize]
    parser.add_argument("--optimize", choices=levels, default="speed", help=", ".join(levels))
    arguments = parser.parse_args()
    table = Table(title=f"instructions on the M4, --optimize {arguments.optimize}", title_justify="left")
    for heading in ("operator", "elements", "per", "dsp", "scalar", "factor", "code bytes"):
        table.add_column(heading, justify="left" if heading in ("operator", "per") else "right", no_wrap=True)
    for name, case in cases().items():
        if any(word in name for word in arguments.only.split(",")):
            table.add_row(*row(name, case, arguments.optimize))
            print(name, file=sys.stderr, flush=True)
    console = Console()
    (console if console.is_terminal else Console(width=120)).print(table)


if __name__ == "__main__":
    main()
