"""A model for every rule of TFLite Micro's own custom operators, which breaks exactly it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ops import signal_nodes as signals
from ops.move_rules import input_, instead, options, output
from tinygen.ir.dtype import DType
from tinygen.ops.node import Node

Change = Callable[[Node], Node]
FLOAT: dict[str, Any] = {"dtype": DType.FLOAT32}
INT32: dict[str, Any] = {"dtype": DType.INT32, "data": None}
MUCH_IS_KEPT = "at most 1048576 samples are remembered"


def second_output(**changes: Any) -> Change:
    return lambda made: replace(made, outputs=(made.outputs[0], replace(made.outputs[1], **changes)))


def other_output(i: int) -> Change:
    """Output i as integers."""
    return lambda made: replace(
        made, outputs=(*made.outputs[:i], replace(made.outputs[i], dtype=DType.INT32), *made.outputs[i + 1 :])
    )


def first_value(i: int, value: int) -> Change:
    """Another first value in the constant that is input i."""

    def change(made: Node) -> Node:
        data = made.input(i).value.copy()
        data.reshape(-1)[0] = value
        return input_(i, data=data)(made)

    return change


VALID: dict[str, Node] = {
    "CIRCULAR_BUFFER": signals.circular_buffer(),
    "SignalDelay": signals.delay(),
    "SignalEnergy": signals.energy(),
    "SignalFftAutoScale": signals.fft_auto_scale(),
    "SignalFilterBank": signals.filter_bank(),
    "SignalFilterBankLog": signals.log(),
    "SignalFilterBankSpectralSubtraction": signals.spectral_subtraction(),
    "SignalFilterBankSquareRoot": signals.square_root(),
    "SignalFramer": signals.framer(),
    "SignalIrfft": signals.irfft(),
    "SignalOverlapAdd": signals.overlap_add(),
    "SignalPCAN": signals.pcan(),
    "SignalRfft": signals.rfft(),
    "SignalStacker": signals.stacker(),
    "SignalWindow": signals.window(),
    "TFLM_DECODE": signals.lookup_table(),
    "TFLite_Detection_PostProcess": signals.detection(),
}
SAMPLES: dict[str, Change] = {"input is int16": input_(0, **FLOAT), "output is int16": output(**FLOAT)}
FFT: dict[str, Change] = {
    "input is int16 or int32 or float32": input_(0, dtype=DType.UINT32),
    "output has the type of input": output(**INT32),
}
LENGTH = "fft_length is even, has no prime factors above 5, and is 4 to 65534"
BANK: dict[str, Change] = {}
for _place, _name in enumerate(("weights", "unweights", "starts", "weight_starts", "widths"), 1):
    BANK[f"{_name} is int16"] = input_(_place, **INT32)
    BANK[f"{_name} is a constant"] = input_(_place, data=None)
BREAKS: dict[str, dict[str, Change]] = {
    "CIRCULAR_BUFFER": {
        "input is int8": input_(0, dtype=DType.INT16),
        "output is int8": output(dtype=DType.INT16),
        "valid is bool": second_output(dtype=DType.INT8),
        "input is one slot of output, of batch 1": input_(0, shape=(1, 2, 2, 3)),
        "cycles_max is at least 1, or there are 5 or 13 or 25 slots": options(cycles_max=0),
        "cycles_max is 1, or there is a second output": instead(signals.circular_buffer(with_valid=False)),
    },
    "SignalDelay": SAMPLES
    | {
        "input and output have one shape": output(shape=(2, 5)),
        "delay_length is not negative": options(delay_length=-1),
        MUCH_IS_KEPT: options(delay_length=(1 << 31) - 1),
    },
    "SignalEnergy": {
        "input is int16": input_(0, **INT32),
        "output is uint32": output(**INT32),
        "input has two numbers for each of output": output(shape=(18,)),
        "start_index and end_index are places of output, in this order": options(end_index=10),
    },
    "SignalFftAutoScale": SAMPLES
    | {
        "scale_bits is int32": second_output(dtype=DType.INT16),
        "output has the size of input, and scale_bits is one number": second_output(shape=(2,)),
    },
    "SignalFilterBank": BANK
    | {
        "input is uint32": input_(0, **INT32),
        "output is uint64": output(dtype=DType.INT64),
        "output has num_channels numbers, and there is one band more": options(num_channels=4),
        "the bands lie within input and the weights": first_value(3, 8),
    },
    "SignalFilterBankLog": {
        "input is uint32": input_(0, **INT32),
        "output is int16": output(**INT32),
        "input and output have one size": output(shape=(8,)),
        "input_correction_bits is 0 to 31": options(input_correction_bits=32),
    },
    "SignalFilterBankSpectralSubtraction": {
        "input is uint32": input_(0, **INT32),
        "output is uint32": output(**INT32),
        "estimate is uint32": second_output(**INT32),
        "input and outputs have num_channels numbers": options(num_channels=8),
        "coefficients are not negative, and numbers of bits are 0 to 31": options(smoothing=-1),
    },
    "SignalFilterBankSquareRoot": {
        "input is uint64": input_(0, dtype=DType.UINT32),
        "scale_bits is int32": input_(1, dtype=DType.INT16),
        "output is uint32": output(**INT32),
        "output has the size of input, and scale_bits is one number": input_(1, shape=(2,)),
    },
    "SignalFramer": SAMPLES
    | {
        "valid is bool": second_output(dtype=DType.INT8),
        "frame_size is at least frame_step, which is at least 1": options(frame_step=0),
        "each stream is a whole number of steps, for each of which output has a frame": options(frame_step=5),
        MUCH_IS_KEPT: instead(signals.framer((1,), 1 << 21, 1)),
    },
    "SignalIrfft": FFT
    | {
        LENGTH: instead(signals.irfft(14)),
        "input has fft_length + 2 numbers where output has fft_length samples": output(shape=(18,)),
    },
    "SignalOverlapAdd": {
        "input is int16 or float32": input_(0, **INT32),
        "output has the type of input": output(**FLOAT),
        "input has frames of at least frame_step samples, output frame_step for each, which is at least 1": options(
            frame_step=9
        ),
        MUCH_IS_KEPT: instead(signals.overlap_add((1, (1 << 20) + 2), 1)),
    },
    "SignalPCAN": {
        "input is uint32": input_(0, **INT32),
        "noise is uint32": input_(1, **INT32),
        "gains is int16": input_(2, **INT32),
        "output is uint32": output(**INT32),
        "input, noise and output have one size, and there are 125 gains": input_(
            2, shape=(126,), data=np.zeros(126, np.int16)
        ),
        "snr_shift is 0 to 63": options(snr_shift=64),
    },
    "SignalRfft": FFT
    | {
        LENGTH: instead(signals.rfft(2)),
        "input has at most fft_length samples where output has fft_length + 2 numbers": input_(0, shape=(17,)),
    },
    "SignalStacker": SAMPLES
    | {
        "valid is bool": second_output(dtype=DType.INT8),
        "there is a channel, no context is negative, and stacker_step is 1 to all frames": options(stacker_step=5),
        "input has num_channels numbers, output as many for each frame": input_(0, shape=(6,)),
        MUCH_IS_KEPT: instead(signals.stacker(1 << 20, 1, 1)),
    },
    "SignalWindow": SAMPLES
    | {
        "weights is int16": input_(1, **INT32),
        "input and output have one size, of which each row is a whole number of windows": output(shape=(1, 31)),
        "shift is 0 to 31": options(shift=32),
    },
    "TFLM_DECODE": {
        "each output has two inputs, constants that encode it by a lookup table, Huffman codes or pruning": first_value(
            1, 9
        ),
    },
    "TFLite_Detection_PostProcess": {
        **{f"{name} is float32": input_(i, **INT32) for i, name in enumerate(("encodings", "predictions", "anchors"))},
        **{f"{name} is float32": other_output(i) for i, name in enumerate(("boxes", "labels", "scores", "count"))},
        "each of the boxes has an anchor and a score for each of num_classes, in a batch of 1": options(num_classes=2),
        "outputs are of max_detections, at least 1, and one count": options(max_detections=6),
        "max_classes_per_detection is 1, or use_regular_nms is set": options(max_classes_per_detection=2),
        "no scale is 0, nms_iou_threshold is in (0, 1], and detections_per_class at least 1": options(x_scale=0),
    },
}
