"""Damaged text is either refused or read as the quoting rules say: held against a reading sign by sign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccmetrics.catalogue.models import Layout
from ccmetrics.problem import Refused
from ccmetrics.stages.load import Raw, load, opened, structure

WHOLE = [
    b'id,name,wait\n1,Ann,3\n2,"B, b",4\n3,"say ""x""",5\n4,"two\nlines",6\n5,,\n',
    b'a;b;c\r\n1;2;3\r\n4;5;6\r\n"7";8;9\r\n',
    b"a,b\n1,2\n3,4\n5,6",
    "\ufeffx\ty\n\u738b\t1\n\u674e\t2\n".encode(),
    b"one\n1\n2\n",
    b'a,b,\n1,2,\n"3","4",\n',
]
BITS = [b",", b";", b'"', b'""', b"\n", b"\r", b"\r\n", b" ", b"x", b"\t", b"\n\n", b",,", b'"\n', b',"', b"\xc2\xa0"]
LENIENT = Layout.model_validate({"layout": "x", "match": [], "file": {"quoting": "lenient"}, "tables": {}})
damage = st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 2, 5]), st.sampled_from([b"", *BITS]))


def damaged(whole: bytes, wounds: list[tuple[float, int, bytes]]) -> bytes:
    for where, cut, put in wounds:
        at = int(where * len(whole))
        whole = whole[:at] + put + whole[at + cut :]
    return whole


@dataclass(frozen=True)
class Record:
    line: int
    cells: list[str]
    has_cr: bool
    """A CR stands in it that is neither in quotes nor a part of its line end."""


def by_the_rules(text: str, separator: str, lenient: bool) -> Iterator[Record]:
    """Records that are not empty, read sign by sign."""
    at, line, begin, cells, has_cr = 0, 1, 1, [""], False
    while at <= len(text):
        sign = text[at : at + 1]
        if sign in ("\n", ""):
            if any(cell.strip() for cell in cells) or has_cr:
                yield Record(begin, cells, has_cr)
            line, begin, cells, has_cr = line + 1, line + 1, [""], False
        elif sign == separator:
            cells.append("")
        elif sign == "\r":
            has_cr |= text[at + 1 : at + 2] not in ("\n", "")
            cells[-1] += sign * (text[at + 1 : at + 2] not in ("\n", ""))
        elif sign == '"' and text[at - 1 : at] in ("", "\n", separator):
            end = re.compile('"((?:[^"]|"")*)"(?!")').match(text, at)
            assert end is not None
            assert text[end.end() : end.end() + 1] in ("", "\n", "\r", separator)
            cells[-1], line, at = end[1].replace('""', '"'), line + end[1].count("\n"), end.end() - 1
        else:
            assert lenient or sign != '"'
            cells[-1] += sign
        at += 1


def taken(path: Path, content: bytes, *layouts: Layout) -> Raw | None:
    path.write_bytes(content)
    try:
        return opened(path, layouts, named=bool(layouts))
    except Refused:
        return None


@pytest.fixture(params=[7, 24, structure.BLOCK])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that every record lies across several, and those of every day."""
    monkeypatch.setattr(structure, "BLOCK", request.param)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(WHOLE), st.lists(damage, max_size=3), st.sampled_from([(), (LENIENT,)]))
def test_nothing_damaged_is_read_as_something_else(
    tmp_path: Path, block: None, whole: bytes, wounds: list[tuple[float, int, bytes]], layouts: tuple[Layout, ...]
) -> None:
    """Every record of the header's width is a row, every other one a misfit at its line, blank ones apart."""
    content = damaged(whole, wounds)
    raw = taken(tmp_path / "x.csv", content, *layouts)
    if raw is None:
        return
    separator = next((s for s in ",;\t|" if f"{s!r}" in raw.about), ",")
    records = list(by_the_rules(content.decode("utf-8-sig"), separator, bool(layouts)))
    while not any(cell.strip() for cell in records[0].cells):
        del records[0]
    header = records.pop(0)
    kept = [at for at, name in enumerate(header.cells) if name.strip(" \t\r\n\u00a0\ufeff\u200b")]
    rows = [r for r in records if len(r.cells) == len(header.cells) and r.cells != header.cells and not r.has_cr]
    assert raw.header_line == header.line
    assert raw.misfits["line"].to_list() == [record.line for record in records if record not in rows]
    expected = [tuple(record.cells[at] for at in kept) for record in rows]
    found = [tuple(cell or "" for cell in row) for row in raw.frame.collect().rows()]
    assert found == expected
    assert raw.rows == len(expected)
    assert raw.line_of(range(raw.rows)) == dict(enumerate(record.line for record in rows))
    for at, name in enumerate(raw.header):
        alone = raw.frame.select(name).collect().to_series().to_list()
        assert [cell or "" for cell in alone] == [row[at] for row in expected]


@pytest.mark.parametrize("whole", WHOLE)
def test_what_is_whole_is_read(tmp_path: Path, whole: bytes) -> None:
    raw = taken(tmp_path / "x.csv", whole)
    assert raw is not None
    assert raw.rows > 0


# ---------------------------------------------------------------- sizes


def problems(path: Path, content: str) -> list[tuple[str, int, int]]:
    path.write_text(content, newline="")
    with pytest.raises(Refused) as caught:
        load(path)
    return [(p.name, p.place.line, p.place.column) for p in caught.value.problems]


def test_a_cell_longer_than_a_block(tmp_path: Path, block: None) -> None:
    raw = taken(tmp_path / "x.csv", b'a,b\n1,"' + b"long,\n" * 1000 + b'"\n2,y\n')
    assert raw is not None
    assert raw.frame.collect().rows() == [("1", "long,\n" * 1000), ("2", "y")]
    assert raw.line_of([0, 1]) == {0: 2, 1: 1003}


@pytest.mark.parametrize("tail", ["", "3,4\n" * 1000, '"5",6\n' * 1000, '5,"6"\n' * 999 + "7"])
def test_an_unclosed_quote_is_refused_where_it_opens(tmp_path: Path, block: None, tail: str) -> None:
    content = 'a,b\n"x\ny",2\n3,"4\n' + tail
    assert problems(tmp_path / "x.csv", content) == [("unclosed-quote", 4, 2)]


def test_a_cell_without_end_is_not_looked_for_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = 'a,b\n1,2\n3,"4\n' + "5,6\n" * 10_000 + '",7\n'
    assert problems(tmp_path / "x.csv", content) == [("long-row", 3, 0)]
    monkeypatch.setattr(structure, "BLOCK", 50)
    monkeypatch.setattr(structure, "LONGEST", 100)
    assert problems(tmp_path / "x.csv", content) == [("unclosed-quote", 3, 2)]


def test_blank_lines_without_number(tmp_path: Path) -> None:
    """Between the rows and behind them; with nothing in them, separators, spaces, empty quotes."""
    blank = [b"\n", b",\n", b" , \n", b'"",""\n', b'"\n ",\n']
    content = b"a,b\n" + b"".join(blank) * 10_000 + b'1,2\n\n"3",4\n' + b"".join(blank) * 10_000
    raw = taken(tmp_path / "x.csv", content)
    assert raw is not None
    assert raw.frame.collect().rows() == [("1", "2"), ("3", "4")]
    assert raw.line_of([0, 1]) == {0: 60_002, 1: 60_004}
    assert raw.notices == (f"{raw.name}: 100,001 blank lines skipped",)


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("columns", [1, 2, 999, 1001, 3000])
def test_any_number_of_columns(tmp_path: Path, columns: int, quote: str) -> None:
    header = ",".join(f"c{at}" for at in range(columns))
    cells = ",".join(f"{quote}{at}{quote}" for at in range(columns))
    raw = taken(tmp_path / "x.csv", f"{header}\n{cells}\n{cells},x\n{cells}\n".encode())
    assert raw is not None
    assert raw.frame.collect().row(1) == tuple(str(at) for at in range(columns))
    assert raw.misfits.select("line", "reason").rows() == [(3, "long-row")]


def test_misfits_without_number_are_another_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "MANY", 1000)
    assert problems(tmp_path / "x.csv", "a,b\n1,2\n" + "1,2,3\n" * 1001) == [("long-row", 3, 0)]
    raw = taken(tmp_path / "x.csv", b"a,b\n1,2\n" + b"1,2,3\n" * 1000)
    assert raw is not None
    assert raw.misfits.height == 1000
