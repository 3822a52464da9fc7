"""Operators that only move elements: every element size, any shape, few loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bench import WHOLE, Benches
from ops import moves
from ops.nodes import op_of, values_of
from ops.witness import agrees_with
from tinygen.ir.dtype import DType
from tinygen.ops.copy_op import Copy, CopyOp

CASES = {
    "transpose_rotated": moves.transpose((2, 3, 4, 5), (3, 0, 1, 2)),
    "strided": moves.strided_slice((5, 9), (1, 8), (5, 1), (2, -3), (2, 3)),
    "split_v_rows": moves.split_v((1, 7, 2, 3), 1, (1, 4, 2)),
    "reflect": moves.mirror_pad((3, 4, 2), ((2, 1), (0, 3), (1, 1)), "REFLECT"),
    "padv2": moves.padv2((2, 3, 4), ((1, 0), (0, 2), (3, 1)), -77),
    "batch_to_space": moves.batch_to_space_nd((12, 3, 2, 2), (3, 2), ((1, 2), (0, 1))),
    "slice_all": moves.slice_((4, 7), (0, 0), (-1, -1)),
    "transpose_2d": moves.transpose((3, 5), (1, 0)),
    "transpose_6d": moves.transpose((2, 1, 3, 2, 2, 3), (5, 3, 1, 0, 4, 2)),
    "split_channels": moves.split((2, 3, 8), -1, 4),
}


@pytest.mark.parametrize("dtype", moves.EVERY_SIZE)
@pytest.mark.parametrize("name", ["transpose_rotated", "strided", "split_v_rows", "reflect", "padv2", "batch_to_space"])
def test_every_element_size(benches: Benches, name: str, dtype: DType) -> None:
    op = op_of(moves.of_dtype(CASES[name], dtype))
    benches.agree(op, values_of(op, name))


@settings(max_examples=60)
@given(shape=st.lists(st.integers(1, 4), min_size=1, max_size=5), data=st.data())
def test_any_slice(benches: Benches, shape: list[int], data: st.DataObject) -> None:
    begins, ends, strides = [], [], []
    for size in shape:
        stride = data.draw(st.sampled_from((-3, -2, -1, 1, 2, 3)))
        first, last = sorted(data.draw(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))))
        begins.append(first if stride > 0 else last)
        ends.append(last + 1 if stride > 0 else first - 1 if first else -size - 1)
        strides.append(stride)
    made = np.empty(shape)[tuple(slice(*entry) for entry in zip(begins, ends, strides, strict=True))].shape
    node = moves.strided_slice(tuple(shape), begins, ends, strides, made)
    op = op_of(node)
    benches.agree(op, values_of(op, shape), [WHOLE])
    if len(shape) <= 4:
        agrees_with("tflite_micro", node)


@settings(max_examples=60)
@given(shape=st.lists(st.integers(1, 4), min_size=1, max_size=6), data=st.data())
def test_any_transpose(benches: Benches, shape: list[int], data: st.DataObject) -> None:
    op = op_of(moves.transpose(tuple(shape), data.draw(st.permutations(range(len(shape))))))
    benches.agree(op, values_of(op, shape), [WHOLE])


def copy_of(name: str) -> Copy:
    op = op_of(CASES[name])
    assert isinstance(op, CopyOp)
    return op.copies()[0]


@pytest.mark.parametrize(
    ("name", "depth"),
    [("slice_all", 0), ("transpose_2d", 2), ("transpose_rotated", 2), ("transpose_6d", 5), ("split_channels", 1)],
)
def test_loops_that_continue_each_other_are_one(name: str, depth: int) -> None:
    assert copy_of(name).depth == depth
