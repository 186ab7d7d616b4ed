"""Markdown for chat and mail: tables that render, short, and text from exports that is nothing but text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest
from markdown_it import MarkdownIt

from ccmetrics.render.candor import MOST, actions, unexcluded
from ccmetrics.render.curves import goal
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.look import Look
from ccmetrics.render.markdown import escaped, line
from ccmetrics.render.narrow import narrowed
from ccmetrics.scorecard import Result, Scorecard
from tests.render.made_up import KPIS, NAMES, NAUGHTY, REJECTS, measurement, result, scorecard

EN, ZH = Look(lang="en"), Look(lang="zh")
PAGE = MarkdownIt("gfm-like", {"html": True, "linkify": False}).enable("table")
"""As GitHub reads it, HTML in it included: what is escaped makes none."""

HOSTILE = {
    "A1": "a|b | c\\| d",
    "A2": "[click](http://evil.example) ![x](y)",
    "A3": "<img src=x onerror=alert(1)><!-- hidden",
    "A4": "**bold** __b__ *i* _i_ ~~s~~ `code` ``",
    "A5": "# head\n\n- item\n1. one\n> quote\n---",
    "A6": "@team www.evil.example mail@evil.example &lt;b&gt; #12",
    "A7": "\\",
}


class Page(HTMLParser):
    """Tags of a page, the cells of its tables, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self._in = False
        self.feed(PAGE.render(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._in = True

    def handle_endtag(self, tag: str) -> None:
        self._in = self._in and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in:
            self.rows[-1][-1] += data


def drawn(made: Result, look: Look = EN) -> str:
    return FORMATS["md"].score(made, look).decode()


@pytest.mark.parametrize(
    ("look", "heads", "last"),
    [
        (
            EN,
            ["#", "subject", "name", "team", "score", "grade", "tier"],
            ["–", "A6", "Sam Lind", "Beacon", "–", "", ""],
        ),
        (ZH, ["名次", "对象", "姓名", "团队", "得分", "等级", "分档"], ["–", "A6", "Sam Lind", "Beacon", "–", "", ""]),
    ],
    ids=["en", "zh"],
)
def test_a_leaderboard_is_a_table(look: Look, heads: list[str], last: list[str]) -> None:
    card = scorecard()
    plain = replace(card, scores=card.scores.drop("change", "change_beyond", strict=False))
    page = Page(drawn(result(plain), look))
    assert page.rows[0] == heads
    assert [row[1] for row in page.rows[1:]] == ["A1", "A2", "A7", "A4", "A3", "A5", "A6"]
    assert page.rows[1][:6] == ["1 (1–2)", "A1", "Hannah Hale", "Amber", "114.00", "S"]
    # Held by a red line; provisional.
    assert [page.rows[5][4], page.rows[6][4]] == ["59.00!", "100.00~"]
    assert page.rows[7] == last


def test_it_says_what_nobody_may_overlook() -> None:
    page = Page(drawn(replace(result(), rejects=REJECTS)))
    for sentence in (
        "Scorecards, October 2026",
        "PARTIAL: without 3 rows",
        "Subjects: 7 (5 scored, 1 provisional, 1 withheld)",
        "rudeness (score at most 59): A3",
        "A6: no value for Average handle time",
        "A5: not judged: rudeness",
        "No roster was supplied.",
        "1,290 used",
        "definitions 3f2a9c3f",
    ):
        assert sentence in page.text
    assert page.text.index("PARTIAL") < page.text.index("Frontline agent")


@pytest.mark.parametrize("names", [NAUGHTY, HOSTILE], ids=["naughty", "hostile"])
@pytest.mark.parametrize("look", [EN, ZH], ids=["en", "zh"])
def test_names_are_nothing_but_text(names: dict[str, str], look: Look) -> None:
    page = Page(drawn(result(scorecard(names)), look))
    # Nothing that the same page with plain names has not.
    assert page.tags == Page(drawn(result(), look)).tags
    assert {len(row) for row in page.rows} == {len(page.rows[0])}
    told = {row[1]: row[2] for row in page.rows[1:]}
    for subject, name in names.items():
        if "\n" not in name and name.isprintable():
            assert told[subject] == name


@pytest.mark.parametrize(
    "text", [*HOSTILE.values(), "- x", "+ x", "1. x", "1) x", "===", "# x", "> x", "    x", "x_y_z"]
)
def test_a_line_begins_nothing(text: str) -> None:
    page = Page(line(text))
    assert page.tags == ["p"]


def test_no_link_is_made_of_bare_text() -> None:
    """GitHub makes links of addresses without any markup, and calls people by their names."""
    for text in ("http://evil.example", "HTTPS://evil.example", "www.evil.example", "a@evil.example", "@team"):
        assert not re.search(r"(?i)https?:|www\.|@", escaped(text))
        assert Page(escaped(text)).text.strip() == text


def many(n: int, ranked: int) -> Scorecard:
    """A card of many subjects, some of whom have no score."""
    card = scorecard()
    one = card.scores.filter(pl.col("subject") == "A1")
    rows = [
        one.with_columns(
            subject=pl.lit(f"B{at:03}"),
            rank=pl.lit(at if at <= ranked else None, pl.Int64),
            status=pl.lit("scored" if at <= ranked else "withheld"),
            why=pl.lit(None if at <= ranked else "no-values", pl.String),
        )
        for at in range(1, n + 1)
    ]
    return replace(card, scores=pl.concat(rows))


@pytest.mark.parametrize(
    ("n", "ranked", "shown"), [(30, 30, 30), (31, 31, 20), (100, 60, 20), (100, 5, 10), (100, 12, 12)]
)
def test_of_many_the_ends_are_shown_and_the_others_counted(n: int, ranked: int, shown: int) -> None:
    page = Page(drawn(result(many(n, ranked))))
    subjects = [row[1] for row in page.rows[1:] if row[1]]
    assert len(subjects) == shown
    assert len(set(subjects)) == shown
    if n > 30:
        assert f"{n - shown} more are not listed here." in page.text
        assert subjects[-1] == f"B{max(ranked, 10):03}"


def test_measured_values_are_a_table() -> None:
    page = Page(FORMATS["md"].measure(measurement(), EN).decode())
    assert page.rows[0] == ["agent_id", "KPI", "value", "n", "why there is none"]
    assert page.rows[2] == ["A1", "Average handle time", "300 s", "100", ""]
    assert page.rows[-1] == ["A6", "Average handle time", "–", "–", "no rows"]
    nothing = replace(measurement(), values=measurement().values.clear())
    assert "No KPI has a value" in FORMATS["md"].measure(nothing, EN).decode()


def test_every_format_draws_everything() -> None:
    """Whatever is registered, by both commands, in both languages, with harmless names and others."""
    assert {"table", "csv", "json", "parquet", "xlsx", "md", "html"} <= set(FORMATS)
    results = [result(scorecard(names)) for names in (NAMES, NAUGHTY, HOSTILE)]
    # The web page draws charts, which takes seconds; its own tests draw it.
    for each in (FORMATS[name] for name in sorted(FORMATS) if name != "html"):
        for look in (EN, ZH):
            assert each.measure(measurement(), look)
            for made in results:
                assert each.score(made, look)


def test_of_forty_actions_twenty_eight_are_counted_here_and_all_stand_in_the_workbook() -> None:
    card = scorecard()
    row = {"subject": "A1", "do": "talk", "to": "L1", "due": None, "status": "fired", "evidence": None}
    asked = pl.DataFrame([row | {"do": f"talk {at}"} for at in range(40)], infer_schema_length=None)
    card = replace(card, actions=asked)
    assert "28 more." in Page(drawn(result(card))).text
    (told,) = actions(card, result(card).catalogue, "en")
    assert len(told.sentences) == 40
    (told,) = actions(card, result(card).catalogue, "en", MOST)
    assert [len(told.sentences), told.sentences[-1]] == [13, "and 28 more"]


def test_a_rank_stands_beside_its_range() -> None:
    card = scorecard()
    ends = {"rank_low": pl.lit(1, pl.Int64), "rank_high": pl.lit(6, pl.Int64)}
    page = Page(drawn(result(replace(card, scores=card.scores.with_columns(**ends)))))
    assert page.rows[1][0].endswith("(1–6)")


@pytest.mark.parametrize(("lang", "text"), [("en", "bands 50 / 75"), ("zh", "分档 50 / 75")])
def test_bands_are_not_shown_as_a_straight_curve(lang: str, text: str) -> None:
    own = KPIS["csat"].variant("")
    assert goal(((0.5, 0.75), (0, 100)), own, True, lang) == text
    assert goal(((0.5, 0.75), (0, 100)), own, False, lang) == "50 / 75"


def test_whose_score_is_owed_to_an_exclusion_is_told_on_their_own_page_alone() -> None:
    card = scorecard()
    scores = card.scores.filter(pl.col("score").is_not_null())
    first = scores["subject"][0]
    other = pl.when(pl.col("subject") != first).then("score")
    card = replace(card, scores=scores.with_columns(unexcluded=other))
    (told,) = unexcluded(narrowed(card, first), "en")
    assert told.sentences[0].endswith("(–)")
    assert not list(unexcluded(narrowed(card, scores["subject"][1]), "en"))
