"""Huffman codes as TFLite Micro's DECODE has them: bits and linked tables in, symbols out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


class HuffmanError(Exception):
    """What of the codes or tables is wrong."""


@dataclass(frozen=True)
class Tables:
    """Entries of 16 or 32 bits: from the highest, one bit for a symbol, four bits of a width, and a value.

    A symbol's value is the symbol, its width how many of the last bits that were read belong to it. Otherwise the value
    is how far the next table is from here, and its width is how many bits, less 1, choose the entry there.
    """

    entries: tuple[int, ...]
    bits: int
    """Of an entry: 16 or 32."""
    first_width: int
    """How many bits choose an entry of the first table."""

    def symbol(self, code: str, at: int) -> tuple[int, int]:
        """The symbol whose code begins at bit `at`, and where the next one begins; there are zeros behind the codes."""
        width, place, value_bits = self.first_width, 0, self.bits - 5
        while at < len(code):
            place += int(code[at : at + width].ljust(width, "0"), 2)
            if place >= len(self.entries):
                raise HuffmanError(f"entry {place} of {len(self.entries)} is looked up")
            at += width
            entry = self.entries[place]
            value, more = entry % (1 << value_bits), (entry >> value_bits) % 16
            if entry >> (self.bits - 1):
                return value, at - max(width - more, 0)
            place, width = place + value, more + 1
        raise HuffmanError("the codes end before")


def decoded(encoded: npt.NDArray[np.uint8], tables: Tables, count: int) -> npt.NDArray[np.int64]:
    """`count` symbols from codes that begin with the highest bit of the first byte; raises HuffmanError."""
    code = "".join(map(str, np.unpackbits(encoded).tolist()))
    symbols, at = np.zeros(count, np.int64), 0
    for i in range(count):
        symbols[i], at = tables.symbol(code, at)
    if at > len(code):
        raise HuffmanError("the codes end before")
    return symbols
