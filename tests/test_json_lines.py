"""JSON lines: every value as it stands in the file, every record a row or a misfit at its line.

In: files of a few objects, written as text. Out: pass or fail.
Refuses to know: how the product parses; the expected cells are read off the text by eye.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from ccmetrics.problem import DataRefused
from ccmetrics.stages.load import Raw, load, load_all
from ccmetrics.stages.load import opened as open_export

DATA = Path(os.environ.get("CCMETRICS_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def write(folder: Path, content: str | bytes, name: str = "calls.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def opened(folder: Path, content: str | bytes, name: str = "calls.jsonl") -> Raw:
    return open_export(write(folder, content, name))


def cells(raw: Raw) -> list[tuple[str | None, ...]]:
    return raw.frame.collect().rows()


def misfits(raw: Raw) -> list[tuple[int, int, str]]:
    return raw.misfits.select("line", "column", "reason").rows()


def refused(folder: Path, content: str | bytes) -> list[tuple[str, int, int]]:
    with pytest.raises(DataRefused) as caught:
        opened(folder, content)
    return [(p.name, p.place.line, p.place.column) for p in caught.value.problems]


# ---------------------------------------------------------------- what is taken


def test_a_line_is_a_row(tmp_path: Path) -> None:
    content = '{"id": "007", "agent": "王芳"}\n{"id": "008", "agent": null}\n'
    raw = opened(tmp_path, content)
    assert (raw.kind, raw.header, raw.about) == ("text", ("id", "agent"), "JSON lines")
    assert cells(raw) == [("007", "王芳"), ("008", None)]
    assert (raw.line_of([0, 1]), raw.notices) == ({0: 1, 1: 2}, ())
    assert raw.sha256 == hashlib.sha256(content.encode()).hexdigest()


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("109", "109"),
        ("109.0", "109.0"),
        ("1.50", "1.50"),
        ("1E5", "1E5"),
        ("-0", "-0"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("0." + "1" * 40, "0." + "1" * 40),
        # A thousand and some in German: a digit more, and no layout can take it for that.
        ("1.234", "1.2340"),
        ('"1.234"', "1.234"),
        ("true", "true"),
        ("false", "false"),
        ("null", None),
        ('""', ""),
        ('"  x "', "  x "),
        (r'"\u738b\ud83d\ude00\n"', "王😀\n"),
        ("[]", None),
        ('["a"]', "a"),
        ('["a", 2, 1.5, true, null]', "a;2;1.5;true;"),
        ('"2026-01-01T00:00:00Z"', "2026-01-01T00:00:00Z"),
    ],
)
def test_a_value_is_what_is_written(tmp_path: Path, written: str, cell: str | None) -> None:
    raw = opened(tmp_path, f'{{"id": 1, "v": {written}}}')
    assert raw.header == ("id", "v")
    assert cells(raw) == [("1", cell)]


def test_objects_within_are_columns_with_dots(tmp_path: Path) -> None:
    raw = opened(tmp_path, '{"id": 1, "Agent": {"Username": "ann", "Group": {"Name": "A"}}, "Queue": null}\n')
    assert raw.header == ("id", "Agent.Username", "Agent.Group.Name", "Queue")
    assert cells(raw) == [("1", "ann", "A", None)]


def test_columns_come_in_the_order_of_their_first_line(tmp_path: Path) -> None:
    raw = opened(tmp_path, '{"b": 1, "q": null}\n{"a": 2, "q": {"d": 4}}\n{"c": 3, "b": 5}\n')
    assert raw.header == ("b", "a", "q.d", "c")
    assert cells(raw) == [("1", None, None, None), (None, "2", "4", None), ("5", None, None, "3")]


def test_lists_of_objects_are_left_aside_and_said(tmp_path: Path) -> None:
    raw = opened(tmp_path, '{"id": 1, "legs": [{"a": 1}], "tags": ["x", "y"]}\n{"id": 2, "legs": []}\n')
    assert raw.header == ("id", "tags")
    assert cells(raw) == [("1", "x;y"), ("2", None)]
    assert raw.notices == (f"{raw.name}: lists of objects left aside: legs[]",)


def test_blank_lines_and_spaces_do_not_shift_lines(tmp_path: Path) -> None:
    raw = opened(tmp_path, '\ufeff\n {"id": 1} \r\n\n\t\n{"id": 2}')
    assert cells(raw) == [("1",), ("2",)]
    assert raw.line_of([0, 1]) == {0: 2, 1: 5}
    assert raw.notices == (f"{raw.name}: 3 blank lines skipped",)


def test_objects_one_behind_the_other(tmp_path: Path) -> None:
    """Some delivery streams write no line end at all."""
    raw = opened(tmp_path, '{"id": 1}{"id": 2} {"id": 3}\n{"id": 4}')
    assert cells(raw) == [("1",), ("2",), ("3",), ("4",)]
    assert raw.line_of(range(4)) == {0: 1, 1: 1, 2: 1, 3: 2}


@pytest.mark.parametrize("content", ['[{"id": 1},\n {"id": 2}]', '[\n{"id": 1}\n,{\n"id":\n2}\n]\n'])
def test_one_array_of_objects(tmp_path: Path, content: str) -> None:
    raw = opened(tmp_path, content, "calls.json")
    assert (raw.about, cells(raw)) == ("JSON, an array of objects", [("1",), ("2",)])
    assert raw.line_of([0, 1]) == {0: content[: content.index("1")].count("\n") + 1, 1: 2 if "\n " in content else 3}


@pytest.mark.parametrize("name", ["calls.jsonl", "calls.csv", "calls.txt", "calls"])
def test_it_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    assert cells(opened(tmp_path, '{"id": 1}\n', name)) == [("1",)]


def test_a_header_in_brackets_is_no_json(tmp_path: Path) -> None:
    assert opened(tmp_path, "[Date],[Agent]\n1,2\n", "calls.csv").header == ("[Date]", "[Agent]")


def test_compressed_and_in_other_encodings(tmp_path: Path) -> None:
    content = '{"id": "王"}\n'
    assert cells(opened(tmp_path, gzip.compress(content.encode()), "calls.jsonl.gz")) == [("王",)]
    assert cells(opened(tmp_path, content.encode("utf-16"), "wide.jsonl")) == [("王",)]
    with ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.jsonl", content)
        archive.writestr("b.jsonl", '{"id": "李"}\n')
    raws = load_all([tmp_path / "two.zip"])
    assert [(raw.name.partition("!")[2], cells(raw)) for raw in raws] == [
        ("a.jsonl", [("王",)]),
        ("b.jsonl", [("李",)]),
    ]


def test_more_rows_than_are_held_at_once(tmp_path: Path) -> None:
    lines = [f'{{"id": {n}, "{"odd" if n % 2 else "even"}": {n}}}\n' for n in range(120_001)]
    raw = opened(tmp_path, "".join(lines))
    assert raw.header == ("id", "even", "odd")
    expected = [(f"{n}", None if n % 2 else f"{n}", f"{n}" if n % 2 else None) for n in range(120_001)]
    assert cells(raw) == expected


# ---------------------------------------------------------------- what is no row


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ('{"id": 2', 9, "bad-json"),
        ('{"id": 2,}', 10, "bad-json"),
        ("{'id': 2}", 2, "bad-json"),
        ('{"id": 2} x', 11, "bad-json"),
        ("[1, 2]", 0, "bad-json"),
        ('"2"', 0, "bad-json"),
        ("id,2", 1, "bad-json"),
        ('{"id": NaN}', 0, "bad-json"),
        ('{"id": -Infinity}', 0, "bad-json"),
        ('{"id": 2, "id": 3}', 0, "duplicate-key"),
        ('{"id": 2, "a": {"b": 1, "b": 1}}', 0, "duplicate-key"),
        (r'{"id": "\ud800"}', 0, "bad-json"),
        ('{"id": 2, "a": ' + '{"a": ' * 50 + "1" + "}" * 51, 0, "bad-json"),
        ('{"id": ' + "[" * 100_000 + "]" * 100_000 + "}", 0, "bad-json"),
        ('{"id": ' + '{"a": ' * 100_000, 0, "bad-json"),
    ],
    ids=lambda v: str(v)[:24],
)
def test_a_misfit_at_its_place(tmp_path: Path, line: str, column: int, reason: str) -> None:
    raw = opened(tmp_path, f'{{"id": 1, "a": {{"b": 0}}}}\n{line}\n{{"id": 3}}\n')
    rows = {row[0] for row in cells(raw)}
    assert misfits(raw) == [(2, column, reason)]
    assert rows == {"1", "3"}
    assert all(len(row) == len(raw.header) for row in cells(raw))


def test_a_record_half_taken_leaves_nothing_behind(tmp_path: Path) -> None:
    deep = '{"id": 2, "a": {"b": 9}, "deep": ' + '{"a": ' * 50 + "1" + "}" * 51
    raw = opened(tmp_path, f'{{"id": 1}}\n{deep}\n{{"id": 3, "a": {{"b": 7}}}}\n')
    assert raw.frame.select("id", "a.b").collect().rows() == [("1", None), ("3", "7")]


def test_fifty_objects_deep_is_deep_enough(tmp_path: Path) -> None:
    raw = opened(tmp_path, '{"a": ' * 50 + "1" + "}" * 50)
    assert (raw.header, cells(raw)) == ((".".join("a" * 50),), [("1",)])


@pytest.mark.parametrize("cut", ['{"id": 2, "agent": "An', '{"id": 2', '{"id": 2, "a": {"b": 1}'])
def test_a_cut_file_is_said_to_be_cut(tmp_path: Path, cut: str) -> None:
    raw = opened(tmp_path, f'{{"id": 1}}\n{cut}')
    assert misfits(raw)[0][0] == 2
    assert "ends inside a record" in raw.misfits["text"][0]
    whole = opened(tmp_path, f"{cut}\n" + '{"id": 1}\n')
    assert "ends inside a record" not in whole.misfits["text"][0]


def test_misfits_refuse_where_nothing_is_tolerated(tmp_path: Path) -> None:
    with pytest.raises(DataRefused) as caught:
        load(write(tmp_path, '{"id": 1}\n{"id": }\n'))
    assert [str(p.place) for p in caught.value.problems] == [f"{tmp_path / 'calls.jsonl'}:2:8"]


def test_no_message_quotes_a_value(tmp_path: Path) -> None:
    raw = opened(tmp_path, '{"id": 1}\n{"SECRET": "SECRET}\n{"SECRET": SECRET}\n{"SECRET": 1, "SECRET": 2}\n')
    assert len(raw.misfits) == 3
    assert "secret" not in "".join(raw.misfits["text"]).lower()


# ---------------------------------------------------------------- what is refused whole


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"a.b": 1, "a": {"b": 2}}', ("name-clash", 1, 0)),
        ('{"a.b": 1}\n{"a": {"b": 2}}', ("name-clash", 2, 0)),
        ('{"Agent": 1, "agent ": 2}', ("duplicate-header", 0, 2)),
        ('{"calls": [{"id": 1}]}', ("no-records", 0, 0)),
        ("{}", ("no-records", 0, 0)),
        ("[]", ("no-records", 0, 0)),
        ('[{"id": 1}, {"id": ]', ("bad-json", 1, 20)),
        ('[{"id": 1},\n {"id": 2}', ("bad-json", 2, 11)),
        ('[{"id": 1},\n {"id": 2},]', ("bad-json", 2, 12)),
        ('[{"id": 1}\n {"id": 2}]', ("bad-json", 2, 2)),
        ('[{"id": 1}]\n{"id": 2}', ("bad-json", 1, 11)),
        ('[{"id": 1},\n\n 5]', ("bad-json", 3, 0)),
        ('{\n  "id": 1\n}\n', ("bad-json", 1, 2)),
    ],
)
def test_refused_at_its_place(tmp_path: Path, content: str, problem: tuple[str, int, int]) -> None:
    assert problem in refused(tmp_path, content)


def test_where_the_rows_may_be(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="within 'calls'"):
        opened(tmp_path, '{"calls": [{"id": 1}], "next": null}')


# ---------------------------------------------------------------- real records


@pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not beside this checkout")
def test_real_contact_records(tmp_path: Path) -> None:
    raw = load(DATA / "fragments" / "amazon_connect_ctr_duplicates.jsonl")
    frame = raw.frame.collect()
    assert (raw.rows, raw.notices) == (4, ())
    assert frame["ContactId"].n_unique() == 2
    handled = frame.select("Agent.AgentInteractionDuration", "Agent.CustomerHoldDuration", "Queue.Name").rows()
    assert handled[0] == ("239", "221", "TCC Refrig AC LLA")
    assert frame["LastUpdateTimestamp"].to_list()[0] == "2022-01-05T17:48:35Z"
