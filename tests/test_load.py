"""Exports from the disk: what is taken, and the exact place of what is not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
import pytest

from ccmetrics.catalogue.models import FileForm, Layout
from ccmetrics.problem import DataRefused, FileFailed, Problem, Refused, UsageRefused
from ccmetrics.stages.load import Raw, find_exports, load, load_all


def write(folder: Path, content: bytes | str, name: str = "calls.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def taken(folder: Path, content: bytes | str, name: str = "calls.csv") -> Raw:
    return load(write(folder, content, name))


def refused(folder: Path, content: bytes | str) -> list[tuple[str, int, int]]:
    """Name, line and column of every problem."""
    with pytest.raises(DataRefused) as caught:
        taken(folder, content)
    return [(p.name, p.place.line, p.place.column) for p in caught.value.problems]


def cells(raw: Raw) -> list[tuple[str | None, ...]]:
    return raw.frame.collect().rows()


# ---------------------------------------------------------------- what is taken


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_text_in_every_usual_dress(tmp_path: Path, separator: str, bom: bytes, end: bytes) -> None:
    lines = [b"id" + separator.encode() + b"name", b"007" + separator.encode() + "\u738b\u82b3".encode(), b""]
    raw = taken(tmp_path, bom + end.join(lines))
    assert raw.header == ("id", "name")
    assert cells(raw) == [("007", "\u738b\u82b3")]
    assert raw.rows == 1


def test_every_cell_is_text(tmp_path: Path) -> None:
    raw = taken(tmp_path, "a,b,c\n007,1e3,\n12345678901234567890123,NA,true\n")
    assert cells(raw) == [("007", "1e3", None), ("12345678901234567890123", "NA", "true")]


def test_header_is_trimmed(tmp_path: Path) -> None:
    assert taken(tmp_path, " id ,\u00a0name\u00a0\n1,2\n").header == ("id", "name")


def test_quotes_hold_separators_newlines_and_quotes(tmp_path: Path) -> None:
    raw = taken(tmp_path, 'a,b\n"1,5","x\ny"\n"say ""no""",2\n')
    assert cells(raw) == [("1,5", "x\ny"), ('say "no"', "2")]
    assert raw.line_of([0, 1]) == {0: 2, 1: 4}


def test_blank_lines_are_skipped_counted_and_do_not_shift_lines(tmp_path: Path) -> None:
    raw = taken(tmp_path, "\na,b\n1,2\n\n  \n,\n3,4\n\n")
    assert cells(raw) == [("1", "2"), ("3", "4")]
    assert raw.rows == 2
    assert raw.line_of([0, 1]) == {0: 3, 1: 7}
    assert raw.notices == (f"{raw.name}: 4 blank lines skipped",)


def test_an_empty_unnamed_column_is_dropped(tmp_path: Path) -> None:
    raw = taken(tmp_path, "a,b,\n1,2,\n3,4, \n")
    assert cells(raw) == [("1", "2"), ("3", "4")]
    assert raw.notices == (f"{raw.name}: 1 unnamed, empty column dropped",)


def test_header_only_is_no_rows(tmp_path: Path) -> None:
    assert taken(tmp_path, "a,b").rows == 0
    assert cells(taken(tmp_path, "a,b\n")) == []


def test_the_separator_that_gives_one_width_is_the_one(tmp_path: Path) -> None:
    raw = taken(tmp_path, "a;b (x, y)\n1,5;2\n3;4\n")
    assert raw.header == ("a", "b (x, y)")
    assert cells(raw) == [("1,5", "2"), ("3", "4")]


def test_a_declared_separator_is_taken(tmp_path: Path) -> None:
    layout = Layout(layout="x", match=("a",), file=FileForm(separator=";"), tables={})
    raw = load(write(tmp_path, "a;b,c\n1;2,3\n"), [layout])
    assert raw.header == ("a", "b,c")


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfa,b\r\n1,2\r\n"
    assert taken(tmp_path, content).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", ["calls[1].csv", "*.csv", "a?.csv", "-x.csv", "with space.csv", "\u901a\u8bdd.csv"])
def test_names_are_literal(tmp_path: Path, name: str) -> None:
    write(tmp_path, "a,b\n9,9\n", "calls1.csv")
    assert cells(taken(tmp_path, "a,b\n1,2\n", name)) == [("1", "2")]


# ---------------------------------------------------------------- what is refused, and where


@pytest.mark.parametrize(
    ("content", "problem", "line", "column"),
    [
        (b"", "empty-file", 0, 0),
        (b" \n\n", "empty-file", 0, 0),
        (b"a,b\n1,2\n3\n", "short-row", 3, 0),
        (b"a,b\n1,2\n3,4,5\n", "long-row", 3, 0),
        (b"a,b\n1,2\n3", "short-row", 3, 0),
        (b"a,b\n\n1,2\n3\n", "short-row", 4, 0),
        (b'a,b\n"x\ny",2\n3\n', "short-row", 4, 0),
        (b"a,b,c\n1,2,3,\n", "long-row", 2, 0),
        (b"a,b,\n1,2,\n3,4,5\n", "blank-header", 1, 3),
        (b"Agent,b, agent \n1,2,3\n", "duplicate-header", 1, 3),
        (b'a,b\n1,"2\n3,4\n', "unclosed-quote", 2, 2),
        (b'a,b\n1,2\n3,"4"x\n', "stray-quote", 3, 2),
        (b'a,b\n1,2"3\n', "stray-quote", 2, 2),
        (b"a,b\n1,\xff\n", "not-utf8", 2, 0),
        (b'a,b\n"1","\xff"\n', "not-utf8", 2, 0),
        (b"a,b\n1,2\xe4\xb8", "not-utf8", 2, 0),
        (b"a,b\n1,2\n3,\0\n", "nul-byte", 3, 0),
        (b"a,b\r1,2\r", "cr-only-lines", 0, 0),
        (b"a,b\n1,2\n3\r4,5\n", "stray-cr", 3, 0),
        (b"a,b\n1,2\n\xef\xbb\xbfa,b\n3,4\n", "second-bom", 3, 0),
        (b"PK\x03\x04....", "damaged-archive", 0, 0),
        (b"\x1f\x8b\x08....", "damaged-archive", 0, 0),
        (b"%PDF-1.7", "not-csv", 0, 0),
        (b"PAR1....PAR1", "not-parquet", 0, 0),
        (b"<html><body>", "not-csv", 1, 0),
        (b'\xef\xbb\xbf{"calls": []}', "no-records", 0, 0),
        (b"a;b,c\n1;2,3\n", "separator-unclear", 1, 0),
    ],
)  # fmt: skip
def test_refused_at_its_place(tmp_path: Path, content: bytes, problem: str, line: int, column: int) -> None:
    assert refused(tmp_path, content) == [(problem, line, column)]


def test_a_short_row_and_a_long_one_do_not_make_up_for_each_other(tmp_path: Path) -> None:
    assert refused(tmp_path, "a,b\n1\n2,3,4\n") == [("short-row", 2, 0), ("long-row", 3, 0)]


def test_a_cut_file_is_said_to_be_cut(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="ends inside a record"):
        taken(tmp_path, "a,b\n1,2\n3")


def test_the_first_twenty_bad_rows_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    with pytest.raises(DataRefused) as caught:
        taken(tmp_path, "a,b\n" + "1\n" * 25)
    problems = caught.value.problems
    assert [p.place.line for p in problems] == [*range(2, 22), 0]
    assert problems[-1].text == "5 more records have this problem."


def test_the_byte_of_broken_text_is_named_beyond_the_first_chunk(tmp_path: Path) -> None:
    rows = b"1,\xe7\x8e\x8b\n" * 1_000_000  # 6 bytes a row, so the reader's chunks cut characters
    with pytest.raises(DataRefused) as caught:
        taken(tmp_path, b"a,b\n" + rows + b"2,\xff\n")
    [problem] = caught.value.problems
    assert problem.place.line == 1_000_002
    assert f"Byte {4 + 6_000_000 + 2:,} " in problem.text


# ---------------------------------------------------------------- which files


def test_a_directory_is_its_exports_in_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a.parquet", "C.CSV", ".hidden.csv", "notes.docx"):
        write(tmp_path, "x", name)
    (tmp_path / "deeper").mkdir()
    write(tmp_path / "deeper", "x", "d.csv")
    notices: list[str] = []
    assert [p.name for p in find_exports([tmp_path], notices)] == ["C.CSV", "a.parquet", "b.csv"]
    assert [Path(notice.partition(":")[0]).name for notice in notices] == ["deeper", "notes.docx"]


def names(kind: type[Refused], act: object) -> list[str]:
    with pytest.raises(kind) as caught:
        act()  # type: ignore[operator]
    return [problem.name for problem in caught.value.problems]


def test_all_missing_paths_are_named(tmp_path: Path) -> None:
    paths = [tmp_path / "no.csv", tmp_path / "nor.csv"]
    assert names(FileFailed, lambda: find_exports(paths)) == ["no-such-file", "no-such-file"]


def test_a_directory_without_exports_is_refused(tmp_path: Path) -> None:
    assert names(FileFailed, lambda: find_exports([tmp_path])) == ["no-exports"]


@pytest.mark.parametrize("address", ["https://example.com/calls.csv", "s3://bucket/calls.csv", "file:/x.csv"])
def test_addresses_are_refused(address: str) -> None:
    assert names(UsageRefused, lambda: find_exports([address])) == ["not-a-path"]


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    one = write(tmp_path, "a,b\n1,2\n", "one.csv")
    two = write(tmp_path, "a,b\n1,2\n", "two.csv")
    assert names(DataRefused, lambda: load_all([one, two])) == ["duplicate-file"]
    assert names(DataRefused, lambda: load_all([one, one])) == ["duplicate-file"]


def test_problems_of_all_files_are_collected(tmp_path: Path) -> None:
    one = write(tmp_path, "", "one.csv")
    two = write(tmp_path, 'a,b\n1,"2\n', "two.csv")
    with pytest.raises(DataRefused) as caught:
        load_all([one, two])
    assert [(p.place.file, p.name) for p in caught.value.problems] == [
        (str(one), "empty-file"),
        (str(two), "unclosed-quote"),
    ]


def test_a_file_that_changes_is_refused(tmp_path: Path) -> None:
    raw = taken(tmp_path, "a,b\n1,2\n")
    write(tmp_path, "a,b\n1,2\n3,4\n")
    assert names(FileFailed, raw.check_unchanged) == ["file-changed"]


# ---------------------------------------------------------------- Parquet


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "x[1].parquet"
    pl.DataFrame({"id": [7, 8], "name": ["a", None]}).write_parquet(path)
    raw = load(path)
    assert (raw.kind, raw.header, raw.rows) == ("typed", ("id", "name"), 2)
    assert raw.frame.collect().rows() == [(7, "a"), (8, None)]
    assert raw.sha256.startswith("footer:")
    assert load(path, full_hash=True).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("damage", [lambda b: b[:-20], lambda b: b[:40], lambda b: b"a,b\n1,2\n", lambda b: b""])
def test_damaged_parquet_is_refused(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame({"id": [7, 8]}).write_parquet(path)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert names(DataRefused, lambda: load(path)) == ["not-parquet"]


def test_no_message_quotes_a_cell(tmp_path: Path) -> None:
    """Exports hold customers: a message says where, never what."""
    path = tmp_path / "x.parquet"
    pl.DataFrame({"id": ["SECRET"] * 1000}).write_parquet(path)
    content = bytearray(path.read_bytes())
    content[4:40] = b"\xff" * 36
    path.write_bytes(bytes(content))
    try:
        raw = load(path)
    except DataRefused as caught:
        problems: tuple[Problem, ...] = caught.problems
        assert all("SECRET" not in problem.text for problem in problems)
    else:
        assert raw.rows == 1000  # The footer is whole; the damage is met when the rows are read.
