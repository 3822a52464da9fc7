"""Chains of int8 -> int8 tables become one table, a clamp moves into the op before it, and a table of nothing goes."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from tinygen.ir.dtype import DType
from tinygen.ir.graph import Graph
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.add import Add
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.elementwise_binary import ElementwiseBinary
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.op import Op
from tinygen.ops.pool_2d import Pool2D
from tinygen.ops.table import Table
from tinygen.ops.table_op import TableOp
from tinygen.passes.fold_constants import substitute
from tinygen.passes.readers import given_to, wanted_from
from tinygen.quant import Int64s, activation_range

Clamping = Conv2D | DepthwiseConv2D | FullyConnected | Add | Pool2D
"""Ops whose last step is a clamp that an activation names."""
ACTIVATIONS = ("NONE", "RELU", "RELU6", "RELU_N1_TO_1")
EVERY = np.arange(-128, 128)
"""Every int8, as the index of a table counts them."""


def fuse_tables(graph: Graph, rounding: Rounding) -> Graph:
    """Every fused table is evaluated by the ops' own definitions, so it is exact for `rounding`."""
    fusion = _Fusion(graph, rounding)
    for op in graph.ops:
        fusion.add(op)
    ops = tuple(fusion.kept)
    return graph if ops == graph.ops else replace(graph, ops=ops)


class _Fusion:
    """Takes ops in order and keeps those of the new graph."""

    def __init__(self, graph: Graph, rounding: Rounding) -> None:
        self.rounding = rounding
        self.kept: dict[Op, None] = {}
        self.maker: dict[Tensor, Op] = {}
        """The kept op that makes a tensor."""
        self.same: dict[Tensor, Tensor] = {}
        """What to read instead of the output of an op that is gone."""
        self.ports = {*given_to(graph), *wanted_from(graph)}
        self.reads: dict[Tensor, int] = {}
        for op in graph.ops:
            for tensor in op.inputs:
                self.reads[tensor] = self.reads.get(tensor, 0) + 1
        self._answers: dict[tuple[object, ...], Int64s] = {}

    def add(self, original: Op) -> None:
        op = as_table(substitute(original, self.same), self.rounding)
        if not isinstance(op, TableOp) or not op.is_table:
            self.keep(op)
            return
        table = self.answers(op)
        maker = self.private_maker(op.input)
        if isinstance(maker, TableOp) and maker.is_table and not self.is_needless(op, table):
            del self.kept[maker]
            table = table[self.answers(maker) + 128]
            op = Table(op.index, maker.input, op.output, tuple(table.tolist()))
            maker = self.private_maker(op.input)
        if self.is_needless(op, table):
            self.same[op.output] = op.input
            self.reads[op.input] += self.reads.get(op.output, 0) - 1
            return
        clamped = _with_clamp(maker, op, table)
        if clamped is not None and maker is not None:
            del self.kept[maker]
        self.keep(clamped or op)

    def keep(self, op: Op) -> None:
        self.kept[op] = None
        for tensor in op.outputs:
            self.maker[tensor] = op

    def private_maker(self, tensor: Tensor) -> Op | None:
        """The op that makes the tensor, if nobody would miss it but its one reader."""
        return self.maker.get(tensor) if self.reads[tensor] == 1 and tensor not in self.ports else None

    def is_needless(self, op: TableOp, table: Int64s) -> bool:
        """The op copies, and its readers can read its input instead."""
        same_scale = op.input.quantization == op.output.quantization
        return same_scale and op.output not in self.ports and np.array_equal(table, EVERY)

    def answers(self, op: TableOp) -> Int64s:
        """The op's table; ops that differ in nothing but their place share it."""
        key: tuple[object, ...] = (type(op), op.input.quantization, op.output.quantization)
        for field in fields(op):
            value = getattr(op, field.name)
            if field.name != "index" and not isinstance(value, Tensor):
                key += (value,)
        if key not in self._answers:
            self._answers[key] = op.answers(EVERY, self.rounding)
        return self._answers[key]


def as_table(op: Op, rounding: Rounding) -> Op:
    """A binary op of int8 and a constant number is a function of one int8; any other op stays as it is."""
    if not isinstance(op, ElementwiseBinary) or len(op.activations) != 1 or op.activations[0].shape != op.output.shape:
        return op
    if any(tensor.dtype is not DType.INT8 for tensor in (*op.inputs, op.output)):
        return op
    operand = op.activations[0]
    number = op.input2 if operand is op.input1 else op.input1
    if np.unique(number.value).size != 1:
        return op
    # the op itself, over every int8 at once
    every = replace(operand, shape=(256,))
    one = replace(number, shape=(1,), data=number.value.reshape(-1)[:1])
    small = replace(
        op,
        input1=every if operand is op.input1 else one,
        input2=one if operand is op.input1 else every,
        output=replace(op.output, shape=(256,)),
    )
    values = [tensor.data if tensor.data is not None else EVERY.astype(np.int8) for tensor in small.inputs]
    (table,) = small.evaluate(values, rounding)
    return Table(op.index, operand, op.output, tuple(int(answer) for answer in table))


def _with_clamp(maker: Op | None, op: TableOp, table: Int64s) -> Op | None:
    """The maker with an activation that does what the table does after it, if there is one."""
    if not isinstance(maker, Clamping) or op.input.quantization != op.output.quantization:
        return None
    wanted = table[np.clip(EVERY, *maker.clamp) + 128]
    for activation in ACTIVATIONS:
        if np.array_equal(np.clip(EVERY, *activation_range(activation, op.output, op.output.dtype.limits)), wanted):
            return replace(maker, output=op.output, activation=activation)
    return None
