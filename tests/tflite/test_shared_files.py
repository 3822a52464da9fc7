"""The collection of good and bad files beside the checkout, where it exists."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tinygen.errors import InvalidModelError, UnsupportedModelError
from tinygen.tflite import check_supported_form, parse_model, read_model

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
MANIFEST = SHARED / "bad" / "manifest.csv"
ROWS = list(csv.DictReader(MANIFEST.read_text("utf-8").splitlines())) if MANIFEST.exists() else []

CONTRADICTORY = {"ambiq_softmax_scale_unsupported", "litert_add_shared_tensors", "litert_blockwise_quantized"}
"""Files of other projects' tests that read tensors that nobody has written."""

pytestmark = pytest.mark.skipif(not ROWS, reason="the folder ../shared with its collection of models is missing")


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_bad_file(row: dict[str, str]) -> None:
    path = MANIFEST.parent / row["file"]
    if row["cls"] == "reject":
        with pytest.raises(InvalidModelError) as caught:
            read_model(path)
        assert len(caught.value.message.split()) >= 4
        return
    try:
        check_supported_form(read_model(path))
    except InvalidModelError:
        assert row["cls"] == "either"
    except UnsupportedModelError:
        assert row["cls"] in ("either", "unsupported")


@pytest.mark.parametrize("folder", ["models", "small_ops", "thirdparty_ops", "seanet"])
def test_good_files(folder: str) -> None:
    found = {path.stem: path for path in sorted((SHARED / folder).glob("*.tflite"))}
    assert found
    for name, path in found.items():
        if name not in CONTRADICTORY:
            assert read_model(path).subgraphs


def test_cut_models_are_rejected() -> None:
    data = (SHARED / "models" / "tflm_hello_world_int8.tflite").read_bytes()
    for end in range(0, len(data), 37):
        with pytest.raises(InvalidModelError):
            parse_model(data[:end], "m")
