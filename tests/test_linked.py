"""Lines linked to another card: the one mean of scores, by days under the subject, of those who are scored."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from scoring_frames import OCTOBER, card, one, people, printed, run, straight

from ccmetrics.catalogue import load_catalogue
from ccmetrics.stages.score import Scores
from ccmetrics.stages.score.linked import linked_values
from ccmetrics.stages.world.people import days_under

LINKED = {"linked_card": "agent", "by": "leader_id", "category": "growth", "weight": 100}
DAYS = {"linked_subject": pl.String, "subject": pl.String, "days": pl.Int64}


def lead(**more: Any) -> Any:
    return card([{**LINKED, **more}], card="lead")


def agents() -> Scores:
    """Base 100, 80, 95 held at 59, 90; one without a score, one whose red line nobody can judge."""
    on = card(
        [straight("csat", 60), straight("aht_points", 40)],
        adjust={"red_lines": [{"name": "rude", "when": "rude > 0", "score_at_most": 59}]},
    )
    bases = {"A": 100, "B": 80, "C": 95, "M": 90, "P": 70, "W": None}
    found: list[tuple[Any, ...]] = [(who, "csat", base) for who, base in bases.items()]
    found += [(who, "aht_points", base) for who, base in bases.items()]
    found += [(who, "red_lines.0.when", {"C": 1, "P": None}.get(who, 0)) for who in bases]
    return run(on, found)


def days(*found: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(found, schema=DAYS, orient="row")


def worth(found: pl.DataFrame, **more: Any) -> list[dict[str, Any]]:
    values = linked_values(lead(**more), {"agent": agents()}, {("agent", "leader_id"): found})
    return values.to_dicts()


FOUR = [("A", "L1", 31), ("B", "L1", 31), ("C", "L1", 31), ("M", "L1", 12)]


def test_scores_are_weighted_by_days_under_the_leader() -> None:
    (found,) = worth(days(*FOUR, ("M", "L2", 19))[:4])
    assert found["value"] == pytest.approx((100 * 31 + 80 * 31 + 59 * 31 + 90 * 12) / 105)
    assert round(found["value"], 2) == 80.85
    assert (found["subject"], found["line"], found["n"], found["coverage"], found["reason"]) == ("L1", 0, 4, 1, None)


def test_the_mover_counts_for_both() -> None:
    found = worth(days(*FOUR, ("M", "L2", 19)))
    assert [row["subject"] for row in found] == ["L1", "L2"]
    assert (found[1]["value"], found[1]["n"]) == (90, 1)


def test_withheld_and_provisional_are_out_and_lower_the_coverage() -> None:
    (found,) = worth(days(("A", "L1", 20), ("P", "L1", 10), ("W", "L1", 10)))
    assert (found["value"], found["n"], found["coverage"]) == (100, 1, 0.5)


def test_where_nobody_is_scored_there_is_no_value() -> None:
    (found,) = worth(days(("P", "L1", 10), ("W", "L1", 10)))
    assert (found["value"], found["n"], found["coverage"], found["reason"]) == (None, 0, 0, "nobody-scored")


def test_without_a_roster_there_is_nothing() -> None:
    assert worth(days()) == []


@pytest.mark.parametrize(
    ("more", "value"), [({}, 59), ({"take": "base"}, 95), ({"take": "kpi", "kpi": "aht_points"}, 95)]
)
def test_what_is_taken(more: dict[str, Any], value: float) -> None:
    assert worth(days(("C", "L1", 31)), **more)[0]["value"] == pytest.approx(value)


def test_of_a_kpi_only_own_values_count() -> None:
    on = card([straight("csat", 80), straight("nps_points", 20, missing="floor")], min_coverage=0.5)
    found = [("A", "csat", 80), ("A", "nps_points", None), ("B", "csat", 70), ("B", "nps_points", 60)]
    line = lead(take="kpi", kpi="nps_points")
    frame = days(("A", "L1", 30), ("B", "L1", 10))
    (row,) = linked_values(line, {"agent": run(on, found)}, {("agent", "leader_id"): frame}).to_dicts()
    assert (row["value"], row["n"], row["coverage"]) == (60, 1, 0.25)


def test_the_value_is_points_of_its_line() -> None:
    values = linked_values(lead(), {"agent": agents()}, {("agent", "leader_id"): days(*FOUR)})
    scores = run(lead(), [], subjects=people("L1", "L2"), linked=values)
    assert printed(scores, "L1") == 80.85
    assert one(scores, "L2")["status"] == "withheld"


# ---------------------------------------------------------------- days, from the roster


def world(*rows: tuple[Any, ...]) -> Any:
    """(agent_id, valid_from, valid_to, leader_id, role, left_on) of a roster, as the shipped catalogue has it."""
    from ccmetrics.period import Clock
    from ccmetrics.stages.world import World

    names = ("agent_id", "valid_from", "valid_to", "leader_id", "role", "left_on")
    types = dict(zip(names, (pl.String, pl.Date, pl.Date, pl.String, pl.String, pl.Date), strict=True))
    frame = pl.DataFrame(rows, schema=types, orient="row").with_columns(joined_on=pl.lit(None, pl.Date))
    supplied = SimpleNamespace(frame=frame.lazy(), columns=set(frame.columns), rows=frame.height)
    return World(load_catalogue(None), {"roster": supplied}, Clock())  # type: ignore[dict-item]


def under(by: str, *rows: tuple[Any, ...], who: str | None = None) -> list[tuple[Any, ...]]:
    linked = card([straight("csat", 100)], who=who)
    return days_under(world(*rows), linked, by, OCTOBER).rows()


SPRING, AUTUMN = date(2026, 3, 1), date(2026, 10, 13)


def test_a_move_splits_the_month_to_the_day() -> None:
    rows = [
        ("A", SPRING, date(2026, 10, 12), "L1", "agent", None),
        ("A", AUTUMN, None, "L2", "agent", None),
        ("B", SPRING, None, "L1", "agent", None),
    ]
    assert under("leader_id", *rows) == [("A", "L1", 12), ("A", "L2", 19), ("B", "L1", 31)]
    assert under("leader_id", *rows, who="role = 'agent'") == [("A", "L1", 12), ("A", "L2", 19), ("B", "L1", 31)]


def test_nobody_is_under_anybody_after_leaving_whatever_the_version_says() -> None:
    rows = [
        ("A", SPRING, None, "L1", "agent", date(2026, 10, 10)),
        ("B", SPRING, None, "L1", "agent", date(2026, 9, 30)),
        ("C", SPRING, None, "L1", "agent", date(2026, 11, 5)),
    ]
    assert under("leader_id", *rows) == [("A", "L1", 10), ("C", "L1", 31)]
    assert under("center", *rows) == [("A", "center", 10), ("C", "center", 31)]


def test_everybody_is_under_the_center_on_each_day_once() -> None:
    rows = [
        ("A", SPRING, date(2026, 10, 12), "L1", "agent", None),
        ("A", AUTUMN, None, None, "agent", None),
        ("L1", SPRING, None, None, "leader", None),
    ]
    assert under("center", *rows, who="role = 'agent'") == [("A", "center", 31)]


def test_the_center_itself_may_be_what_is_linked() -> None:
    rows = [("A", SPRING, None, "L1", "agent", None), ("B", date(2026, 10, 21), None, "L2", "agent", None)]
    linked = card([straight("csat", 100)], subject="center")
    found = days_under(world(*rows), linked, "leader_id", OCTOBER).rows()
    assert found == [("center", "L1", 31), ("center", "L2", 11)]


def test_a_roster_that_does_not_name_both_gives_nothing() -> None:
    assert under("vendor", ("A", SPRING, None, "L1", "agent", None)) == []
