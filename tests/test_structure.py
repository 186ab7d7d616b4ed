"""Damaged text is either refused or read as the quoting rules say: held against a reading sign by sign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccmetrics.problem import Refused
from ccmetrics.stages.load import Raw, opened, structure

WHOLE = [
    b'id,name,wait\n1,Ann,3\n2,"B, b",4\n3,"say ""x""",5\n4,"two\nlines",6\n5,,\n',
    b'a;b;c\r\n1;2;3\r\n4;5;6\r\n"7";8;9\r\n',
    b"a,b\n1,2\n3,4\n5,6",
    "\ufeffx\ty\n\u738b\t1\n\u674e\t2\n".encode(),
    b"one\n1\n2\n",
    b'a,b,\n1,2,\n"3","4",\n',
]
BITS = [b",", b";", b'"', b'""', b"\n", b"\r", b"\r\n", b" ", b"x", b"\t", b"\n\n", b",,", b'"\n', b',"', b"\xc2\xa0"]
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


def by_the_rules(text: str, separator: str) -> Iterator[Record]:
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
            assert sign != '"'
            cells[-1] += sign
        at += 1


def taken(path: Path, content: bytes) -> Raw | None:
    path.write_bytes(content)
    try:
        return opened(path)
    except Refused:
        return None


@pytest.fixture(params=[7, 24, structure.BLOCK])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that every record lies across several, and those of every day."""
    monkeypatch.setattr(structure, "BLOCK", request.param)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(WHOLE), st.lists(damage, max_size=3))
def test_nothing_damaged_is_read_as_something_else(
    tmp_path: Path, block: None, whole: bytes, wounds: list[tuple[float, int, bytes]]
) -> None:
    """Every record of the header's width is a row, every other one a misfit at its line, blank ones apart."""
    content = damaged(whole, wounds)
    raw = taken(tmp_path / "x.csv", content)
    if raw is None:
        return
    separator = next((s for s in ",;\t|" if f"{s!r}" in raw.about), ",")
    header, *records = by_the_rules(content.decode("utf-8-sig"), separator)
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
