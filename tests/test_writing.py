"""A folder is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tinygen.errors import TinygenError
from tinygen.writing import write_folder

FILES = {"a.c": "int a;\n", "b.h": "/* \u00e9 */\n"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_folder_appears_with_its_parents(tmp_path: Path) -> None:
    write_folder(tmp_path / "x" / "y", FILES)
    assert contents(tmp_path / "x" / "y") == {name: text.encode() for name, text in FILES.items()}
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["y"]


def test_a_relative_folder_and_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_folder(Path("x"), FILES)
    write_folder(Path(), FILES)
    assert set(contents(Path("x"))) == set(FILES)
    assert {path.name for path in tmp_path.iterdir()} == {"x", *FILES}


def test_files_in_an_old_folder_are_replaced_and_others_kept(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("old")
    (tmp_path / "mine").write_text("mine")
    write_folder(tmp_path, FILES)
    assert set(contents(tmp_path)) == {"a.c", "b.h", "mine"}
    assert (tmp_path / "a.c").read_text() == FILES["a.c"]


def test_a_parent_that_is_read_only_does_not_matter_to_a_folder_that_is_there(tmp_path: Path) -> None:
    """As in a container, where only the mounted folder may be written."""
    folder = tmp_path / "parent" / "c"
    folder.mkdir(parents=True)
    folder.parent.chmod(0o555)
    try:
        write_folder(folder, FILES)
    finally:
        folder.parent.chmod(0o755)
    assert set(contents(folder)) == set(FILES)
    assert [path.name for path in folder.parent.iterdir()] == ["c"]


def test_a_folder_in_the_way_of_a_file_leaves_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "b.h").mkdir()
    (tmp_path / "a.c").write_text("old")
    with pytest.raises(TinygenError, match=r"b\.h in it is a folder"):
        write_folder(tmp_path, FILES)
    assert (tmp_path / "a.c").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.c", "b.h"]


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file", tmp_path / "file" / "c"):
        with pytest.raises(TinygenError, match="can't be written"):
            write_folder(place, FILES)
    assert contents(tmp_path) == {"file": b"mine"}


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_text

    def full(self: Path, text: str, **options: str) -> int:
        if self.name == "b.h":
            raise OSError(28, os.strerror(28))
        return write(self, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    for place in (tmp_path / "new", tmp_path):
        with pytest.raises(TinygenError, match="No space left on device"):
            write_folder(place, FILES)
    assert list(tmp_path.iterdir()) == []
