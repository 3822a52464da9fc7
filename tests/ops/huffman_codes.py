"""Makes Huffman codes, and the linked tables by which TFLite Micro decodes them."""

from __future__ import annotations

import heapq
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt


def codes_of(weights: Mapping[int, int]) -> dict[int, str]:
    """The code of each symbol; the only one has one bit."""
    heap = [(weight, symbol, {symbol: ""}) for symbol, weight in weights.items()]
    heapq.heapify(heap)
    if len(heap) == 1:
        return dict.fromkeys(weights, "0")
    while len(heap) > 1:
        (one, key, left), (other, _, right) = heapq.heappop(heap), heapq.heappop(heap)
        joined = {s: "0" + code for s, code in left.items()} | {s: "1" + code for s, code in right.items()}
        heapq.heappush(heap, (one + other, key, joined))
    return heap[0][2]


def linked_tables(codes: Mapping[int, str], width: int, bits: int) -> list[int]:
    """Entries of 16 or 32 bits; the first table has 2**width of them, and no other has more."""
    entries = [0] * (1 << width)
    _fill(entries, 0, {code: symbol for symbol, code in codes.items()}, width, bits)
    return entries


def _fill(entries: list[int], base: int, codes: Mapping[str, int], width: int, bits: int) -> None:
    mask = (1 << (bits - 5)) - 1
    longer: dict[str, dict[str, int]] = {}
    for code, symbol in codes.items():
        if len(code) > width:
            longer.setdefault(code[:width], {})[code[width:]] = symbol
            continue
        free = width - len(code)
        entry = 1 << (bits - 1) | len(code) << (bits - 5) | (symbol & min(mask, 0xFFFF))
        first = int(code, 2) << free
        entries[base + first : base + first + (1 << free)] = [entry] * (1 << free)
    for prefix, rest in longer.items():
        place, below = base + int(prefix, 2), min(width, max(map(len, rest)))
        child = len(entries)
        entries += [0] * (1 << below)
        entries[place] = (below - 1) << (bits - 5) | (child - place)
        _fill(entries, child, rest, below, bits)


def encoded(values: npt.NDArray[np.int64], codes: Mapping[int, str]) -> list[int]:
    """The bits of all values, in whole words, and one more word, at which the decoder may look."""
    text = "".join(codes[int(value)] for value in values)
    return [int(digit) for digit in text] + [0] * (-len(text) % 32 + 32)
