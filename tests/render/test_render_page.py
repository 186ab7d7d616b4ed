"""Pages for a person: read line by line against what the made-up result must say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rich.cells import cell_len

from ccmetrics.account import Account
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.look import Look
from ccmetrics.render.narrow import to_subject
from ccmetrics.render.sparkline import sparks
from ccmetrics.render.terminal import balance
from tests.render.made_up import NAUGHTY, REJECTS, measurement, result, scorecard

EXPECTED = Path(__file__).parent / "expected"


def page(look: Look, subject: str | None = None) -> str:
    made = result() if subject is None else to_subject(result(), subject)
    return FORMATS["table"].score(made, look).decode()


def standing(look: Look) -> list[str]:
    """The rows of the leaderboard, without the free lines between its groups."""
    return [line for line in page(look).splitlines() if re.match(r" *(\d[▲▼ ]|–) ", line)]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("subject", [None, "A4"])
def test_pages_are_as_they_were_read_and_approved(width: int, lang: str, subject: str | None) -> None:
    name = f"{'all' if subject is None else subject}-{width}-{lang}.txt"
    assert page(Look(width, lang), subject) == (EXPECTED / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_no_line_is_wider_than_the_page(width: int, lang: str) -> None:
    for subject in (None, "A1"):
        assert max(map(cell_len, page(Look(width, lang), subject).splitlines())) <= width


def test_columns_stand_below_each_other_whatever_the_script() -> None:
    """The score of every row ends in the same cell: two cells a Chinese character."""
    rows = standing(Look(140))
    ends = {cell_len(row[: row.index(score) + len(score)]) for row, score in zip(rows, ("114.00", "105.00", "100.00"))}  # noqa: B905
    assert len(rows) == 7
    assert len(ends) == 1


def test_scores_are_those_worked_out_by_hand() -> None:
    """A1 108 + 6 (8 asked, cap 6); A2 100 x 1.05; A7 100; A4 72.67 - 5; A3 held at 59; A5 not judged; A6 nothing."""
    rows = [line.split() for line in standing(Look(80))]
    assert [[row[0], row[2]] for row in rows] == [
        ["1▲", "A1"], ["2", "A2"], ["3", "A7"], ["4", "A4"], ["5▼", "A3"], ["–", "A5"], ["–", "A6"],
    ]  # fmt: skip
    scores = [next(cell for cell in row if "." in cell) for row in rows[:6]]
    assert scores == ["114.00", "105.00", "100.00", "67.67", "59.00!", "(100.00)"]


def test_change_and_way_of_the_score_stand_beside_it() -> None:
    """The cycle before, 3 points lower but for A3, whose red line held both: made_up says so."""
    rows = {row.split()[2]: row for row in standing(Look(80))}
    assert re.search(r"114\.00 +\+3\.0 +▇▇ +S", rows["A1"])
    assert re.search(r"59\.00! +0\.0 +▁▁ +C", rows["A3"])
    assert re.search(r"– +– +·· +–", rows["A6"])


def test_cycles_in_blocks_on_one_scale() -> None:
    """50 to 100 in five steps of 10: 60 begins the second, 99 is in the fifth; a cycle without a score is a gap."""
    scores = {"A": [50.0, 60.0, 99.0], "B": [None, 100.0, None]}
    made = pl.DataFrame(
        [
            (subject, f"2026-0{month}", date(2026, month, 1), score)
            for subject, row in scores.items()
            for month, score in enumerate(row, start=7)
        ],
        schema={"subject": pl.String, "period": pl.String, "start": pl.Date, "score": pl.Float64},
        orient="row",
    )
    found = sparks(made)
    assert found is not None
    assert [found.of(subject) for subject in ("A", "B", "nobody")] == ["▁▂▇", "·▇·", "···"]
    assert sparks(made.filter(pl.col("period") == "2026-07")) is None
    assert sparks(pl.DataFrame(schema={"subject": pl.String})) is None


def test_what_is_still_needed_to_the_target() -> None:
    """A4: 375 s of 300, 20,000 of 40,000, 65% of 75..85%; its satisfaction is too thin to score. A1 has met all."""
    rows = [line for line in page(Look(140), "A4").splitlines() if re.search(r"\d+\.\d\d$", line)]
    needed = {line.split("  ")[0]: line for line in rows}
    assert " -75 s " in needed["Average handle time"]
    assert " +20,000.00 " in needed["Revenue"]
    assert " +10.0 pp " in needed["Occupancy"]
    assert " – " in needed["Customer satisfaction"]
    assert page(Look(140), "A1").count(" met ") == 4


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "a day missed (on pay) x 0.9"), ("zh", "缺勤一天（作用于薪酬） × 0.9")]
)
def test_what_multiplies_the_pay_is_no_step_to_the_score(lang: str, said: str) -> None:
    """A7 has 100.00, x 0.9 on pay and a score of 100.00: among the steps it would be a sum that does not come out."""
    mine = to_subject(result(), "A7")
    page = FORMATS["table"].score(mine, Look(140, lang)).decode()
    steps = [line.split()[0] for line in page.splitlines() if re.match(r"  (100\.00|x) ", line)]
    assert steps == ["100.00", "100.00"]
    assert f"\n  {said}\n" in page
    web = FORMATS["html"].score(mine, Look(lang=lang)).decode()
    assert f"<p>{said}</p>" in web
    assert web.count(said) == 1 + web.count(f"{said}：A7") + web.count(f"{said}: A7")


def test_what_nobody_may_overlook_comes_first() -> None:
    shown = page(Look(80))
    heads = ["── Read this first", "Red lines", "Not scored", "Provisional", "Notices", "── What moved", "── How far"]
    assert sorted(heads, key=shown.index) == heads


def test_a_card_of_one_cycle_shows_no_way_of_its_scores() -> None:
    card = scorecard()
    none = pl.DataFrame(schema={"subject": pl.String})
    alone = replace(
        card,
        scores=card.scores.drop("tier", "change", "change_beyond", strict=False),
        history=none, course=none, grades=none, bins=none, pooled=none,
    )  # fmt: skip
    for made in (result(alone), to_subject(result(alone), "A4")):
        shown = FORMATS["table"].score(made, Look(140)).decode()
        assert "67.67" in shown
        assert not re.search("trend|change|[▲▼▁▇]|median", shown)


@pytest.mark.parametrize("subject", [None, "A4"])
def test_marks_of_chinese_begin_no_line_and_end_none(subject: str | None) -> None:
    for width in range(50, 141, 11):
        for line in page(Look(width, "zh"), subject).splitlines():
            assert line.strip()[:1] not in set("、，。：；！？）》】”"), line
            assert line.strip()[-1:] not in set("（《【“"), line


def test_a_sentence_hangs_below_its_first_line() -> None:
    lines = page(Look(60)).splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("  Customer satisfaction: 1 of 7, too few"))
    assert lines[at + 1].startswith("    ")
    assert not lines[at + 2].startswith("    ")


def test_color_adds_nothing_but_color() -> None:
    colored = page(Look(100, color=True))
    assert "\x1b[" in colored
    stripped = "".join(f"{line.rstrip()}\n" for line in re.sub(r"\x1b\[[0-9;]*m", "", colored).splitlines())
    assert stripped == page(Look(100))


def test_what_a_name_commands_is_only_shown() -> None:
    shown = FORMATS["table"].score(result(scorecard(NAUGHTY)), Look(140)).decode()
    assert "[bold]Bob[/bold]" in shown
    assert "[/Sales]" in shown
    assert "<script>alert(1)" in shown
    assert r"\x1b[31mred" in shown
    assert r"evil\u202etxt.exe" in shown
    assert not set(shown) & set("\x1b\x07\u202e\r")


def test_a_card_without_any_value_is_a_line() -> None:
    card = scorecard()
    bare = replace(
        card,
        lines=card.lines.with_columns(value=pl.lit(None, pl.Float64)),
        missing=card.missing.with_columns(reason=pl.lit("table-not-supplied")),
    )
    shown = FORMATS["table"].score(result(bare), Look(140)).decode()
    assert "Hannah" not in shown
    assert (
        "  Frontline agent: table not supplied (Customer satisfaction, Average handle time, Revenue, Occupancy)\n"
        in shown
    )


def test_measured_values_by_group() -> None:
    shown = FORMATS["table"].measure(measurement(), Look(80)).decode()
    assert [line.split() for line in shown.splitlines() if line.startswith("A")] == [
        ["A1", "90.0%", "300", "s"], ["A2", "75.0%", "300", "s"], ["A6", "–", "–"],
    ]  # fmt: skip


def test_measured_values_of_everything() -> None:
    shown = FORMATS["table"].measure(measurement(by=()), Look(80, "zh")).decode()
    assert ["csat", "90.0%", "40", "80.0..95.0%", "客户满意度"] in [line.split() for line in shown.splitlines()]


def test_a_card_with_values_only_says_why_and_shows_no_score() -> None:
    card = scorecard()
    short = card.scores.with_columns(status=pl.lit("values-only"), why=pl.lit("short-period"), score=None, rank=None)
    shown = FORMATS["table"].score(result(replace(card, scores=short)), Look(80)).decode()
    assert "Subjects: 7 (7 with values only)\nNo scores: the period is shorter than the card's cycle.\n" in shown
    assert "score grade" not in shown
    assert "  Revenue: 1 of 7, no rows\n" in shown


def test_where_every_row_went_in_one_line_and_what_made_the_page_in_another() -> None:
    *_, rows, made_by = page(Look(140)).splitlines()
    assert rows == (
        "2 exports, 1,500 rows read: 1,290 used, 7 duplicates, 160 outside the period, 40 filtered, 3 set aside; "
        "all balance."
    )
    assert made_by == "ccmetrics 0.1.0, definitions 3f2a9c3f, inputs 81be7781 (--format json: in full)"


def test_an_export_of_two_tables_is_said_to_be_one() -> None:
    one = Account("calls.csv", "interactions", 5, 4, outside=1)
    other = replace(one, table="surveys", used=2, outside=0, filtered=3)
    assert balance([one, other], "en") == (
        "1 export for 2 tables, 10 rows read: 6 used, 1 outside the period, 3 filtered; all balance."
    )
    assert balance([replace(one, used=3)], "en").endswith("; calls.csv does not balance.")
    assert balance([one], "zh") == "1 个导出文件，读入 5 行：使用 4、周期之外 1；全部平衡。"


def test_a_partial_result_says_so_before_any_number() -> None:
    made = replace(result(), rejects=REJECTS)
    shown = {lang: FORMATS["table"].score(made, Look(140, lang)).decode().splitlines() for lang in ("en", "zh")}
    assert shown["en"][1] == "PARTIAL: without 3 rows that could not be read (bad-duration 2, short-row 1)."
    assert shown["zh"][1] == "部分数据（PARTIAL）：不含无法读取的 3 行（bad-duration 2、short-row 1）。"
