"""Every number on a page is one of the frames: pages are drawn, read back from outside, and held against them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from ccmetrics import run
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.look import Look
from ccmetrics.render.narrow import to_subject
from ccmetrics.run import Result
from tests.render import made_up, read_html, read_markdown, read_terminal, read_workbook, said
from tests.render.read_back import Reading
from tests.render.sources import Source, fixed

SAMPLE = Path(__file__).parents[2] / "sample_data"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])
MADE = pytest.mark.parametrize("name", ["made", "sample"])


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """One made up by hand, with every kind of adjustment, and the sample's agents as they are scored."""
    return {"made": made_up.result(), "sample": run.score([SAMPLE], period="2026-10", cards=["agent"])}


def drawn(result: Result, form: str, lang: str, width: int = 80) -> bytes:
    return FORMATS[form].score(result, Look(width, lang))


def ended(reading: Reading, least: int) -> None:
    """Nothing is wrong, and so much was looked at that a reader who finds nothing does not pass."""
    assert not reading.wrong, f"{len(reading.wrong)} wrong\n" + "\n".join(reading.wrong[:25])
    assert reading.compared >= least


# ---------------------------------------------------------------- terminal


@MADE
@LANGUAGES
@pytest.mark.parametrize("width", [80, 140])
def test_every_number_of_a_leaderboard_is_in_the_frames(
    results: dict[str, Result], name: str, lang: str, width: int
) -> None:
    text = drawn(results[name], "table", lang, width).decode()
    ended(read_terminal.leaderboard(Source(results[name], lang), text, width), {"made": 65, "sample": 450}[name])


@MADE
@LANGUAGES
@pytest.mark.parametrize("width", [80, 140])
def test_every_number_of_a_subjects_terminal_page_is_in_the_frames(
    results: dict[str, Result], name: str, lang: str, width: int
) -> None:
    source, all_of_them = Source(results[name], lang), Reading()
    # Who has no value at all has no page of numbers.
    there = [row for row in source.rows if any(line["value"] is not None for line in source.lines[row["subject"]])]
    for row in there if name == "made" else there[::6]:
        text = drawn(to_subject(results[name], row["subject"]), "table", lang, width).decode()
        found = read_terminal.detail(source, row, text, width)
        all_of_them.compared += found.compared
        all_of_them.wrong += [f"{row['subject']} {wrong}" for wrong in found.wrong]
    ended(all_of_them, {"made": 100, "sample": 500}[name])


# ---------------------------------------------------------------- web page


@MADE
@LANGUAGES
def test_every_number_of_a_web_page_is_in_the_frames(results: dict[str, Result], name: str, lang: str) -> None:
    source = Source(results[name], lang)
    ended(read_html.read(source, drawn(results[name], "html", lang)), {"made": 400, "sample": 8000}[name])


# ---------------------------------------------------------------- workbook, message


@MADE
@LANGUAGES
def test_every_number_of_a_workbook_is_in_the_frames(results: dict[str, Result], name: str, lang: str) -> None:
    source = Source(results[name], lang)
    ended(read_workbook.read(source, drawn(results[name], "xlsx", lang)), {"made": 400, "sample": 8000}[name])


@MADE
@LANGUAGES
def test_every_number_of_a_message_is_in_the_frames(results: dict[str, Result], name: str, lang: str) -> None:
    source = Source(results[name], lang)
    ended(read_markdown.read(source, drawn(results[name], "md", lang).decode()), {"made": 20, "sample": 80}[name])


# ---------------------------------------------------------------- sums


@MADE
def test_what_is_shown_adds_up_to_what_is_shown(results: dict[str, Result], name: str) -> None:
    """With the digits that stand on the pages: contributions to the base, steps to the score, grades to the scored."""
    source = Source(results[name], "en")
    worked_out = 0
    for row in source.rows:
        if row["status"] not in ("scored", "provisional"):
            continue
        lines = source.lines[row["subject"]]
        parts = [Decimal(fixed(line["contribution"]).replace(",", "")) for line in lines if line["contribution"]]
        shown, *steps = said.steps(source, row)
        assert abs(sum(parts) - Decimal(shown)) <= Decimal("0.005") * len(parts) + Decimal("0.005"), row["subject"]
        score, factor, limit = Decimal(shown), Decimal(1), None
        fired = source.card.adjustments.filter("fired", subject=row["subject"]).to_dicts()
        for step, item in zip(steps, fired, strict=False):
            number = Decimal(step.split()[-1])
            if item["kind"] in ("bonus", "deduction"):
                score += number
            elif item["kind"] == "coefficient":
                factor *= number if item["on"] == "score" else 1
            else:
                limit = number
        made = max(score * factor, Decimal(0)) if limit is None else min(score * factor, limit)
        assert str(made.quantize(Decimal("0.01"), ROUND_HALF_UP)) == steps[-1], (row["subject"], made)
        worked_out += 1
    earned = source.card.grades.filter(period=source.card.period)["n"].sum()
    assert earned == sum(row["status"] == "scored" for row in source.rows) == worked_out - (name == "made")
    assert source.card.bins["n"].sum() == earned
    assert all(account.balances for account in source.result.accounts)


def test_the_sum_of_pay_that_is_said_is_the_sum_of_what_is_shown(results: dict[str, Result]) -> None:
    source = Source(results["sample"], "en")
    amounts = [Decimal(fixed(row["pay_amount"]).replace(",", "")) for row in source.rows if row["pay_amount"]]
    assert any(f"{sum(amounts):,}" in str(notice) for notice in source.card.notices)
