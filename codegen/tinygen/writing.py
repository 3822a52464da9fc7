"""Writes a folder of files whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from tinygen.errors import TinygenError


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Puts the files into `folder`, beside what is there; on an error nothing is left of them.

    A new folder appears by one rename; into an existing one, every file is moved after all have been written.
    Raises TinygenError when the place can't be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        near = folder if folder.is_dir() else folder.parent
        with tempfile.TemporaryDirectory(dir=near, prefix=".tinygen.") as temporary:
            partial = Path(temporary) / "files"
            partial.mkdir()
            for name, text in files.items():
                (partial / name).write_text(text, encoding="utf-8", newline="\n")
            if not folder.exists():
                partial.rename(folder)
                return
            for name in files:
                if (folder / name).is_dir():
                    raise IsADirectoryError(f"{name} in it is a folder")
            for name in files:
                (partial / name).replace(folder / name)
    except OSError as error:
        raise TinygenError(f"{folder} can't be written: {error.strerror or error}.") from error
