"""What operators share that multiply by weights and add a bias: their operands, and the arithmetic of each type."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from tinygen.ir.dtype import Array, DType
from tinygen.ir.program import Constant, Field, KernelCall
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.float_range import RANGES, clamp_floats, matrix_product, with_bias
from tinygen.ops.hybrid import hybrid_fields, hybrid_sums
from tinygen.ops.node import Node
from tinygen.ops.op import Op
from tinygen.ops.requantization import Requantization, float_matmul, folded_bias, requantization_of
from tinygen.ops.rule import Rule, dtype_is, is_constant, is_per_tensor
from tinygen.ops.wide import FACTOR_IS_SMALL, is_narrow, stored_sums, sum_requantization, zero_points_are_zero
from tinygen.quant import activation_range, quantize_multiplier, wrap_int32

OPERANDS_ARE_CONSTANT = (is_constant("weights"), is_constant("bias"))


def types_are(input_: DType, weights: Sequence[DType], bias: Sequence[DType]) -> tuple[Rule, ...]:
    """The output is of the input's type."""
    return (
        dtype_is("input", input_),
        dtype_is("weights", *weights),
        dtype_is("bias", *bias),
        dtype_is("output", input_),
    )


def _narrow_bias_is_late(op: Any) -> str:
    late = is_narrow(op.bias) and not op.bias.is_constant
    return f"{op.bias} is computed at run time" if late else ""


def _int4_is_late(op: Any) -> str:
    late = op.weights.dtype is DType.INT4 and not op.weights.is_constant
    return f"{op.weights} is computed at run time" if late else ""


INT4_IS_CONSTANT = Rule("weights of int4 are constants", _int4_is_late)
NARROW_BIAS_IS_CONSTANT = Rule("a bias of int32 is a constant", _narrow_bias_is_late)


def product(a: Any, b: Any) -> Any:
    """[m, k] times [k, n]: exact for integers, of float32 in TFLite's order."""
    return matrix_product(a, b) if a.dtype == np.float32 else float_matmul(a, b)


@dataclass(frozen=True, eq=False)
class Linear(Op):
    """output = activation(sums of input * weights + bias), with a bias for each of the filters."""

    input: Tensor
    weights: Tensor
    bias: Tensor | None
    """[filters]"""
    output: Tensor
    activation: str

    INPUT: ClassVar[int] = 0
    """The input's place among the operator's."""

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return (self.input, self.weights) if self.bias is None else (self.input, self.weights, self.bias)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return (self.output,)

    @property
    @abstractmethod
    def filters(self) -> int:
        """Output channels."""

    @property
    def depth(self) -> int:
        """Weights per filter."""
        return self.weights.elements // self.filters

    @property
    def macs(self) -> int:
        return self.output.elements * self.depth

    @property
    def clamp(self) -> tuple[int, int]:
        return activation_range(self.activation, self.output, self.output.dtype.limits)

    @cached_property
    def has_late_operands(self) -> bool:
        """The weights or the bias are computed at run time."""
        return any(not tensor.is_constant for tensor in self.inputs[1:])

    @cached_property
    def is_divisible(self) -> bool:
        # weights that lie in RAM are taken as a whole
        return (self.BY_ROWS or self.accumulates) and self.activations == (self.input,)

    @abstractmethod
    def sums(self, image: Array, weights: Array) -> Any:
        """[..., filters] of an image whose zeros are 0: exact in int64, or float32 in TFLite's order."""

    def bank(self, weights: Array) -> Array:
        """[filters, depth]"""
        return weights.reshape(self.filters, -1)

    def bias_operand(self, dtype: DType) -> Tensor:
        """The bias in the type that kernels take, zeros if there is none."""
        if self.bias is None:
            return Tensor("zeros", (self.filters,), dtype, data=np.zeros(self.filters, dtype.numpy))
        if self.bias.data is None or self.bias.dtype is dtype:
            return self.bias
        return replace(self.bias, dtype=dtype, data=self.bias.data.astype(dtype.numpy))


@dataclass(frozen=True, eq=False)
class LinearF32(Linear):
    """Products and sums in float32, in TFLite's order, so with its bits."""

    TYPES: ClassVar[tuple[Rule, ...]] = types_are(DType.FLOAT32, [DType.FLOAT32], [DType.FLOAT32])

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(cls.INPUT).dtype is DType.FLOAT32 and node.input(1).dtype is DType.FLOAT32

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        with np.errstate(all="ignore"):
            sums = self.sums(values[0].astype(np.float32), values[1].astype(np.float32))
        biased = with_bias(sums, values[2] if self.bias is not None else None)
        return (clamp_floats(biased, self.activation).reshape(self.output.shape),)

    def float_call(self, kernel: str, fields: dict[str, Field], whole: bool = False) -> tuple[KernelCall, ...]:
        """The weights and the bias are operands, wherever they are."""
        low, high = RANGES[self.activation]
        operands = (self.input, self.weights, self.bias_operand(DType.FLOAT32))
        params = fields | {"output_min": low, "output_max": high}
        return (KernelCall(kernel, params, operands, self.output, whole=whole),)


@dataclass(frozen=True, eq=False)
class LinearHybrid(Linear):
    """Floats with int8 weights: parts of the input are quantized to int8 on the fly."""

    TYPES: ClassVar[tuple[Rule, ...]] = types_are(DType.FLOAT32, [DType.INT8, DType.INT4], [DType.FLOAT32])

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(cls.INPUT).dtype is DType.FLOAT32 and not node.input(1).dtype.is_float

    @property
    @abstractmethod
    def is_symmetric(self) -> bool:
        """No part has a zero point."""

    @property
    @abstractmethod
    def parts(self) -> int:
        """Equal parts of the input that have a scale each."""

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        weights = values[1].astype(np.int64)
        sums = hybrid_sums(
            np.split(values[0].astype(np.float32).reshape(-1), self.parts),
            lambda part: self.sums(part, weights),
            self.weights.params.scales,
            self.is_symmetric,
        )
        biased = with_bias(sums, values[2] if self.bias is not None else None)
        return (clamp_floats(biased, self.activation).reshape(self.output.shape),)

    def weight_fields(self) -> dict[str, Field]:
        """The first members of the kernels' params."""
        return hybrid_fields(self.bank(self.weights.value), self.weights, self.bias, self.is_symmetric)


@dataclass(frozen=True, eq=False)
class LinearInteger(Linear):
    """Sums that come onto the output's scale by a multiplier and a shift per filter."""

    BIAS: ClassVar[DType]
    """The type of a bias that kernels take."""

    @abstractmethod
    def requantization(self, rounding: Rounding) -> Requantization:
        """How the sums come onto the output's scale."""

    def biased(self, values: Sequence[Array]) -> Any:
        """The sums of the values with the bias, exact."""
        image = values[0].astype(np.int64) - self.input.zero_point
        acc = self.sums(image, values[1].astype(np.int64) - self.weights.zero_point)
        return acc if self.bias is None else acc + values[2].astype(np.int64).reshape(-1)

    @property
    def known_weights(self) -> Array | None:
        """As [filters, depth], unless they or the bias come at run time."""
        return None if self.has_late_operands else self.bank(self.weights.value)

    @property
    def stored_bias(self) -> Array:
        """The constant bias as kernels take it."""
        return self.bias_operand(self.BIAS).value

    def weight_fields(self, rounding: Rounding, weights: Array | None) -> dict[str, Field]:
        """The first members of the kernels' params; null pointers if operands come at run time, and no weights here."""
        requantization = self.requantization(rounding)
        return {
            "weights": 0 if weights is None else Constant.of(weights),
            "bias": 0 if weights is None else Constant.of(self.stored_bias),
            "requant": requantization.constant,
            "requant_step": requantization.step,
        }

    def call(
        self, kernel: str, late_kernel: str, params: Mapping[str, Field], whole: bool = False, scratch: bool = False
    ) -> tuple[KernelCall, ...]:
        """late_kernel: the one that takes weights and bias as operands."""
        late = (self.weights, self.bias_operand(self.BIAS)) if self.has_late_operands else ()
        name = late_kernel if late else kernel
        return (KernelCall(name, params, (self.input, *late), self.output, whole=whole, scratch=scratch),)


@dataclass(frozen=True, eq=False)
class LinearS8(LinearInteger):
    """int8 with sums of 32 bits, which wrap."""

    BIAS = DType.INT32
    TYPES: ClassVar[tuple[Rule, ...]] = types_are(DType.INT8, [DType.INT8, DType.INT4], [DType.INT32])
    NO_INT4: ClassVar[tuple[Rule, ...]] = types_are(DType.INT8, [DType.INT8], [DType.INT32])
    """Where weights need not be constants, or are older than int4."""

    @classmethod
    def takes(cls, node: Node) -> bool:
        """Of a form for operands that come at run time, which is all that has to be told apart."""
        is_late = any(tensor is not None and not tensor.is_constant for tensor in node.inputs[1:3])
        return node.input(cls.INPUT).dtype is DType.INT8 and is_late

    def requantization(self, rounding: Rounding) -> Requantization:
        return requantization_of(self.input, self.weights, self.output, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        acc = wrap_int32(self.biased(values))
        stored = self.requantization(rounding).apply(acc, self.output.zero_point, self.clamp, rounding)
        return (stored.reshape(self.output.shape).astype(np.int8),)

    @property
    def stored_bias(self) -> Array:
        return self.bias_folded

    @cached_property
    def bias_folded(self) -> Array:
        centred = self.bank(self.weights.value).astype(np.int64) - self.weights.zero_point
        return folded_bias(self.bias, centred.sum(axis=1), self.input.zero_point)

    @property
    def output_fields(self) -> dict[str, Field]:
        """The last members of the kernels' params."""
        low, high = self.clamp
        return {"output_zero_point": self.output.zero_point, "output_min": low, "output_max": high}


@dataclass(frozen=True, eq=False)
class LinearU8(LinearS8):
    """Of legacy uint8 models, held as int8: weights have a zero point, factors are those of uint8."""

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.flag("legacy_uint8")

    def requantization(self, rounding: Rounding) -> Requantization:
        """TFLite multiplies the scales of input and weights in float32: GetQuantizedConvolutionMultipler."""
        scale = float(np.float32(self.input.scale) * np.float32(self.weights.scale))
        multiplier, shift = quantize_multiplier(scale / self.output.scale, rounding)
        return Requantization((multiplier,), (shift,))


@dataclass(frozen=True, eq=False)
class LinearS16(LinearInteger):
    """int16 activations and int8 weights: sums of 64 bits, or of 32 like the bias."""

    BIAS = DType.INT64
    TYPES: ClassVar[tuple[Rule, ...]] = types_are(DType.INT16, [DType.INT8], [DType.INT64, DType.INT32])
    WITH_INT4: ClassVar[tuple[Rule, ...]] = (
        *types_are(DType.INT16, [DType.INT8, DType.INT4], [DType.INT64, DType.INT32]),
        INT4_IS_CONSTANT,
    )
    SCALES: ClassVar[tuple[Rule, ...]] = (
        is_per_tensor("input", "output"),
        zero_points_are_zero("input", "weights", "output"),
        FACTOR_IS_SMALL,
    )

    @classmethod
    def takes(cls, node: Node) -> bool:
        return node.input(cls.INPUT).dtype is DType.INT16

    def requantization(self, rounding: Rounding) -> Requantization:
        return sum_requantization(self.input, self.weights, self.bias, self.output, rounding)

    def evaluate(self, values: Sequence[Array], rounding: Rounding) -> tuple[Array, ...]:
        stored = stored_sums(self.biased(values), self.requantization(rounding), self.bias, self.clamp, rounding)
        return (stored.reshape(self.output.shape),)

    @property
    def narrow(self) -> int:
        return int(is_narrow(self.bias))

    @property
    def output_fields(self) -> dict[str, Field]:
        """The last members of the kernels' params."""
        low, high = self.clamp
        return {"output_min": low, "output_max": high}
