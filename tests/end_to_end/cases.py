"""Real models with stored inputs and outputs: the ones that tinygen brings, and those of ../shared where it exists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from command_line import MODELS, SHARED
from tinygen.ir.graph import Graph
from tinygen.pipeline import load
from tinygen.vectors import Vectors, read_vectors

MAIN_MODELS = (
    "mlperf_kws_ref_model",
    "mlperf_vww_96_int8",
    "mlperf_pretrainedResnet_quant",
    "mlperf_ad01_int8",
    "mlperf_str_ww_ref_model",
    "tflm_person_detect",
    "tflm_micro_speech_quantized",
    "tflm_hello_world_int8",
)


@dataclass(frozen=True)
class Case:
    """A model and its vectors."""

    model: Path
    vectors_file: Path

    @property
    def graph(self) -> Graph:
        """As in the file."""
        return load(self.model).complete

    def vectors(self, count: int | None = None) -> Vectors:
        """The first `count` stored inferences, outputs included; all of them for None."""
        vectors = read_vectors(self.vectors_file, self.graph).first(count)
        assert vectors.inputs and vectors.outputs
        return vectors


def shipped(name: str) -> Case:
    """A model of the folder models/."""
    return Case(MODELS / f"{name}.tflite", MODELS / f"{name}_vectors.npz")


SHIPPED = tuple(shipped(path.stem) for path in sorted(MODELS.glob("*.tflite")))
MAIN = tuple(Case(SHARED / "models" / f"{n}.tflite", SHARED / "models" / "vectors" / f"{n}.npz") for n in MAIN_MODELS)

_no_shared = pytest.mark.skipif(not (SHARED / "models").is_dir(), reason="there is no folder ../shared/models")
every_case = pytest.mark.parametrize(
    "case",
    [
        *(pytest.param(case, id=case.model.stem) for case in SHIPPED),
        *(pytest.param(case, id=case.model.stem, marks=_no_shared) for case in MAIN),
    ],
)
shipped_cases = pytest.mark.parametrize("case", SHIPPED, ids=[case.model.stem for case in SHIPPED])
