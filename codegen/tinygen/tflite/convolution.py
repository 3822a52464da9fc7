"""Checks of operators that slide a window or multiply matrices."""

from __future__ import annotations

from tinygen.tflite.arithmetic import broadcast_dims
from tinygen.tflite.call import Call, Dims, count

_BIAS = {
    "int8": ("int32",),
    "uint8": ("int32",),
    "int16": ("int32", "int64"),
}
"""What the bias may be, by the input's element type; others are free."""


def conv_2d(call: Call) -> None:
    image, filters = call.ranked(0, 4, "input"), call.ranked(1, 4, "filter")
    _check_bias(call, filters[0] if filters else None)
    window = _window(call, image, (filters[1], filters[2]) if filters else None)
    if image is None or filters is None or window is None:
        return
    depth, filter_depth, channels = image[3], filters[3], filters[0]
    if depth is not None and filter_depth is not None and channels is not None:
        groups = depth // filter_depth if filter_depth else 0
        if groups == 0 or depth % filter_depth or channels % groups:
            call.fail(
                f"its input has {depth} channels and its {channels} filters have {filter_depth}: they don't divide"
            )
            return
    call.expect((image[0], *window, channels))


def depthwise_conv_2d(call: Call) -> None:
    image, filters = call.ranked(0, 4, "input"), call.ranked(1, 4, "filter")
    _check_bias(call, filters[3] if filters else None)
    window = _window(call, image, (filters[1], filters[2]) if filters else None)
    if image is None or filters is None or window is None:
        return
    depth, channels = image[3], filters[3]
    if filters[0] not in (None, 1):
        call.fail(f"its filter has shape {list(filters)}; the first dimension must be 1")
    elif depth is not None and channels is not None:
        stated = call.integer("depth_multiplier")
        if not depth or channels % depth or stated not in (0, channels // depth):
            call.fail(f"{depth} input channels and depth multiplier {stated} don't make {channels} filter channels")
            return
        call.expect((image[0], *window, channels))


def transpose_conv(call: Call) -> None:
    filters, image = call.ranked(1, 4, "filter"), call.ranked(2, 4, "input")
    _check_bias(call, filters[0] if filters else None, bias=3, data=2)
    if not _strides(call) or image is None or filters is None:
        return
    if image[3] is not None and filters[3] is not None and image[3] != filters[3]:
        call.fail(f"its input has {image[3]} channels, its filter {filters[3]}")
    sizes = call.integers(0)
    if sizes is None:
        return
    if len(sizes) != 4 or min(sizes) < 1:
        call.fail(f"its output shape input is {sizes}; 4 positive numbers are needed")
        return
    call.expect((image[0], sizes[1], sizes[2], filters[0]))
    for axis, name in ((1, "h"), (2, "w")):
        stride, kernel = call.integer("stride_" + name), filters[axis]
        if kernel is None or image[axis] is None:
            continue
        made = _slid(sizes[axis], kernel, stride, call.options.get("padding") == "SAME")
        if made != image[axis]:
            call.fail(
                f"its output of {sizes[axis]} would come from an input of {made}, not {image[axis]} (dimension {axis})"
            )


def pool_2d(call: Call) -> None:
    image = call.ranked(0, 4, "input")
    height, width = call.integer("filter_height"), call.integer("filter_width")
    if height < 1 or width < 1:
        call.fail(f"its filter is {height}x{width}; at least 1x1 is needed")
        return
    window = _window(call, image, (height, width))
    if image is not None and window is not None:
        call.expect((image[0], *window, image[3]))


def fully_connected(call: Call) -> None:
    data, weights = call.dims(call.input(0)), call.ranked(1, 2, "weights")
    if weights is None:
        return
    units, depth = weights
    _check_bias(call, units)
    elements = count(data)
    if data is None or depth is None or elements is None:
        return
    last = data[-1] if data else 1
    if depth == 0 or elements % depth or (call.options.get("keep_num_dims") and last != depth):
        call.fail(
            f"its input has shape {list(data)}, its weights {list(weights)}: the input does not divide by {depth}"
        )
        return
    if units is None or not call.expect_elements(elements // depth * units):
        return
    made = call.dims(call.output())
    if made is not None and made[-1:] != (units,):
        call.fail(f"its output has shape {list(made)}; rows of {units} are made")


def batch_matmul(call: Call) -> None:
    one, other = call.dims(call.input(0)), call.dims(call.input(1))
    if one is None or other is None:
        return
    if len(one) < 2 or len(other) < 2:
        call.fail(f"its inputs have shapes {list(one)} and {list(other)}; rank 2 or more is needed")
        return
    rows, depth = (one[-1], one[-2]) if call.options.get("adj_x") else (one[-2], one[-1])
    columns, other_depth = (other[-2], other[-1]) if call.options.get("adj_y") else (other[-1], other[-2])
    if depth is not None and other_depth is not None and depth != other_depth:
        call.fail(
            f"its inputs have shapes {list(one)} and {list(other)}: inner dimensions {depth} and {other_depth} differ"
        )
        return
    batch = broadcast_dims(one[:-2], other[:-2])
    call.propose(None if batch is None else (*batch, rows, columns))
    made = call.dims(call.output())
    if made is not None:
        call.expect((*made[:-2], rows, columns))


def svdf(call: Call) -> None:
    data, features, times = call.ranked(0, 2, "input"), call.ranked(1, 2, "weights"), call.ranked(2, 2, "time weights")
    rank = call.integer("rank")
    if data is None or features is None or times is None:
        return
    if rank < 1 or (features[0] is not None and features[0] % rank):
        call.fail(f"its rank is {rank}; {features[0]} filters don't divide by it")
    elif features[0] != times[0] or (data[1] is not None and data[1] != features[1]):
        call.fail(f"its input {list(data)}, weights {list(features)} and time weights {list(times)} don't fit")
    elif features[0] is not None:
        call.expect((data[0], features[0] // rank))
        state, bias = call.dims(call.input(4)), count(call.dims(call.input(3)))
        wanted = features[0] * (times[1] or 0)
        if state is not None and data[0] is not None and count(state) not in (None, wanted * data[0]):
            call.fail(f"its state has shape {list(state)}; {wanted} per batch are needed")
        if bias is not None and bias != features[0] // rank:
            call.fail(f"its bias has {bias} elements for {features[0] // rank} units")


def _check_bias(call: Call, channels: int | None, bias: int = 2, data: int = 0) -> None:
    tensor, source = call.input(bias), call.input(data)
    if tensor is None or source is None:
        return
    accepted = _BIAS.get(source.dtype)
    if accepted and tensor.dtype not in accepted:
        call.fail(
            f"its bias, {call.label(tensor)}, is {tensor.dtype}; with {source.dtype} it must be {' or '.join(accepted)}"
        )
    elements = count(call.dims(tensor))
    if channels is not None and elements is not None and elements != channels:
        call.fail(f"its bias, {call.label(tensor)}, has {elements} elements for {channels} output channels")


def _strides(call: Call) -> bool:
    strides = call.integer("stride_h"), call.integer("stride_w")
    if min(strides) >= 1:
        return True
    call.fail(f"its stride is {strides[0]}x{strides[1]}; at least 1x1 is needed")
    return False


def _window(call: Call, image: Dims | None, kernel: Dims | None) -> Dims | None:
    """The output's height and width; None after complaining, or if the shapes are open."""
    if not _strides(call):
        return None
    made: list[int | None] = []
    for axis, name in ((1, "h"), (2, "w")):
        # files from before dilation was a field hold 0, which means 1
        dilation = call.integer(f"dilation_{name}_factor") or 1
        if dilation < 0:
            call.fail(f"its dilation is {dilation}; at least 1 is needed")
            return None
        size, taps = image[axis] if image else None, kernel[axis - 1] if kernel else None
        if size is None or taps is None:
            made.append(None)
            continue
        if taps < 1:
            call.fail("its filter is empty")
            return None
        reach = (taps - 1) * dilation + 1
        same = call.options.get("padding") == "SAME"
        if not same and reach > size:
            call.fail(f"padding VALID: its filter reaches over {reach}, its input has {size} (dimension {axis})")
            return None
        made.append(_slid(size, reach, call.integer("stride_" + name), same))
    return tuple(made)


def _slid(size: int, reach: int, stride: int, same: bool) -> int:
    """Positions of a window of `reach` over `size`, padded to SAME or not."""
    return (size + stride - 1) // stride if same else (size - reach + stride) // stride
