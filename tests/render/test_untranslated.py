"""Nothing that a Chinese reader is shown is English, but what the data and the definitions themselves call so.

In: a made-up result, drawn in every form and for every reader. Out: the words of Latin letters that are left.
Refuses to know: wordings.
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from functools import cache
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import polars as pl
import pytest

from ccmetrics.notice import Called, Notice
from ccmetrics.render.audience import for_agent, for_team
from ccmetrics.render.collection import reports
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.index_page import index_page
from ccmetrics.render.look import Look
from ccmetrics.render.run_log import run_log
from ccmetrics.render.summary import summary
from ccmetrics.scorecard import Result
from tests.render.made_up import CARD, KPIS, NAMES, REJECTS, measurement, result, scorecard

ZH = Look(140, "zh")
FORMS = ("table", "md", "html", "xlsx")
NO_WORDS = re.compile(
    r"--[a-z-]+(?: (?:FILE|csv|json))?"  # options, as they are typed
    r"|[\w/-]+\.(?:csv|parquet|json|log|html|xlsx|md)\b"  # files
    r"|\b[0-9a-f]{8,}\b|\b[A-Z]\d+\b"  # hashes, ids
    r"|\bAsia/Shanghai\b|\bfooter:"
    rf"|{'|'.join(sorted(set(REJECTS['reason'])))}"  # names of problems, as `list rules` tells them
)
WORD = re.compile(r"[A-Za-z][A-Za-z_]+")
MAY = {
    "ccmetrics", "polars", "Polars", "PARTIAL", "SHA", "sha", "UTC", "kB", "MB", "html", "xlsx", "csv", "json", "md",
    *KPIS, "agent", "agent_id", "interactions", "surveys", "Amber", "Beacon", "ab", "cd",
    *(word for name in NAMES.values() for word in name.split()),
}  # fmt: skip
"""Names of programs, formats and units; keys of definitions and exports; hashes; names of people and teams."""


def seen(form: str, drawn: bytes) -> str:
    """The words of a page or workbook, without what no reader sees."""
    if form == "xlsx":
        with ZipFile(BytesIO(drawn)) as book:
            drawn = b"".join(book.read(name) for name in ("xl/sharedStrings.xml", "xl/workbook.xml"))
    page = drawn.decode()
    if form in ("html", "xlsx"):
        shown = re.findall(r'\s(?:title|aria-label|alt|name)="([^"]*)"', page)
        page = re.sub(r"<[^>]*>", "|", re.sub(r"<style.*?</style>|<meta[^>]*>", "", page, flags=re.DOTALL))
        page = unescape("|".join([page, *(text for text in shown if not text.isascii())]))
    return page


def english(text: str, *names: str) -> list[str]:
    """The words that should have been translated, in the order in which they stand."""
    may = MAY.union(names)
    return [word for word in WORD.findall(NO_WORDS.sub(" ", text)) if word not in may]


@cache
def made() -> Result:
    """With something to do, a list, and notices that name a KPI, a card and an action."""
    more = {
        "actions": [{"when": "csat < 1", "do": {"en": "a course", "zh": "培训"}, "to": "team", "due": "7d"}],
        "progression": {"up": {"rule": "A or better in 1 of 1 cycles", "name": {"en": "promotion", "zh": "晋升"}}},
    }
    card = scorecard(more=more)
    to_do = {"subject": ["A1"], "do": ["a course"], "to": ["Amber"], "due": [None], "status": ["fired"]}
    share = Notice("No share of volume, because none is known: {subjects}.", subjects=["A1"])
    asked = Notice("{grade} or worse in {times} of {of:cycle}", grade="C", times=1, of=2)
    called = Called("up", card.card.progression["up"].name)
    listed = Notice("Not judged: '{list}' ({rule}), because there {n:=is|are} {n:cycle}.", list=called, rule=asked, n=1)
    lone = Notice("Card '{card}' is in one of the two only, so nobody is compared on it.", card=card.card.called)
    blank = Notice("{export}: {said}", export="calls.csv", said=Notice("{n:blank line} skipped", n=2))
    full = replace(
        card,
        notices=(share, listed, lone),
        actions=pl.DataFrame(to_do, schema_overrides={"due": pl.Date}).with_columns(evidence=None),
        lists=pl.DataFrame({"subject": ["A1"], "list": ["up"]}).with_columns(evidence=None),
    )
    return replace(result(full), notices=(blank,))


def page(form: str, found: Result) -> str:
    drawn = seen(form, FORMATS[form].score(found, ZH))
    if form == "xlsx":  # One of its sheets is the tidy table, whose words are for programs.
        rows = csv.reader(FORMATS["csv"].score(found, ZH).decode().splitlines())
        tidy = {cell for row in rows for cell in row}
        drawn = "|".join(text for text in drawn.split("|") if text not in tidy)
    return drawn


@pytest.mark.parametrize("form", FORMS)
def test_for_the_center(form: str) -> None:
    drawn = page(form, made())
    assert english(drawn) == []
    assert "培训" in drawn
    assert "晋升" in drawn


@pytest.mark.parametrize("form", FORMS)
def test_for_a_team_and_for_an_agent(form: str) -> None:
    for found in (for_team(made(), "Amber"), for_agent(made(), "A1")):
        assert english(page(form, found)) == []


def test_at_eighty_columns_and_as_values_alone() -> None:
    assert english(FORMATS["table"].score(made(), Look(80, "zh")).decode()) == []
    assert english(seen("html", FORMATS["html"].measure(measurement(), ZH))) == []
    assert english(FORMATS["table"].measure(measurement(by=()), ZH).decode()) == []


def test_around_a_folder_of_reports() -> None:
    found, files = reports(made()), {"report.html": b"x", "cards/agent.html": b"x", "rejects.csv": b"x"}
    assert english(seen("html", index_page(made(), found, files, "zh"))) == []
    assert english(run_log(made(), files, {}, [], "zh").decode()) == []
    assert english(summary(made(), "zh").decode()) == []


def test_an_english_word_would_be_found() -> None:
    """In a page that is drawn of it, and not only in a text."""
    bonus = [{"name": "ideas adopted", "amount": "2 * ideas", "cap": 6}]
    found = result(scorecard(more={"adjust": {**CARD["adjust"], "bonus": bonus}}))  # type: ignore[dict-item]
    assert {"ideas", "adopted"} <= set(english(page("table", found)))
    assert {"ideas", "adopted"} <= set(english(page("html", found)))
