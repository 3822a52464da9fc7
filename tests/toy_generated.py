"""A model written by hand, in the form that emit gives, for tests of everything after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinygen.ir.target import TARGETS, Target

_HEADER = """#ifndef TOY_H
#define TOY_H
#include <stdint.h>
#define TOY_INPUTS 1
#define TOY_OUTPUTS 1
#define TOY_INPUT_0_SIZE 8
#define TOY_OUTPUT_0_SIZE 8
typedef struct {
    int8_t arena[64];
} toy_t;
extern const int8_t toy_weights[8];
void toy_init(toy_t *model);
void toy_reset(toy_t *model);
void toy_invoke(toy_t *model);
int8_t *toy_input_0(toy_t *model);
const int8_t *toy_output_0(const toy_t *model);
#endif
"""
_SOURCE = """#include "toy.h"
#ifdef TG_TRACE
#include "tg_trace.h"
#endif
void toy_init(toy_t *model) {
    toy_reset(model);
}
void toy_reset(toy_t *model) {
    model->arena[0] = 0;
}
void toy_invoke(toy_t *model) {
    for (int i = 0; i < 8; i++)
        model->arena[8 + i] = (int8_t)(model->arena[i] ^ toy_weights[i]);
#ifdef TG_TRACE
    tg_trace(0, model->arena + 8, 1, 8, 8, 0, 1);
#endif
}
int8_t *toy_input_0(toy_t *model) {
    return model->arena;
}
const int8_t *toy_output_0(const toy_t *model) {
    return model->arena + 8;
}
"""
_WEIGHTS = '#include "toy.h"\nconst int8_t toy_weights[8] = {1, 2, 3, 4, 5, 6, 7, 8};\n'

FILES: Mapping[str, str] = {
    "toy.h": _HEADER,
    "toy.c": _SOURCE,
    "toy_weights.c": _WEIGHTS,
    "main.c": "int main(void) {\n    return 0;\n}\n",
}


@dataclass(frozen=True)
class ToyGenerated:
    """output = input XOR (1, 2, ..., 8)."""

    target: Target = TARGETS["cortex-m4"]
    name: str = "toy"
    files: Mapping[str, str] = field(default_factory=lambda: FILES)
    crc32: int = 0x12345678
    arena_bytes: int = 64
    weights_bytes: int = 8
    inputs: tuple[str, ...] = ("input",)
    outputs: tuple[str, ...] = ("output",)
    probes: int = 1
