"""Runs PlatformIO on a project, in a core folder of our own that needs no registry."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tinygen.errors import ToolError
from tinygen.resources import resource_dir

# PlatformIO starts its SCons package by this file; PyPI's SCons does the work.
_SCONS_PY = """import sys
from SCons.Script import main
sys.exit(main())
"""


def cache_folder() -> Path:
    """Where builds, compiled objects and PlatformIO's files are kept: $TINYGEN_CACHE, else the user's cache folder."""
    chosen = os.environ.get("TINYGEN_CACHE")
    if chosen:
        return Path(chosen).expanduser().resolve()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "tinygen"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "tinygen"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tinygen"


def run_platformio(folder: Path, environment: str, progress: Callable[[str], None]) -> tuple[int, str]:
    """Builds one environment of the project in `folder`; returns the exit code and all that was printed.

    progress gets each line as it is printed. Raises ToolError when PlatformIO can't be started.
    """
    command = [sys.executable, "-m", "platformio", "run", "--project-dir", str(folder), "--environment", environment]
    try:
        process = subprocess.Popen(
            command,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise ToolError(f"PlatformIO can't be started: {error}.", "Install it: pip install platformio.") from None
    lines = []
    assert process.stdout is not None
    with process, process.stdout:
        for line in process.stdout:
            lines.append(line)
            progress(line.rstrip())
    return process.returncode, "".join(lines)


def _environment() -> dict[str, str]:
    # PlatformIO remembers one folder per platform: two installations of tinygen must not share the memory.
    own = hashlib.sha256(str(resource_dir("firmware")).encode()).hexdigest()[:8]
    core = cache_folder() / "platformio" / own
    _provide_scons(core / "packages" / "tool-scons")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLATFORMIO_")},
        "PLATFORMIO_CORE_DIR": str(core),
        "PLATFORMIO_DISABLE_UPGRADE_CHECK": "true",
        "PLATFORMIO_DISABLE_PROGRESSBAR": "true",
        "PLATFORMIO_NO_ANSI": "true",
        "PLATFORMIO_SETTING_ENABLE_TELEMETRY": "no",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TINYGEN_CACHE": str(cache_folder()),
        "TINYGEN_OFFLINE": "1",
    }


def _provide_scons(package: Path) -> None:
    """Puts PyPI's SCons where PlatformIO looks for its own, in the version that it asks for."""
    try:
        from platformio.dependencies import get_core_dependencies
    except ImportError as error:
        raise ToolError(f"PlatformIO can't be used: {error}.", "Install it: pip install platformio.") from None
    requirement = get_core_dependencies()["tool-scons"]
    version = re.sub(r"[^0-9.]", "", requirement.split(",")[0])
    described = {"name": "tool-scons", "version": version}
    spec = {"owner": "platformio", "id": None, "name": "tool-scons", "requirements": None, "uri": None}
    metadata = {"type": "tool", **described, "spec": spec}
    package.mkdir(parents=True, exist_ok=True)
    write_if_changed(package / "package.json", json.dumps({**described, "description": "SCons from PyPI"}))
    write_if_changed(package / "scons.py", _SCONS_PY)
    write_if_changed(package / ".piopm", json.dumps(metadata))


def write_if_changed(path: Path, text: str) -> None:
    """Writes in one move, so that nobody sees half a file, and only what is new, so that builds stay quick.

    Raises ToolError when the folder can't be written.
    """
    data = text.encode()
    try:
        if path.is_file() and path.read_bytes() == data:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise ToolError(
            f"The file {path} can't be written: {error.strerror}.",
            "Set TINYGEN_CACHE to a folder that can, if this is the cache.",
        ) from None
