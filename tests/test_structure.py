"""Damaged text is either refused or read as the quoting rules say: held against the csv module, byte by byte."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccmetrics.problem import Refused
from ccmetrics.stages.load import Raw, load

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


def by_the_rules(content: bytes, separator: str) -> tuple[list[list[str]], list[int]]:
    """Records that are not empty, and the lines they begin on."""
    stream = io.StringIO(content.decode("utf-8-sig"), newline="\n")
    if b'"' in content:
        reader = csv.reader(stream, delimiter=separator, strict=True)
    else:
        reader = csv.reader(stream, delimiter=separator, quoting=csv.QUOTE_NONE)
    records, lines, before = [], [], 0
    for record in reader:
        if any(cell.strip() for cell in record):
            records.append(record)
            lines.append(before + 1)
        before = reader.line_num
    return records, lines


def taken(path: Path, content: bytes) -> Raw | None:
    path.write_bytes(content)
    try:
        return load(path)
    except Refused:
        return None


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(WHOLE), st.lists(damage, max_size=3))
def test_nothing_damaged_is_read_as_something_else(
    tmp_path: Path, whole: bytes, wounds: list[tuple[float, int, bytes]]
) -> None:
    content = damaged(whole, wounds)
    raw = taken(tmp_path / "x.csv", content)
    if raw is None:
        return
    separator = next((s for s in ",;\t|" if f"{s!r}" in raw.about), ",")
    records, lines = by_the_rules(content, separator)
    assert {len(record) for record in records} == {len(records[0])}
    kept = [at for at, name in enumerate(records[0]) if name.strip(" \t\r\n\u00a0\ufeff\u200b")]
    expected = [tuple(record[at] for at in kept) for record in records[1:]]
    found = [tuple(cell or "" for cell in row) for row in raw.frame.collect().rows()]
    assert found == expected
    assert raw.rows == len(expected)
    assert raw.line_of(range(raw.rows)) == dict(enumerate(lines[1:]))
    for at, name in enumerate(raw.header):
        alone = raw.frame.select(name).collect().to_series().to_list()
        assert [cell or "" for cell in alone] == [row[at] for row in expected]


@pytest.mark.parametrize("whole", WHOLE)
def test_what_is_whole_is_read(tmp_path: Path, whole: bytes) -> None:
    raw = taken(tmp_path / "x.csv", whole)
    assert raw is not None
    assert raw.rows > 0
