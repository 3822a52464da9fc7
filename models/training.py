"""Trains a float network with Adam: the same seed and the same machine give the same weights."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from layers import Array, Network, Parameter

Loss = Callable[[Array, Array], Array]  # (outputs, targets) -> gradient of the batch's mean loss in the outputs
Augment = Callable[[Array, np.random.Generator], Array]  # a batch of inputs -> the batch, varied

MEAN_DECAY = 0.9
SQUARE_DECAY = 0.999
EPSILON = 1e-8

SHIFT = 0.6
NOISE = 0.1  # standard deviation; a pixel is 0..1


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train."""

    epochs: int  # passes over the training set
    batch: int  # samples per step
    rate: float  # Adam's first learning rate; falls to 0 along half a cosine
    decay: float = 0.0  # share of each weight lost per step, times the rate
    seed: int = 0  # of the order of the samples and of the augmentation


def keep(inputs: Array, rng: np.random.Generator) -> Array:
    """No augmentation."""
    return inputs


def vary(images: Array, rng: np.random.Generator) -> Array:
    """Each image [N,H,W,C] moved by up to SHIFT pixels in both directions, and noise on every pixel."""
    moved = _slide(_slide(images, 1, rng), 2, rng)
    return (moved + NOISE * rng.standard_normal(moved.shape)).astype(np.float32)


def _slide(images: Array, axis: int, rng: np.random.Generator) -> Array:
    """Moves each image along `axis` by its own part of a pixel, interpolating between neighbours; zeros come in."""
    amounts = rng.uniform(-SHIFT, SHIFT, (len(images), 1, 1, 1)).astype(np.float32)
    before: Array = np.maximum(-amounts, np.float32(0))
    after: Array = np.maximum(amounts, np.float32(0))
    margins = [(0, 0)] * images.ndim
    margins[axis] = (1, 1)
    previous, same, following = (
        np.take(np.pad(images, margins), np.arange(images.shape[axis]) + offset, axis) for offset in range(3)
    )
    moved: Array = before * previous + (1 - before - after) * same + after * following
    return moved


def softmax(logits: Array) -> Array:
    """[N, classes] -> probabilities."""
    exponentials: Array = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
    return shares


def cross_entropy(logits: Array, targets: Array) -> Array:
    """For a softmax over [N, classes] logits and one-hot (or smoothed) targets."""
    return (softmax(logits) - targets) / np.float32(len(logits))


def squared_error(outputs: Array, targets: Array) -> Array:
    """For regression: outputs and targets are [N, values]."""
    return (outputs - targets) * np.float32(2 / outputs.size)


def train(network: Network, inputs: Array, targets: Array, loss: Loss, plan: Plan, augment: Augment = keep) -> None:
    """Changes the network's parameters in place."""
    rng = np.random.default_rng(plan.seed)
    steps_per_epoch = len(inputs) // plan.batch
    steps = plan.epochs * steps_per_epoch
    step = 0
    for _ in range(plan.epochs):
        order = rng.permutation(len(inputs))
        for start in range(0, steps_per_epoch * plan.batch, plan.batch):
            chosen = order[start : start + plan.batch]
            outputs = network.forward(augment(inputs[chosen], rng))
            network.backward(loss(outputs, targets[chosen]))
            rate = plan.rate * 0.5 * (1 + math.cos(math.pi * step / steps))
            step += 1
            for parameter in network.parameters():
                adam(parameter, rate, plan.decay, step)


def adam(parameter: Parameter, rate: float, decay: float, step: int) -> None:
    """One update of one parameter; `step` counts from 1."""
    gradient = parameter.gradient
    parameter.mean = _mix(MEAN_DECAY, parameter.mean, gradient)
    parameter.square = _mix(SQUARE_DECAY, parameter.square, gradient * gradient)
    mean = parameter.mean / np.float32(1 - MEAN_DECAY**step)
    root = np.sqrt(parameter.square / np.float32(1 - SQUARE_DECAY**step))
    change = mean / (root + np.float32(EPSILON)) + np.float32(decay) * parameter.value
    parameter.value = parameter.value - np.float32(rate) * change


def _mix(share: float, old: Array, new: Array) -> Array:
    return np.float32(share) * old + np.float32(1 - share) * new
