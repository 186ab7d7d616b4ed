"""Every known way for an export to be bad, and what it gets: a refusal at its place, or an exact and reported reading.

Each case is a small file written out here, with the outcome an analyst must get. `R` cases are refused: the name of
the problem, its line and column. The others are read: so many rows, and the cells that matter.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Catalogue, Layout
from ccmetrics.problem import Problem, Refused
from ccmetrics.stages.load import load_all
from ccmetrics.stages.normalize import Normalized, normalize

BUILTIN = load_catalogue()
HEAD = "interaction_id,started_at,outcome,direction,wait_s,talk_s"
ONE = "1,2026-10-01 09:00:00,answered,inbound,10,100"
TWO = "2,2026-10-01 10:00:00,answered,inbound,20,200"
GOOD = f"{HEAD}\n{ONE}\n{TWO}\n"

Content = str | bytes | Callable[[Path], None]


def layout(**said: Any) -> Layout:
    """A layout over the canonical names, with what a case declares beside."""
    columns = {
        name: name for name in ("interaction_id", "started_at", "outcome", "direction", "wait_s", "talk_s")
    } | said.pop("columns", {})
    match = said.pop("match", list(HEAD.split(",")))
    return Layout.model_validate(
        {"layout": "own", "match": match, "tables": {"interactions": {"columns": columns}}, **said}
    )


def read(folder: Path, content: Content, own: Layout | None, name: str, project: dict[str, Any]) -> Normalized:
    path = folder / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    layouts = {own.layout: own} if own else BUILTIN.layouts
    changed = BUILTIN.project.model_copy(update=project)
    catalogue: Catalogue = BUILTIN.model_copy(update={"layouts": layouts, "project": changed})
    found = load_all([path], None, catalogue.layouts, catalogue.project.layouts)
    return normalize(found, catalogue)


@dataclass(frozen=True)
class Case:
    title: str
    content: Content
    own: Layout | None = None
    name: str = "interactions.csv"
    refused: tuple[tuple[str, int, int], ...] = ()
    """Name, line and column of every problem (column 0: the line as a whole)."""
    says: tuple[str, ...] = ()
    """Texts that the problems, or the notices, must hold."""
    rows: int | None = None
    cells: dict[str, list[Any]] = field(default_factory=dict)
    project: dict[str, Any] = field(default_factory=dict)


def refuse(title: str, content: Content, *problems: tuple[str, int, int], **more: Any) -> Case:
    return Case(title, content, refused=problems, **more)


def with_cells(**cells: str) -> str:
    """The good export, cells of its second row (line 3) replaced."""
    names = HEAD.split(",")
    row = dict(zip(names, TWO.split(","), strict=True)) | cells
    return f"{HEAD}\n{ONE}\n{','.join(row[name] for name in names)}\n"


def column_of(name: str) -> int:
    return HEAD.split(",").index(name) + 1


def bad(title: str, column: str, cell: str, problem: str, **more: Any) -> Case:
    return refuse(title, with_cells(**{column: cell}), (problem, 3, column_of(column)), **more)


STRUCTURE = [
    refuse("empty file", "", ("empty-file", 0, 0)),
    Case("header only", f"{HEAD}\n", rows=0),
    refuse("whitespace only", " \n\t\n  \n", ("empty-file", 0, 0)),
    refuse("short row", f"{HEAD}\n{ONE}\n2,2026-10-01 10:00:00,answered\n{TWO}\n", ("short-row", 3, 0)),
    refuse("long row", f"{HEAD}\n{ONE},7\n{TWO}\n", ("long-row", 2, 0), says=("unquoted",)),
    refuse("truncated last record", f"{HEAD}\n{ONE}\n2,2026-10-01 1", ("short-row", 3, 0),
           says=("ends inside a record",)),
    refuse("lost comma compensated", with_cells(outcome="answeredinbound", direction="", wait_s="20"),
           ("unknown-value", 3, 3)),
    Case("blank lines", f"{HEAD}\n\n{ONE}\n\n\n{TWO}\n\n", rows=2, says=("4 blank lines",)),
    Case("trailing delimiter on all", f"{HEAD},\n{ONE},\n{TWO},\n", rows=2, says=("unnamed",)),
    refuse("trailing delimiter on data", f"{HEAD}\n{ONE},\n{TWO},\n", ("long-row", 2, 0), ("long-row", 3, 0)),
    refuse("duplicate header", f"{HEAD}, Wait_S \n{ONE},1\n", ("duplicate-header", 1, 7)),
    refuse("blank header over data", f"{HEAD},\n{ONE},x\n", ("blank-header", 1, 7)),
    refuse("header with spaces", GOOD.replace("wait_s", "wait\u00a0s"), ("misspelled-column", 1, 5),
           says=("Did you mean 'wait_s'",)),
    refuse("required column absent", GOOD.replace("outcome", "result"), ("missing-column", 1, 0),
           says=("outcome", "'result'")),
    Case("unknown columns", f"{HEAD},foo\n{ONE},x\n", rows=1, says=("foo",)),
    Case("preamble declared", f"Report of October\nMade by Ann\n{GOOD}", layout(file={"skip_lines": 2}), rows=2),
    Case("preamble, header found", f"Report of October\n\nFilter: all\n{GOOD}",
         layout(file={"header_match": True}), rows=2),
    refuse("preamble undeclared", f"Report of October\nMade by Ann\n{GOOD}", ("preamble", 3, 0),
           says=("skip_lines",)),
    Case("footer declared", f"{GOOD}Total,,,,30,300\n",
         layout(file={"stop_at": "Total", "control": {"wait_s": "sum", "talk_s": "sum"}}), rows=2),
    refuse("footer that differs", f"{GOOD}Total,,,,31,300\n",
           ("control-total-differs", 4, 5), own=layout(file={"stop_at": "Total", "control": {"wait_s": "sum"}})),
    Case("repeated header declared", f"{HEAD}\n{ONE}\n{HEAD}\n{TWO}\n",
         layout(file={"repeated_header": "skip"}), rows=2),
    refuse("repeated header", f"{HEAD}\n{ONE}\n{HEAD}\n{TWO}\n", ("repeated-header", 3, 0)),
    refuse("second BOM", "\ufeff" + GOOD + "\ufeff" + GOOD, ("second-bom", 4, 0)),
    refuse("unclosed quote", f'{HEAD}\n{ONE}\n"2,2026-10-01 10:00:00,answered,inbound,20,200\n{ONE}\n',
           ("unclosed-quote", 3, 1)),
    refuse("text after closing quote", f'{HEAD}\n"1"x,2026-10-01 09:00:00,answered,inbound,10,100\n',
           ("stray-quote", 2, 1)),
    refuse("bare quote", f'{HEAD}\n1,2026-10-01 09:00:00,answ"ered,inbound,10,100\n', ("stray-quote", 2, 3)),
    Case("newline inside quotes", f'{HEAD},agent_id\n{ONE},"a\nb"\n{TWO},c\n', rows=2,
         cells={"agent_id": ["a\nb", "c"]}),
    refuse("CR only", GOOD.replace("\n", "\r"), ("cr-only-lines", 0, 0)),
    Case("another separator", GOOD.replace(",", ";"), rows=2),
    Case("sep= line", "sep=;\n" + GOOD.replace(",", ";"), rows=2, says=("sep=",)),
    refuse("two tables", f"{GOOD}\nqueue,calls\nnorth,2\n", ("two-tables", 5, 0)),
    refuse("backslash escape", f'{HEAD}\n1,2026-10-01 09:00:00,"answ\\"ered",inbound,10,100\n',
           ("backslash-escape", 2, 3)),
    refuse("NUL byte", f"{HEAD}\n{ONE}\n2\0{TWO[1:]}\n", ("nul-byte", 3, 0), says=("byte",)),
    refuse("NUL tail", GOOD.encode() + b"\0" * 100, ("nul-byte", 4, 0)),
    refuse("HTML", "<html><body><table></table></body></html>", ("not-csv", 1, 0), says=("HTML",)),
    refuse("PDF", b"%PDF-1.7\n%\xe2\xe3", ("not-csv", 0, 0), says=("PDF",)),
]  # fmt: skip


def gzipped(path: Path) -> None:
    path.write_bytes(gzip.compress(GOOD.encode(), mtime=0))


def zipped(path: Path) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("interactions.csv", GOOD)
    path.write_bytes(sink.getvalue())


def bomb(path: Path) -> None:
    path.write_bytes(gzip.compress(b"a" * (64 << 20), mtime=0))


CHINESE = "流水号,开始时间,状态,坐席,技能\n1,2026-10-01 09:00:00,已接通,王芳,\U00020000预约\n"
zh = Layout.model_validate(
    {"layout": "zh", "match": ["流水号", "开始时间", "状态"], "file": {"encoding": "gb18030"},
     "tables": {"interactions": {"columns": {
         "interaction_id": "流水号", "started_at": "开始时间", "agent_id": "坐席", "reason": "技能",
         "outcome": {"from": "状态", "map": {"已接通": "answered"}}}}}}
)  # fmt: skip
BYTES = [
    Case("gzip", gzipped, name="interactions.csv.gz", rows=2),
    Case("gzip under .csv", gzipped, rows=2),
    Case("zip", zipped, name="interactions.zip", rows=2),
    refuse("bomb", bomb, ("too-large-unpacked", 0, 0), name="interactions.csv.gz"),
    Case("UTF-16 with BOM", GOOD.encode("utf-16"), rows=2),
    refuse("UTF-16 without BOM", GOOD.encode("utf-16-le"), ("not-utf8", 1, 0), says=("UTF-16",)),
    Case("GB18030 declared", CHINESE.encode("gb18030"), zh, "x.csv", rows=1,
         cells={"agent_id": ["王芳"], "reason": ["\U00020000预约"]}),
    refuse("GB18030 undeclared", CHINESE.encode("gb18030"), ("not-utf8", 1, 0), name="x.csv", says=("gb18030",)),
    refuse("mixed encodings", GOOD.encode() + "3,2026-10-01 11:00:00,answered,inbound,1,1,é\n".encode("cp1252"),
           ("not-utf8", 4, 0)),
    Case("cp1252 declared", (HEAD + ",agent_id\n" + ONE + ",José\n").encode("cp1252"),
         layout(columns={"agent_id": "agent_id"}, file={"encoding": "cp1252"}), rows=1, cells={"agent_id": ["José"]}),
]  # fmt: skip

TYPES = [
    Case("leading zeros", GOOD.replace("\n1,", "\n007,"), rows=2, cells={"interaction_id": ["007", "2"]}),
    Case("long ids", GOOD.replace("\n1,", "\n12345678901234567890123,"), rows=2,
         cells={"interaction_id": ["12345678901234567890123", "2"]}),
    bad("destroyed ids", "interaction_id", "1.23457E+17", "destroyed-id"),
    bad("N/A undeclared", "wait_s", "N/A", "bad-duration"),
    Case("N/A declared", with_cells(wait_s="N/A"), layout(null=["N/A"]), rows=2, cells={"wait_s": [10.0, None]},
         says=("N/A",)),
    Case("NA is a name", f"{HEAD},agent_id\n{ONE},NA\n", rows=1, cells={"agent_id": ["NA"]}),
    bad("NaN", "wait_s", "NaN", "bad-duration"),
    bad("inf", "talk_s", "inf", "bad-duration"),
    bad("thousands undeclared", "wait_s", '"1,234"', "bad-duration"),
    Case("decimal declared", with_cells(wait_s='"12,5"', talk_s='"200,0"').replace("10,100", "10,100"),
         layout(decimal=","), rows=2, cells={"wait_s": [10.0, 12.5]}),
    Case("durations", with_cells(wait_s="0:02:23", talk_s="20:15:00"), rows=2,
         cells={"wait_s": [10.0, 143.0], "talk_s": [100.0, 72900.0]}),
    bad("mm:ss is never guessed", "wait_s", "02:23", "bad-duration"),
    Case("milliseconds", with_cells(talk_s="143000"), layout(columns={"talk_s": {"from": "talk_s", "unit": "ms"}}),
         rows=2, cells={"talk_s": [0.1, 143.0]}),
    bad("negative", "wait_s", "-5", "negative-duration"),
    bad("over a day", "talk_s", "143000", "duration-too-long"),
    bad("full-width digits", "wait_s", "１２", "bad-duration"),
    bad("overflow", "wait_s", "9223372036854775808000", "duration-too-long"),
]  # fmt: skip

TIMES = [
    bad("another format", "started_at", "01.10.2026 10:00", "bad-datetime"),
    bad("29 February", "started_at", "2026-02-29 10:00:00", "bad-datetime"),
    bad("24:00", "started_at", "2026-10-01 24:00:00", "bad-datetime"),
    bad("60 seconds", "started_at", "2026-10-01 10:00:60", "bad-datetime"),
    bad("two-digit year", "started_at", "26-10-01 10:00:00", "bad-datetime"),
    refuse("epochs mixed", f"{HEAD}\n{ONE}\n{TWO}\n".replace("2026-10-01 09:00:00", "1790000000")
           .replace("2026-10-01 10:00:00", "1790000000000"), ("epoch-range", 3, 2),
           own=layout(columns={"started_at": {"from": "started_at", "unit": "s"}})),
    bad("an hour that comes twice", "started_at", "2026-10-25 02:30:00", "ambiguous-time",
        own=layout(time_zone="Europe/Berlin")),
    bad("an hour that never comes", "started_at", "2026-03-29 02:30:00", "nonexistent-time",
        own=layout(time_zone="Europe/Berlin")),
    Case("by policy", with_cells(started_at="2026-10-25 02:30:00"),
         layout(time_zone="Europe/Berlin", ambiguous="latest"), rows=2, says=("Europe/Berlin",)),
]  # fmt: skip


def day(form: str | list[str] | None, one: str, two: str) -> tuple[str, Layout]:
    """Two contacts whose starts are written as given, read by the declared format or formats."""
    text = GOOD.replace("2026-10-01 09:00:00", one).replace("2026-10-01 10:00:00", two)
    return text, layout(columns={"started_at": {"from": "started_at"} | ({"format": form} if form else {})})


def at(month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second)


BOTH = ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]
DECLARED = [
    Case("day first, declared", *day("%d/%m/%Y %H:%M", "03/10/2026 09:00", "04/10/2026 09:00"), rows=2,
         cells={"started_at": [at(10, 3, 9), at(10, 4, 9)]}),
    Case("the order that fits all", *day(BOTH, "03/10/2026 09:00", "24/10/2026 09:00"), rows=2,
         cells={"started_at": [at(10, 3, 9), at(10, 24, 9)]}),
    Case("the order that fits all, undeclared", *day(None, "03/10/2026 09:00", "24/10/2026 09:00"), rows=2,
         cells={"started_at": [at(10, 3, 9), at(10, 24, 9)]}, says=("D/M/YYYY",)),
    refuse("both orders fit", day(BOTH, "03/10/2026 09:00", "04/10/2026 09:00")[0],
           ("day-month-unclear", 2, 2), ("day-month-unclear", 3, 2),
           own=day(BOTH, "", "")[1], says=("and they differ",)),
    Case("AM and PM", *day("%Y-%m-%d %I:%M %p", "2026-10-01 12:30 AM", "2026-10-01 01:00 pm"), rows=2,
         cells={"started_at": [at(10, 1, 0, 30), at(10, 1, 13)]}),
    Case("AM and PM in Chinese", *day("%Y-%m-%d %p%I:%M", "2026-10-01 上午09:30", "2026-10-01 下午01:00"), rows=2,
         cells={"started_at": [at(10, 1, 9, 30), at(10, 1, 13)]}),
    # 46053 days after 1899-12-30 are 2026-01-31, 0.75 of a day is 18:00; 1904 counts 1,462 days later.
    Case("spreadsheet serials", GOOD.replace("2026-10-01 09:00:00", "46053.75").replace("2026-10-01 10:00:00", "46054"),
         layout(columns={"started_at": {"from": "started_at", "unit": "serial"}}), rows=2,
         cells={"started_at": [at(1, 31, 18), at(2, 1)]}),
    Case("spreadsheet serials of 1904",
         GOOD.replace("2026-10-01 09:00:00", "44591.75").replace("2026-10-01 10:00:00", "44592"),
         layout(columns={"started_at": {"from": "started_at", "unit": "serial_1904"}}), rows=2,
         cells={"started_at": [at(1, 31, 18), at(2, 1)]}),
    # 1790000000 is 2026-09-21 14:13:20 UTC: 20,717 days of 86,400 s, and 51,200 s.
    Case("epochs", GOOD.replace("2026-10-01 09:00:00", "1790000000").replace("2026-10-01 10:00:00", "1790000001"),
         layout(columns={"started_at": {"from": "started_at", "unit": "s"}}), rows=2,
         cells={"started_at": [at(9, 21, 14, 13, 20), at(9, 21, 14, 13, 21)]}),
    Case("backslash escapes, declared", f'{HEAD},agent_id\n{ONE},"a\\"b"\n',
         layout(columns={"agent_id": "agent_id"}, file={"escape": "backslash"}), rows=1, cells={"agent_id": ['a"b']}),
    Case("bare quotes, declared", f'{HEAD},agent_id\n{ONE},5" x\n',
         layout(columns={"agent_id": "agent_id"}, file={"quoting": "lenient"}), rows=1, cells={"agent_id": ['5" x']}),
]  # fmt: skip


IDENTITY = [
    Case("exact duplicate", f"{GOOD}{TWO}\n", rows=2, says=("1 exact duplicate",)),
    refuse("conflicting duplicate", f"{GOOD}{TWO.replace('20,200', '21,200')}\n", ("conflicting-duplicate", 4, 0)),
]

CASES = [*STRUCTURE, *BYTES, *TYPES, *TIMES, *DECLARED, *IDENTITY]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_bad_input(case: Case, tmp_path: Path) -> None:
    found, problems = outcome(case, tmp_path)
    assert [(p.name, p.place.line, p.place.column) for p in problems] == list(case.refused), problems
    said = "\n".join(map(str, problems))
    if found is not None:
        (account,) = found.accounts
        assert account.balances
        assert account.used == case.rows
        frame = found.tables["interactions"].frame.collect()
        assert {name: frame[name].to_list() for name in case.cells} == case.cells
        said = "\n".join(found.notices)
    for text in case.says:
        assert text in said


def outcome(case: Case, folder: Path) -> tuple[Normalized | None, tuple[Problem, ...]]:
    try:
        return read(folder, case.content, case.own, case.name, case.project), ()
    except Refused as refused:
        return None, refused.problems


def two_files(folder: Path, first: str, second: str) -> tuple[Normalized | None, tuple[Problem, ...]]:
    for name, content in (("interactions_2026-01.csv", first), ("interactions_2026-02.csv", second)):
        (folder / name).write_text(content)
    try:
        return normalize(load_all([folder]), BUILTIN), ()
    except Refused as refused:
        return None, refused.problems


def test_a_call_in_two_months_counts_once(tmp_path: Path) -> None:
    found, _ = two_files(tmp_path, GOOD, f"{HEAD}\n{TWO}\n3{ONE[1:]}\n")
    assert found is not None
    assert [(a.used, a.duplicates, a.balances) for a in found.accounts] == [(2, 0, True), (1, 1, True)]


def test_a_call_in_two_versions_is_refused(tmp_path: Path) -> None:
    _, problems = two_files(tmp_path, GOOD, f"{HEAD}\n{TWO.replace('200', '201')}\n")
    assert [(p.name, Path(p.place.file).name, p.place.line) for p in problems] == [
        ("conflicting-duplicate", "interactions_2026-02.csv", 2)
    ]


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    _, problems = two_files(tmp_path, GOOD, GOOD)
    assert [p.name for p in problems] == ["duplicate-file"]


def test_other_columns_in_another_order_go_by_name(tmp_path: Path) -> None:
    turned = "outcome,direction,talk_s,interaction_id,started_at\nanswered,inbound,7,9,2026-10-02 09:00:00\n"
    found, _ = two_files(tmp_path, GOOD, turned)
    assert found is not None
    assert found.tables["interactions"].frame.collect()["talk_s"].to_list() == [100.0, 200.0, 7.0]
