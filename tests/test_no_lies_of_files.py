"""Files that were once read wrong without a word, or refused for a wrong reason; as `test_no_lies`, for files.

In: workbooks, archives, folders and lines of JSON, made for it. Out: what anyone reads by hand.
Refuses to know: how a file is read.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from zipfile import ZipFile

import pytest
from test_excel import HEADER, by_hand, cells, misfits, problems, refusal, text

from ccmetrics.problem import DataRefused, FileFailed, Problem
from ccmetrics.stages.load import find_exports, load_all, opened

# ---------------------------------------------------------------- workbooks


def cell(folder: Path, content: str, code: str = "General", strings: str = "") -> Path:
    """A workbook of one cell below `value`."""
    shown = code.replace("<", "&lt;").replace(chr(34), "&quot;")
    styles = (
        f'<numFmts><numFmt numFmtId="164" formatCode="{shown}"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    )
    return by_hand(folder, f"{HEADER}<row>{text('1')}{content}</row>", styles=styles, strings=strings)


@pytest.mark.parametrize(
    ("code", "serial", "said"),
    [
        # 300 seconds are 300/86,400 of a day.
        ('[=0]"-";[h]:mm:ss', "0.00347222222222222", "0:05:00"),
        ('[=0]"-";[h]:mm:ss', "0", "0:00:00"),
        ("[=0]0;[h]:mm:ss", "0.5", "12:00:00"),
        ('[=0]"";yyyy-mm-dd', "44197", "2021-01-01"),
        ('[=0]"";yyyy-mm-dd', "0", "0"),
        ("[<1]h:mm:ss;[h]:mm:ss", "1.5", "36:00:00"),
        ("[<1]0.0%;0%", "1.5", "150%"),
        ("[Red][>100]0.0;[Blue]0", "1.5", "1.5"),
        # Positive, negative, zero, text.
        ("0.0;-0.0;0;@", "-1.5", "-1.5"),
        ("0.0%;-0.0%;0", "-0.5", "-50%"),
        ('h:mm;"-"', "0.5", "12:00:00"),
        ("[$-409]d/m/yyyy;[$-409]@", "44197", "2021-01-01"),
        ("mm:ss.000", "0.5", "12:00:00"),
    ],
)
def test_every_section_of_a_format_has_its_say(tmp_path: Path, code: str, serial: str, said: str) -> None:
    assert cells(opened(cell(tmp_path, f'<c s="1"><v>{serial}</v></c>', code))) == [("1", said)]


@pytest.mark.parametrize("code", ["[<1]h:mm:ss;0.0", "[<1]h:mm", "[<1]0%;0", "0;h:mm", "[>1]yyyy-mm-dd;h:mm", "0 min"])
def test_a_format_that_shows_two_things_says_neither(tmp_path: Path, code: str) -> None:
    found = opened(cell(tmp_path, '<c s="1"><v>1.5</v></c>', code))
    assert (cells(found), misfits(found)) == ([], [(2, 2, "format-unclear")])


@pytest.mark.parametrize(
    "content",
    [
        "<c t='s'><v>-1</v></c>",
        "<c t='s'><v>1_0</v></c>",
        "<c t='s'><v>1</v></c>",
        "<c s='-1'><v>0.5</v></c>",
        "<c><v>1_000</v></c>",
        "<c><v>٣</v></c>",
        "<c><v>nan</v></c>",
        f"{text('_xD800_')}",
    ],
)
def test_a_cell_that_is_not_what_it_says_is_refused_at_its_place(tmp_path: Path, content: str) -> None:
    found = opened(cell(tmp_path, content, strings="<si><t>A</t></si><si><t>_xDC00_</t></si>"))
    assert (cells(found), misfits(found)) == ([], [(2, 2, "unreadable-cell")])


def test_halves_of_a_character_are_one(tmp_path: Path) -> None:
    assert cells(opened(cell(tmp_path, text("_xD83D__xDE00_")))) == [("1", "\U0001f600")]


def test_a_moment_written_out_keeps_its_zone(tmp_path: Path) -> None:
    path = cell(tmp_path, "<c t='d'><v>2026-01-01T10:00:00Z</v></c>")
    assert cells(opened(path)) == [("1", "2026-01-01 10:00:00Z")]


@pytest.mark.parametrize("rows", [(1, 5, 3), (2, 1), (1, 2, 2)])
def test_rows_that_do_not_rise_are_told(tmp_path: Path, rows: tuple[int, ...]) -> None:
    sheet = "".join(f'<row r="{row}">{text("a")}</row>' for row in rows)
    assert problems(by_hand(tmp_path, sheet)) == [("not-excel", rows[-1], 0)]


def test_a_cell_of_another_row_is_told_with_sheet_and_row(tmp_path: Path) -> None:
    [problem] = refusal(by_hand(tmp_path, f"{HEADER}<row><c r='A9'><v>1</v></c></row>"))
    assert (problem.place.file[-6:], problem.place.line) == ("!Calls", 2)


# ---------------------------------------------------------------- JSON


def write(folder: Path, content: str | bytes, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


DEEP = '{"id": 3, "a": ' + '{"a": ' * 50 + "1" + "}" * 51


@pytest.mark.parametrize(
    "broken", ['{"id": 2} ,{"id"', '{"id": 2}{"id": 3}]', '{"id": 2} ' + DEEP], ids=lambda v: v[:18]
)
def test_a_line_that_is_set_aside_does_not_count_as_well(tmp_path: Path, broken: str) -> None:
    found = opened(write(tmp_path, f'{{"id": 1}}\n{broken}\n{{"id": 4}}{{"id": 5}}\n', "calls.jsonl"))
    assert found.frame.collect()["id"].to_list() == ["1", "4", "5"]
    assert misfits(found) == [(2, found.misfits["column"][0], "bad-json")]
    assert found.line_of(range(3)) == {0: 1, 1: 3, 2: 3}


def test_values_in_the_place_of_names_are_refused_before_they_fill_memory(tmp_path: Path) -> None:
    wide = ", ".join(f'"k{n}": {n}' for n in range(2_000))
    assert len(opened(write(tmp_path, f"{{{wide}}}\n", "wide.jsonl")).header) == 2_000
    path = write(tmp_path, "".join(f'{{"of": {{"c{n}": 1}}}}\n' for n in range(3_000)), "calls.jsonl")
    # `of` itself is the first name, and line 2,000 brings the one too many.
    [problem] = refusal(path)
    assert (problem.name, problem.place.line, "c2" in problem.text) == ("too-many-columns", 2_000, False)


@pytest.mark.parametrize("first", ["// calls", "xx", '"id"', "{'id': 0}"])
@pytest.mark.parametrize("name", ["calls.jsonl", "calls.NDJSON", "calls.json"])
def test_a_bad_first_line_makes_json_no_csv(tmp_path: Path, first: str, name: str) -> None:
    found = opened(write(tmp_path, f'{first}\n{{"id": 1}}\n', name))
    assert (cells(found), misfits(found)[0][0], misfits(found)[0][2]) == ([("1",)], 1, "bad-json")


def test_a_table_in_a_file_called_json_is_that_table(tmp_path: Path) -> None:
    assert cells(opened(write(tmp_path, "id,value\n1,5\n", "calls.json"))) == [("1", "5")]


# ---------------------------------------------------------------- archives and folders


def zipped(path: Path, **members: str) -> Path:
    with ZipFile(path, "w") as archive:
        archive.comment = b"as it was sent"
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


TABLE = "case_id,kind\n1,a\n"
CANONICAL = [("case_id", "kind"), ("lead_id",), ()]


def loaded(path: Path) -> tuple[list[str], list[str]]:
    """Names of what is read, and of what is left aside, without their folder."""
    notices: list[str] = []
    raws = load_all([path], notices, canonical=CANONICAL)
    return [raw.name[len(str(path)) + 1 :] for raw in raws], [
        said.partition(":")[0][len(str(path)) + 1 :] for said in notices
    ]


def test_an_archive_with_a_comment_is_all_of_its_file(tmp_path: Path) -> None:
    assert loaded(zipped(tmp_path / "x.zip", a__csv=TABLE)) == (["a.csv"], [])


def test_two_workbooks_joined_are_none(tmp_path: Path) -> None:
    path = cell(tmp_path, "<c><v>1</v></c>")
    path.write_bytes(path.read_bytes() * 2)
    assert problems(path) == [("not-excel", 0, 0)]


def test_members_are_held_to_the_rule_of_folders(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", a__csv=TABLE, __b__csv="id\n2\n", readme__txt="hello\n", c__txt=TABLE + "2,b\n")
    assert loaded(path) == (["a.csv", "c.txt"], [".b.csv", "readme.txt"])
    assert loaded(zipped(tmp_path / "one.zip", calls__txt="id\n1\n")) == (["calls.txt"], [])


def test_a_folder_within_is_told(tmp_path: Path) -> None:
    for name in ("a.csv", "c.csv/d.csv", "month=1.parquet/x.parquet", ".git/e.csv"):
        write(tmp_path, TABLE, name)
    assert loaded(tmp_path) == (["a.csv"], ["c.csv", "month=1.parquet"])
    (tmp_path / "a.csv").unlink()
    with pytest.raises(FileFailed, match="holds 2 folders"):
        find_exports([tmp_path])


def test_a_canonical_table_needs_no_layout_to_be_known(tmp_path: Path) -> None:
    write(tmp_path, TABLE, "a.log")
    write(tmp_path, '{"lead_id": 1}\n', "b.json")
    write(tmp_path, gzip.compress(b"Case_ID,kind,x\n1,a,2\n"), "c.txt.gz")
    write(tmp_path, "kind\nof day\n", "d.txt")
    write(tmp_path, 'Dear all,\nof a kind, "and no" case_id\n', "e.txt")
    assert loaded(tmp_path) == (["a.log", "b.json", "c.txt.gz"], ["d.txt", "e.txt"])


@pytest.mark.parametrize("packed", [False, True])
def test_a_canonical_table_that_is_damaged_is_no_note(tmp_path: Path, packed: bool) -> None:
    write(tmp_path, TABLE, "a.csv")
    damaged = f'{TABLE}"2,b\n'.encode()
    path = write(tmp_path, gzip.compress(damaged) if packed else damaged, "b.txt.gz" if packed else "b.txt")
    assert [Path(p.place.file).name for p in refusal_of(tmp_path)] == [path.name]


def refusal_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(DataRefused) as caught:
        load_all([folder], canonical=CANONICAL)
    return caught.value.problems
