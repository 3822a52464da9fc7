"""What a model is made of, whether tinygen compiles it, and where it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinygen.boards import Board
from tinygen.errors import UnsupportedModelError
from tinygen.fit import Estimate, estimate
from tinygen.ir.dtype import DTYPES
from tinygen.ir.target import TARGETS
from tinygen.ops import CUSTOM_OPERATORS
from tinygen.ops.importer import Import, import_model
from tinygen.pipeline import lowered
from tinygen.tflite import check_supported_form, read_model
from tinygen.tflite.model import Operator, Subgraph, TensorInfo


@dataclass(frozen=True)
class InspectedOp:
    """One operator of the file."""

    index: int
    kind: str
    output: str
    input_shapes: tuple[tuple[int, ...], ...]
    """Of the inputs that are not constants."""
    output_shape: tuple[int, ...]
    """Empty, as the output's name and quantization are, for an op without outputs."""
    quantization: str
    """Of the output: dtype, scale, zero point."""
    macs: int
    weight_bytes: int
    reason: str
    """Why it is not supported; empty when it is."""


@dataclass(frozen=True)
class Inspection:
    """A whole model."""

    name: str
    file_bytes: int
    description: str
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    ops: tuple[InspectedOp, ...]
    refusal: str
    """Why the model as a whole can't be compiled; empty when it can."""
    estimate: Estimate | None
    boards: tuple[tuple[Board, bool], ...]
    """Every board, and whether the model fits."""

    @property
    def macs(self) -> int:
        return sum(op.macs for op in self.ops)

    @property
    def weight_bytes(self) -> int:
        return sum(op.weight_bytes for op in self.ops)

    @property
    def supported(self) -> bool:
        return not self.refusal

    def as_json(self) -> Mapping[str, Any]:
        """The object that `tinygen inspect --json` prints."""
        return {
            "model": self.name,
            "file_bytes": self.file_bytes,
            "description": self.description,
            "supported": self.supported,
            "refusal": self.refusal,
            "inputs": [_port(info) for info in self.inputs],
            "outputs": [_port(info) for info in self.outputs],
            "ops": [{**vars(op), "supported": not op.reason} for op in self.ops],
            "macs": self.macs,
            "weights_bytes": self.weight_bytes,
            "ram_bytes": self.estimate.ram_bytes if self.estimate else None,
            "flash_bytes": self.estimate.weights_bytes + self.estimate.code_bytes if self.estimate else None,
            "boards": {board.name: fits for board, fits in self.boards},
        }


def inspect_model(path: Path, boards: tuple[Board, ...]) -> Inspection:
    """Raises InvalidModelError only; what is merely unsupported is told in the result."""
    model = read_model(path)
    refusals = []
    try:
        check_supported_form(model, CUSTOM_OPERATORS)
    except UnsupportedModelError as error:
        refusals.append(str(error))
    subgraph = model.subgraphs[0]
    known = all(subgraph.tensors[i].dtype in DTYPES for i in (*subgraph.inputs, *subgraph.outputs))
    imported = import_model(model, path.stem) if known else None
    if imported and not refusals:
        refusals = [f"op {r.index}, {r.kind}: {r.reason}" for r in imported.refusals[:1]]
    needed = None
    if imported and not refusals:
        _, _, program = lowered(imported.graph, TARGETS["cortex-m4"])
        needed = estimate(program)
    return Inspection(
        name=path.stem,
        file_bytes=model.size,
        description=model.description,
        inputs=tuple(subgraph.tensors[i] for i in subgraph.inputs),
        outputs=tuple(subgraph.tensors[i] for i in subgraph.outputs),
        ops=_inspected_ops(subgraph, imported),
        refusal=" ".join(refusals),
        estimate=needed,
        boards=tuple((board, needed is not None and needed.fits(board)) for board in boards),
    )


def _inspected_ops(subgraph: Subgraph, imported: Import | None) -> tuple[InspectedOp, ...]:
    """imported: None where an input or output of the model has a type that no op could read or write."""
    by_index = {op.index: op for op in imported.graph.ops} if imported else {}
    reasons: dict[int, str] = {}
    for refusal in imported.refusals if imported else ():
        reasons.setdefault(refusal.index, refusal.reason)

    def inspected(operator: Operator) -> InspectedOp:
        op = by_index.get(operator.index)
        output = subgraph.tensors[operator.outputs[0]] if operator.outputs else None
        shapes = tuple(
            subgraph.tensors[i].shape for i in operator.inputs if i >= 0 and subgraph.tensors[i].buffer is None
        )
        return InspectedOp(
            operator.index,
            operator.custom_name or operator.name,
            output.name if output else "",
            shapes,
            output.shape if output else (),
            _quantization(output) if output else "",
            op.macs if op else 0,
            op.weight_bytes if op else 0,
            reasons.get(operator.index, "") if imported else "the model's inputs or outputs are of an unknown type",
        )

    return tuple(inspected(operator) for operator in subgraph.operators)


def _quantization(info: TensorInfo) -> str:
    if not info.scales:
        return info.dtype
    return f"{info.dtype} {info.scales[0]:.6g} {info.zero_points[0]:+d}"


def _port(info: TensorInfo) -> Mapping[str, Any]:
    return {
        "name": info.name,
        "shape": info.shape,
        "dtype": info.dtype,
        "scales": info.scales,
        "zero_points": info.zero_points,
    }
