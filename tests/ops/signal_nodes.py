"""Makes TFLite Micro's own custom operators, and runs sequences of inferences of them in its interpreter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from kernels.bench import Benches, same
from ops.huffman_codes import codes_of, encoded, linked_tables
from ops.nodes import chance, model_bytes, node, op_of, tensor
from ops.witness import ARENA_BYTES
from tinygen.ir.dtype import Array, DType
from tinygen.ir.target import Rounding
from tinygen.ir.tensor import Tensor
from tinygen.ops.node import Node
from tinygen.ops.op import Op

Shape = tuple[int, ...]
Inference = Sequence[Array]
"""The inputs of one, or the outputs."""


def window(shape: Shape = (1, 30), length: int = 30, shift: int = 12) -> Node:
    weights = chance("window", length).integers(-32768, 32768, length)
    return node(
        "SignalWindow",
        [tensor("input", shape, dtype=DType.INT16), tensor("weights", (length,), dtype=DType.INT16, data=weights)],
        [tensor("output", shape, dtype=DType.INT16)],
        shift=shift,
    )


def fft_auto_scale(length: int = 30) -> Node:
    outputs = [tensor("output", (length,), dtype=DType.INT16), tensor("scale_bits", (), dtype=DType.INT32)]
    return node("SignalFftAutoScale", [tensor("input", (length,), dtype=DType.INT16)], outputs)


TENSOR_TYPES = {DType.FLOAT32: 0, DType.INT32: 2, DType.INT16: 7}
"""The schema's numbers, which TFLite Micro looks for in the options of some operators."""


def rfft(length: int = 16, samples: int = 0, frames: Shape = (), dtype: DType = DType.INT16) -> Node:
    """samples: of a frame, 0 for `length`."""
    return node(
        "SignalRfft",
        [tensor("input", (*frames, samples or length), dtype=dtype)],
        [tensor("output", (*frames, length + 2), dtype=dtype)],
        T=TENSOR_TYPES[dtype],
        fft_length=length,
    )


def irfft(length: int = 16, frames: Shape = (), dtype: DType = DType.INT16) -> Node:
    return node(
        "SignalIrfft",
        [tensor("input", (*frames, length + 2), dtype=dtype)],
        [tensor("output", (*frames, length), dtype=dtype)],
        T=TENSOR_TYPES[dtype],
        fft_length=length,
    )


def energy(numbers: int = 9, start: int = 0, end: int = 9) -> Node:
    return node(
        "SignalEnergy",
        [tensor("input", (2 * numbers,), dtype=DType.INT16)],
        [tensor("output", (numbers,), dtype=DType.UINT32)],
        start_index=start,
        end_index=end,
    )


def filter_bank(widths: Sequence[int] = (2, 3, 0, 5), limit: int = 4096) -> Node:
    """limit: of the weights' magnitudes."""
    random = chance("filter bank", *widths)
    starts = random.integers(0, 4, len(widths))
    firsts = np.cumsum([0, *widths[:-1]])
    weights = [random.integers(-limit, limit, max(sum(widths), 1)) for _ in range(2)]
    names = ("weights", "unweights", "starts", "weight_starts", "widths")
    tables = [
        tensor(name, (len(values),), dtype=DType.INT16, data=np.asarray(values))
        for name, values in zip(names, (*weights, starts, firsts, widths), strict=True)
    ]
    return node(
        "SignalFilterBank",
        [tensor("input", (max(widths) + 4,), dtype=DType.UINT32), *tables],
        [tensor("output", (len(widths) - 1,), dtype=DType.UINT64)],
        num_channels=len(widths) - 1,
    )


def square_root(numbers: int = 7) -> Node:
    return node(
        "SignalFilterBankSquareRoot",
        [tensor("input", (numbers,), dtype=DType.UINT64), tensor("scale_bits", (), dtype=DType.INT32)],
        [tensor("output", (numbers,), dtype=DType.UINT32)],
    )


def spectral_subtraction(channels: int = 7, smoothing_bits: int = 10, bits: int = 14, clamping: bool = False) -> Node:
    one = 1 << bits
    return node(
        "SignalFilterBankSpectralSubtraction",
        [tensor("input", (channels,), dtype=DType.UINT32)],
        [tensor(name, (channels,), dtype=DType.UINT32) for name in ("output", "estimate")],
        smoothing=one // 40,
        one_minus_smoothing=one - one // 40,
        alternate_smoothing=one // 16,
        alternate_one_minus_smoothing=one - one // 16,
        min_signal_remaining=one // 20,
        smoothing_bits=smoothing_bits,
        spectral_subtraction_bits=bits,
        clamping=clamping,
        num_channels=channels,
    )


def pcan(channels: int = 7, shift: int = 6, limit: int = 32768) -> Node:
    """limit: of the gains' magnitudes."""
    gains = chance("pcan", limit).integers(-limit, limit, 125)
    return node(
        "SignalPCAN",
        [
            tensor("input", (channels,), dtype=DType.UINT32),
            tensor("noise", (channels,), dtype=DType.UINT32),
            tensor("gains", (125,), dtype=DType.INT16, data=gains),
        ],
        [tensor("output", (channels,), dtype=DType.UINT32)],
        snr_shift=shift,
    )


def log(numbers: int = 7, bits: int = 3, scale: int = 64) -> Node:
    return node(
        "SignalFilterBankLog",
        [tensor("input", (numbers,), dtype=DType.UINT32)],
        [tensor("output", (numbers,), dtype=DType.INT16)],
        input_correction_bits=bits,
        output_scale=scale,
    )


def delay(shape: Shape = (10,), length: int = 4) -> Node:
    return node(
        "SignalDelay",
        [tensor("input", shape, dtype=DType.INT16)],
        [tensor("output", shape, dtype=DType.INT16)],
        delay_length=length,
    )


def framer(shape: Shape = (12,), size: int = 7, step: int = 3, prefill: bool = False) -> Node:
    frames = (*shape[:-1], shape[-1] // step, size)
    return node(
        "SignalFramer",
        [tensor("input", shape, dtype=DType.INT16)],
        [tensor("output", frames, dtype=DType.INT16), tensor("valid", (), dtype=DType.BOOL)],
        frame_size=size,
        frame_step=step,
        prefill=prefill,
    )


def stacker(channels: int = 5, left: int = 2, right: int = 1, step: int = 2) -> Node:
    stacked = channels * (left + 1 + right)
    return node(
        "SignalStacker",
        [tensor("input", (channels,), dtype=DType.INT16)],
        [tensor("output", (stacked,), dtype=DType.INT16), tensor("valid", (), dtype=DType.BOOL)],
        num_channels=channels,
        stacker_left_context=left,
        stacker_right_context=right,
        stacker_step=step,
    )


def overlap_add(shape: Shape = (3, 8), step: int = 3, dtype: DType = DType.INT16) -> Node:
    return node(
        "SignalOverlapAdd",
        [tensor("input", shape, dtype=dtype)],
        [tensor("output", (*shape[:-2], shape[-2] * step), dtype=dtype)],
        T=TENSOR_TYPES[dtype],
        frame_step=step,
    )


def circular_buffer(slots: int = 4, width: int = 2, depth: int = 3, cycles: int = 3, with_valid: bool = True) -> Node:
    """cycles: 0 for none in the file."""
    outputs = [tensor("output", (1, slots, width, depth), 0.1, -7)]
    return node(
        "CIRCULAR_BUFFER",
        [tensor("input", (1, 1, width, depth), 0.1, -7)],
        [*outputs, tensor("valid", (), dtype=DType.BOOL)] if with_valid else outputs,
        **({"cycles_max": cycles} if cycles else {}),
    )


def detection(
    boxes: int = 12,
    classes: int = 3,
    background: int = 1,
    most: int = 5,
    is_regular: bool = False,
    per_class: int = 4,
    least_score: float = 0.25,
    most_overlap: float = 0.4,
    encoding: int = 4,
    more_options: bool = True,
) -> Node:
    """background: whether there are scores for it. more_options: those that have a default are in the file."""
    anchors = chance("anchors", boxes).uniform(0.2, 0.8, (boxes, 4))

    def of(name: str, *shape: int, data: Array | None = None) -> Tensor:
        return tensor(name, shape, dtype=DType.FLOAT32, data=data)

    options = {
        "max_detections": most,
        "max_classes_per_detection": 1,
        "num_classes": classes,
        "nms_score_threshold": least_score,
        "nms_iou_threshold": most_overlap,
        "y_scale": 10.0,
        "x_scale": 10.0,
        "h_scale": 5.0,
        "w_scale": 5.0,
    }
    if more_options:
        options |= {"use_regular_nms": is_regular, "detections_per_class": per_class}
    return node(
        "TFLite_Detection_PostProcess",
        [
            of("encodings", 1, boxes, encoding),
            of("predictions", 1, boxes, background + classes),
            of("anchors", boxes, 4, data=anchors),
        ],
        [of("boxes", 1, most, 4), of("labels", 1, most), of("scores", 1, most), of("count", 1)],
        **options,
    )


def _decoded(name: str, shape: Shape, scales: Sequence[float], axis: int, dtype: DType) -> Tensor:
    """Zero points are only in int8."""
    zeros = range(-3, len(scales) - 3) if dtype is DType.INT8 else [0] * len(scales)
    return tensor(name, shape, scales or 0.0, list(zeros) if scales else 0, dtype, axis)


def _decode(header: Sequence[int], bits: Array, values: Array, output: Tensor) -> Node:
    """bits: one per number, the first the highest of its byte."""
    ancillary = np.concatenate(
        [np.array([*header, *[0] * 16][:16], np.uint8), np.frombuffer(values.tobytes(), np.uint8)]
    )
    sources = {"encoded": np.packbits(bits.astype(np.uint8)), "ancillary": ancillary}
    inputs = [tensor(name, data.shape, dtype=DType.UINT8, data=data) for name, data in sources.items()]
    return node("TFLM_DECODE", inputs, [output])


def lookup_table(
    shape: Shape = (3, 8), bits: int = 3, scales: Sequence[float] = (), axis: int = 0, dtype: DType = DType.INT8
) -> Node:
    """TFLM_DECODE; bits: of an index. scales: as many as channels along `axis`."""
    random = chance("lookup table", shape, bits, dtype.label)
    stride = (1 << bits) - (bits > 1)
    tables = random.integers(-100, 100, (max(len(scales), 1), stride)).astype(dtype.numpy)
    indices = random.integers(0, stride, shape).reshape(-1)
    digits = (indices[:, None] >> np.arange(bits)[::-1]) & 1
    channel_axis = axis if len(scales) > 1 else 15
    header = [0, 1, 0, 0, 1, channel_axis << 4 | bits, stride]
    return _decode(header, digits.reshape(-1), tables, _decoded("decoded", shape, scales, axis, dtype))


def pruned(shape: Shape = (3, 8), scales: Sequence[float] = (), axis: int = 0, dtype: DType = DType.INT8) -> Node:
    """TFLM_DECODE of elements of which about half are stored."""
    random = chance("pruned", shape, dtype.label)
    bits = random.integers(0, 2, shape).reshape(-1)
    values = random.integers(-100, 100, int(bits.sum())).astype(dtype.numpy)
    return _decode([2, 1, 0, 0, 1], bits, values, _decoded("decoded", shape, scales, axis, dtype))


def huffman(shape: Shape = (3, 8), symbols: int = 6, dtype: DType = DType.INT8, bits: int = 16, width: int = 3) -> Node:
    """TFLM_DECODE of Huffman codes; bits: of an entry of the tables. width: how many choose one of the first table."""
    random = chance("huffman", shape, symbols, dtype.label)
    low, high = (-128, 128) if dtype is DType.INT8 else (-(2**15), 2**15)
    alphabet = random.choice(np.arange(low, high), symbols, replace=False)
    share = 1 / np.arange(1, symbols + 1)
    drawn = random.choice(alphabet, int(np.prod(shape)) - symbols, p=share / share.sum())
    values = random.permutation(np.concatenate([alphabet, drawn]))
    codes = codes_of({int(symbol): int((values == symbol).sum()) for symbol in alphabet})
    tables = np.array(linked_tables(codes, width, bits), f"<u{bits // 8}")
    header = [1, 1, 0, 0, 1, (width - 1) << 4 | (bits == 32)]
    return _decode(header, np.array(encoded(values, codes)), tables, _decoded("decoded", shape, (), 0, dtype))


# Running


def run_time_inputs(op: Op) -> list[Any]:
    states = {state.tensor for state in op.states}
    return [t for t in op.inputs if not t.is_constant and t not in states]


def inferences(node_: Node, count: int, *key: object) -> list[list[Array]]:
    """Random inputs of `count` inferences, the extremes among them."""
    random = chance("inferences", node_.kind, *key)
    found = []
    for _ in range(count):
        values: list[Array] = []
        for operand in run_time_inputs(op_of(node_)):
            if operand.dtype.is_float:
                values.append(random.normal(0, 100, operand.shape).astype(np.float32))
                continue
            low, high = operand.dtype.limits
            drawn = random.integers(low, high, operand.shape, dtype=operand.dtype.numpy, endpoint=True)
            small = drawn >> random.integers(0, 8 * operand.dtype.size, operand.shape, dtype=operand.dtype.numpy)
            extreme = random.choice(np.array([low, high, 0], operand.dtype.numpy), operand.shape)
            kind = random.integers(0, 8, operand.shape)
            values.append(np.where(kind == 0, extreme, np.where(kind < 4, small, drawn)).astype(operand.dtype.numpy))
        found.append(values)
    return found


def evaluated(node_: Node, sequence: Sequence[Inference]) -> list[Inference]:
    """The outputs of a sequence of inferences by `evaluate`, without what is remembered."""
    op = op_of(node_)
    memory = {state.tensor: state.initial for state in op.states}
    found = []
    for inputs in sequence:
        given = dict(zip(run_time_inputs(op), inputs, strict=True)) | memory
        values = [t.value if t.is_constant else given[t] for t in op.inputs]
        results = dict(zip(op.outputs, op.evaluate(values, Rounding.DOUBLE), strict=True))
        memory = {state.tensor: results[state.next] for state in op.states}
        found.append([results[output] for output in node_.outputs])
    return found


def in_micro(node_: Node, sequence: Sequence[Inference]) -> list[Inference]:
    """The outputs of a sequence of inferences in TFLite Micro."""
    return interpreted(model_bytes(node_), sequence, len(node_.outputs))


def interpreted(model: bytes, sequence: Sequence[Inference], outputs: int) -> list[Inference]:
    """The first outputs of a whole model."""
    runtime: Any = pytest.importorskip("tflite_micro", reason="tflite-micro is not installed").runtime
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=ARENA_BYTES)
    found = []
    for inputs in sequence:
        for i, value in enumerate(inputs):
            interpreter.set_input(value, i)
        interpreter.invoke()
        found.append([np.array(interpreter.get_output(i)) for i in range(outputs)])
    return found


def equals_micro(node_: Node, sequence: Sequence[Inference]) -> None:
    """Asserts that every output of a sequence of inferences is TFLite Micro's."""
    for i, (ours, theirs) in enumerate(zip(evaluated(node_, sequence), in_micro(node_, sequence), strict=True)):
        for which, (found, expected) in enumerate(zip(ours, theirs, strict=True)):
            same(found, expected.reshape(found.shape), f"inference {i}, output {which}")


def kernels_agree(benches: Benches, node_: Node, sequence: Sequence[Inference]) -> None:
    """Asserts that the kernels give every output and the new states, from the states that the sequence leads to."""
    op = op_of(node_)
    memory = {state.tensor: state.initial for state in op.states}
    for inputs in sequence:
        given = dict(zip(run_time_inputs(op), inputs, strict=True)) | memory
        values = [t.value if t.is_constant else given[t] for t in op.inputs]
        benches.agree(op, values)
        results = dict(zip(op.outputs, op.evaluate(values, Rounding.DOUBLE), strict=True))
        memory = {state.tensor: results[state.next] for state in op.states}
