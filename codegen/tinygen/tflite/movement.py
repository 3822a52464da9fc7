"""Checks of operators that move elements about: reshape, slice, pad, gather and their like."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tinygen.tflite.call import Call, Dims, agree, count


def reshape(call: Call) -> None:
    same_type(call)
    before = count(call.dims(call.input(0)))
    if not call.expect_elements(before):
        return
    sizes = call.integers(1)
    if sizes is None or before is None:
        return
    if len(sizes) > 8:
        call.fail(f"its new shape has {len(sizes)} dimensions; up to 8 are supported")
        return
    known = 1
    for size in sizes:
        known *= size if size != -1 else 1
    if any(s < -1 for s in sizes) or sizes.count(-1) > 1:
        call.fail(f"its new shape is {sizes}; one -1 and otherwise numbers from 0 are accepted")
    elif (-1 in sizes and (known == 0 or before % known)) or (-1 not in sizes and known != before and 0 not in sizes):
        call.fail(f"its new shape is {sizes}, its input has {before} elements")
    elif 0 not in sizes:
        call.propose(tuple(before // known if size == -1 else size for size in sizes))


def single(*positions: int) -> Callable[[Call], None]:
    """The inputs that have one element each."""

    def check(call: Call) -> None:
        for position in positions:
            elements = count(call.dims(call.input(position)))
            if elements not in (None, 1):
                call.fail(f"its input {position} has {elements} elements; 1 is needed")

    return check


def squeeze(call: Call) -> None:
    dims = call.dims(call.input(0))
    axes = call.options.get("squeeze_dims", ())
    same_type(call)
    if dims is None or not isinstance(axes, tuple):
        return
    for value in axes:
        axis = call.axis(int(value), len(dims), "squeezed dimension")
        if axis is not None and dims[axis] not in (None, 1):
            call.fail(f"it squeezes dimension {axis}, whose size is {dims[axis]}, not 1")
            return
    call.expect_elements(count(dims))


def same_type(call: Call) -> None:
    data, output = call.input(0), call.output()
    if data is not None and output is not None and data.dtype != output.dtype:
        call.fail(f"it makes {output.dtype} of {data.dtype}")


def expand_dims(call: Call) -> None:
    dims, axes = call.dims(call.input(0)), call.integers(1)
    same_type(call)
    if dims is not None and axes is not None:
        if len(axes) != 1:
            call.fail(f"its axis input has {len(axes)} elements; 1 is needed")
        elif call.axis(axes[0], len(dims) + 1) is not None:
            axis = axes[0] % (len(dims) + 1)
            call.expect((*dims[:axis], 1, *dims[axis:]))


def transpose(call: Call) -> None:
    dims, order = call.dims(call.input(0)), call.integers(1)
    if dims is None or order is None:
        return
    axes = [a + len(dims) if a < 0 else a for a in order]
    if sorted(axes) != list(range(len(dims))):
        call.fail(f"its permutation is {order}; each of 0 to {len(dims) - 1} is needed once")
    else:
        call.expect(tuple(dims[a] for a in axes))


def concatenation(call: Call) -> None:
    parts = [call.dims(call.input(i)) for i in range(len(call.operator.inputs))]
    known = [p for p in parts if p is not None]
    if not known:
        return
    axis = call.axis(call.integer("axis"), len(known[0]))
    if axis is None:
        return
    for part in known:
        if len(part) != len(known[0]) or not agree(_without(part, axis), _without(known[0], axis)):
            differing = [d for d in range(min(len(part), len(known[0]))) if d != axis and part[d] != known[0][d]]
            where = f"dimension {differing[0]}" if differing else "rank"
            call.fail(f"its inputs {list(known[0])} and {list(part)} differ in {where}; it joins dimension {axis}")
            return
    sizes = [p[axis] for p in known]
    total = None if len(known) < len(parts) or None in sizes else sum(s for s in sizes if s is not None)
    call.expect((*known[0][:axis], total, *known[0][axis + 1 :]))


def pack(call: Call) -> None:
    parts = [d for d in (call.dims(call.input(i)) for i in range(len(call.operator.inputs))) if d is not None]
    if call.integer("values_count") != len(call.operator.inputs):
        call.fail(f"its values_count is {call.integer('values_count')}, but it has {len(call.operator.inputs)} inputs")
    if not parts:
        return
    if any(not agree(p, parts[0]) for p in parts):
        call.fail(f"its inputs differ in shape: {', '.join(str(list(p)) for p in parts[:4])}")
        return
    axis = call.axis(call.integer("axis"), len(parts[0]) + 1)
    if axis is not None:
        call.expect((*parts[0][:axis], len(call.operator.inputs), *parts[0][axis:]))


def unpack(call: Call) -> None:
    dims = call.dims(call.input(0))
    outputs = len(call.operator.outputs)
    if call.integer("num") != outputs:
        call.fail(f"its num is {call.integer('num')}, but it has {outputs} outputs")
    axis = None if dims is None else call.axis(call.integer("axis"), len(dims))
    if dims is None or axis is None:
        return
    if dims[axis] not in (None, outputs):
        call.fail(f"dimension {axis} of its input has size {dims[axis]}, but it has {outputs} outputs")
    for position in range(outputs):
        call.expect(_without(dims, axis), position)


def split(call: Call) -> None:
    dims, axes = call.dims(call.input(1)), call.integers(0)
    outputs = len(call.operator.outputs)
    if call.integer("num_splits") != outputs:
        call.fail(f"its num_splits is {call.integer('num_splits')}, but it has {outputs} outputs")
    axis = None if dims is None or not axes else call.axis(axes[0], len(dims))
    if dims is None or axis is None:
        return
    size = dims[axis]
    if size is not None and size % outputs:
        call.fail(f"dimension {axis} of its input has size {size}, which does not divide by {outputs}")
        return
    for position in range(outputs):
        call.expect((*dims[:axis], None if size is None else size // outputs, *dims[axis + 1 :]), position)


def split_v(call: Call) -> None:
    dims, sizes, axes = call.dims(call.input(0)), call.integers(1), call.integers(2)
    outputs = len(call.operator.outputs)
    axis = None if dims is None or not axes else call.axis(axes[0], len(dims))
    if dims is None or sizes is None or axis is None:
        return
    total, given = dims[axis], sum(s for s in sizes if s >= 0)
    if len(sizes) != outputs:
        call.fail(f"it has {len(sizes)} sizes, but {outputs} outputs")
    elif any(s < -1 for s in sizes) or sizes.count(-1) > 1:
        call.fail(f"its sizes are {sizes}; one -1 and otherwise numbers from 0 are accepted")
    elif total is not None:
        if given > total or (-1 not in sizes and given != total):
            call.fail(f"its sizes {sizes} don't add up to {total} (dimension {axis})")
            return
        for position, size in enumerate(sizes):
            call.expect((*dims[:axis], total - given if size == -1 else size, *dims[axis + 1 :]), position)


def slice_(call: Call) -> None:
    dims, begins, sizes = call.dims(call.input(0)), call.integers(1), call.integers(2)
    if dims is None:
        return
    for values, what in ((begins, "begin"), (sizes, "size")):
        if values is not None and len(values) != len(dims):
            call.fail(f"its {what} has {len(values)} elements, its input rank {len(dims)}")
            return
    if begins is None or sizes is None:
        return
    made: list[int | None] = []
    for axis, (dim, begin, size) in enumerate(zip(dims, begins, sizes, strict=True)):
        if begin < 0 or size < -1 or (dim is not None and begin + max(size, 0) > dim):
            call.fail(f"in dimension {axis} it takes {size} from {begin} of {dim}: {begin}+{size} > {dim}")
            return
        made.append(size if size >= 0 else None if dim is None else dim - begin)
    call.expect(tuple(made))


def strided_slice(call: Call) -> None:
    dims, strides = call.dims(call.input(0)), call.integers(3)
    lengths = {len(v) for v in (call.integers(i) for i in (1, 2, 3)) if v is not None}
    if len(lengths) > 1:
        call.fail(f"its begin, end and strides differ in length: {sorted(lengths)}")
        return
    if strides is not None and 0 in strides:
        call.fail(f"its strides are {strides}; 0 is not accepted")
        return
    plain = not (call.integer("ellipsis_mask") or call.integer("new_axis_mask"))
    begins, ends = call.integers(1), call.integers(2)
    if dims is None or strides is None or ends is None or not plain:
        return
    if call.options.get("offset"):
        call.propose(_from_offsets(call, dims, ends, strides))
        return
    if begins is None:
        return
    if len(strides) > len(dims):
        call.fail(f"it slices {len(strides)} dimensions of an input of rank {len(dims)}")
        return
    made: list[int | None] = []
    for axis, dim in enumerate(dims):
        if axis >= len(strides) or dim is None:
            made.append(dim)
            continue
        if call.integer("shrink_axis_mask") >> axis & 1:
            if not -dim <= begins[axis] < dim and not call.integer("begin_mask") >> axis & 1:
                call.fail(f"it takes element {begins[axis]} of {dim} (dimension {axis})")
                return
            continue
        begin = None if call.integer("begin_mask") >> axis & 1 else begins[axis]
        end = None if call.integer("end_mask") >> axis & 1 else ends[axis]
        made.append(len(range(dim)[slice(begin, end, strides[axis])]))
    kept = [d for a, d in enumerate(dims) if a >= len(strides) or not call.integer("shrink_axis_mask") >> a & 1]
    if len(kept) == len(made):
        call.expect(tuple(made))


def _from_offsets(call: Call, dims: Dims, ends: list[int], strides: list[int]) -> Dims | None:
    """What is sliced where the ends are lengths; None unless all are."""
    if call.integer("end_mask") or len(strides) > len(dims) or min(*strides, *ends) < 1:
        return None
    shrunk = call.integer("shrink_axis_mask")
    taken = [-(-end // stride) for end, stride in zip(ends, strides, strict=True)]
    return (*(size for axis, size in enumerate(taken) if not shrunk >> axis & 1), *dims[len(taken) :])


def gather(call: Call) -> None:
    dims, at = call.dims(call.input(0)), call.dims(call.input(1))
    if dims is None or not dims:
        return
    axis = call.axis(call.integer("axis"), len(dims))
    batch = call.integer("batch_dims")
    if axis is None:
        return
    if at is not None and not -len(at) <= batch <= min(len(at), len(dims)):
        call.fail(f"its batch_dims is {batch}; its indices have rank {len(at)}")
        return
    _check_indices(call, call.integers(1), dims[axis], axis)
    if at is not None and batch >= 0 and batch <= axis:
        call.expect((*dims[:axis], *at[batch:], *dims[axis + 1 :]))


def gather_nd(call: Call) -> None:
    dims, at, values = call.dims(call.input(0)), call.dims(call.input(1)), call.integers(1)
    if dims is None or not at:
        return
    depth = at[-1]
    if depth is None:
        return
    if depth > len(dims):
        call.fail(f"its indices have {depth} coordinates, its input rank {len(dims)}")
        return
    for axis in range(depth):
        _check_indices(call, values and values[axis::depth], dims[axis], axis)
    call.expect((*at[:-1], *dims[depth:]))


def _check_indices(call: Call, values: Sequence[int] | None, size: int | None, axis: int) -> None:
    outside = [v for v in values or () if size is not None and not 0 <= v < size]
    if outside:
        call.fail(f"its constant index {outside[0]} is out of range 0..{(size or 0) - 1} (dimension {axis})")


def tile(call: Call) -> None:
    dims, times = call.dims(call.input(0)), call.integers(1)
    if dims is None or times is None:
        return
    if len(times) != len(dims) or min(times, default=0) < 0:
        call.fail(f"its multiples are {times}; {len(dims)} numbers from 0 are needed")
    else:
        call.expect(tuple(None if d is None else d * t for d, t in zip(dims, times, strict=True)))


def broadcast_to(call: Call) -> None:
    dims, wanted = call.dims(call.input(0)), call.integers(1)
    if dims is None or wanted is None:
        return
    tail = wanted[len(wanted) - len(dims) :] if len(wanted) >= len(dims) else []
    if len(tail) != len(dims) or any(d not in (None, 1, t) for d, t in zip(dims, tail, strict=True)):
        call.fail(f"its input {list(dims)} can't be broadcast to {wanted}")
    else:
        call.expect(tuple(wanted))


def sized(position: int) -> Callable[[Call], None]:
    """Of an operator whose output's shape is the values of an input."""

    def check(call: Call) -> None:
        sizes = call.integers(position)
        call.propose(None if sizes is None or min(sizes, default=0) < 0 else tuple(sizes))

    return check


def like(position: int) -> Callable[[Call], None]:
    """Of an operator whose output's shape is an input's."""
    return lambda call: call.propose(call.dims(call.input(position)))


def topk_v2(call: Call) -> None:
    dims, count_ = call.dims(call.input(0)), call.integers(1)
    if dims and count_:
        call.propose((*dims[:-1], count_[0]), 0)
        call.propose((*dims[:-1], count_[0]), 1)


def embedding_lookup(call: Call) -> None:
    at, table = call.dims(call.input(0)), call.dims(call.input(1))
    call.propose(None if at is None or not table else (*at[:1], *table[1:]))


def _without(dims: Dims, axis: int) -> Dims:
    return dims[:axis] + dims[axis + 1 :]
