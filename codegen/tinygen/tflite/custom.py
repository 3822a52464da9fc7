"""What each of TFLite Micro's own custom operators must have: numbers of inputs and outputs, and its options."""

from __future__ import annotations

from dataclasses import dataclass

from tinygen.tflite.call import MANY, Call


@dataclass(frozen=True)
class CustomOperator:
    """What a valid operator of one name has."""

    inputs: tuple[int, int]
    """Least and most inputs."""
    outputs: tuple[int, int]
    """Least and most outputs."""
    integers: tuple[str, ...] = ()
    """Options that are whole numbers, or truth values, and must be there."""
    reals: tuple[str, ...] = ()
    """Options that are numbers and must be there."""
    optional: tuple[str, ...] = ()
    """Options that are whole numbers, or truth values, if they are there."""


_LARGEST_FLOAT = 3.4028234663852886e38


def _plain(inputs: int, outputs: int, *integers: str) -> CustomOperator:
    return CustomOperator((inputs, inputs), (outputs, outputs), integers)


CUSTOM_OPERATORS: dict[str, CustomOperator] = {
    "CIRCULAR_BUFFER": CustomOperator((1, 1), (1, 2), optional=("cycles_max",)),
    "SignalDelay": _plain(1, 1, "delay_length"),
    "SignalEnergy": _plain(1, 1, "end_index", "start_index"),
    "SignalFftAutoScale": _plain(1, 2),
    "SignalFilterBank": _plain(6, 1, "num_channels"),
    "SignalFilterBankLog": _plain(1, 1, "input_correction_bits", "output_scale"),
    "SignalFilterBankSpectralSubtraction": _plain(
        1, 2, "alternate_one_minus_smoothing", "alternate_smoothing", "clamping", "min_signal_remaining",
        "num_channels", "one_minus_smoothing", "smoothing", "smoothing_bits", "spectral_subtraction_bits",
    ),
    "SignalFilterBankSquareRoot": _plain(2, 1),
    "SignalFramer": _plain(1, 2, "frame_size", "frame_step", "prefill"),
    "SignalIrfft": _plain(1, 1, "fft_length"),
    "SignalOverlapAdd": _plain(1, 1, "frame_step"),
    "SignalPCAN": _plain(3, 1, "snr_shift"),
    "SignalRfft": _plain(1, 1, "fft_length"),
    "SignalStacker": _plain(
        1, 2, "num_channels", "stacker_left_context", "stacker_right_context", "stacker_step"
    ),
    "SignalWindow": _plain(2, 1, "shift"),
    "TFLM_DECODE": CustomOperator((2, MANY), (1, MANY)),
    "TFLite_Detection_PostProcess": CustomOperator(
        (3, 3), (4, 4), ("max_classes_per_detection", "max_detections", "num_classes"),
        ("h_scale", "nms_iou_threshold", "nms_score_threshold", "w_scale", "x_scale", "y_scale"),
        ("detections_per_class", "use_regular_nms"),
    ),
}  # fmt: skip
"""By name; their options are FlexBuffers. Other custom operators are only checked for how they are connected."""


DECODERS = frozenset({"TFLM_DECODE"})
"""Those whose outputs are constants that the file holds in another form."""


def check_custom(call: Call) -> None:
    """Reports wrong numbers of operands and options that are missing or of the wrong kind."""
    operator = call.operator
    wanted = CUSTOM_OPERATORS.get(operator.custom_name)
    if wanted is None:
        return
    sound = call.has_number("input", len(operator.inputs), *wanted.inputs)
    sound = call.has_number("output", len(operator.outputs), *wanted.outputs) and sound
    if sound and -1 in operator.inputs:
        call.fail(f"its input {operator.inputs.index(-1)} is absent, but it is needed")
    for name in (*wanted.integers, *wanted.reals, *wanted.optional):
        value = call.options.get(name)
        if value is None:
            if name not in wanted.optional:
                call.fail(f"its option {name} is missing")
        elif name in wanted.reals:
            if not isinstance(value, int | float) or not abs(value) <= _LARGEST_FLOAT:
                call.fail(f"its option {name} is {value!r}, which is no number of 32 bits")
        elif not isinstance(value, int) or not -(1 << 31) <= value < 1 << 31:
            call.fail(f"its option {name} is {value!r}, which is no whole number of 32 bits")
