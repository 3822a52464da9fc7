"""Input and output vectors: .npy and .npz files, or random ones from a fixed seed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinygen.errors import TinygenError
from tinygen.ir.dtype import Array
from tinygen.ir.graph import Graph
from tinygen.ir.tensor import Tensor

LAYOUT = (
    "A file of vectors is an .npz with arrays v{k}_in{i} for inference k and input i, an .npz with one array per input "
    "by name, or an .npy for a model with one input."
)


@dataclass(frozen=True)
class Vectors:
    """Inferences to run in order, without reset in between."""

    inputs: tuple[tuple[Array, ...], ...]
    """Per inference, one array per model input, in its shape and dtype."""
    outputs: tuple[tuple[Array, ...], ...] | None
    """Per inference, the stored outputs; None where the file has none."""

    def first(self, count: int | None) -> Vectors:
        """The first `count` inferences; all of them for None."""
        return Vectors(self.inputs[:count], self.outputs[:count] if self.outputs else None)


def read_vectors(path: Path, graph: Graph) -> Vectors:
    """The file's inferences for the model; raises TinygenError when they do not suit it."""
    arrays = _arrays(path)
    if isinstance(arrays, np.ndarray):
        return Vectors((_single(path, graph, [arrays]),), None)
    count = _inferences(arrays)
    if count == 0:
        return Vectors((_single(path, graph, _by_name(path, graph, arrays)),), None)
    inputs = tuple(_inference(path, arrays, graph.inputs, k, "in") for k in range(count))
    has_outputs = any(re.fullmatch(r"v\d+_out\d+", name) for name in arrays)
    outputs = tuple(_inference(path, arrays, graph.outputs, k, "out") for k in range(count)) if has_outputs else None
    return Vectors(inputs, outputs)


def _arrays(path: Path) -> Array | dict[str, Array]:
    """The array of an .npy file, or those of an .npz file by name, texts excepted."""
    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return loaded
            found = {name: loaded[name] for name in loaded.files}
    except OSError as error:
        raise TinygenError(f"The vectors in {path} can't be read: {error.strerror or error}.", LAYOUT) from error
    except Exception as error:  # numpy and zipfile raise nearly anything for a file that is damaged or something else
        raise TinygenError(f"{path} is not an .npy or .npz file of numbers, or it is damaged.", LAYOUT) from error
    return {name: a for name, a in found.items() if isinstance(a, np.ndarray) and a.dtype.kind != "U"}


def write_outputs(path: Path, outputs: Sequence[Sequence[Array]]) -> None:
    """v{k}_out{j} for every inference; the file appears whole or not at all."""
    arrays = {f"v{k}_out{j}": array for k, inference in enumerate(outputs) for j, array in enumerate(inference)}
    if path.is_dir():
        raise TinygenError(f"{path} is a folder, not a file to write outputs to.", "Give a name that ends in .npz.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".tinygen.") as folder:
            partial = Path(folder) / "outputs.npz"
            with partial.open("wb") as file:
                np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
            partial.replace(path)
    except OSError as error:
        raise TinygenError(f"{path} can't be written: {error.strerror or error}.") from error


def random_vectors(graph: Graph, count: int) -> Vectors:
    """`count` inferences of random inputs, the same every time; every integer of a dtype is as likely."""
    chance = np.random.default_rng(0)
    return Vectors(tuple(tuple(_random(chance, graph, t) for t in graph.inputs) for _ in range(count)), None)


def _random(chance: np.random.Generator, graph: Graph, tensor: Tensor) -> Array:
    if tensor.dtype.is_float:
        low, high = _float_range(graph, tensor)
        return chance.uniform(low, high, tensor.shape).astype(tensor.dtype.numpy)
    low, high = (0, 1) if tensor.dtype.label == "bool" else tensor.dtype.limits
    return chance.integers(low, high, tensor.shape, endpoint=True).astype(tensor.dtype.numpy)


def _float_range(graph: Graph, tensor: Tensor) -> tuple[float, float]:
    """What the op that quantizes the tensor can hold, and a little beyond."""
    for op in graph.ops:
        if tensor in op.inputs and op.outputs[0].quantization and not op.outputs[0].dtype.is_float:
            output = op.outputs[0]
            low, high = ((q - output.zero_point) * output.scale for q in output.dtype.limits)
            beyond = (high - low) / 20
            return low - beyond, high + beyond
    return -1.0, 1.0


def _inferences(arrays: Mapping[str, Array]) -> int:
    numbers = [int(match[1]) for name in arrays if (match := re.fullmatch(r"v(\d+)_in\d+", name))]
    return max(numbers) + 1 if numbers else 0


def _inference(
    path: Path, arrays: Mapping[str, Array], tensors: Sequence[Tensor], k: int, kind: str
) -> tuple[Array, ...]:
    found = []
    for i, tensor in enumerate(tensors):
        name = f"v{k}_{kind}{i}"
        if name not in arrays:
            raise TinygenError(f"{path} has no array {name}, which would be {tensor}.", LAYOUT)
        found.append(_shaped(path, name, arrays[name], tensor))
    return tuple(found)


def _single(path: Path, graph: Graph, arrays: Sequence[Array]) -> tuple[Array, ...]:
    if len(arrays) != len(graph.inputs):
        raise TinygenError(f"{path} has {len(arrays)} arrays; the model has {len(graph.inputs)} inputs.", LAYOUT)
    pairs = zip(arrays, graph.inputs, strict=True)
    return tuple(_shaped(path, tensor.name, array, tensor) for array, tensor in pairs)


def _by_name(path: Path, graph: Graph, arrays: Mapping[str, Array]) -> list[Array]:
    names = [tensor.name for tensor in graph.inputs]
    if len(arrays) == len(names) == 1:
        return list(arrays.values())
    missing = [name for name in names if name not in arrays]
    if missing:
        raise TinygenError(
            f"{path} has no array for input {missing[0]!r}; it has {', '.join(sorted(arrays)) or 'none'}.", LAYOUT
        )
    return [arrays[name] for name in names]


def _shaped(path: Path, name: str, array: Array, tensor: Tensor) -> Array:
    if array.dtype != tensor.dtype.numpy:
        raise TinygenError(f"{path}: array {name} is {array.dtype}, but the model's tensor is {tensor}.", LAYOUT)
    if array.size != tensor.elements:
        raise TinygenError(f"{path}: array {name} has {array.size} elements, but the model's tensor is {tensor}.")
    return array.reshape(tensor.shape)
