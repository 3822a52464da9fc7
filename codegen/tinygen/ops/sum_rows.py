"""What the kernels that average a whole map row by row share."""

from __future__ import annotations

from collections.abc import Mapping

from tinygen.ir.program import Field, Placement
from tinygen.ir.tensor import Tensor


def sum_rows_fields(place: Placement, input_: Tensor, sums: int) -> Mapping[str, Field]:
    """The members of tg_sum_rows: every `sums`-th element of a row goes into the same sum."""
    return {
        "input": place.ring(input_),
        "rows": input_.rows,
        "groups": input_.row_elements // sums,
        "sums": sums,
    }
