"""The workbook: every digit of every number, text that stays text, colors that stay with their row, the same bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import polars as pl
import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ccmetrics.catalogue.models import Card
from ccmetrics.problem import UsageRefused
from ccmetrics.render import tidy
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.look import Look
from ccmetrics.render.plain import plain
from ccmetrics.render.workbook import book as books
from ccmetrics.render.workbook.book import Book
from ccmetrics.render.workbook.cells import Column, cut, folded, moved, pattern, unlike, utf16
from ccmetrics.scorecard import Result
from tests.render.made_up import CARD, KPIS, NAMES, NAUGHTY, REJECTS, kpi, measurement, result, scorecard

EN, ZH = Look(lang="en"), Look(lang="zh")
ODD = 0.1 + 0.2
"""Takes 17 digits; with 16 it is another number."""


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def drawn(made: Result, look: Look = EN) -> Workbook:
    return opened(FORMATS["xlsx"].score(made, look))


def table(sheet: Worksheet, name: str) -> list[dict[str, Any]]:
    rows = [[cell.value for cell in row] for row in sheet[sheet.tables[name].ref]]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def cell(sheet: Worksheet, name: str, subject: str, head: str) -> Any:
    """The cell of a subject in a column of a table."""
    rows = list(sheet[sheet.tables[name].ref])
    heads = [each.value for each in rows[0]]
    row = next(row for row in rows if row[heads.index("subject" if "subject" in heads else "对象")].value == subject)
    return row[heads.index(head)]


@pytest.mark.parametrize("look", [EN, ZH], ids=["en", "zh"])
def test_the_data_sheet_is_the_tidy_result_to_the_last_digit(look: Look) -> None:
    card = scorecard()
    odd = replace(card, lines=card.lines.with_columns(value=pl.col("value") * ODD, points=pl.lit(1 / 3)))
    made = result(odd)
    found = table(drawn(made, look)[{"en": "Data", "zh": "数据"}[look.lang]], "data")
    expected = tidy.scores(made)
    assert [list(row.values()) for row in found] == [
        [plain(value) if isinstance(value, str) else value for value in row] for row in expected.rows()
    ]
    assert found[0]["points"] == 1 / 3
    assert found[1]["value"] == 300 * ODD


def test_a_card_shows_numbers_by_their_units() -> None:
    english, chinese = drawn(result())["Frontline agent"], drawn(result(), ZH)["一线座席"]
    expected = {
        ("Customer satisfaction", "客户满意度"): (0.75, "#,##0.0%", "#,##0.0%"),
        ("Average handle time", "平均处理时长"): (375, '#,##0" s"', '#,##0"秒"'),
        ("Revenue", "收入"): (20000, "#,##0.00", "#,##0.00"),
        ("(Complaint rate)", "(投诉率)"): (4, '#,##0.0"‰"', '#,##0.0"‰"'),
        ("score", "得分"): (67.67, "#,##0.00", "#,##0.00"),
        ("Average handle time, points", "平均处理时长·分数"): (50, "#,##0.0#", "#,##0.0"),
    }
    for (en, zh), (value, in_english, in_chinese) in expected.items():
        one, other = cell(english, "card_agent", "A4", en), cell(chinese, "card_agent", "A4", zh)
        assert (one.value, other.value) == (value, value)
        assert one.number_format.rstrip("#") == in_english.rstrip("#")
        assert other.number_format == in_chinese


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("81.1%", "#,##0.0%"),
        ("4.2‰", '#,##0.0"‰"'),
        ("1,234.50", "#,##0.00"),
        ("312 s", '#,##0" s"'),
        ("2.5小时", '#,##0.0"小时"'),
        ("6.1/h", '#,##0.0"/h"'),
        ("+1.2", "+#,##0.0;-#,##0.0;#,##0.0"),
        ("-3.4", "#,##0.0"),
        ("7", "#,##0"),
        ("–", "General"),
    ],
)
def test_a_number_looks_as_it_does_elsewhere(shown: str, expected: str) -> None:
    assert pattern(shown) == expected


def test_marks_and_reasons_stand_in_cells_of_their_own_row() -> None:
    """So they move with it; a number format would stay behind in programs that sort without formats."""
    sheet = drawn(result())["Frontline agent"]
    assert cell(sheet, "card_agent", "A4", "Customer satisfaction, marks").value == "(8)^*"
    assert cell(sheet, "card_agent", "A2", "Customer satisfaction, marks").value == "(24)^"
    assert cell(sheet, "card_agent", "A3", "score, marks").value == "!"
    assert cell(sheet, "card_agent", "A5", "status").value == "provisional"
    assert cell(sheet, "card_agent", "A6", "why").value.startswith("no value for Average handle time")
    assert cell(sheet, "card_agent", "A6", "Average handle time").value is None


def holds(rule: str, sheet: Worksheet, by: int) -> bool:
    """A rule of the sheet, for a row that many below the first; by hand, as no library computes it."""
    said = rule
    for column, row in re.findall(r"\$([A-Z]+)(\d+)", rule):
        value = sheet[f"{column}{int(row) + by}"].value
        said = said.replace(f"${column}{row}", repr(value))
    said = re.sub(r'ISERROR\(FIND\("\*",(.*?)\)\)', lambda f: str("*" not in str(f[1])), said)
    said = re.sub(r"ISNUMBER\((.*?)\)", lambda f: str(f[1] != "None"), said).replace("TRUE", "True")
    parts = re.findall(r"(True|False)|(-?[\d.]+)(>=|<)(-?[\d.]+)", said)
    return (
        "None>" not in said
        and "None<" not in said
        and all(
            word == "True" if word else (float(a) >= float(b) if sign == ">=" else float(a) < float(b))
            for word, a, sign, b in parts
        )
    )


def color(sheet: Worksheet, at: Any) -> str | None:
    for span in sheet.conditional_formatting:
        if at.coordinate in span.sqref:
            first = int(re.search(r"\d+", str(span.sqref))[0])  # type: ignore[index]
            for rule in span.rules:
                if holds(rule.formula[0], sheet, at.row - first):
                    return str(rule.dxf.fill.bgColor.rgb)
    return None


def test_colors_go_by_points_whichever_way_is_good() -> None:
    sheet = drawn(result())["Frontline agent"]
    met, near = "FFD7ECD9", "FFFFF0C7"
    # 375 s where less is better: halfway. 65% occupancy, two-sided: halfway. 300 s and 80%: at the goal.
    for head, of_a1, of_a4 in (
        ("Average handle time", met, near),
        ("Occupancy", met, near),
        ("Average handle time, points", met, near),
        # Scored by the value of all together, which says nothing of one's own.
        ("Customer satisfaction", met, None),
        ("Customer satisfaction, points", met, met),
    ):
        assert color(sheet, cell(sheet, "card_agent", "A1", head)) == of_a1, head
        assert color(sheet, cell(sheet, "card_agent", "A4", head)) == of_a4, head
    assert color(sheet, cell(sheet, "card_agent", "A6", "Average handle time")) is None


HOSTILE = {
    **NAUGHTY,
    "A2": "<r><t>rich</t></r>",
    "A3": "a\x00b\x0bc\ufffed",
    "A4": "_x000D_ \U0001f600",
    "A6": "'quoted",
}


@pytest.mark.parametrize("names", [NAUGHTY, HOSTILE], ids=["naughty", "hostile"])
def test_text_stays_text(names: dict[str, str]) -> None:
    content = FORMATS["xlsx"].score(result(scorecard(names)), EN)
    with ZipFile(BytesIO(content)) as file:
        for name in file.namelist():
            fromstring(file.read(name))
        assert not [name for name in file.namelist() if "externalLink" in name or "vba" in name]
        assert b"<f>" not in b"".join(file.read(name) for name in file.namelist() if "worksheets/sheet" in name)
    found = opened(content)
    for sheet in found:
        cells = [each for row in sheet.iter_rows() for each in row]
        assert {each.data_type for each in cells} <= {"s", "n", "d", "b"}
        assert not [each for each in cells if each.hyperlink]
        risky = [each for each in cells if isinstance(each.value, str) and re.match(r"[=+\-@]", each.value)]
        assert all(each.quotePrefix for each in risky)
    told = {row["subject"]: row["name"] for row in table(found["Data"], "data")}
    assert told["A1"] == names["A1"]
    assert told["A7"] == r"@SUM(1+1)\r\n-2"
    if names is HOSTILE:
        assert told["A2"] == "<r><t>rich</t></r> "
        assert told["A3"] == r"a\x00b\x0bc\ufffed"
        assert told["A4"] == "_x000D_ \U0001f600"


def test_the_same_result_is_the_same_bytes() -> None:
    one, other = (FORMATS["xlsx"].score(result(), EN) for _ in range(2))
    assert one == other
    with ZipFile(BytesIO(one)) as file:
        assert {each.date_time for each in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert opened(one).properties.created == datetime(2026, 10, 31)


def test_sheets_stand_in_order_with_names_a_workbook_may_have() -> None:
    titles = ["A/B: [x]*?\\'", "History", "history", "记分卡" * 14, "记分卡" * 14, "Data"]
    cards = []
    for at, title in enumerate(titles):
        card = scorecard()
        cards.append(replace(card, card=Card.model_validate({**CARD, "card": f"c{at}", "title": title})))
    names = drawn(result(*cards)).sheetnames
    assert names[:4] == ["Overview", "A-B- -x----", "History 2", "history 3"]
    assert len(names) == len({name.casefold() for name in names})
    assert all(utf16(name) <= 31 and not re.search(r"[\[\]:*?/\\]|^'|'$", name) for name in names)
    assert names[-5:] == ["Data 2", "Goals", "Definitions", "Data quality", "Provenance"]


def test_tables_can_be_filtered_and_named() -> None:
    for made in (result(), result(scorecard(), scorecard())):
        found = drawn(made)
        names = [name for sheet in found for name in sheet.tables]
        assert len(names) == len({name.casefold() for name in names})
        for sheet in found:
            for each in sheet.tables.values():
                heads = [cell.value for cell in sheet[each.ref][0]]
                assert [column.name for column in each.tableColumns] == heads
                assert len({head.casefold() for head in heads}) == len(heads)
                assert each.autoFilter.ref == each.ref


def test_sheets_are_ready_to_read_and_to_print() -> None:
    found = drawn(result())
    sheet = found["Frontline agent"]
    head = sheet[sheet.tables["card_agent"].ref][0][0].row
    who = [each.value for each in sheet[sheet.tables["card_agent"].ref][0]].index("team") + 1
    assert sheet.freeze_panes == f"{chr(ord('A') + who)}{head + 1}"
    assert sheet.print_title_rows == f"${head}:${head}"
    for each in found:
        assert each.page_setup.orientation == "landscape"
        assert (each.sheet_properties.pageSetUpPr.fitToPage, each.page_setup.fitToHeight) == (True, 0)


def test_chinese_takes_two_cells() -> None:
    sheet = drawn(result(), ZH)["一线座席"]
    column = cell(sheet, "card_agent", "A5", "姓名").column_letter
    assert sheet.column_dimensions[column].width >= len("Hannah Hale") + 1
    book = Book("x", date(2026, 1, 1), "zh")
    page = book.sheet("x")
    page.table("x", [Column("a", ["欧阳娜娜欧阳娜娜"]), Column("b", ["abcdefgh"])])
    page.close()
    found = opened(book.content()).worksheets[0].column_dimensions
    assert found["A"].width - found["B"].width == pytest.approx(8, abs=0.5)


def test_what_the_first_sheet_says_first() -> None:
    sheet = drawn(replace(result(), rejects=REJECTS))["Overview"]
    texts = [sheet.cell(row, 1).value for row in range(1, 4)]
    assert texts[0] == "Scorecards, October 2026"
    assert texts[2].startswith("PARTIAL: without 3 rows")
    (row,) = table(sheet, "overview")
    counts = {"subjects": 7, "scored": 5, "provisional": 1, "not scored": 1, "met a red line": 1, "with alarms": 0}
    assert {head: row[head] for head in counts} == counts


def test_rows_that_a_sheet_cannot_hold_go_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_ROWS", 30)
    found = drawn(result())
    names = [name for name in found.sheetnames if re.fullmatch(r"Data( \d)?", name)]
    assert len(names) > 2
    rows = [row for name in names for each in found[name].tables for row in table(found[name], each)]
    assert [row["item"] for row in rows] == tidy.scores(result())["item"].to_list()


def test_what_a_cell_cannot_hold_is_cut_in_sight() -> None:
    book = Book("x", date(2026, 1, 1), "en")
    page = book.sheet("x")
    page.line("a" * 40_000)
    page.line("b" * 32_767)
    found = opened(book.content()).worksheets[0]
    assert found["A1"].value.startswith("aaa")
    assert re.search(r"a… \(([\d,]+) characters more\)$", found["A1"].value)
    shown, more = found["A1"].value.split("… (")
    assert len(shown) + int(re.match(r"[\d,]+", more)[0].replace(",", "")) == 40_000  # type: ignore[index]
    assert found["A2"].value == "b" * 32_767


def test_more_columns_than_a_sheet_has_are_refused() -> None:
    page = Book("x", date(2026, 1, 1), "en").sheet("x")
    with pytest.raises(UsageRefused, match="16,384"):
        page.table("x", [Column(str(at), [1]) for at in range(16_385)])


def test_what_is_no_number_is_refused() -> None:
    page = Book("x", date(2026, 1, 1), "en").sheet("x")
    for value in (float("nan"), float("-inf")):
        with pytest.raises(ValueError, match="no number"):
            page.table("x", [Column("a", [1.5, value])])


def test_a_card_of_empty_frames_and_nobody_stand() -> None:
    card = scorecard()
    bare = replace(card, adjustments=card.adjustments.clear(), goals=card.goals.clear(), notices=())
    nobody = replace(bare, scores=card.scores.clear(), lines=card.lines.clear(), watch=card.watch.clear())
    for made in (result(bare), result(nobody), replace(result(), accounts=(), inputs=(), notices=())):
        for look in (EN, ZH):
            assert drawn(made, look).sheetnames


def test_past_cycles_have_real_dates() -> None:
    card = scorecard()
    rows = [
        ("A1", "2026-09", date(2026, 9, 1), "scored", ODD, "A", 1),
        ("A1", "2026-10", date(2026, 10, 1), "withheld", None, None, None),
    ]
    schema = ["subject", "period", "start", "status", "score", "grade", "rank"]
    found = drawn(result(replace(card, history=pl.DataFrame(rows, schema=schema, orient="row"))))
    first, last = table(found["Past cycles"], "history")
    assert (first["starts"], first["score"], first["period"]) == (datetime(2026, 9, 1), ODD, "September 2026")
    assert (last["score"], last["status"], last["name"]) == (None, "not scored", NAMES["A1"])


def test_measured_values_read_back() -> None:
    made = measurement()
    odd = replace(made, values=made.values.with_columns(value=pl.col("value") * ODD))
    found = opened(FORMATS["xlsx"].measure(odd, EN))
    rows = table(found["Data"], "data")
    assert [list(row.values()) for row in rows] == [list(row) for row in tidy.values(odd).rows()]
    shown = table(found["Values"], "kpi_values")
    assert [row["value"] for row in shown] == odd.values["value"].to_list()
    assert (shown[0]["KPI"], shown[-1]["why there is none"]) == ("Customer satisfaction", "no rows")


def test_names_are_told_apart_without_capitals() -> None:
    assert unlike("Data", ["data", "DATA 2"], 31, " ") == "Data 3"
    assert unlike("x" * 40, ["x" * 31], 31, " ") == f"{'x' * 29} 2"
    assert cut("\U0001f600\U0001f600", 3) == "\U0001f600"
    assert [folded("met a red line", 6), folded("上周期平均得分", 6), folded("one", 6)] == [3, 3, 1]


def test_a_row_is_as_tall_as_its_longest_text_and_never_too_tall() -> None:
    words = "word  " * 17  # Two spaces: what stands between them takes no line away.
    book = Book("heights", date(2026, 10, 31), "en")
    sheet = book.sheet("heights")
    texts = ["short", words, words, "word " * 4000, 1.5]
    sheet.table("texts", [Column("first", texts), Column("second", ["short", "short", "long " * 39, None, None])])
    sheet.close()
    rows = opened(book.content())["heights"].row_dimensions
    # 102 characters on lines of 40, and 195: 3 and 5 lines of 13.5 points, and room between rows.
    assert [rows[at].height for at in range(2, 7)] == [None, 42, 69, 406.5, None]


def test_heads_leave_room_for_their_buttons_and_lines_are_not_cut_off() -> None:
    book = Book("heads", date(2026, 10, 31), "en")
    for columns in (1, 20):
        sheet = book.sheet("heads")
        sheet.line("word " * 10)
        heads = ["name", *(f"met red lines of {at}" for at in range(columns))]
        sheet.table("heads", [Column(head, ["Hannah Hale Novak"] * 2) for head in heads], freeze=1 + (columns > 1))
        sheet.close()
    few, many = opened(book.content()).worksheets
    # 17 letters and room beside them are 19; the button leaves 16 of them to a head of 18, which takes two lines.
    assert (few.column_dimensions["A"].width, few.row_dimensions[2].height) == (pytest.approx(19, abs=1), 30)
    # 49 letters stand on one line above two columns of a page, 38 wide, but not where only they stand on every page.
    assert [str(each) for each in many.merged_cells.ranges] == ["A1:B1"]
    assert (many.row_dimensions[1].height, many["A1"].alignment.wrap_text) == (28.5, True)


def test_numbers_per_thousand_are_moved_digit_by_digit() -> None:
    shifted = [moved(0.0042, "4.2‰"), moved(0.0042, "0.42%"), moved(1 / 3000, "0.3‰"), moved(0, "0.0‰")]
    assert shifted == [4.2, 0.0042, 0.3333333333333333, 0]


def twice() -> Result:
    """A card with two variants of a KPI, on two lines, and a third line that is called as the points of the first."""
    made = result()
    variants = {"all": "a / b", "top": "a / c"}
    csat = kpi("Satisfaction", "满意度", "percent", formula=None, default="all", variants=variants)
    kpis = {**KPIS, "csat": csat, "aht": kpi("Satisfaction (top), points", "x", "s")}
    found = made.catalogue.model_copy(update={"kpis": kpis})
    card = made.scorecards[0]
    lines = card.lines.filter(pl.col("kpi") != "revenue").with_columns(
        variant=pl.when(kpi="csat").then(pl.lit("all")).when(kpi="occupancy").then(pl.lit("top")).otherwise("variant"),
        kpi=pl.col("kpi").replace({"occupancy": "csat"}),
    )
    return replace(made, scorecards=(replace(card, lines=lines, pooled=card.pooled.clear()),), catalogue=found)


def test_two_variants_of_a_kpi_have_names_and_colors_of_their_own() -> None:
    made = twice()
    sheet = drawn(made)["Frontline agent"]
    heads = {"Satisfaction (all)": None, "Satisfaction (top)": "FFFFF0C7"}
    for head, expected in heads.items():
        assert color(sheet, cell(sheet, "card_agent", "A4", head)) == expected, head
    page = FORMATS["html"].score(made, EN).decode()
    assert all(page.count(head) >= 2 for head in heads)


def test_a_factor_has_all_its_digits() -> None:
    card = scorecard()
    made = result(replace(card, adjustments=card.adjustments.with_columns(factor=pl.col("factor") - 0.025)))
    sheet = next(sheet for sheet in drawn(made) if "adjustments" in sheet.tables)
    formats = {
        cell.value: cell.number_format for row in sheet.iter_rows() for cell in row if cell.value == 1.05 - 0.025
    }
    assert formats == {1.05 - 0.025: "#,##0.000"}
