"""Which cycle scores are held against: one with other goals, weights or handle times tells nothing of the people.

In: made-up cards over two months. Out: which lines say something else, whose change is not told, the line of a mail.
Refuses to know: how a change is told from chance.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.period import Period, parse
from ccmetrics.render.summary import summary
from ccmetrics.run.since import Since, restated, since
from ccmetrics.stages.facts import TIMED_BY, Facts
from tests.render.made_up import result, scorecard

SEPTEMBER, OCTOBER = parse("2026-09"), parse("2026-10")
JANUARY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def builtin() -> Catalogue:
    return load_catalogue()


def card(line: dict[str, Any], name: str = "x") -> Card:
    return Card.model_validate(
        {"card": name, "title": name, "subject": "agent_id", "kpis": [line, {"kpi": "csat", "weight": 10, **GOALS}]}
    )


GOALS = {"floor": 0, "target": 1}
LINE = {"kpi": "aht", "weight": 90, "floor": 600}


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ({"target": 300}, []),
        ({"target": {JANUARY: 300}}, []),
        ({"target": {JANUARY: 300, date(2026, 10, 1): 400}}, ["aht"]),
        ({"target": {JANUARY: 300, date(2026, 9, 16): 400}}, ["aht"]),
        ({"target": {JANUARY: 300, date(2026, 10, 31): 400}}, ["aht"]),
        # In force before the first of the two, or after the second: the same in both.
        ({"target": {JANUARY: 300, date(2026, 9, 1): 400}}, []),
        ({"target": {JANUARY: 300, date(2026, 11, 1): 400}}, []),
        ({"target": {JANUARY: 300, date(2026, 10, 1): 300}}, []),
        # A window of three looks back on July.
        ({"target": {JANUARY: 300, date(2026, 9, 1): 400}, "window": 3}, ["aht"]),
        ({"target": {JANUARY: 300, date(2026, 7, 1): 400}, "window": 3}, []),
        ({"target": 300, "floor": {JANUARY: 600, date(2026, 10, 1): 500}}, ["aht"]),
        ({"target": 300, "stretch": {JANUARY: 240, date(2026, 10, 1): 250}}, ["aht"]),
        ({"target": 300, "weight": {JANUARY: 80, date(2026, 10, 1): 90}}, ["aht"]),
        ({"target": {"last_year": "-5%", "else": 300}}, []),
        (
            {"target": 300, "segments": {"by": "queue", "curves": {"vip": {"floor": 600, "target": {
                JANUARY: 300, date(2026, 10, 1): 400}}}}},
            ["aht"],
        ),
    ],
)  # fmt: skip
def test_what_is_stated_of_a_line_is_the_same_in_both(
    builtin: Catalogue, line: dict[str, Any], lines: list[str]
) -> None:
    assert restated(builtin, card({**LINE, **line}), SEPTEMBER, OCTOBER) == lines


def test_a_card_says_what_the_cards_it_is_linked_to_say(builtin: Catalogue) -> None:
    raised = card({**LINE, "target": {JANUARY: 300, date(2026, 10, 1): 400}}, "agents")
    lead = card({"linked_card": "agents", "by": "leader_id", "category": "growth", "weight": 90}, "lead")
    known = builtin.model_copy(update={"cards": {"agents": raised, "lead": lead}})
    assert restated(known, lead, SEPTEMBER, OCTOBER) == ["agents"]
    assert restated(known, lead, OCTOBER, parse("2026-11")) == []


def held(builtin: Catalogue, months: tuple[Period, Period], timed: tuple[str, str], **how: Any) -> Since:
    """A, whose handle times are `timed` in the two months, and B, who is timed as ever."""
    scores = pl.DataFrame({"subject": ["A", "B"], "status": ["scored", "scored"]})
    nobody = pl.DataFrame()
    cycles = []
    for month, by in zip(months, timed, strict=True):
        people = pl.DataFrame([("A", by), ("B", "talk")], schema=TIMED_BY, orient="row")
        cycles.append((month, Facts(month, nobody, nobody, nobody, timed_by=people), scores))
    own = card({**LINE, "target": how.get("target", 300)})
    return since(builtin, own, cycles, how.get("is_over", True))


def test_the_cycle_before_is_told_where_all_is_alike(builtin: Catalogue) -> None:
    both = (SEPTEMBER, OCTOBER)
    alike = held(builtin, both, ("talk", "talk"))
    assert alike.scores is not None
    assert (alike.scores["subject"].to_list(), alike.period, alike.notices) == (["A", "B"], "2026-09", ())
    for told in (
        held(builtin, both, ("talk", "talk"), is_over=False),
        held(builtin, (parse("2026-08"), OCTOBER), ("talk", "talk")),
        held(builtin, (parse("2026-09-01..2026-09-05"), OCTOBER), ("talk", "talk")),
    ):
        assert told == Since()


def test_whose_handle_times_were_made_of_others_has_no_change(builtin: Catalogue) -> None:
    found = held(builtin, (SEPTEMBER, OCTOBER), ("talk", "talk + wrap"))
    assert found.scores is not None
    assert (found.scores["subject"].to_list(), found.period) == (["B"], "")
    assert found.notices == (
        "No change of scores since 2026-09 of 1 subject: handle times were made of other components then.",
    )


def test_other_goals_are_said_of_a_month_that_is_not_over_too(builtin: Catalogue) -> None:
    for is_over in (True, False):
        goals = {JANUARY: 300, date(2026, 10, 1): 400}
        found = held(builtin, (SEPTEMBER, OCTOBER), ("talk", "talk"), target=goals, is_over=is_over)
        assert (found.scores, found.period) == (None, "")
        assert found.notices == ("No change of scores since 2026-09: the goals or weights of aht are not the same.",)


def test_the_line_of_a_mail_has_a_median_before_where_changes_are_told() -> None:
    told = result(replace(scorecard(), since="2026-09"))
    alone = result(replace(scorecard(), since=""))
    assert "(before " in summary(told, "en").decode()
    assert "median" in summary(alone, "en").decode()
    assert "before" not in summary(alone, "en").decode()


def test_the_line_of_a_mail_says_that_a_month_is_not_over() -> None:
    part = replace(result(scorecard()), until=date(2026, 10, 7))
    assert summary(part, "en").decode().startswith("October 2026 (so far, to 7 Oct 2026) Frontline agent: ")
    assert summary(part, "zh").decode().startswith("2026年10月（尚未结束，截至2026年10月7日）一线座席：")
