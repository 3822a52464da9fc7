"""The reciprocal that replaces a division in the DSP kernels: every sum of every number of taps."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

from kernels.bench import KERNELS, WARNINGS, Benches

SOURCE = """
#include "tg_dsp_mean.h"
int32_t wrong_means(int32_t taps);
int32_t wrong_means(int32_t taps) {
    const tg_taps_mean mean = tg_taps_mean_of(taps);
    int32_t wrong = 0;
    for (int32_t sum = -128 * taps; sum <= 127 * taps; sum++) {
        const int32_t exact = (sum > 0 ? sum + taps / 2 : sum - taps / 2) / taps;
        const uint32_t begun = mean.start + (uint32_t)sum;
        wrong += begun > 0xffffu || (int32_t)tg_mean_plus_128(begun, mean) - 128 != exact;
    }
    return wrong;
}
"""


def test_every_mean(benches: Benches, tmp_path: Path) -> None:
    (tmp_path / "means.c").write_text(SOURCE)
    built = tmp_path / "means.so"
    flags = ["-std=c99", "-O2", "-shared", "-fPIC", *(f"-W{name}" for name in WARNINGS), f"-I{KERNELS / 'include'}"]
    subprocess.run([*benches.compiler, *flags, str(tmp_path / "means.c"), "-o", str(built)], check=True)
    library = ctypes.CDLL(str(built))
    assert [taps for taps in range(1, 257) if library.wrong_means(taps)] == []
