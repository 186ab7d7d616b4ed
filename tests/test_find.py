"""Which files a run reads: those named, whatever they are called, and the exports of folders named.

In: folders and files made for it. Out: pass or fail.
Refuses to know: what becomes of what was found.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from ccmetrics.catalogue.models import Layout
from ccmetrics.problem import DataRefused, FileFailed
from ccmetrics.stages.load import Raw, find_exports, load, load_all


def write(folder: Path, content: str, name: str) -> Path:
    path = folder / name
    path.write_bytes(content.encode())
    return path


def known(*match: str) -> dict[str, Layout]:
    return {"x": Layout(layout="x", match=match, tables={})}


def names(raws: Sequence[Raw]) -> list[str]:
    return [raw.path.name for raw in raws]


def test_a_note_beside_exports_is_left_aside_with_a_word(tmp_path: Path) -> None:
    write(tmp_path, '{"id": 1}\n', "calls.jsonl")
    write(tmp_path, 'He said "no, and left\n', "notes.txt")
    write(tmp_path, '{\n  "name": "x"\n}\n', "package.json")
    write(tmp_path, "id,other\n1,2\n", "other.txt")
    notices: list[str] = []
    assert names(load_all([tmp_path], notices, known("id", "agent"))) == ["calls.jsonl"]
    for name in ("notes.txt", "package.json", "other.txt"):
        assert sum(name in notice and "no layout knows it" in notice for notice in notices) == 1


def test_a_text_that_a_layout_knows_is_an_export(tmp_path: Path) -> None:
    write(tmp_path, "id;agent\n1;2\n", "calls.txt")
    write(tmp_path, '[{"id": 1, "agent": "a"}]', "calls.json")
    assert names(load_all([tmp_path], [], known("id", "agent"))) == ["calls.json", "calls.txt"]


def test_an_export_that_is_damaged_is_no_note(tmp_path: Path) -> None:
    write(tmp_path, '{"id": 1}\n', "calls.jsonl")
    write(tmp_path, 'id,agent\n1,"2\n3,4\n', "calls.txt")
    with pytest.raises(DataRefused) as caught:
        load_all([tmp_path], [], known("id", "agent"))
    assert [Path(p.place.file).name for p in caught.value.problems] == ["calls.txt"]


def test_what_is_named_is_always_read(tmp_path: Path) -> None:
    path = write(tmp_path, "id,other\n1,2\n", "other.txt")
    assert names(load_all([path], [], known("id", "agent"))) == ["other.txt"]
    odd = write(tmp_path, "id,other\n1,3\n", "export.of.january")
    assert names(load_all([odd], [])) == ["export.of.january"]


def test_a_file_the_project_names_a_layout_for_is_no_note(tmp_path: Path) -> None:
    write(tmp_path, 'id,other\n1,"2\n', "other.txt")
    with pytest.raises(DataRefused):
        load_all([tmp_path], [], known("id", "agent"), {"*.txt": "x"})


def test_a_folder_of_notes_alone_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "read me\n", "notes.txt")
    with pytest.raises(FileFailed) as caught:
        load_all([tmp_path], [], known("id", "agent"))
    assert [p.name for p in caught.value.problems] == ["no-exports"]
    assert load_all([]) == []


def test_what_else_stands_in_a_folder(tmp_path: Path) -> None:
    for name in ("README.md", "project.yaml", ".hidden.csv", "~$e.xlsx"):
        write(tmp_path, "x", name)
    for name in (
        "a.csv",
        "b.TSV",
        "c.jsonl",
        "d.ndjson",
        "e.xlsx",
        "f.xlsm",
        "g.parquet",
        "h.csv.gz",
        "i.zip",
        "j.log",
    ):
        write(tmp_path, "x", name)
    write(tmp_path, "x", "old.xls")
    notices: list[str] = []
    found = "".join(path.name[0] for path in find_exports([tmp_path], notices))
    assert (found, [notice.partition(":")[0] for notice in notices]) == ("abcdefghij", [str(tmp_path / "old.xls")])


def test_a_link_that_leads_nowhere_is_an_export_that_is_lost(tmp_path: Path) -> None:
    write(tmp_path, "id\n1\n", "calls.csv")
    (tmp_path / "more.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(FileFailed) as caught:
        find_exports([tmp_path])
    assert [(p.name, Path(p.place.file).name) for p in caught.value.problems] == [("no-such-file", "more.csv")]


def test_a_link_is_the_file_it_leads_to(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "calls.csv").symlink_to(write(tmp_path, "id\n1\n", "elsewhere.csv"))
    assert [raw.rows for raw in load_all([folder])] == [1]
    with pytest.raises(DataRefused, match="Give it once"):
        load_all([folder, tmp_path / "elsewhere.csv"])


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "calls.csv")
    for path in (tmp_path / "calls.csv", tmp_path):
        with pytest.raises(FileFailed, match="no regular file"):
            find_exports([path])


NAMES = ["calls[1]", "*", "a?", "-x", "with space", "\u901a\u8bdd", "a\nb"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_name_is_that_very_file(tmp_path: Path, name: str, suffix: str) -> None:
    frame = pl.DataFrame({"id": ["7"]})
    workbook = Workbook()
    workbook.active.append(["id"])
    workbook.active.append(["7"])
    makers = {
        "csv": frame.write_csv,
        "jsonl": frame.write_ndjson,
        "parquet": frame.write_parquet,
        "xlsx": workbook.save,
    }
    (tmp_path / f"calls1.{suffix}").touch()
    makers[suffix](tmp_path / f"{name}.{suffix}")
    assert load(tmp_path / f"{name}.{suffix}").frame.collect().rows() == [("7",)]


def test_a_name_that_begins_with_a_dash_in_the_folder_one_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-x.csv").write_text("id\n7\n")
    assert load_all(["-x.csv"])[0].name == "-x.csv"
    assert load_all(["."])[0].rows == 1
