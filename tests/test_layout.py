"""The layout of the project, held by tests: who imports whom, how long things get, what a word's four places are."""

from __future__ import annotations

import ast
import importlib.util
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import tinygen
from command_line import CHECKOUT
from tinygen.ops import OPS
from tinygen.ops.op import Op
from tinygen.resources import resource_dir

PACKAGE = Path(tinygen.__file__).parent
KERNELS = resource_dir("firmware") / "kernels"

ORDER = (
    ("__init__", "errors", "resources"),
    ("tflite",),
    ("ir",),
    ("quant",),
    ("fixedpoint",),
    ("ops",),
    ("passes", "schedule", "reference"),
    ("emit",),
    ("thumb",),
    ("boards", "platformio_core", "memory", "stack", "uf2"),
    ("project", "flash", "harness", "emulate"),
    ("pipeline",),
    ("memory_map",),
    ("fit", "vectors", "writing"),
    ("inspection", "session"),
    ("tables", "memory_picture", "profiling"),
    ("comparison",),
    ("cli", "commands"),
)
"""Modules and packages from the bottom to the top: each may import those in the lines above its own."""
ONLY = {
    "jinja2": {"emit/render.py"},
    "serial": {"harness/transport.py"},
    "click": {"cli.py", "commands"},
    "rich": {"cli.py", "commands", "tables.py"},
    "platformio": {"platformio_core.py"},
    "capstone": {"emulate/cost.py"},
}
"""Foreign packages, and the modules and packages that may know them."""
LONGEST_MODULE = 330
LONGEST_FUNCTION = 45
LONGER_MODULES: dict[str, tuple[int, str]] = {}
LONGER_FUNCTIONS = {
    "emit/generate.py:generate": (70, "one table of all names that the templates print"),
}

modules = pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)


def group(parts: tuple[str, ...]) -> str:
    """What ORDER calls a module: its package, or the module itself."""
    return parts[0].removesuffix(".py") if parts else "__init__"


def rank(name: str) -> int:
    """The line of ORDER."""
    found = [i for i, line in enumerate(ORDER) if name in line]
    assert found, f"{name} has no place in ORDER of {Path(__file__).name}"
    return found[0]


def imports(tree: ast.AST) -> Iterator[str]:
    """Dotted names of the modules imported anywhere, except for type checkers only."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            if node.module == "tinygen":
                yield from (f"tinygen.{alias.name}" for alias in node.names if not alias.name.startswith("__"))
            else:
                yield node.module
        else:
            yield from imports(node)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@modules
def test_imports_point_downwards(path: Path) -> None:
    own = group(path.relative_to(PACKAGE).parts)
    for name in imports(parsed(path)):
        if name.split(".")[0] == "tinygen":
            other = group(tuple(name.split(".")[1:]))
            together = {own, other} == {"cli", "commands"}
            assert other == own or together or rank(other) < rank(own), f"{own} imports {name}"


def test_every_place_in_the_order_is_taken() -> None:
    found = {group(path.relative_to(PACKAGE).parts) for path in PACKAGE.rglob("*.py")}
    assert found == {name for line in ORDER for name in line}


@modules
def test_foreign_packages_are_known_in_one_place(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for name in imports(parsed(path)):
        allowed = ONLY.get(name.split(".")[0])
        assert allowed is None or {place, place.split("/")[0]} & allowed, f"{place} imports {name}"


@modules
def test_only_the_command_line_prints(path: Path) -> None:
    if group(path.relative_to(PACKAGE).parts) in ("cli", "commands"):
        return
    for node in ast.walk(parsed(path)):
        assert not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print")
        assert not (
            isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr") and ast.unparse(node.value) == "sys"
        )


@modules
def test_a_module_is_short_and_says_what_it_is_for(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    text = path.read_text(encoding="utf-8")
    limit, _ = LONGER_MODULES.get(place, (LONGEST_MODULE, ""))
    assert len(text.splitlines()) <= limit
    docstring = ast.get_docstring(parsed(path))
    assert docstring and len(docstring.split()) >= 4
    assert docstring.split("\n\n")[0].endswith("."), "the first sentence ends"
    assert "os.path" not in text
    if not path.name.startswith("__"):
        assert "from __future__ import annotations\n" in text


@modules
def test_functions_are_short(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            limit, _ = LONGER_FUNCTIONS.get(f"{place}:{node.name}", (LONGEST_FUNCTION, ""))
            lines = node.end_lineno - node.lineno + 1
            assert lines <= limit, f"{node.name} has {lines} lines"


def test_exceptions_are_still_needed() -> None:
    for place in LONGER_MODULES:
        assert len((PACKAGE / place).read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE, place
    for entry in LONGER_FUNCTIONS:
        place, name = entry.split(":")
        nodes = [n for n in ast.walk(parsed(PACKAGE / place)) if isinstance(n, ast.FunctionDef) and n.name == name]
        assert [n for n in nodes if n.end_lineno and n.end_lineno - n.lineno + 1 > LONGEST_FUNCTION], entry


# The kernels

SHARED_KERNELS = {
    "arg": "ARG_MAX and ARG_MIN",
    "average": "the mean of rows that come one after the other, of AVERAGE_POOL_2D over a whole map",
    "clamp": "RELU and its kin, of floats",
    "compare": "EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS and LESS_EQUAL",
    "compare_scaled": "EQUAL and NOT_EQUAL of int16",
    "copy": "RESHAPE and whatever else only moves bytes",
    "copy_nd": "every op of copy_op.py",
    "curve": "EXP, LOG and GELU of int16",
    "extremum": "MAXIMUM and MINIMUM",
    "floor_pairs": "FLOOR_DIV and FLOOR_MOD of integers",
    "integer_pairs": "BITWISE_XOR, RIGHT_SHIFT, ADD, SUB and MUL of int64, MAXIMUM and MINIMUM of uint8",
    "requantize": "QUANTIZE between integers, and RELU and its kin of int16",
    "reduce": "REDUCE_ALL, REDUCE_ANY, REDUCE_MAX, REDUCE_MIN, REDUCE_PROD, SUM and MEAN",
    "reduce_integers": "the same of other integers, one kernel for all of their types",
    "run_time_box": "SLICE and STRIDED_SLICE from where run-time numbers say",
    "table": "every op that maps an int8 to an int8",
    "top_bit": "the edges of models that were quantized to uint8",
    "unsorted_segment": "UNSORTED_SEGMENT_MAX, _MIN, _PROD and _SUM, and SEGMENT_SUM",
}
"""Kernels of several ops."""


def kernel_word(stem: str) -> str:
    """tg_conv_2d_s8 -> conv_2d; tg_mean_rows_s8, which takes mean's input row by row -> mean"""
    return re.sub(r"(_rows)?(_[suf]\d+|_b)+$", "", stem.removeprefix("tg_"))


def sources(folder: str) -> list[str]:
    return sorted(path.stem for path in (KERNELS / folder).glob("*.c"))


def test_every_variant_has_a_scalar_twin() -> None:
    assert sources("scalar")
    for folder in ("swar", "dsp", "mve"):
        assert set(sources(folder)) <= set(sources("scalar")), folder


@pytest.mark.parametrize("kernel", sources("scalar"))
def test_a_kernel_has_a_header_that_states_it(kernel: str) -> None:
    header = (KERNELS / "include" / f"{kernel}.h").read_text(encoding="utf-8")
    assert f"TG_NAME({kernel})" in header
    assert header.startswith("/*")
    for folder in ("scalar", "swar", "dsp", "mve"):
        path = KERNELS / folder / f"{kernel}.c"
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert f'#include "{kernel}.h"\n' in text
            assert text.startswith("/*")
            for word in ("malloc", "alloca", "<stdio.h>", "__DATE__"):
                assert word not in text


def test_every_kernel_is_an_ops_or_known_to_be_shared() -> None:
    words = {Path(op.__module__.replace(".", "/")).name for op in OPS}
    for kernel in sources("scalar"):
        word = kernel_word(kernel)
        # tg_conv_2d_blocks_s8 is CONV_2D in another form
        assert word in SHARED_KERNELS or any(f"{word}_".startswith(f"{of}_") for of in words), kernel
    assert {kernel_word(kernel) for kernel in sources("scalar")} >= set(SHARED_KERNELS)


def word_of(kind: str) -> str:
    """DEPTHWISE_CONV_2D -> depthwise_conv_2d; SignalFftAutoScale -> signal_fft_auto_scale"""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()


@pytest.mark.parametrize("op", OPS, ids=lambda op: word_of(op.KIND))
def test_an_op_is_one_word_in_its_places(op: type[Op]) -> None:
    word = word_of(op.KIND)
    assert op.__module__ == f"tinygen.ops.{word}"
    assert op.__name__.lower() == word.replace("_", "")
    tests = (CHECKOUT / "tests" / "ops").glob("test_*.py")
    assert any(path.stem == f"test_{word}" or f'"{op.KIND}"' in path.read_text(encoding="utf-8") for path in tests)


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names of the files in the wheel."""
    if not importlib.util.find_spec("hatchling"):
        pytest.skip("hatchling, which builds the wheel, is not installed")
    builder = importlib.import_module("hatchling.builders.wheel").WheelBuilder(str(CHECKOUT))
    (built,) = builder.build(directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"])
    with zipfile.ZipFile(built) as file:
        return file.namelist()


@pytest.mark.parametrize("folder", ["templates", "firmware", "boards"])
def test_the_wheel_holds_what_the_program_reads(wheel: list[str], folder: str) -> None:
    expected = {
        f"tinygen/{folder}/{path.relative_to(CHECKOUT / folder).as_posix()}"
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected
    assert expected <= set(wheel)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: list[str]) -> None:
    package = CHECKOUT / "codegen"
    assert {path.relative_to(package).as_posix() for path in package.rglob("*.py")} <= set(wheel)
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == {"tinygen"}
    assert not [name for name in wheel if "__pycache__" in name or "/tests/" in name]
