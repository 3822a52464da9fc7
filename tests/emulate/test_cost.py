"""Prices of single instructions and of what stands next to them, from the core's manual."""

from __future__ import annotations

import pytest

from tinygen.emulate.cost import Price, price

pytest.importorskip("capstone", reason='needs pip install "tinygen[emulate]"')

LDR_0 = "0868"  # ldr r0, [r1]
LDR_4 = "5368"  # ldr r3, [r2, #4]
LDR_OF_0 = "0368"  # ldr r3, [r0]
STR_0 = "0b60"  # str r3, [r1]
STR_INDEX = "8b50"  # str r3, [r1, r2]
ADD = "4918"  # adds r1, r1, r1
IT_EQ = "08bf"
LDREQ = "0868"  # as LDR_0: the condition is the IT's
SMLAD = "21fb0345"  # smlad r5, r1, r3, r4
PUSH = "70b5"  # push {r4, r5, r6, lr}
SDIV = "91fbf2f0"
LDRD = "d1e90023"  # ldrd r2, r3, [r1]
VMLA = "00ee810a"  # vmla.f32 s0, s1, s2
VDIV = "80ee810a"
BRANCH = "fee7"


@pytest.mark.parametrize(
    ("code", "cycles"),
    [
        ([ADD], 1),
        ([LDR_0], 2),
        ([LDR_0, LDR_4], 3),  # back to back
        ([LDR_0, LDR_OF_0], 4),  # the second needs the first
        ([LDR_0, ADD, LDR_4], 5),  # nothing to pipeline with
        ([ADD, LDR_0], 4),  # r1 is not ready for the address
        ([STR_0], 1),
        ([STR_INDEX], 2),
        ([LDR_4, STR_INDEX], 3),
        ([SMLAD], 1),
        ([PUSH], 5),
        ([LDRD], 3),
        ([SDIV], 7),
        ([VMLA], 3),
        ([VDIV], 14),
        ([BRANCH], 1),
        ([IT_EQ, LDREQ], 3),  # nothing 16-bit before it: the IT takes a cycle
        ([STR_0, IT_EQ, LDREQ], 3),  # folded
        (["ffff", "ffff", ADD], 2),  # what is not known counts as one instruction
    ],
)
def test_price(code: list[str], cycles: int) -> None:
    found = price(bytes.fromhex("".join(code)), 0x1000)
    count = len(code) - (code[0] == "ffff")
    assert found == Price(count, cycles)
