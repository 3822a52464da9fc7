"""The Fourier transform of KISS FFT, which TFLite Micro uses: its tables, and its arithmetic in numpy."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tinygen.ir.dtype import DType
from tinygen.ir.program import Constant, Field

Parts = tuple[npt.NDArray[Any], npt.NDArray[Any]]
"""Real and imaginary parts [..., points]: int64 for integer types, else float32."""

RADICES = (2, 3, 4, 5)
"""The butterflies that the kernels have."""


def radices_of(points: int) -> tuple[int, ...]:
    """Factors of a complex transform from the outermost in: fours, a two, then odd ones in rising order."""
    factors: list[int] = []
    radix = 4
    while points > 1:
        while points % radix:
            radix = {4: 2, 2: 3}.get(radix, radix + 2)
        factors.append(radix)
        points //= radix
    return tuple(factors)


@dataclass(frozen=True)
class Fft:
    """A transform of `length` real numbers as one of length / 2 complex ones, whose halves are then told apart.

    Integers are Q0.15 or Q0.31. Each butterfly first divides by its radix, and so does the last step by 2, so that the
    result is the transform divided by `length`. Sums wrap as the type does. A float transform is not divided.
    """

    length: int
    """Even."""
    dtype: DType
    is_inverse: bool

    @property
    def points(self) -> int:
        return self.length // 2

    @cached_property
    def radices(self) -> tuple[int, ...]:
        return radices_of(self.points)

    @cached_property
    def places(self) -> npt.NDArray[np.int16]:
        """[points]: where each number must stand before the first butterfly."""
        order = [0]
        for radix in reversed(self.radices):
            order = [i * radix + q for q in range(radix) for i in order]
        return np.argsort(order).astype(np.int16)

    @cached_property
    def twiddles(self) -> Parts:
        """[points]: e**(-2 pi i k / points), conjugate for the inverse."""
        return self._rotations([-2 * math.pi * k / self.points for k in range(self.points)])

    @cached_property
    def halves(self) -> Parts:
        """[points // 2]: what the odd samples' spectrum is rotated by."""
        return self._rotations([-math.pi * ((k + 1) / self.points + 0.5) for k in range(self.points // 2)])

    def _rotations(self, phases: list[float]) -> Parts:
        sign = -1.0 if self.is_inverse else 1.0
        pairs = [(math.cos(sign * phase), math.sin(sign * phase)) for phase in phases]
        if not self.dtype.is_float:
            greatest = self.dtype.limits[1]
            whole = np.array([[math.floor(0.5 + greatest * x) for x in pair] for pair in pairs], np.int64)
            return whole.reshape(-1, 2)[:, 0], whole.reshape(-1, 2)[:, 1]
        real = np.array(pairs, np.float32).reshape(-1, 2)
        return real[:, 0], real[:, 1]

    @property
    def fields(self) -> dict[str, Field]:
        """The members of tg_fft_<type>."""
        return {
            "radices": Constant.of(np.array(self.radices[::-1], np.int16)),
            "places": Constant.of(self.places),
            "twiddles": self._interleaved(self.twiddles),
            "halves": self._interleaved(self.halves),
            "stages": len(self.radices),
            "points": self.points,
        }

    def _interleaved(self, parts: Parts) -> Constant:
        return Constant.of(np.stack(parts, axis=-1).astype(self.dtype.numpy))

    # The arithmetic

    def wrap(self, x: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """As the type's register holds it."""
        return x if self.dtype.is_float else x.astype(self.dtype.numpy).astype(np.int64)

    def scaled(self, x: npt.NDArray[Any], factor: npt.NDArray[Any] | int) -> npt.NDArray[Any]:
        """x * factor, of which integers are fractions, rounded."""
        if self.dtype.is_float:
            return x * factor
        bits = 8 * self.dtype.size - 1
        return self.wrap((x * factor + (1 << (bits - 1))) >> bits)

    def divided(self, z: Parts, divisor: int) -> Parts:
        if self.dtype.is_float:
            return z
        factor = self.dtype.limits[1] // divisor
        return self.scaled(z[0], factor), self.scaled(z[1], factor)

    def half(self, x: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Of a sum, which integers form in 32 bits."""
        return x * np.float32(0.5) if self.dtype.is_float else x.astype(np.int32).astype(np.int64) >> 1

    def times(self, a: Parts, b: Parts) -> Parts:
        real, imaginary = a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]
        return self.scaled(real, 1), self.scaled(imaginary, 1)

    def add(self, *terms: Parts) -> Parts:
        """From left to right."""
        real, imaginary = terms[0]
        for term in terms[1:]:
            real, imaginary = self.wrap(real + term[0]), self.wrap(imaginary + term[1])
        return real, imaginary

    def subtract(self, a: Parts, b: Parts) -> Parts:
        return self.wrap(a[0] - b[0]), self.wrap(a[1] - b[1])

    def spectrum(self, samples: npt.NDArray[Any]) -> Parts:
        """[..., points + 1] from [..., length]: the forward transform."""
        z = self._transform((samples[..., ::2], samples[..., 1::2]), self.radices, 1)
        first = self.divided((z[0][..., :1], z[1][..., :1]), 2)
        ends = self.wrap(first[0] + first[1]), self.wrap(first[0] - first[1])
        both, difference = self._mirrored((z[0][..., 1:], z[1][..., 1:]))
        turned = self.times(difference, self.halves)
        upper = self.half(both[0] - turned[0])[..., ::-1], self.half(turned[1] - both[1])[..., ::-1]
        # of an even number of points, the one in the middle is found twice, and the second counts
        lower = slice(None, (self.points - 1) // 2)
        nothing = np.zeros_like(ends[0])
        real = (ends[0], self.half(both[0] + turned[0])[..., lower], upper[0], ends[1])
        imaginary = (nothing, self.half(both[1] + turned[1])[..., lower], upper[1], nothing)
        return np.concatenate(real, axis=-1), np.concatenate(imaginary, axis=-1)

    def samples(self, z: Parts) -> npt.NDArray[Any]:
        """[..., length] from [..., points + 1]: the inverse transform."""
        low, high = z[0][..., :1], z[0][..., -1:]
        first = self.divided((self.wrap(low + high), self.wrap(low - high)), 2)
        both, difference = self._mirrored((z[0][..., 1:-1], z[1][..., 1:-1]))
        turned = self.times(difference, self.halves)
        lower = tuple(part[..., : (self.points - 1) // 2] for part in self.add(both, turned))
        upper = self.subtract(both, turned)
        real = (first[0], lower[0], upper[0][..., ::-1])
        imaginary = (first[1], lower[1], self.wrap(-upper[1])[..., ::-1])
        made = self._transform((np.concatenate(real, axis=-1), np.concatenate(imaginary, axis=-1)), self.radices, 1)
        return np.stack(made, axis=-1).reshape(*z[0].shape[:-1], self.length)

    def _mirrored(self, z: Parts) -> tuple[Parts, Parts]:
        """Half of the sum and half of the difference of z[k] and the conjugate of z[points - k], k = 1 .. points / 2.

        z: from k = 1 to points - 1.
        """
        count = self.points // 2
        near = self.divided((z[0][..., :count], z[1][..., :count]), 2)
        far = self.divided((z[0][..., ::-1][..., :count], self.wrap(-z[1][..., ::-1][..., :count])), 2)
        return self.add(near, far), self.subtract(near, far)

    def _transform(self, z: Parts, radices: tuple[int, ...], stride: int) -> Parts:
        if not radices:
            return z
        radix, span = radices[0], z[0].shape[-1] // radices[0]
        arms = []
        for q in range(radix):
            part = self._transform((z[0][..., q::radix], z[1][..., q::radix]), radices[1:], stride * radix)
            divided = self.divided(part, radix)
            at = np.arange(span) * q * stride
            arms.append(self.times(divided, (self.twiddles[0][at], self.twiddles[1][at])) if q else divided)
        made = _BUTTERFLIES[radix](self, arms, stride * span)
        return np.concatenate([m[0] for m in made], axis=-1), np.concatenate([m[1] for m in made], axis=-1)

    def twiddle(self, k: int) -> Parts:
        return self.twiddles[0][k], self.twiddles[1][k]


def _by_2(fft: Fft, a: list[Parts], turn: int) -> list[Parts]:
    return [fft.add(a[0], a[1]), fft.subtract(a[0], a[1])]


def _by_3(fft: Fft, a: list[Parts], turn: int) -> list[Parts]:
    """turn: the place of the third root of unity in the table."""
    total, difference = fft.add(a[1], a[2]), fft.subtract(a[1], a[2])
    sine = fft.twiddle(turn)[1]
    middle = fft.wrap(a[0][0] - fft.half(total[0])), fft.wrap(a[0][1] - fft.half(total[1]))
    turned = fft.scaled(difference[1], sine), -fft.scaled(difference[0], sine)
    return [fft.add(a[0], total), fft.subtract(middle, turned), fft.add(middle, turned)]


def _by_4(fft: Fft, a: list[Parts], turn: int) -> list[Parts]:
    even, odd = fft.add(a[0], a[2]), fft.add(a[1], a[3])
    across, difference = fft.subtract(a[0], a[2]), fft.subtract(a[1], a[3])
    turned = (-difference[1], difference[0]) if fft.is_inverse else (difference[1], -difference[0])
    return [fft.add(even, odd), fft.add(across, turned), fft.subtract(even, odd), fft.subtract(across, turned)]


def _by_5(fft: Fft, a: list[Parts], turn: int) -> list[Parts]:
    """turn: the place of the fifth root of unity in the table."""
    first, second = fft.twiddle(turn), fft.twiddle(2 * turn)
    outer, outer_difference = fft.add(a[1], a[4]), fft.subtract(a[1], a[4])
    inner, inner_difference = fft.add(a[2], a[3]), fft.subtract(a[2], a[3])

    def along(one: Parts, other: Parts) -> Parts:
        real = fft.wrap(a[0][0] + fft.scaled(outer[0], one[0]) + fft.scaled(inner[0], other[0]))
        imaginary = fft.wrap(a[0][1] + fft.scaled(outer[1], one[0]) + fft.scaled(inner[1], other[0]))
        return real, imaginary

    near, far = along(first, second), along(second, first)
    sines = first[1], second[1]
    near_turned = (
        fft.wrap(fft.scaled(outer_difference[1], sines[0]) + fft.scaled(inner_difference[1], sines[1])),
        fft.wrap(-fft.scaled(outer_difference[0], sines[0]) - fft.scaled(inner_difference[0], sines[1])),
    )
    far_turned = (
        fft.wrap(-fft.scaled(outer_difference[1], sines[1]) + fft.scaled(inner_difference[1], sines[0])),
        fft.wrap(fft.scaled(outer_difference[0], sines[1]) - fft.scaled(inner_difference[0], sines[0])),
    )
    total = (
        fft.wrap(a[0][0] + fft.wrap(outer[0] + inner[0])),
        fft.wrap(a[0][1] + fft.wrap(outer[1] + inner[1])),
    )
    return [
        total,
        fft.subtract(near, near_turned),
        fft.add(far, far_turned),
        fft.subtract(far, far_turned),
        fft.add(near, near_turned),
    ]


_BUTTERFLIES: dict[int, Callable[[Fft, list[Parts], int], list[Parts]]] = {2: _by_2, 3: _by_3, 4: _by_4, 5: _by_5}
"""From the arms, divided and turned, to the spectrum's consecutive parts."""
