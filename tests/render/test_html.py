"""The web page: whole, harmless, complete, and every link of it leads somewhere.

In: made-up results. Out: the page, read by a parser.
Refuses to know: how it looks.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser

import polars as pl
import pytest

from ccmetrics.render import html
from ccmetrics.render.board import band
from ccmetrics.render.collection import Report
from ccmetrics.render.html import anchors
from ccmetrics.render.html.figures import _sparks
from ccmetrics.render.html.grid import grids
from ccmetrics.render.html.overview import _row
from ccmetrics.render.html_words import HTML
from ccmetrics.render.index_page import _row as _in_folder
from ccmetrics.render.look import Look
from ccmetrics.render.words import PHRASES
from ccmetrics.scorecard import Scorecard
from tests.render import made_up

LANGUAGES = ("en", "zh")
ALIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "link",
    "base",
    "video",
    "audio",
    "foreignobject",
}
FAR = {"src", "srcset", "action", "data", "poster", "background", "ping", "xlink:href"}


class Page(HTMLParser):
    """Elements with their attributes, and the text that is shown."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.shown: list[str] = []
        self.style = ""
        self.inside = ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), tag
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.inside = tag

    def handle_data(self, data: str) -> None:
        if self.inside == "style":
            self.style += data
            self.inside = ""
        else:
            self.shown.append(data)

    def all(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.shown))


def whole(card: Scorecard) -> Scorecard:
    """With what a run knows of other cycles, and of all together."""
    subjects = card.scores["subject"].to_list()
    cycles = [("2026-09", date(2026, 9, 1), -2.0), ("2026-10", date(2026, 10, 1), 0.0)]
    scores = dict(card.scores.select("subject", "score").rows())
    history = pl.DataFrame(
        [
            (who, label, start, "scored", None if scores[who] is None else scores[who] + less, "B", 1)
            for who in subjects
            for label, start, less in cycles
        ],
        schema=["subject", "period", "start", "status", "score", "grade", "rank"],
        orient="row",
    )
    course = pl.DataFrame(
        [(label, start, 5, 80.0 + less, 70.0, 81.0, 90.0) for label, start, less in cycles],
        schema=["period", "start", "n", "mean", "q1", "median", "q3"],
        orient="row",
    )
    grades = pl.DataFrame(
        [(label, start, band.grade, at) for label, start, _ in cycles for at, band in enumerate(card.card.grades)],
        schema=["period", "start", "grade", "n"],
        orient="row",
    )
    pooled = pl.DataFrame(
        [("csat", "", label, start, 0.8123, 200, 0.75) for label, start, _ in cycles],
        schema=["kpi", "variant", "period", "start", "value", "n", "target"],
        orient="row",
    )
    bins = pl.DataFrame({"from": [50.0, 60.0], "to": [60.0, 70.0], "n": [2, 3]})
    return replace(card, history=history, course=course, grades=grades, pooled=pooled, bins=bins)


@cache
def content(lang: str = "en", naughty: bool = False, measured: bool = False) -> str:
    look = Look(140, lang)
    if measured:
        return html.measure(made_up.measurement(), look).decode()
    card = made_up.scorecard(made_up.NAUGHTY) if naughty else made_up.scorecard()
    found = replace(made_up.result(whole(card)), rejects=made_up.REJECTS)
    return html.score(found, look).decode()


@cache
def page(lang: str = "en", naughty: bool = False, measured: bool = False) -> Page:
    return Page(content(lang, naughty, measured))


EVERY = [(lang, naughty, measured) for lang in LANGUAGES for naughty in (False, True) for measured in (False, True)]


@pytest.mark.parametrize("which", EVERY)
def test_nothing_acts_and_nothing_comes_from_elsewhere(which: tuple[str, bool, bool]) -> None:
    found = page(*which)
    assert not {tag for tag, _ in found.elements} & ALIVE
    names = {name for _, attributes in found.elements for name in attributes}
    assert not names & FAR
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert all(href.startswith("#") for href in found.all("href"))
    assert "url(" not in content(*which)
    assert "@import" not in content(*which)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_policy_lets_in_the_style_and_nothing_else(lang: str) -> None:
    found = page(lang)
    policy = next(a["content"] for _, a in found.elements if a.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(found.style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert len([tag for tag, _ in found.elements if tag == "style"]) == 1
    assert ("meta", {"name": "referrer", "content": "no-referrer"}) in found.elements


@pytest.mark.parametrize("which", EVERY)
def test_every_place_has_one_name_and_every_link_a_place(which: tuple[str, bool, bool]) -> None:
    found = page(*which)
    ids = found.all("id")
    assert [name for name, n in Counter(ids).items() if n > 1] == []
    assert not [name for name in ids if re.search(r"\s", name)]
    wanted = {href[1:] for href in found.all("href")}
    wanted |= {name for each in found.all("aria-labelledby") for name in each.split()}
    assert wanted <= set(ids)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_that_would_act_are_only_shown(lang: str) -> None:
    raw, found = content(lang, True), page(lang, True)
    assert "<script" not in raw
    assert "\x1b" not in raw
    assert "\u202e" not in raw
    for shown in ("<script>alert(1)</script>", "[/Sales]", "evil\\u202etxt.exe", "\\x1b[31mred\\x1b]0;title\\x07"):
        assert shown in found.text


def test_a_page_is_in_one_language_with_landmarks_and_headings_in_order() -> None:
    for lang in LANGUAGES:
        found = page(lang)
        tags = [tag for tag, _ in found.elements]
        assert dict(found.elements)["html"]["lang"] == lang
        assert [tags.count(tag) for tag in ("h1", "main", "header", "nav", "footer")] == [1, 1, 1, 1, 1]
        levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        # In the tables of a subject no cell of a row that heads columns has data, nor has one of the first column:
        # HTML gives each head its scope by that.
        each = found.elements[[a.get("class") for _, a in found.elements].index("each") :]
        assert all("scope" in attributes for tag, attributes in found.elements[: -len(each)] if tag == "th")
        rows = "".join("h" if tag == "th" else tag[1] for tag, _ in each if tag in ("tr", "th", "td")).split("r")[1:]
        assert all(re.fullmatch("h+|hd+", row) for row in rows), rows
        regions = [a for _, a in found.elements if a.get("role") == "region"]
        assert all(a["tabindex"] == "0" and ("aria-label" in a or "aria-labelledby" in a) for a in regions)


def test_every_card_subject_and_kpi_is_there() -> None:
    found = page()
    ids = set(found.all("id"))
    assert "card/agent" in ids
    for subject, name in made_up.NAMES.items():
        assert anchors.of_subject("agent", subject) in ids
        assert name in found.text
    for kpi in ("csat", "aht", "revenue", "occupancy", "complaint_rate"):
        assert f"kpi/{kpi}" in ids
        assert made_up.KPIS[kpi].name.en in found.text
    assert found.text.count("Formula a / b") == 5


def test_a_mark_of_points_stands_where_a_value_earned_them() -> None:
    """A4 has 106.67 points for the satisfaction of all together, A6 none of its own at all."""
    bands = {row["subject"]: band(row) for row in made_up.scorecard().lines.filter(kpi="csat").iter_rows(named=True)}
    assert bands["A1"] == "met"
    assert bands["A4"] == bands["A6"] == ""
    assert "<td>75.0%<small>(8)^*" in content()


def test_a_score_is_a_sum_that_adds_up() -> None:
    """A1: 48 + 30 + 20 + 10 = 108 and 6 of the 8 asked for; A2: 100 x 1.05; A3: held at 59."""
    one = re.sub(r"<[^>]+>", " ", content().split("id=agent/A1>")[1].split("</article>")[0])
    numbers = re.sub(r"\s+", " ", one)
    assert "base: weighted mean of points 108.00" in numbers
    assert "ideas adopted (asked 8.00, cap 6) +6.00 score 114.00" in numbers
    two = re.sub(r"<[^>]+>|\s+", " ", content().split("id=agent/A2>")[1].split("</article>")[0])
    assert re.search(r"108\.00|100\.00", two)
    assert "x 1.05" in two
    assert "105.00" in two
    three = content().split("id=agent/A3>")[1].split("</article>")[0]
    assert "rudeness: score at most 59" in three
    assert "59.00" in three


def test_what_must_be_known_comes_before_any_number() -> None:
    text = page().text
    assert text.index("PARTIAL: without 3 rows that could not be read") < text.index("Overview")
    assert "bad-duration 2" in text


def test_rows_of_every_export_are_accounted_for() -> None:
    """calls.csv: 1,200 read = 1,000 used + 7 duplicates + 150 outside + 40 filtered + 3 set aside."""
    rows = content().split('class="q"')[1].split("</table>")[0]
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", rows.split("calls.csv")[1])]
    assert cells[:3] == ["interactions", "ab", "1,200"]
    assert cells[3:9] == ["1,000", "7", "150", "40", "3", "adds up"]


def test_an_account_that_does_not_balance_is_said_first() -> None:
    wrong = replace(made_up.ACCOUNTS[0], used=999)
    found = Page(html.score(replace(made_up.result(), accounts=(wrong,)), Look()).decode()).text
    assert found.index("calls.csv does not balance") < found.index("Overview")


OURS = {
    "KPI", "PARTIAL", "UTC", "SHA", "ccmetrics", "Polars", "polars", "format", "json", "csv", "actions", "FILE",
    "csat", "aht", "revenue", "occupancy", "complaint_rate", "calls", "interactions", "surveys", "parquet",
    "Contact", "Asia", "Shanghai", "Amber", "Beacon", "delimited", "by", "blank", "lines", "skipped", "No", "roster",
    "was", "supplied", "bad-duration", "short-row", "ab", "cd",
}  # fmt: skip
"""Words of a Chinese page that are names: of people, exports, formulas, formats, and of notices as they were given."""


def test_a_chinese_page_has_no_english_words_but_names() -> None:
    text = page("zh").text
    people = {part for name in made_up.NAMES.values() for part in name.split()}
    words = set(re.findall(r"\b[A-Za-z][A-Za-z_-]*[A-Za-z]\b", text))
    assert words - OURS - people == set()


def test_every_phrase_has_both_languages_and_the_same_places() -> None:
    for key, (en, zh) in HTML.items():
        assert PHRASES[key] == (en, zh)
        assert en, key
        assert zh, key
        assert sorted(re.findall(r"{\w+}", en)) == sorted(re.findall(r"{\w+}", zh)), key


def test_the_same_result_gives_the_same_bytes() -> None:
    made = made_up.result(whole(made_up.scorecard()))
    assert html.score(made, Look()) == html.score(made, Look())


def test_places_of_two_names_are_never_one() -> None:
    names = ["A 1", "A~20~1", "A/1", "A.1", "A%201", "王芳", "", "a", "A"]
    assert len({anchors.of_subject("card", name) for name in names}) == len(names)


def test_a_measurement_is_one_table_with_its_definitions() -> None:
    """A6 has no value, and says so by a dash, never by 0."""
    found = content(measured=True)
    row = found.split('scope="row">A6</th>')[1].split("</tr>")[0]
    assert re.findall(r"<td>(.*?)</td>", row) == ["–", "–"]
    assert {"kpi/csat", "kpi/aht"} <= set(page(measured=True).all("id"))


def test_a_cycle_without_a_value_is_a_gap_at_its_place() -> None:
    card = whole(made_up.scorecard())
    late = ("2026-11", date(2026, 11, 1))
    course = pl.concat([card.course, card.course[:1].with_columns(period=pl.lit(late[0]), start=pl.lit(late[1]))])
    found = dict(_sparks(replace(card, course=course)))["agent", "A1", "", ""]
    assert [value is None for value in found.values] == [False, False, True]


def test_a_cycle_told_otherwise_is_nobodys_before() -> None:
    """(111 + 101.85 + 97 + 64.67 + 59) / 5 in September; under other goals it is not held against October's."""
    card = made_up.scorecard()
    assert _row(card, "en").before == "86.7"
    assert _row(replace(card, since=""), "en").before == "–"


def test_alarms_are_counted_by_subject_and_a_row_of_the_overview_adds_up() -> None:
    card = made_up.scorecard()
    two = pl.DataFrame({"subject": ["A1", "A1"]})
    scores = card.scores.with_columns(status=pl.when(subject="A1").then(pl.lit("values-only")).otherwise("status"))
    row = _row(replace(card, alarms=two, scores=scores), "en")
    assert row.alarms == 1
    assert int(row.counts[0]) == sum(map(int, row.counts[1:])) == 7


def test_a_person_on_two_cards_is_one() -> None:
    card = made_up.scorecard()
    assert _in_folder(Report("all", "all", "", made_up.result(card, card)), {}, "en").subjects == "7"


def test_a_share_below_all_is_not_all() -> None:
    card = made_up.scorecard()
    most = replace(card, scores=card.scores.with_columns(coverage=pl.lit(0.996)))
    assert "99.6%" in html.score(made_up.result(most), Look()).decode()


def test_more_kpis_than_a_sheet_has_room_for_stand_in_tables_below_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    (whole_,) = grids(made_up.measurement(), "en")
    monkeypatch.setattr("ccmetrics.render.html.grid.AT_ONCE", 1)
    parts = grids(made_up.measurement(), "en")
    assert [part.heads for part in parts] == [("agent_id", head) for head in whole_.heads[1:]]
    assert [(row[0], *(part.rows[at][1] for part in parts)) for at, row in enumerate(parts[0].rows)] == list(
        whole_.rows
    )
    assert len(whole_.rows) == 3
