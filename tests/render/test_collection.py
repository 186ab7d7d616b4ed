"""What is one and the same result is drawn once; what holds less is drawn by itself."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from ccmetrics.render import collection
from ccmetrics.render.collection import drawn, reports
from ccmetrics.render.formats import FORMATS, Format
from ccmetrics.render.look import Look
from ccmetrics.scorecard import Restatement, Result
from tests.render.made_up import result, scorecard


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
