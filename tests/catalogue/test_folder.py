"""The files of a folder of definitions: what is read, what cannot be, what only looks as if it were.

In: folders. Out: pass or fail.
Refuses to know: what definitions say.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ccmetrics.catalogue import load, load_catalogue, problems_of
from ccmetrics.examine import examine
from ccmetrics.problem import FileFailed

HERE = Path(__file__).parent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(HERE / "whole", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(name: str) -> list[str]:
    return [str(each.problem) for each in examine(Path()).standing if each.problem.name == name]


def test_unread_file_refuses_no_run(folder: Path) -> None:
    shutil.copytree(HERE / "linted" / "unread-file", folder, dirs_exist_ok=True)
    assert problems_of(load(Path())) == []
    assert load_catalogue(Path()).kpis


def test_unread_file_may_be_allowed(folder: Path) -> None:
    shutil.copy("measures.yaml", "measures.YAML")
    project = Path("project.yaml").read_text(encoding="utf-8")
    Path("project.yaml").write_text(project + "  allow: {unread-file: kept for the archive}\n", encoding="utf-8")
    assert told("unread-file") == []
    assert told("unused-allow") == []


def test_a_folder_behind_a_link_is_told(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "more.yaml").write_text("measures: {offered: {table: interactions, count: rows}}\n", encoding="utf-8")
    (folder / "shared").symlink_to(elsewhere)
    assert told("unread-file") == [
        "shared: unread-file\n"
        "  Definitions stand behind this link to another folder, and links to folders are not followed. "
        "Nothing of it counts."
    ]


def test_unreadable_file(folder: Path) -> None:
    """All of them at once."""
    (folder / "shared.yaml").symlink_to("gone.yaml")
    (folder / "team.yml").mkdir()
    with pytest.raises(FileFailed) as failed:
        load(Path())
    assert str(failed.value) == (
        "shared.yaml: unreadable-file\n  The file cannot be read: No such file or directory.\n"
        "team.yml: unreadable-file\n  The file cannot be read: Is a directory."
    )


def test_unreadable_targets(folder: Path) -> None:
    (folder / "targets.csv").symlink_to("gone.csv")
    with pytest.raises(FileFailed) as failed:
        load(Path())
    assert str(failed.value) == "targets.csv: unreadable-file\n  The file cannot be read: No such file or directory."


def test_no_definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    (tmp_path / "empty" / "measures.txt").write_text("measures: {}\n", encoding="utf-8")
    (tmp_path / "empty" / ".hidden.yaml").write_text("measures: {}\n", encoding="utf-8")
    for name, said in (("empty", "holds no definitions (*.yaml)"), ("gone", "does not exist")):
        with pytest.raises(FileFailed) as failed:
            load(Path(name))
        assert str(failed.value) == f"{name}: no-definitions\n  The folder '{name}' {said}."


def test_yaml_size(folder: Path) -> None:
    """A byte more than the most."""
    Path("more.yaml").write_text("#" * 2_000_000, encoding="utf-8")
    assert problems_of(load(Path())) == []
    Path("more.yaml").write_text("#" * 2_000_001, encoding="utf-8")
    assert list(map(str, problems_of(load(Path())))) == [
        "more.yaml: yaml-size\n  The file has 2,000,001 bytes; definitions have at most 2,000,000. Split it."
    ]
