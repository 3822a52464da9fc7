"""The float layers that the models are made of, in plain numpy: each knows its output and its gradients."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


class Parameter:
    """A trained array, its gradient for the last batch, and Adam's two moments."""

    def __init__(self, value: npt.NDArray[np.floating]) -> None:
        self.value: Array = value.astype(np.float32)
        self.gradient: Array = np.zeros_like(self.value)
        self.mean: Array = np.zeros_like(self.value)
        self.square: Array = np.zeros_like(self.value)


class Layer(Protocol):
    """What the training loop needs of a layer; batches come first in every shape."""

    def parameters(self) -> list[Parameter]:
        """Everything that is trained, in a fixed order."""

    def forward(self, inputs: Array) -> Array:
        """The layer's output; remembers what `backward` will need."""

    def backward(self, gradient: Array) -> Array:
        """Sets the parameters' gradients from the loss's gradient in the output, and returns that in the input."""


def _he(rng: np.random.Generator, shape: tuple[int, ...], inputs: int) -> Parameter:
    """Normal weights with the variance that keeps a ReLU network's activations from growing or dying."""
    return Parameter(rng.standard_normal(shape) * math.sqrt(2.0 / inputs))


@dataclass(frozen=True)
class Window:
    """A square kernel sliding with SAME padding, as TFLite places it: the odd pixel of padding goes after."""

    size: int  # pixels on a side
    stride: int  # pixels from one output to the next

    def padding(self, pixels: int) -> tuple[int, int]:
        """Pixels to add before and after a dimension of `pixels`."""
        total = max((self.outputs(pixels) - 1) * self.stride + self.size - pixels, 0)
        return total // 2, total - total // 2

    def outputs(self, pixels: int) -> int:
        """Output pixels along a dimension of `pixels`."""
        return -(-pixels // self.stride)

    def taps(self, height: int, width: int) -> Iterator[tuple[int, int, tuple[slice, ...]]]:
        """Each (row, column) of the kernel with the part of the padded [N,H,W,C] input that it is multiplied with."""
        rows = (self.outputs(height) - 1) * self.stride + 1
        columns = (self.outputs(width) - 1) * self.stride + 1
        for y in range(self.size):
            for x in range(self.size):
                part = (slice(None), slice(y, y + rows, self.stride), slice(x, x + columns, self.stride))
                yield y, x, part


class _Windowed:
    """What Conv2D and DepthwiseConv2D share: they differ only in what one tap of the kernel does."""

    filter: Parameter
    bias: Parameter

    def __init__(self, window: Window, relu: bool) -> None:
        self.window = window
        self.relu = relu
        self._padded: Array = np.zeros(0, np.float32)
        self._shape: tuple[int, ...] = ()
        self._output: Array = np.zeros(0, np.float32)

    def parameters(self) -> list[Parameter]:
        return [self.filter, self.bias]

    def forward(self, inputs: Array) -> Array:
        """[N,H,W,C] -> [N,H/stride,W/stride,filters]."""
        _, height, width, _ = self._shape = inputs.shape
        margins = ((0, 0), self.window.padding(height), self.window.padding(width), (0, 0))
        self._padded = np.pad(inputs, margins)
        output: Array | None = None
        for y, x, part in self.window.taps(height, width):
            tap = self._tap(self._padded[part], y, x)
            output = tap if output is None else output + tap
        assert output is not None
        output = output + self.bias.value
        self._output = np.maximum(output, np.float32(0)) if self.relu else output
        return self._output

    def backward(self, gradient: Array) -> Array:
        if self.relu:
            gradient = gradient * (self._output > 0)
        self.bias.gradient = gradient.sum(axis=(0, 1, 2))
        _, height, width, _ = self._shape
        inputs = np.zeros_like(self._padded)
        for y, x, part in self.window.taps(height, width):
            inputs[part] += self._tap_back(gradient, self._padded[part], y, x)
        top, left = self.window.padding(height)[0], self.window.padding(width)[0]
        return inputs[:, top : top + height, left : left + width]

    def _tap(self, part: Array, y: int, x: int) -> Array:
        raise NotImplementedError

    def _tap_back(self, gradient: Array, part: Array, y: int, x: int) -> Array:
        raise NotImplementedError


class Conv2D(_Windowed):
    """A convolution with SAME padding; the filter is [outputs, size, size, inputs], as in TFLite."""

    def __init__(
        self, rng: np.random.Generator, inputs: int, outputs: int, size: int = 1, stride: int = 1, relu: bool = True
    ) -> None:
        super().__init__(Window(size, stride), relu)
        self.filter = _he(rng, (outputs, size, size, inputs), inputs * size * size)
        self.bias = Parameter(np.zeros(outputs))

    def _tap(self, part: Array, y: int, x: int) -> Array:
        product: Array = part @ self.filter.value[:, y, x].T
        return product

    def _tap_back(self, gradient: Array, part: Array, y: int, x: int) -> Array:
        self.filter.gradient[:, y, x] = np.tensordot(gradient, part, axes=((0, 1, 2), (0, 1, 2)))
        back: Array = gradient @ self.filter.value[:, y, x]
        return back


class DepthwiseConv2D(_Windowed):
    """One kernel per channel, SAME padding; the filter is [1, size, size, channels], as in TFLite."""

    def __init__(
        self, rng: np.random.Generator, channels: int, size: int = 3, stride: int = 1, relu: bool = True
    ) -> None:
        super().__init__(Window(size, stride), relu)
        self.filter = _he(rng, (1, size, size, channels), size * size)
        self.bias = Parameter(np.zeros(channels))

    def _tap(self, part: Array, y: int, x: int) -> Array:
        product: Array = part * self.filter.value[0, y, x]
        return product

    def _tap_back(self, gradient: Array, part: Array, y: int, x: int) -> Array:
        self.filter.gradient[0, y, x] = (gradient * part).sum(axis=(0, 1, 2))
        back: Array = gradient * self.filter.value[0, y, x]
        return back


class Dense:
    """A fully connected layer [N, inputs] -> [N, outputs]; the weights are [outputs, inputs], as in TFLite."""

    def __init__(self, rng: np.random.Generator, inputs: int, outputs: int, relu: bool = False) -> None:
        self.weights = _he(rng, (outputs, inputs), inputs)
        self.bias = Parameter(np.zeros(outputs))
        self.relu = relu
        self._inputs: Array = np.zeros(0, np.float32)
        self._output: Array = np.zeros(0, np.float32)

    def parameters(self) -> list[Parameter]:
        return [self.weights, self.bias]

    def forward(self, inputs: Array) -> Array:
        self._inputs = inputs
        output = inputs @ self.weights.value.T + self.bias.value
        self._output = np.maximum(output, np.float32(0)) if self.relu else output
        return self._output

    def backward(self, gradient: Array) -> Array:
        if self.relu:
            gradient = gradient * (self._output > 0)
        self.bias.gradient = gradient.sum(axis=0)
        self.weights.gradient = gradient.T @ self._inputs
        back: Array = gradient @ self.weights.value
        return back


class AveragePool:
    """[N,H,W,C] -> [N,H/size,W/size,C], the means of squares that do not overlap; `size` divides H and W."""

    def __init__(self, size: int) -> None:
        self.size = size

    def parameters(self) -> list[Parameter]:
        return []

    def forward(self, inputs: Array) -> Array:
        batch, height, width, channels = inputs.shape
        squares = inputs.reshape(batch, height // self.size, self.size, width // self.size, self.size, channels)
        means: Array = squares.mean(axis=(2, 4))
        return means

    def backward(self, gradient: Array) -> Array:
        each = gradient / np.float32(self.size * self.size)
        return each.repeat(self.size, axis=1).repeat(self.size, axis=2)


class Flatten:
    """[N, ...] -> [N, the product of the rest]."""

    def __init__(self) -> None:
        self._shape: tuple[int, ...] = ()

    def parameters(self) -> list[Parameter]:
        return []

    def forward(self, inputs: Array) -> Array:
        self._shape = inputs.shape
        return inputs.reshape(len(inputs), -1)

    def backward(self, gradient: Array) -> Array:
        return gradient.reshape(self._shape)


class Network:
    """Layers one after another."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)

    def parameters(self) -> list[Parameter]:
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def forward(self, inputs: Array) -> Array:
        for layer in self.layers:
            inputs = layer.forward(inputs)
        return inputs

    def backward(self, gradient: Array) -> Array:
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        return gradient


class Residual:
    """relu(x + body(x)); the body keeps the shape."""

    def __init__(self, body: Network) -> None:
        self.body = body
        self._output: Array = np.zeros(0, np.float32)

    def parameters(self) -> list[Parameter]:
        return self.body.parameters()

    def forward(self, inputs: Array) -> Array:
        self._output = np.maximum(inputs + self.body.forward(inputs), np.float32(0))
        return self._output

    def backward(self, gradient: Array) -> Array:
        gradient = gradient * (self._output > 0)
        return gradient + self.body.backward(gradient)
