"""Runs a model's test set through its generated C on a board: how many answers are right, how many bytes differ."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tinygen.ir.target import Rounding
from tinygen.pipeline import load
from tinygen.reference import evaluate

Array = npt.NDArray[np.integer]


def on_board(model: Path, inputs: Array, board: list[str]) -> Array:
    """The outputs [N, ...] of the generated C, by `tinygen run`; board: its options."""
    with tempfile.TemporaryDirectory() as folder:
        vectors, outputs = Path(folder, "in.npz"), Path(folder, "out.npz")
        np.savez(vectors, **{f"v{k}_in0": sample[np.newaxis] for k, sample in enumerate(inputs)})
        command = [sys.executable, "-m", "tinygen.cli", "run", str(model), "--inputs", str(vectors), "-o", str(outputs)]
        if status := subprocess.run([*command, *board], stdout=subprocess.DEVNULL, check=False).returncode:
            sys.exit(status)
        found = np.load(outputs)
        return np.concatenate([found[f"v{k}_out0"] for k in range(len(inputs))])


def in_python(model: Path, inputs: Array) -> Array:
    """The outputs [N, ...] of the Python reference."""
    graph = load(model).complete
    return np.concatenate([evaluate(graph, (sample[np.newaxis],), Rounding.DOUBLE)[0] for sample in inputs])


def score(outputs: Array, labels: Array) -> str:
    right = int((outputs.reshape(len(labels), -1).argmax(axis=1) == labels).sum())
    return f"{right / len(labels):.2%} right ({right} of {len(labels)})"


def main() -> int:
    """Prints three scores and two differences; 0 if no byte differs, else 7 like `tinygen test`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="NAME.tflite, with NAME.npz (inputs, labels, expected) beside it")
    parser.add_argument("board", nargs=argparse.REMAINDER, help="options of `tinygen run`, such as --board host")
    arguments = parser.parse_args()
    stored = np.load(arguments.model.with_suffix(".npz"))
    inputs, labels, expected = stored["inputs"], stored["labels"], stored["expected"]
    found = on_board(arguments.model, inputs, arguments.board)
    reference = in_python(arguments.model, inputs)
    print(f"generated C        {score(found, labels)}")
    print(f"Python reference   {score(reference, labels)}")
    print(f"TFLite Micro       {score(expected, labels)}")
    differing = [int((found != other).sum()) for other in (reference, expected)]
    print(f"bytes of the generated C that differ from the reference's: {differing[0]} of {found.size:,}")
    print(f"bytes of the generated C that differ from TFLite Micro's:  {differing[1]} of {found.size:,}")
    return 7 if any(differing) else 0


if __name__ == "__main__":
    sys.exit(main())
