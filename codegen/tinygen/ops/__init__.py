"""The operators that tinygen compiles, one file each; this tuple is the only list of them."""

from __future__ import annotations

from tinygen.ops.add import Add
from tinygen.ops.average_pool_2d import AveragePool2D
from tinygen.ops.concatenation import Concatenation
from tinygen.ops.conv_2d import Conv2D
from tinygen.ops.depthwise_conv_2d import DepthwiseConv2D
from tinygen.ops.dequantize import Dequantize
from tinygen.ops.fully_connected import FullyConnected
from tinygen.ops.logistic import Logistic
from tinygen.ops.max_pool_2d import MaxPool2D
from tinygen.ops.mean import Mean
from tinygen.ops.op import Op
from tinygen.ops.pad import Pad
from tinygen.ops.quantize import Quantize
from tinygen.ops.relu import Relu
from tinygen.ops.relu6 import Relu6
from tinygen.ops.reshape import Reshape
from tinygen.ops.softmax import Softmax

OPS: tuple[type[Op], ...] = (
    Add,
    AveragePool2D,
    Concatenation,
    Conv2D,
    DepthwiseConv2D,
    Dequantize,
    FullyConnected,
    Logistic,
    MaxPool2D,
    Mean,
    Pad,
    Quantize,
    Relu,
    Relu6,
    Reshape,
    Softmax,
)

OP_BY_KIND: dict[str, type[Op]] = {op.KIND: op for op in OPS}
