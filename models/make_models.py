"""Trains the models of this folder and writes NAME.tflite, NAME.npz and NAME_vectors.npz; run it by hand."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from layers import Array, AveragePool, Conv2D, Dense, DepthwiseConv2D, Flatten, Network, Residual
from quantize import convert, quantize
from runtimes import run_litert, run_tflite_micro
from tflite_writer import Model, write
from training import Plan, cross_entropy, squared_error, train, vary

FOLDER = Path(__file__).resolve().parent
PIXEL_MAX = 16  # of the digits' grey levels
CLASSES = 10
TEST_EVERY = 5  # every fifth image is for the test
VECTORS = 10


@dataclass(frozen=True)
class Split:
    """Training and test samples."""

    train_inputs: Array  # [N, ...]
    train_targets: Array  # [N, values], as the loss wants them
    test_inputs: Array  # [N, ...]
    test_labels: npt.NDArray[Any]  # [N] classes, or [N] real values


@dataclass(frozen=True)
class Made:
    """A model that has been trained and converted."""

    name: str  # of its files
    network: Network  # the float original
    model: Model  # the int8 one
    data: Split  # what it was trained and will be tested with


def digits() -> Split:
    """scikit-learn's handwritten digits as [N,8,8,1] in 0..1, every fifth for the test."""
    bunch = importlib.import_module("sklearn.datasets").load_digits()
    images = (np.asarray(bunch.images) / PIXEL_MAX).astype(np.float32)[..., np.newaxis]
    labels = np.asarray(bunch.target).astype(np.int64)
    test = np.arange(len(labels)) % TEST_EVERY == TEST_EVERY - 1
    targets = np.eye(CLASSES, dtype=np.float32)[labels[~test]]
    return Split(images[~test], targets, images[test], labels[test])


def flat(data: Split) -> Split:
    """The same with inputs [N, values]."""
    rows = data.train_inputs.reshape(len(data.train_inputs), -1), data.test_inputs.reshape(len(data.test_inputs), -1)
    return Split(rows[0], data.train_targets, rows[1], data.test_labels)


def make_cnn() -> Made:
    """A convolution and two residual depthwise-separable stages, 8x8x16 and 4x4x32."""
    rng = np.random.default_rng(2)
    network = Network(
        [
            Conv2D(rng, 1, 16, size=3),
            Residual(Network([DepthwiseConv2D(rng, 16), Conv2D(rng, 16, 16, relu=False)])),
            DepthwiseConv2D(rng, 16, stride=2),
            Conv2D(rng, 16, 32),
            Residual(Network([DepthwiseConv2D(rng, 32), Conv2D(rng, 32, 32, relu=False)])),
            AveragePool(2),
            Flatten(),
            Dense(rng, 128, CLASSES),
        ]
    )
    data = digits()
    plan = Plan(epochs=60, batch=32, rate=0.004, decay=0.01, seed=2)
    train(network, data.train_inputs, data.train_targets, cross_entropy, plan, vary)
    model = convert(network, data.train_inputs, "tinygen digits_cnn, Apache-2.0", softmax=True)
    return Made("digits_cnn", network, model, data)


def make_mlps() -> list[Made]:
    """64-32-10, once with int8 and once with float32 at the edges."""
    rng = np.random.default_rng(3)
    network = Network([Dense(rng, 64, 32, relu=True), Dense(rng, 32, CLASSES)])
    data = flat(digits())
    plan = Plan(epochs=150, batch=32, rate=0.004, decay=0.02, seed=3)
    train(network, data.train_inputs, data.train_targets, cross_entropy, plan)
    made = []
    for name, float_io in (("digits_mlp", False), ("digits_mlp_float_io", True)):
        description = f"tinygen {name}, Apache-2.0"
        model = convert(network, data.train_inputs, description, softmax=True, float_io=float_io)
        made.append(Made(name, network, model, data))
    return made


def make_sine() -> Made:
    """1-16-16-1, the sine of an angle from 0 to 2 pi; the test asks for each of the 256 inputs that int8 can hold."""
    rng = np.random.default_rng(3)
    first = Dense(rng, 1, 16, relu=True)
    first.weights.value *= np.float32(0.3)  # keeps the hidden ranges, and with them the scales, small
    # Spreads the corners of the ReLUs over the whole circle; with biases of 0 they would all start at angle 0.
    first.bias.value = (-first.weights.value[:, 0] * rng.uniform(0, 2 * math.pi, 16)).astype(np.float32)
    network = Network([first, Dense(rng, 16, 16, relu=True), Dense(rng, 16, 1)])
    angles = np.linspace(0, 2 * math.pi, 1024, dtype=np.float32)[:, np.newaxis]
    plan = Plan(epochs=300, batch=32, rate=0.01, decay=0.03, seed=3)
    train(network, angles, np.sin(angles), squared_error, plan)
    model = convert(network, angles, "tinygen sine, Apache-2.0", softmax=False)
    steps = (np.arange(256) * (2 * math.pi / 255)).astype(np.float32)[:, np.newaxis]
    return Made("sine", network, model, Split(angles, np.sin(angles), steps, np.sin(steps[:, 0])))


def model_inputs(model: Model, values: Array) -> npt.NDArray[Any]:
    """Float inputs as the model takes them."""
    quantization = model.tensors[model.inputs[0]].quantization
    return values if quantization is None else quantize(values, quantization)


def chosen_vectors(labels: npt.NDArray[Any]) -> list[int]:
    """The first sample of each class; for real values, samples spread evenly."""
    if np.issubdtype(labels.dtype, np.integer):
        return [int(np.flatnonzero(labels == label)[0]) for label in range(CLASSES)]
    return [round(k * (len(labels) - 1) / (VECTORS - 1)) for k in range(VECTORS)]


def score(outputs: Array, labels: npt.NDArray[Any]) -> float:
    """The share of right classes, or the mean absolute error for real values."""
    if np.issubdtype(labels.dtype, np.integer):
        return float(np.mean(outputs.argmax(axis=1) == labels))
    return float(np.mean(np.abs(outputs[:, 0].astype(np.float64) - labels)))


def real_outputs(model: Model, outputs: npt.NDArray[Any]) -> Array:
    """The model's outputs as reals."""
    quantization = model.tensors[model.outputs[0]].quantization
    if quantization is None:
        return outputs.astype(np.float32)
    steps = outputs.astype(np.int32) - quantization.zero_point
    return (quantization.scale[0] * steps).astype(np.float32)


def save(made: Made) -> str:
    """Writes the model's three files and returns its row of the README's table."""
    content = write(made.model)
    (FOLDER / f"{made.name}.tflite").write_bytes(content)
    inputs = model_inputs(made.model, made.data.test_inputs)
    expected = run_tflite_micro(content, inputs)
    labels = made.data.test_labels
    before = score(made.network.forward(made.data.test_inputs), labels)
    after = score(real_outputs(made.model, expected), labels)
    arrays = {"inputs": inputs, "labels": labels, "expected": expected, "float_score": np.asarray(before)}
    _save_arrays(FOLDER / f"{made.name}.npz", arrays)
    vectors = {}
    for k, sample in enumerate(chosen_vectors(labels)):
        vectors[f"v{k}_in0"] = inputs[sample : sample + 1]
        vectors[f"v{k}_out0"] = expected[sample : sample + 1]
    _save_arrays(FOLDER / f"{made.name}_vectors.npz", vectors)
    other = int(np.any(run_litert(content, inputs) != expected, axis=1).sum())
    percent = np.issubdtype(labels.dtype, np.integer)
    shown = [f"{100 * value:.2f} %" if percent else f"{value:.4f}" for value in (before, after)]
    return f"| `{made.name}` | {len(content)} | {shown[0]} | {shown[1]} | {other} of {len(inputs)} |"


def _save_arrays(path: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    # numpy's stub takes the keywords for `allow_pickle`, which older versions don't have.
    savez: Callable[..., None] = np.savez_compressed
    savez(path, **arrays)


def main() -> None:
    """Makes every model and prints the README's table."""
    # More threads would add in another order.
    limit: Callable[[int], Any] = importlib.import_module("threadpoolctl").threadpool_limits
    with limit(1):
        for made in [make_cnn(), *make_mlps(), make_sine()]:
            print(save(made))


if __name__ == "__main__":
    main()
