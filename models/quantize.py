"""Post-training quantization: a float network and calibration inputs -> a full-integer int8 Model for the writer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from layers import Array, AveragePool, Conv2D, Dense, DepthwiseConv2D, Flatten, Layer, Network, Residual
from tflite.ActivationFunctionType import ActivationFunctionType
from tflite.Padding import Padding
from tflite_writer import Model, Operator, Quantization, Tensor

INT8_MIN, INT8_MAX = -128, 127
WEIGHT_MAX = 127  # weights are symmetric and never -128, as TFLite demands
INT32_MAX = 2**31 - 1
SOFTMAX_OUTPUT = Quantization((1 / 256,), INT8_MIN)  # fixed by TFLite

RELU = ActivationFunctionType.RELU
NONE = ActivationFunctionType.NONE
SAME = Padding.SAME
VALID = Padding.VALID


def activation_quantization(low: float, high: float) -> Quantization:
    """Spreads int8 over [low, high], widened to hold 0, so that 0 is exact.

    A range of nothing but 0 gets scale 1.
    """
    low, high = min(low, 0.0), max(high, 0.0)
    scale = float(np.float32((high - low) / (INT8_MAX - INT8_MIN))) or 1.0
    zero_point = round(INT8_MIN - low / scale)
    return Quantization((scale,), max(INT8_MIN, min(INT8_MAX, zero_point)))


def weight_quantization(weights: Array, axis: int | None) -> Quantization:
    """Symmetric scales, one per channel along `axis`, or one for all if it is None; a channel of zeros gets scale 1."""
    if axis is None:
        largest = np.abs(weights).max(keepdims=True).reshape(1)
    else:
        largest = np.moveaxis(np.abs(weights), axis, 0).reshape(weights.shape[axis], -1).max(axis=1)
    scales = (largest.astype(np.float64) / WEIGHT_MAX).astype(np.float32)
    return Quantization(tuple(float(scale) or 1.0 for scale in scales), 0, axis or 0)


def quantize(values: npt.NDArray[np.floating], quantization: Quantization, low: int = INT8_MIN) -> npt.NDArray[np.int8]:
    """Real values -> int8, rounded to the nearest (ties away from 0) and clamped to [low, 127]."""
    shape = [1] * values.ndim
    if len(quantization.scale) > 1:
        shape[quantization.axis] = len(quantization.scale)
    scaled = values.astype(np.float64) / quantization.scales.astype(np.float64).reshape(shape)
    integers = round_half_away(scaled) + quantization.zero_point
    return np.clip(integers, low, INT8_MAX).astype(np.int8)


def quantize_bias(
    bias: Array, inputs: Quantization, weights: Quantization
) -> tuple[npt.NDArray[np.int32], Quantization]:
    """The int32 bias in units of the accumulator, input scale * weight scale for each channel, and these scales."""
    scales = np.float32(inputs.scale[0]) * weights.scales
    integers = round_half_away(bias.astype(np.float64) / scales.astype(np.float64))
    clipped = np.clip(integers, -INT32_MAX, INT32_MAX).astype(np.int32)
    return clipped, Quantization(tuple(float(scale) for scale in scales))


def round_half_away(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """To the nearest integer, halves away from 0, as C's round."""
    return np.trunc(values + np.copysign(0.5, values))


class Converter:
    """Walks a float network once, with the calibration inputs beside it, and collects tensors and operators."""

    def __init__(self) -> None:
        self.tensors: list[Tensor] = []
        self.operators: list[Operator] = []

    def add_tensor(self, tensor: Tensor) -> int:
        """The index of the new tensor."""
        assert all(tensor.name != other.name for other in self.tensors), tensor.name
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def add_operator(
        self, kind: str, inputs: tuple[int, ...], output: Tensor, options: Mapping[str, Any] | None = None
    ) -> int:
        """The index of the tensor that the new operator writes."""
        index = self.add_tensor(output)
        self.operators.append(Operator(kind, inputs, (index,), options or {}))
        return index

    def add_layer(self, name: str, layer: Layer, values: Array, tensor: int) -> tuple[Array, int]:
        """Appends one layer that reads `tensor`, whose float values are `values`; returns its output likewise."""
        if isinstance(layer, Network):
            for number, inner in enumerate(layer.layers, start=1):
                values, tensor = self.add_layer(f"{name}_{number}", inner, values, tensor)
            return values, tensor
        if isinstance(layer, Residual):
            return self._residual(name, layer, values, tensor)
        output = layer.forward(values)
        if isinstance(layer, Conv2D | DepthwiseConv2D):
            return output, self._windowed(name, layer, output, tensor)
        if isinstance(layer, Dense):
            return output, self._dense(name, layer, output, tensor)
        if isinstance(layer, AveragePool):
            return output, self._average_pool(name, layer, output, tensor)
        if isinstance(layer, Flatten):
            return output, self._flatten(name, output, tensor)
        raise TypeError(f"no conversion for the layer {type(layer).__name__}")

    def softmax(self, name: str, tensor: int) -> int:
        """Appends a SOFTMAX of [1, classes]."""
        output = Tensor(name, self.tensors[tensor].shape, "int8", SOFTMAX_OUTPUT)
        return self.add_operator("SOFTMAX", (tensor,), output, {"Beta": 1.0})

    def _activation(self, name: str, values: Array) -> Tensor:
        quantization = activation_quantization(float(values.min()), float(values.max()))
        return Tensor(name, (1, *values.shape[1:]), "int8", quantization)

    def _constants(self, name: str, weights: Array, bias: Array, axis: int | None, tensor: int) -> tuple[int, int]:
        """Adds the quantized weights and bias of a layer that reads `tensor`."""
        inputs = self.tensors[tensor].quantization
        assert inputs is not None
        scales = weight_quantization(weights, axis)
        integers = quantize(weights, scales, low=-WEIGHT_MAX)
        bias_integers, bias_scales = quantize_bias(bias, inputs, scales)
        return (
            self.add_tensor(Tensor(f"{name}/weights", integers.shape, "int8", scales, integers)),
            self.add_tensor(Tensor(f"{name}/bias", bias_integers.shape, "int32", bias_scales, bias_integers)),
        )

    def _windowed(self, name: str, layer: Conv2D | DepthwiseConv2D, output: Array, tensor: int) -> int:
        depthwise = isinstance(layer, DepthwiseConv2D)
        constants = self._constants(name, layer.filter.value, layer.bias.value, 3 if depthwise else 0, tensor)
        options = {
            "Padding": SAME,
            "StrideW": layer.window.stride,
            "StrideH": layer.window.stride,
            "FusedActivationFunction": RELU if layer.relu else NONE,
        }
        if depthwise:
            options["DepthMultiplier"] = 1
        kind = "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D"
        return self.add_operator(kind, (tensor, *constants), self._activation(name, output), options)

    def _dense(self, name: str, layer: Dense, output: Array, tensor: int) -> int:
        constants = self._constants(name, layer.weights.value, layer.bias.value, None, tensor)
        options = {"FusedActivationFunction": RELU if layer.relu else NONE}
        return self.add_operator("FULLY_CONNECTED", (tensor, *constants), self._activation(name, output), options)

    def _residual(self, name: str, layer: Residual, values: Array, tensor: int) -> tuple[Array, int]:
        _, body = self.add_layer(name, layer.body, values, tensor)
        output = layer.forward(values)
        options = {"FusedActivationFunction": RELU}
        return output, self.add_operator("ADD", (tensor, body), self._activation(f"{name}_add", output), options)

    def _average_pool(self, name: str, layer: AveragePool, output: Array, tensor: int) -> int:
        """TFLite demands the same quantization before and after."""
        sides = dict.fromkeys(("StrideW", "StrideH", "FilterWidth", "FilterHeight"), layer.size)
        pooled = Tensor(name, (1, *output.shape[1:]), "int8", self.tensors[tensor].quantization)
        return self.add_operator("AVERAGE_POOL_2D", (tensor,), pooled, {"Padding": VALID, **sides})

    def _flatten(self, name: str, output: Array, tensor: int) -> int:
        shape = (1, *output.shape[1:])
        wanted = Tensor(f"{name}/shape", (len(shape),), "int32", None, np.asarray(shape, np.int32))
        flat = Tensor(name, shape, "int8", self.tensors[tensor].quantization)
        return self.add_operator("RESHAPE", (tensor, self.add_tensor(wanted)), flat, {"NewShape": shape})


def convert(network: Network, calibration: Array, description: str, *, softmax: bool, float_io: bool = False) -> Model:
    """The int8 model of a trained network.

    calibration: float inputs [N, ...] whose activations' ranges decide the scales.
    softmax: end in SOFTMAX. float_io: float32 in and out, with QUANTIZE and DEQUANTIZE at the edges.
    """
    converter = Converter()
    inner = activation_quantization(float(calibration.min()), float(calibration.max()))
    shape = (1, *calibration.shape[1:])
    if float_io:
        first = converter.add_tensor(Tensor("input", shape, "float32"))
        tensor = converter.add_operator("QUANTIZE", (first,), Tensor("input_int8", shape, "int8", inner))
    else:
        first = tensor = converter.add_tensor(Tensor("input", shape, "int8", inner))
    _, tensor = converter.add_layer("layer", network, calibration, tensor)
    if softmax:
        tensor = converter.softmax("probabilities", tensor)
    if float_io:
        output = Tensor("output", converter.tensors[tensor].shape, "float32")
        tensor = converter.add_operator("DEQUANTIZE", (tensor,), output)
    return Model(description, tuple(converter.tensors), tuple(converter.operators), (first,), (tensor,))
