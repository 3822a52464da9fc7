"""A real board: build, flash, compare every byte; then another model, whose firmware must be refused until flashed."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import MODELS, tinygen
from hardware.conftest import Attached

pytestmark = pytest.mark.hardware


def flashed(model: Path, attached: Attached, folder: Path) -> None:
    done = tinygen("build", model, "--board", attached.name, "-o", folder)
    assert done.code == 0, done.err
    port = ("--port", attached.flash_port) if attached.flash_port else ()
    done = tinygen("flash", folder, *port)
    assert done.code == 0, done.err


def test_a_flashed_board_computes_the_stored_outputs_and_refuses_another_model(
    attached: Attached, tmp_path: Path
) -> None:
    port = ("--port", attached.port) if attached.port else ()
    vectors = ("--vectors", MODELS / "digits_cnn_vectors.npz")
    flashed(MODELS / "digits_cnn.tflite", attached, tmp_path / "cnn")
    done = tinygen("test", MODELS / "digits_cnn.tflite", "--board", attached.name, *port, *vectors, "--json")
    assert done.code == 0, done.err
    assert done.json["passed"] is True
    assert done.json["vectors"] == 10
    assert done.json["cycles"] > 0
    stale = tinygen("test", MODELS / "sine.tflite", "--board", attached.name, *port)
    assert stale.code == 6, stale.err
    flashed(MODELS / "sine.tflite", attached, tmp_path / "sine")
    done = tinygen("test", MODELS / "sine.tflite", "--board", attached.name, *port)
    assert done.code == 0, done.err
