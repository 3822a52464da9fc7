"""Models with subgraphs that loop and branch, in words of one line each."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from tflite_builder import ModelSpec, OperatorSpec, SubgraphSpec, TensorSpec

from tinygen.ir.dtype import Array

OPTIONS = {
    "ADD": "AddOptions",
    "CONCATENATION": "ConcatenationOptions",
    "CONV_2D": "Conv2DOptions",
    "DYNAMIC_UPDATE_SLICE": "DynamicUpdateSliceOptions",
    "FULLY_CONNECTED": "FullyConnectedOptions",
    "GATHER": "GatherOptions",
    "IF": "IfOptions",
    "LESS": "LessOptions",
    "MUL": "MulOptions",
    "RESHAPE": "ReshapeOptions",
    "SUB": "SubOptions",
    "WHILE": "WhileOptions",
}


@dataclass
class Sub:
    """A subgraph while it is written: each method adds a tensor or an operator, and gives the number of the tensor."""

    tensors: list[TensorSpec] = field(default_factory=list)
    operators: list[OperatorSpec] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)

    def tensor(
        self, shape: Sequence[int] = (), dtype: str = "FLOAT32", scale: float = 0.0, data: bytes | None = None
    ) -> int:
        name = f"t{len(self.tensors)}"
        self.tensors.append(TensorSpec(name, shape, dtype, data, (scale,) if scale else ()))
        return len(self.tensors) - 1

    def input(self, shape: Sequence[int] = (), dtype: str = "FLOAT32", scale: float = 0.0) -> int:
        self.inputs.append(self.tensor(shape, dtype, scale))
        return self.inputs[-1]

    def constant(self, value: Array, scale: float = 0.0) -> int:
        names = {"int8": "INT8", "int32": "INT32", "float32": "FLOAT32", "bool": "BOOL"}
        return self.tensor(value.shape, names[value.dtype.name], scale, value.tobytes())

    def number(self, value: int) -> int:
        return self.tensor((), "INT32", data=struct.pack("<i", value))

    def op(self, name: str, inputs: Sequence[int], *outputs: int, like: int = -1, **options: int) -> int:
        """The operator gives `outputs`, or one tensor that is like an input, or like the tensor `like`."""
        if not outputs:
            model = self.tensors[like if like >= 0 else inputs[0]]
            outputs = (self.tensor(model.shape, str(model.dtype), *model.scales),)
        table = (OPTIONS[name], options) if name in OPTIONS else None
        self.operators.append(OperatorSpec(name, list(inputs), list(outputs), table))
        return outputs[0]

    def less(self, one: int, other: int) -> int:
        return self.op("LESS", [one, other], self.tensor((), "BOOL"))

    def gives(self, *outputs: int) -> SubgraphSpec:
        return SubgraphSpec(self.tensors, self.operators, self.inputs, list(outputs))


def model(main: SubgraphSpec, *others: SubgraphSpec) -> ModelSpec:
    return ModelSpec([main, *others])
