"""VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE and CALL_ONCE -> what a model remembers between inferences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.graph import State
from tinygen.ir.tensor import Tensor
from tinygen.ops.assign_variable import AssignVariable
from tinygen.tflite.model import Model, Operator, Subgraph

HANDLED = "the variable is one of the main subgraph's VAR_HANDLEs"
VARIABLE_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "VAR_HANDLE": ("the name of a variable",),
    "READ_VARIABLE": ("what the variable holds; from one inference to the next it lies in the model's struct", HANDLED),
    "ASSIGN_VARIABLE": ("what the variable holds from here on", HANDLED),
    "CALL_ONCE": ("what variables hold before the first inference", "its subgraph only assigns constants"),
}
"""The operators that the importer resolves, what each stands for, and on what conditions.

No op is left of them but the assignments at the end.
"""

Key = tuple[str, str]
"""(container, shared name)"""


@dataclass
class Variables:
    """The variables of a model while its operators are walked in order."""

    model: Model
    initial: dict[Key, Array] = field(default_factory=dict)
    """What CALL_ONCE puts into them before the first inference."""
    handles: dict[int, Key] = field(default_factory=dict)
    remembered: dict[Key, Tensor] = field(default_factory=dict)
    """The value at the beginning of an inference, for variables that are read before they are assigned."""
    current: dict[Key, Tensor] = field(default_factory=dict)
    """The value that a read would find now."""
    assigned: dict[Key, int] = field(default_factory=dict)
    """The operator that assigned it last."""

    def resolve(self, operator: Operator, tensors: dict[int, Tensor]) -> str:
        """Takes one operator on variables into account, and gives a read's output its value.

        Returns why that can't be done, or nothing.
        """
        if operator.name == "CALL_ONCE":
            return self._call_once(int(str(operator.options["init_subgraph_index"])))
        if operator.name == "VAR_HANDLE":
            self.handles[operator.outputs[0]] = _key(operator)
            return ""
        key = self.handles.get(operator.inputs[0])
        if key is None:
            return "the variable is not one of this subgraph's VAR_HANDLEs"
        if operator.name == "ASSIGN_VARIABLE":
            self.current[key] = tensors[operator.inputs[1]]
            self.assigned[key] = operator.index
            return ""
        output = tensors[operator.outputs[0]]
        if key not in self.current:
            self.remembered[key] = self.current[key] = output
        tensors[operator.outputs[0]] = self.current[key]
        return ""

    def states(self) -> tuple[list[State], list[AssignVariable]]:
        """What is remembered, and the ops that store it at the end of an inference."""
        found: list[State] = []
        stores: list[AssignVariable] = []
        for key, tensor in self.remembered.items():
            initial = self.initial.get(key)
            if initial is None:
                initial = np.zeros(tensor.shape, tensor.dtype.numpy)
            following = replace(tensor, name=f"{tensor.name}, next", index=-1)
            value = self.current[key]
            stores.append(AssignVariable(self.assigned.get(key, -1), value, following))
            found.append(State(tensor, initial.reshape(tensor.shape), following))
        return found, stores

    def _call_once(self, index: int) -> str:
        subgraph = self.model.subgraphs[index]
        handles: dict[int, Key] = {}
        for operator in subgraph.operators:
            if operator.name == "VAR_HANDLE":
                handles[operator.outputs[0]] = _key(operator)
            elif operator.name == "ASSIGN_VARIABLE" and operator.inputs[0] in handles:
                value = _constant(subgraph, operator.inputs[1])
                if value is None:
                    return "it assigns a value that is not a constant"
                self.initial[handles[operator.inputs[0]]] = value
            else:
                return f"its subgraph has {operator.name}, and only assignments of constants are compiled"
        return ""


def _key(operator: Operator) -> Key:
    options: Mapping[str, object] = operator.options
    return str(options.get("container", "")), str(options.get("shared_name", ""))


def _constant(subgraph: Subgraph, index: int) -> Array | None:
    info = subgraph.tensors[index]
    if info.buffer is None:
        return None
    value: Array = np.frombuffer(info.buffer, np.dtype(info.dtype).newbyteorder("<")).reshape(info.shape)
    return value


def state_or_nothing(tensor: Tensor | None) -> Tensor:
    """A state that the file leaves out has no elements, which no rule of an op that needs it lets through."""
    return Tensor("absent state", (0,), DType.FLOAT32) if tensor is None else tensor


def reset_value(tensor: Tensor) -> Array:
    """What a variable tensor holds after a reset: 0, and the zero point in an int8 one."""
    value = tensor.zero_point if tensor.dtype is DType.INT8 and tensor.quantization is not None else 0
    return np.full(tensor.shape, value, tensor.dtype.numpy)
