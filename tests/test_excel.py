"""Excel workbooks: which sheet and header are taken, what each cell says as text, and what is refused, and where.

In: workbooks made by openpyxl, or written by hand where it would not write what is asked. Out: pass or fail.
Refuses to know: how the product reads them; expected texts are what Excel shows, or the file's own digits.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from ccmetrics.catalogue.models import FileForm, Layout
from ccmetrics.problem import DataRefused, Problem
from ccmetrics.stages.load import Raw, load
from ccmetrics.stages.load import opened as open_export

DATA = Path(os.environ.get("CCMETRICS_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def fill(sheet: Worksheet, rows: Iterable[Sequence[object]]) -> None:
    for row in rows:
        sheet.append(row)


def book(folder: Path, sheets: Mapping[str, Iterable[Sequence[object]]], name: str = "calls.xlsx") -> Path:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        fill(workbook.create_sheet(title), rows)
    workbook.save(folder / name)
    return folder / name


SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def by_hand(
    folder: Path, sheet: str, before: str = "", after: str = "", styles: str = "", strings: str = "", space: str = SPACE
) -> Path:
    """A workbook of one sheet, whose rows are written out as XML; `A1` and the like may be left out of cells."""
    path = folder / "by_hand.xlsx"
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{LINKS}"><sheets>'
        '<sheet name="Calls" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{LINKS}/styles" Target="/xl/styles.xml"/>'
        f'<Relationship Id="rId3" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{space}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{space}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{before}<worksheet xmlns="{space}">'
        f"<sheetData>{sheet}</sheetData>{after}</worksheet>",
    }
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def text(word: str) -> str:
    return f'<c t="inlineStr"><is><t>{word}</t></is></c>'


HEADER = f"<row>{text('id')}{text('value')}</row>"


def cells(raw: Raw) -> list[tuple[str | None, ...]]:
    return raw.frame.collect().rows()


def problems(path: Path, layouts: Sequence[Layout] = (), named: bool = False) -> list[tuple[str, int, int]]:
    """Name, row and column of each."""
    return [(p.name, p.place.line, p.place.column) for p in refusal(path, layouts, named)]


def refusal(path: Path, layouts: Sequence[Layout] = (), named: bool = False) -> tuple[Problem, ...]:
    with pytest.raises(DataRefused) as caught:
        open_export(path, layouts, named=named)
    return caught.value.problems


def misfits(raw: Raw) -> list[tuple[int, int, str]]:
    return raw.misfits.select("line", "column", "reason").rows()


def layout(name: str = "x", match: Sequence[str] = ("id",), **form: object) -> Layout:
    return Layout(layout=name, match=tuple(match), file=FileForm.model_validate(form), tables={})


# ---------------------------------------------------------------- cells


def test_a_sheet_is_rows_of_text(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": [["id", "agent", "n"], ["007", "王芳", 109], ["008", None, 0.25]]})
    raw = load(path)
    assert (raw.kind, raw.name, raw.header, raw.header_line) == ("text", str(path), ("id", "agent", "n"), 1)
    assert cells(raw) == [("007", "王芳", "109"), ("008", None, "0.25")]
    assert raw.about == "Excel workbook, sheet 'Calls', header in row 1"
    assert raw.notices == ()
    assert raw.line_of([0, 1]) == {0: 2, 1: 3}
    assert raw.sha256 == open_export(path).sha256


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (109, "109"),
        (109.0, "109"),
        (-3, "-3"),
        (0.38400462962963, "0.38400462962963"),
        (1e-7, "1e-07"),
        (999_999_999_999_999, "999999999999999"),
        # Beyond fifteen digits a spreadsheet keeps none: the text is one that no id may have.
        (1_234_567_890_123_456, "1.234567890123456E+15"),
        (10**17, "1.0E+17"),
        # A thousand and some in German: a digit more, and no layout can take it for that.
        (1.234, "1.2340"),
        (True, "true"),
        (False, "false"),
        ("  NA ", "  NA "),
        ("_x0041_", "A"),
        (date(2021, 1, 31), "2021-01-31"),
        (datetime(2021, 1, 31, 9, 12, 58), "2021-01-31 09:12:58"),
        (datetime(2021, 1, 31), "2021-01-31 00:00:00"),
        (datetime(2021, 1, 31, 23, 59, 59, 999_000), "2021-01-31 23:59:59.999"),
        (time(9, 12, 58), "9:12:58"),
        (time(0, 2, 23), "0:02:23"),
        (timedelta(hours=26, minutes=15), "26:15:00"),
    ],
)
def test_a_cell_says_exactly_what_it_holds(tmp_path: Path, value: object, shown: str) -> None:
    raw = load(book(tmp_path, {"Calls": [["id", "value"], ["1", value]]}))
    assert cells(raw) == [("1", shown)]


@pytest.mark.parametrize(
    ("serial", "code", "shown"),
    [
        ("44197", "yyyy-mm-dd", "2021-01-01"),
        ("44197", "[$-14009]dd/mm/yyyy;@", "2021-01-01"),
        ("44197", "mmm-yy", "2021-01-01"),
        ("44197", 'yyyy"年"m"月"d"日"', "2021-01-01"),
        ("44197", "dd.mm.yyyy hh:mm", "2021-01-01 00:00:00"),
        # A day that is shown alone may have a time behind it.
        ("44197.5", "yyyy-mm-dd", "2021-01-01 12:00:00"),
        ("44197.5", "h:mm:ss", "2021-01-01 12:00:00"),
        # The fraction that stands for 9:12:58, in the digits of three writers.
        ("0.3840046296296296124", "h:mm:ss", "9:12:58"),
        ("0.38400462962963", "h:mm", "9:12:58"),
        ("44197.384004629632", "d/m/yy h:mm:ss AM/PM", "2021-01-01 09:12:58"),
        ("1.6550925925925926E-3", "mm:ss", "0:02:23"),
        ("1.09375", "[h]:mm:ss", "26:15:00"),
        ("1.09375", "h:mm:ss", "26:15:00"),
        ("0.0016550925925925926", "[mm]:ss", "0:02:23"),
        ("-0.0016550925925925926", "h:mm:ss", "-0:02:23"),
        # The zero day: its own is 31 December 1899, and the next one 1 January 1900.
        ("0.0016550925925925926", "yyyy-mm-dd hh:mm:ss", "1899-12-31 00:02:23"),
        ("1.0016550925925926", "yyyy-mm-dd hh:mm:ss", "1900-01-01 00:02:23"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
        # What is no day of the calendar stays a number, which nobody takes for one.
        ("60", "yyyy-mm-dd", "60"),
        ("-1", "yyyy-mm-dd", "-1"),
        ("43617000", "yyyy-mm-dd", "43617000"),
        ("0.85", "0%", "85%"),
        ("0.125", "0.0%", "12.5%"),
        ("1.05", "0%", "105%"),
        ("5", '0 "days"', "5"),
        ("5", r"0\h", "5"),
        ("5", "#,##0.00_d;[Red]-#,##0.00", "5"),
    ],
)
def test_a_number_is_what_its_format_shows(tmp_path: Path, serial: str, code: str, shown: str) -> None:
    styles = (
        f'<numFmts><numFmt numFmtId="164" formatCode="{code.replace(chr(34), "&quot;")}"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    )
    sheet = f'{HEADER}<row>{text("1")}<c s="1"><v>{serial}</v></c></row>'
    assert cells(load(by_hand(tmp_path, sheet, styles=styles))) == [("1", shown)]


@pytest.mark.parametrize(
    ("number", "serial", "shown"),
    [
        (14, "44197", "2021-01-01"),
        (20, "0.5", "12:00:00"),
        (22, "44197.5", "2021-01-01 12:00:00"),
        (45, "0.5", "12:00:00"),
        (46, "1.5", "36:00:00"),
        (10, "0.5", "50%"),
        # These are a day or a clock by the language of whoever opens the file, as Chinese Excel writes them.
        (31, "44197", "2021-01-01"),
        (33, "0.5", "12:00:00"),
        (57, "44197.5", "2021-01-01 12:00:00"),
    ],
)
def test_formats_known_by_number_alone(tmp_path: Path, number: int, serial: str, shown: str) -> None:
    styles = f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>'
    sheet = f'{HEADER}<row>{text("1")}<c s="1"><v>{serial}</v></c></row>'
    assert cells(load(by_hand(tmp_path, sheet, styles=styles))) == [("1", shown)]


def test_the_calendar_that_begins_in_1904(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    fill(workbook.active, [["day", "at", "clock"], [date(2021, 1, 1), datetime(2021, 1, 1, 9, 12, 58), time(0, 2, 23)]])
    workbook.save(tmp_path / "mac.xlsx")
    assert cells(load(tmp_path / "mac.xlsx")) == [("2021-01-01", "2021-01-01 09:12:58", "0:02:23")]


def test_every_second_of_a_day_is_that_second(tmp_path: Path) -> None:
    """A fraction of a day is never exactly a second; none may come out as the one before."""
    seconds = range(0, 86_400, 7)
    written = [[f"{s}", datetime(2026, 2, 28) + timedelta(seconds=s)] for s in seconds]
    raw = load(book(tmp_path, {"Calls": [["id", "at"], *written]}))
    expected = [(f"{s}", f"2026-02-28 {s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}") for s in seconds]
    assert cells(raw) == expected


def test_shared_and_rich_texts_without_how_they_are_spoken(tmp_path: Path) -> None:
    strings = (
        "<si><t>id</t></si><si><t>value</t></si>"
        '<si><r><t>东</t></r><r><t xml:space="preserve"> 京</t></r><rPh sb="0" eb="1"><t>トウキョウ</t></rPh></si>'
        "<si><t>a_x000D_&#10;b &amp; c</t></si>"
    )
    sheet = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>'
    )
    assert cells(load(by_hand(tmp_path, sheet, strings=strings))) == [("东 京", "a\r\nb & c")]


def test_the_other_name_space_and_dates_written_out(tmp_path: Path) -> None:
    """What Excel calls a strict workbook: openpyxl sees no sheet in it."""
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    sheet = f'{HEADER}<row>{text("1")}<c t="d" s="1"><v>2021-01-01T00:00:00</v></c></row>'
    path = by_hand(tmp_path, sheet, styles=styles, space="http://purl.oclc.org/ooxml/spreadsheetml/main")
    assert cells(load(path)) == [("1", "2021-01-01")]


def test_cells_in_any_order(tmp_path: Path) -> None:
    sheet = f'{HEADER}<row r="2"><c r="B2"><v>5</v></c><c r="A2"><v>1</v></c></row>'
    assert cells(load(by_hand(tmp_path, sheet))) == [("1", "5")]


def test_a_wrong_size_in_the_file_loses_no_row(tmp_path: Path) -> None:
    """Many writers declare a size of one cell, and readers that believe it lose the rest without a word."""
    before = f"<!-- {'x' * 100} -->"
    sheet = f"{HEADER}<row>{text('1')}{text('a')}</row><row>{text('2')}{text('b')}</row>"
    path = by_hand(tmp_path, sheet, before=before)
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>')
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert cells(load(path)) == [("1", "a"), ("2", "b")]


# ---------------------------------------------------------------- rows that are no rows


def test_an_error_is_a_misfit_at_its_cell(tmp_path: Path) -> None:
    sheet = (
        f"{HEADER}<row>{text('1')}<c t='e'><v>#N/A</v></c></row><row>{text('2')}<c><v>5</v></c></row>"
        f"<row><c t='e'><f>A9/0</f><v>#DIV/0!</v></c><c t='e'><v>#REF!</v></c></row>"
    )
    raw = open_export(by_hand(tmp_path, sheet))
    assert cells(raw) == [("2", "5")]
    assert misfits(raw) == [(2, 2, "error-cell"), (4, 1, "error-cell")]
    assert "1 more cell" in raw.misfits["text"][1]
    assert raw.line_of([0]) == {0: 3}


def test_a_formula_that_was_never_computed_is_a_misfit(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": [["id", "value"], ["1", "=1+1"], ["2", 2]]})
    raw = open_export(path)
    assert cells(raw) == [("2", "2")]
    assert misfits(raw) == [(2, 2, "formula-without-value")]


def test_a_formula_is_its_value_even_an_empty_text(tmp_path: Path) -> None:
    sheet = (
        f"{HEADER}<row>{text('1')}<c><f>1+1</f><v>2</v></c></row>"
        f"<row>{text('2')}<c t='str'><f>IF(1,\"\",2)</f><v></v></c></row>"
        f"<row>{text('3')}<c t='str'><f>UPPER(\"a\")</f><v>A</v></c></row>"
        f"<row>{text('4')}<c t='b'><f>1=1</f><v>1</v></c></row>"
    )
    assert cells(load(by_hand(tmp_path, sheet))) == [("1", "2"), ("2", None), ("3", "A"), ("4", "true")]


def test_misfits_refuse_where_nothing_is_tolerated(tmp_path: Path) -> None:
    with pytest.raises(DataRefused) as caught:
        load(book(tmp_path, {"Calls": [["id", "value"], ["1", "=1+1"]]}))
    [problem] = caught.value.problems
    assert str(problem.place) == f"{tmp_path / 'calls.xlsx'}:2:2"


# ---------------------------------------------------------------- sheets


CALLS = [["id", "wait"], ["1", 5]]
NOTES = [["read me"], ["monthly"]]


def test_empty_sheets_do_not_count(tmp_path: Path) -> None:
    path = book(tmp_path, {"Sheet1": [], "Calls": CALLS, "Sheet3": [[" "]]})
    raw = load(path)
    assert (raw.name, cells(raw), raw.notices) == (str(path), [("1", "5")], ())


def test_of_several_the_only_one_that_a_layout_knows(tmp_path: Path) -> None:
    path = book(tmp_path, {"Notes": NOTES, "Calls": CALLS})
    raw = load(path, [layout(match=["id", "wait"])])
    assert (raw.name, cells(raw), raw.layout) == (f"{path}!Calls", [("1", "5")], None)
    assert raw.notices == (f"{path}!Calls: sheet 'Calls' is read; left aside: 'Notes'",)


def test_a_layout_names_the_sheet(tmp_path: Path) -> None:
    path = book(tmp_path, {"North": CALLS, "South": [["id", "wait"], ["2", 6]]})
    raw = load(path, [layout("south", sheet="South"), layout("other", ["no such column"])])
    assert (raw.name, cells(raw), raw.layout) == (f"{path}!South", [("2", "6")], "south")


def test_several_that_nobody_can_tell_apart_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path, {"North": CALLS, "South": [["id", "wait"], ["2", 6]]})
    for layouts in ([], [layout()]):
        [problem] = refusal(path, layouts)
        assert problem.name == "several-sheets"
        assert "'North', 'South'" in problem.text


def test_a_hidden_sheet_is_named_and_never_chosen_unasked(tmp_path: Path) -> None:
    path = book(tmp_path, {"Shown": NOTES, "Old": CALLS})
    workbook = Workbook()
    fill(workbook.active, NOTES)
    fill(workbook.create_sheet("Old"), CALLS)
    workbook["Old"].sheet_state = "hidden"
    workbook.save(path)
    [problem] = refusal(path, [layout()])
    assert problem.name == "several-sheets"
    assert "'Old' (hidden)" in problem.text
    assert cells(load(path, [layout(sheet="Old")])) == [("1", "5")]


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": CALLS})
    [problem] = refusal(path, [layout(sheet="Data")], named=True)
    assert problem.name == "no-such-sheet"
    assert "'Calls'" in problem.text


def test_two_layouts_that_open_it_differently(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": [["id", "wait"], ["id", "wait"], ["1", 5]]})
    layouts = [layout("one", header_row=1), layout("two", header_row=2)]
    assert problems(path, layouts) == [("two-layouts-fit", 0, 0)]


def test_nothing_in_any_sheet(tmp_path: Path) -> None:
    assert problems(book(tmp_path, {"Sheet1": [], "Sheet2": [["", " "]]})) == [("empty-file", 0, 0)]


# ---------------------------------------------------------------- headers


PREAMBLE = [["Report of calls"], [], ["From", "2026-01-01"], ["id", "agent", "wait"], ["1", "Ann", 5], ["2", "Bo", 6]]


def test_a_preamble_is_refused_with_the_row_that_looks_like_the_header(tmp_path: Path) -> None:
    [problem] = refusal(book(tmp_path, {"Calls": PREAMBLE}))
    assert (problem.name, problem.place.line) == ("preamble", 1)
    assert "row 4" in problem.text


@pytest.mark.parametrize("form", [{"header_row": 4}, {"header_match": True}, {"skip_lines": 3}], ids=str)
def test_a_declared_header(tmp_path: Path, form: Mapping[str, object]) -> None:
    raw = load(book(tmp_path, {"Calls": PREAMBLE}), [layout("calls", ["id", "wait"], **form)])
    assert (raw.header, raw.header_line, raw.layout) == (("id", "agent", "wait"), 4, "calls")
    assert cells(raw) == [("1", "Ann", "5"), ("2", "Bo", "6")]
    assert raw.line_of([1]) == {1: 6}
    assert raw.about == "Excel workbook, sheet 'Calls', header in row 4"


def test_a_layout_of_another_format_opens_no_workbook(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": PREAMBLE})
    assert problems(path, [layout(match=["id", "wait"], format="delimited", header_row=4)]) == [("preamble", 1, 0)]


def test_a_header_that_is_nowhere(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": CALLS})
    assert problems(path, [layout(match=["nothing"], header_match=True)], named=True) == [("no-header-line", 0, 0)]


def test_columns_of_a_sheet_without_a_header(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": [["1", "Ann"], ["2", None]]})
    raw = open_export(path, [layout("bare", ["id"], columns=["id", "agent"])], named=True)
    assert (raw.header, raw.header_line, cells(raw)) == (("id", "agent"), 0, [("1", "Ann"), ("2", None)])
    assert raw.about.endswith("no header")


def test_names_are_trimmed_and_must_differ(tmp_path: Path) -> None:
    assert load(book(tmp_path, {"Calls": [[" id ", "\u00a0name\u00a0"], [1, 2]]})).header == ("id", "name")
    assert problems(book(tmp_path, {"Calls": [["Agent", "b", "agent "], [1, 2, 3]]})) == [("duplicate-header", 1, 3)]


def test_a_column_without_a_name(tmp_path: Path) -> None:
    empty = load(book(tmp_path, {"Calls": [["id", None, "wait"], ["1", None, 5], ["2", " ", 6]]}))
    assert (cells(empty), empty.columns) == ([("1", "5"), ("2", "6")], ("id", "", "wait"))
    assert empty.notices == (f"{empty.name}: 1 unnamed, empty column dropped",)
    beside = book(tmp_path, {"Calls": [["id", None, "wait"], ["1", "x", 5, None, "sum"], ["2", None, 6]]})
    assert problems(beside) == [("blank-header", 1, 2), ("blank-header", 1, 5)]


def test_header_only_is_no_rows(tmp_path: Path) -> None:
    raw = load(book(tmp_path, {"Calls": [["id", "wait"]]}))
    assert (raw.rows, raw.header, cells(raw), raw.notices) == (0, ("id", "wait"), [], ())


# ---------------------------------------------------------------- rows


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    workbook = Workbook()
    fill(workbook.active, [["id"], ["1"], ["2"], ["3"]])
    workbook.active.row_dimensions[3].hidden = True
    workbook.save(tmp_path / "calls.xlsx")
    raw = load(tmp_path / "calls.xlsx")
    assert cells(raw) == [("1",), ("2",), ("3",)]
    assert raw.notices == (f"{raw.name}: 1 hidden row is read too",)


def test_blank_rows_are_skipped_counted_and_do_not_shift_rows(tmp_path: Path) -> None:
    raw = load(book(tmp_path, {"Calls": [["id", "b"], ["1", "x"], [], [" ", None], ["2", "y"], [], [None, " "]]}))
    assert cells(raw) == [("1", "x"), ("2", "y")]
    assert raw.line_of([0, 1]) == {0: 2, 1: 5}
    assert raw.notices == (f"{raw.name}: 2 blank rows skipped",)


def test_the_header_again(tmp_path: Path) -> None:
    rows = [["id", "wait"], ["1", 5], ["ID ", "Wait"], ["2", 6]]
    raw = open_export(book(tmp_path, {"Calls": rows}))
    assert (cells(raw), misfits(raw)) == ([("1", "5"), ("2", "6")], [(3, 0, "repeated-header")])
    skipped = load(raw.path, [layout(repeated_header="skip")])
    assert (cells(skipped), skipped.rows) == ([("1", "5"), ("2", "6")], 2)
    assert skipped.notices == (f"{raw.name}: 1 repeated header skipped",)


TOTALS = [["id", "wait", "talk"], ["1", 5, 0.1], ["2", 6, 0.2], ["3", 7, 0.3], [], ["Total", 18, 0.1 + 0.2 + 0.3]]


def test_a_footer_ends_the_data_and_is_held_against_them(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": [*TOTALS, ["Generated on Monday"]]})
    raw = load(path, [layout(stop_at="Total", control={"wait": "sum", "talk": "sum"})])
    assert cells(raw) == [("1", "5", "0.1"), ("2", "6", "0.2"), ("3", "7", "0.3")]
    assert raw.notices == (f"{path}: footer of 2 lines left aside, its control totals agree",)


def test_a_footer_that_says_otherwise(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": [*TOTALS[:3], *TOTALS[4:]]})
    assert problems(path, [layout(stop_at="Total", control={"wait": "sum"})]) == [("control-total-differs", 5, 2)]


def test_what_is_no_footer(tmp_path: Path) -> None:
    more = book(tmp_path, {"Calls": [*TOTALS, ["4", 8, 0.4]]})
    assert problems(more, [layout(stop_at="Total")]) == [("two-tables", 7, 0)]
    none = book(tmp_path, {"Calls": TOTALS[:4]})
    assert problems(none, [layout(stop_at="Total", control={"wait": "sum"})]) == [("no-footer", 0, 0)]
    assert load(none, [layout(stop_at="Total")]).notices == (f"{none}: no footer, for no line begins with 'Total'",)


def merged(folder: Path, *ranges: str) -> Path:
    workbook = Workbook()
    fill(workbook.active, [["Calls of January"], ["id", "team"], ["1", "north"], ["2", None], ["3", "south"]])
    for found in ranges:
        workbook.active.merge_cells(found)
    workbook.save(folder / "merged.xlsx")
    return folder / "merged.xlsx"


def test_merged_cells_among_the_rows_are_refused(tmp_path: Path) -> None:
    found = refusal(merged(tmp_path, "B3:B4"), [layout(header_row=2)])
    assert [(p.name, p.place.line, p.place.column) for p in found] == [("merged-cells", 3, 2)]
    assert "B3:B4" in found[0].text


def test_a_header_merged_with_the_first_row_is_refused(tmp_path: Path) -> None:
    assert problems(merged(tmp_path, "B2:B3"), [layout(header_row=2)]) == [("merged-cells", 2, 2)]


def test_merged_cells_elsewhere_are_nobodys_business(tmp_path: Path) -> None:
    raw = load(merged(tmp_path, "A1:B1", "D3:D5", "A7:B9"), [layout(header_row=2)])
    assert cells(raw) == [("1", "north"), ("2", None), ("3", "south")]


def test_more_rows_than_are_held_at_once(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n + 2}"><c r="A{n + 2}"><v>{n}</v></c></row>' for n in range(120_001))
    raw = load(by_hand(tmp_path, f'<row r="1">{text("id")}</row>{rows}'))
    assert raw.rows == 120_001
    assert raw.frame.select(pl.col("id").cast(pl.Int64).sum()).collect().item() == 120_001 * 120_000 // 2
    assert raw.line_of([0, 120_000]) == {0: 2, 120_000: 120_002}


# ---------------------------------------------------------------- damage and malice


def test_a_damaged_workbook_is_refused_without_a_traceback(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": [["id", "wait"], *([str(n), n] for n in range(500))]})
    whole = path.read_bytes()
    for cut in (30, len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:cut])
        assert problems(path) == [("not-excel", 0, 0)]
    told = []
    for at in range(40, len(whole), len(whole) // 50):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with suppress(DataRefused):
            told.append(open_export(path).rows)
    assert set(told) <= {500}


@pytest.mark.parametrize(
    ("sheet", "row"),
    [
        ("<row>", 0),
        ("<row><c r='A2'><v>1</v></c><c r='A2'><v>2</v></c></row>", 2),
        ("<row><c r='ZZZZ2'><v>1</v></c></row>", 2),
        ("<row><c r='2'><v>1</v></c></row>", 2),
    ],
)
def test_a_sheet_that_is_none(tmp_path: Path, sheet: str, row: int) -> None:
    assert problems(by_hand(tmp_path, HEADER + sheet)) == [("not-excel", row, 0)]


@pytest.mark.parametrize("cell", ["<c t='s'><v>9</v></c>", "<c><v>x</v></c>"])
def test_a_cell_that_refers_to_nothing(tmp_path: Path, cell: str) -> None:
    raw = open_export(by_hand(tmp_path, f"{HEADER}<row>{cell}</row>"))
    assert misfits(raw) == [(2, 1, "unreadable-cell")]


def test_no_archive_of_another_kind_is_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", b"binary")
    assert problems(path) == [("not-excel", 0, 0)]


def test_a_table_of_text_under_the_name_of_a_workbook_is_that_table(tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    path.write_text("id,wait\n1,5\n")
    assert cells(load(path)) == [("1", "5")]


def test_a_workbook_under_another_name_is_a_workbook(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": CALLS}).rename(tmp_path / "calls.csv")
    assert cells(load(path)) == [("1", "5")]


def test_an_old_workbook_is_told_what_to_become(tmp_path: Path) -> None:
    path = tmp_path / "calls.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    [problem] = refusal(path)
    assert problem.name == "not-csv"
    assert "old Excel workbook" in problem.text
    assert "Save it as .xlsx" in problem.text


def test_an_entity_is_never_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    outside = f'<!DOCTYPE worksheet [<!ENTITY out SYSTEM "{secret.as_uri()}">]>'
    inside = '<!DOCTYPE worksheet [<!ENTITY out "SECRET">]>'
    for before in (outside, inside, '<!DOCTYPE worksheet SYSTEM "http://localhost:1/x.dtd">'):
        path = by_hand(tmp_path, f"{HEADER}<row>{text('1')}{text('&out;')}</row>", before=before)
        [problem] = refusal(path)
        assert problem.name == "not-excel"
        assert "SECRET" not in str(problem)


@pytest.mark.parametrize(("size", "parts"), [(1 << 24, 1), (1 << 20, 1100)], ids=["ratio", "total"])
def test_a_bomb_is_not_unpacked(tmp_path: Path, size: int, parts: int) -> None:
    path = by_hand(tmp_path, HEADER)
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        for number in range(parts):
            archive.writestr(f"xl/media/{number}.xml", b" " * size)
    assert problems(path) == [("too-large-unpacked", 0, 0)]


def test_no_message_quotes_a_cell(tmp_path: Path) -> None:
    path = book(tmp_path, {"Calls": [["id", "wait"], *(["SECRET", f"=SECRET{n}"] for n in range(3))]})
    raw = open_export(path)
    assert "SECRET" not in "".join(raw.misfits["text"])


# ---------------------------------------------------------------- a real log


@pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not beside this checkout")
def test_real_workbooks_say_what_the_text_export_says() -> None:
    same = ["Call Id", "Agent", "Answered (Y/N)", "Resolved", "Satisfaction rating", "AvgTalkDuration", "Time"]
    csv = load(DATA / "phone_now" / "calls_comma_bom.csv").frame.select(same).collect()
    for name in ("calls_textdate.xlsx", "calls_formulas.xlsx"):
        raw = load(DATA / "phone_now" / name)
        assert raw.frame.select(same).collect().equals(csv.with_columns(pl.all().replace("", None)))
    assert raw.notices == (f"{raw.name}: 946 hidden rows are read too",)
