#!/bin/sh
# Builds the shipped example for an nRF52840, runs that firmware in an emulator and compares every byte. No board, no root.
set -eu
cd "$(dirname "$0")/.."

extras=emulate
# the compiler, as a Python package, where there is none
command -v arm-none-eabi-gcc >/dev/null 2>&1 || extras=emulate,zig
set -- "$extras"
. scripts/venv.sh

show() {
    printf '\n$ %s\n' "$*"
    "$bin/$@"
}

show tinygen inspect models/digits_cnn.tflite
show tinygen build models/digits_cnn.tflite --board nrf52840
show tinygen test models/digits_cnn.tflite --board nrf52840 --emulate --vectors models/digits_cnn_vectors.npz
show python scripts/accuracy.py models/digits_cnn.tflite --board nrf52840 --emulate
