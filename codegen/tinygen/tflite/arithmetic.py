"""Checks of operators that compute element by element, over axes, or over an image's grid."""

from __future__ import annotations

import math

from tinygen.tflite.call import Call, Dims


def same_shape(call: Call) -> None:
    call.expect(call.dims(call.input(0)))


def broadcast(call: Call) -> None:
    """Two inputs, whose sizes are equal or 1 counted from the last dimension."""
    call.expect(_broadcast(call, call.dims(call.input(0)), call.dims(call.input(1))))


def prelu(call: Call) -> None:
    dims = call.dims(call.input(0))
    _broadcast(call, dims, call.dims(call.input(1)))
    call.expect(dims)


def add_n(call: Call) -> None:
    for position in range(len(call.operator.inputs)):
        call.expect(call.dims(call.input(position)))


def _broadcast(call: Call, one: Dims | None, other: Dims | None) -> Dims | None:
    if one is None or other is None:
        return None
    made = broadcast_dims(one, other)
    if made is None:
        call.fail(f"its inputs have shapes {list(one)} and {list(other)}, which can't be broadcast")
    return made


def select(call: Call) -> None:
    made = call.dims(call.input(0))
    for position in (1, 2):
        other = call.dims(call.input(position))
        made = None if made is None or other is None else broadcast_dims(made, other)
    call.propose(made)


def broadcast_dims(one: Dims, other: Dims) -> Dims | None:
    """What two shapes make, aligned at the last dimension; None where they can't be broadcast."""
    rank = max(len(one), len(other))
    pairs = list(zip((1,) * (rank - len(one)) + one, (1,) * (rank - len(other)) + other, strict=True))
    if any(a is not None and b is not None and a != b and 1 not in (a, b) for a, b in pairs):
        return None
    return tuple(b if a == 1 else a if b == 1 or b is None or a is not None else b for a, b in pairs)


def reduce(call: Call) -> None:
    dims, values = call.dims(call.input(0)), call.integers(1)
    if dims is None or values is None:
        return
    axes = {call.axis(v, len(dims)) for v in values} if dims else set()
    if None in axes:
        return
    if call.options.get("keep_dims"):
        call.expect(tuple(1 if a in axes else d for a, d in enumerate(dims)))
    else:
        call.expect(tuple(d for a, d in enumerate(dims) if a not in axes))


def arg(call: Call) -> None:
    dims, values = call.dims(call.input(0)), call.integers(1)
    if dims is None or values is None:
        return
    if len(values) != 1:
        call.fail(f"its axis input has {len(values)} elements; 1 is needed")
        return
    axis = call.axis(values[0], len(dims))
    if axis is not None:
        call.expect((*dims[:axis], *dims[axis + 1 :]))


def cumsum(call: Call) -> None:
    dims, values = call.dims(call.input(0)), call.integers(1)
    if values is not None and len(values) != 1:
        call.fail(f"its axis input has {len(values)} elements; 1 is needed")
    elif dims is not None and values:
        call.axis(values[0], len(dims))
    same_shape(call)


def softmax(call: Call) -> None:
    _finite(call, "beta")
    same_shape(call)


def leaky_relu(call: Call) -> None:
    _finite(call, "alpha")
    same_shape(call)


def local_response_normalization(call: Call) -> None:
    for name in ("bias", "alpha", "beta"):
        _finite(call, name)
    same_shape(call)


def _finite(call: Call, name: str) -> None:
    value = call.options.get(name, 1.0)
    if isinstance(value, float) and not math.isfinite(value):
        call.fail(f"its {name} is {value}; a finite number is needed")


def resize(call: Call) -> None:
    if call.options.get("align_corners") and call.options.get("half_pixel_centers"):
        call.fail("align_corners and half_pixel_centers are both set; only one may be")
    dims, sizes = call.ranked(0, 4, "input"), call.integers(1)
    if sizes is None:
        return
    if len(sizes) != 2 or min(sizes) < 1:
        call.fail(f"its new size is {sizes}; 2 positive numbers are needed")
    elif dims is not None:
        call.expect((dims[0], *sizes, dims[3]))
