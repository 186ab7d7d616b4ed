"""What is one and the same result is drawn once; what holds less is as if it were drawn by itself."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import polars as pl
import pytest

from ccmetrics.render import collection
from ccmetrics.render.collection import drawn, reports
from ccmetrics.render.formats import FORMATS, Format
from ccmetrics.render.json import Written
from ccmetrics.render.look import Look
from ccmetrics.scorecard import Restatement, Result
from tests.render.made_up import result, scorecard
from tests.render.test_html import whole


def restated(*cards: str) -> Result:
    """A result of the card `agent` that states a row anew of each of these."""
    cells = pl.DataFrame({"card": cards, "subject": "A1", "row": "kpi"})
    return replace(result(), restatement=Restatement("ab" * 32, cells))


@pytest.mark.parametrize(
    ("found", "times"),
    [
        (result(), 3),  # Everything, which is the only card, and two teams.
        (result(scorecard(), scorecard(more={"card": "senior"})), 5),
        (restated("agent"), 3),
        (restated("agent", "senior"), 4),
    ],
)
def test_the_same_result_is_drawn_once(monkeypatch: pytest.MonkeyPatch, found: Result, times: int) -> None:
    seen: list[Result] = []

    def score(result: Result, look: Look) -> bytes:
        seen.append(result)
        return FORMATS["csv"].score(result, look)

    monkeypatch.setattr(collection, "FORMATS", {"csv": Format(score, FORMATS["csv"].measure)})
    made = reports(found)
    files = drawn(made, {".csv": "csv"}, Look())
    assert len(seen) == times
    assert files == {f"{each.path}.csv": FORMATS["csv"].score(each.result, Look()) for each in made}


@pytest.mark.parametrize("form", ["html", "xlsx", "md", "csv", "json", "parquet"])
def test_together_every_report_is_as_it_is_alone(form: str) -> None:
    """What reports have in common is drawn once: no report shows more of it, or anything else, than alone."""
    first, second = whole(scorecard()), whole(scorecard(more={"card": "senior"}))
    # A column that nobody of one team has anything in.
    paid = pl.when(pl.col("team") != "Amber").then("pay")
    first = replace(first, scores=first.scores.with_columns(pay=paid))
    made = reports(replace(result(), scorecards=(first, second)))
    assert [each.path for each in made] == ["report", "cards/agent", "cards/senior", "teams/Amber", "teams/Beacon"]
    files = drawn(made, {f".{form}": form}, Look(lang="zh"))
    alone = {f"{each.path}.{form}": FORMATS[form].score(each.result, Look(lang="zh")) for each in made}
    assert files == alone


def test_what_a_narrower_reader_sees_is_drawn_for_that_reader() -> None:
    """What was drawn for the center, with the pay of everybody, is no part of what a team gets."""
    found = result()
    assert b"<dt>Pay" in drawn(reports(found), {".html": "html"}, Look())["teams/Amber.html"]
    team = drawn(reports(found, "team"), {".html": "html"}, Look())
    assert b"<h3>" in team["teams/Amber.html"]
    assert b"<dt>Pay" not in team["teams/Amber.html"]


def test_rows_in_another_order_are_written_in_theirs() -> None:
    frame = pl.DataFrame({"subject": ["A1", "A2", "A1", None], "value": [1.5, 2.0, 3.0, 4.0]})
    every = Written(frame)
    for part in (frame[[0, 2, 3]], frame[[1]], frame[[1, 0, 2]], frame[[3, 1]], frame[[0]], frame.clear()):
        assert every.of(part, partial(pl.DataFrame, part)) == Written(part).rows
