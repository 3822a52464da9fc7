"""Checks of operators that pad an image, or trade its height and width for channels or batches."""

from __future__ import annotations

from tinygen.tflite.call import Call, Dims


def pad(call: Call) -> None:
    paddings = _paddings(call)
    dims = call.dims(call.input(0))
    if paddings is not None and dims is not None:
        call.expect(tuple(None if d is None else d + sum(p) for d, p in zip(dims, paddings, strict=True)))


def mirror_pad(call: Call) -> None:
    paddings = _paddings(call)
    dims = call.dims(call.input(0))
    if paddings is None or dims is None:
        return
    least = 1 if call.options.get("mode", "REFLECT") == "REFLECT" else 0
    for axis, (dim, pair) in enumerate(zip(dims, paddings, strict=True)):
        if dim is not None and max(pair) > dim - least:
            call.fail(f"it pads dimension {axis}, of size {dim}, by {max(pair)}; at most {dim - least} can be mirrored")
            return
    pad(call)


def _paddings(call: Call) -> list[tuple[int, int]] | None:
    """(before, after) of each dimension; None after complaining, or if they are no constants."""
    dims, table, values = call.dims(call.input(0)), call.dims(call.input(1)), call.integers(1)
    if dims is None or table is None:
        return None
    if len(table) != 2 or table[1] not in (None, 2) or table[0] not in (None, len(dims)):
        rows = table[0] if table else 0
        call.fail(f"its paddings have shape {list(table)}: {rows} rows, its input's rank is {len(dims)}")
        return None
    if values is None:
        return None
    if len(values) != 2 * len(dims):
        call.fail(f"it has {len(values)} paddings for an input of rank {len(dims)}")
        return None
    if min(values, default=0) < 0:
        call.fail(f"its paddings are {values}; none may be negative")
        return None
    return list(zip(values[::2], values[1::2], strict=True))


def space_to_depth(call: Call) -> None:
    _blocks(call, shrink=True)


def depth_to_space(call: Call) -> None:
    _blocks(call, shrink=False)


def _blocks(call: Call, shrink: bool) -> None:
    dims, block = call.ranked(0, 4, "input"), call.integer("block_size")
    if block < 1:
        call.fail(f"its block_size is {block}; at least 1 is needed")
    elif dims is not None and None not in dims[1:]:
        n, h, w, c = dims[0], *(d or 0 for d in dims[1:])
        if (shrink and (h % block or w % block)) or (not shrink and c % (block * block)):
            call.fail(f"its input {list(dims)} does not divide into blocks of {block}")
        elif shrink:
            call.expect((n, h // block, w // block, c * block * block))
        else:
            call.expect((n, h * block, w * block, c // (block * block)))


def space_to_batch_nd(call: Call) -> None:
    settled = _batch_blocks(call, "paddings")
    if settled is None:
        return
    dims, blocks, pairs = settled
    made: list[int | None] = []
    batch = dims[0]
    for dim, block, pair in zip(dims[1:], blocks, pairs, strict=False):
        if dim is not None and (dim + sum(pair)) % block:
            call.fail(f"a size of {dim} padded by {list(pair)} does not divide by its block {block}")
            return
        made.append(None if dim is None else (dim + sum(pair)) // block)
        batch = None if batch is None else batch * block
    call.expect((batch, *made, *dims[1 + len(made) :]))


def batch_to_space_nd(call: Call) -> None:
    settled = _batch_blocks(call, "crops")
    if settled is None:
        return
    dims, blocks, pairs = settled
    made: list[int | None] = []
    batch = dims[0]
    for dim, block, pair in zip(dims[1:], blocks, pairs, strict=False):
        if batch is not None and batch % block:
            call.fail(f"its batch of {dims[0]} does not divide by its blocks {blocks}")
            return
        if dim is not None and sum(pair) > dim * block:
            call.fail(f"it crops {list(pair)} off {dim * block}")
            return
        made.append(None if dim is None else dim * block - sum(pair))
        batch = None if batch is None else batch // block
    call.expect((batch, *made, *dims[1 + len(made) :]))


def _batch_blocks(call: Call, what: str) -> tuple[Dims, list[int], list[tuple[int, int]]] | None:
    dims, blocks, values = call.dims(call.input(0)), call.integers(1), call.integers(2)
    if dims is None or blocks is None:
        return None
    if min(blocks, default=1) < 1 or len(blocks) >= len(dims):
        call.fail(f"its block shape is {blocks}; fewer than {len(dims)} numbers from 1 are needed")
        return None
    if values is None:
        return None
    if len(values) != 2 * len(blocks) or min(values, default=0) < 0:
        call.fail(f"its {what} are {values}; {2 * len(blocks)} numbers from 0 are needed")
        return None
    return dims, blocks, list(zip(values[::2], values[1::2], strict=True))
