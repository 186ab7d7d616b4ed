"""Guardrail alarms: a KPI better and what guards it worse, against the cycle before and against the others.

In: values as plain numbers, and the sample. Out: who is flagged, and who is not.
Refuses to know: exports.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any

import polars as pl
import pytest

from ccmetrics import run
from ccmetrics.catalogue.models import Card
from ccmetrics.period import of
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.follow import Followed, follow
from ccmetrics.stages.follow.alarms import raised
from ccmetrics.stages.score import Scores
from ccmetrics.stages.score.goals import GOALS
from tests.scoring_frames import OCTOBER, VALUES, card, kpi, people

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data"
SEPTEMBER = of(date(2026, 9, 1), "month")
NONE = pl.DataFrame()
UNSCORED = Scores(NONE, NONE, NONE, NONE, goals=pl.DataFrame(schema=GOALS))
KPIS = {
    "aht": kpi("aht", interval="mean", guardrails=["fcr", "cost"]),
    "fcr": kpi("fcr", formula=None, variants={"window": "a / b", "survey": "c / d"}, default="window",
               interval="proportion"),
    "occupancy": kpi("occupancy", interval="proportion", guardrails=["fcr"]),
    "cost": kpi("cost"),
}  # fmt: skip
LINE = {"kpi": "aht", "weight": 100, "floor": 450, "target": 300}
AHT = card([LINE])
Said = tuple[str, str, dict[str, Any]]


def share(hits: float, of: int, variant: str = "window") -> dict[str, Any]:
    p = hits / of
    found = {"value": p, "n": of, "numerator": float(hits), "denominator": float(of), "se": sqrt(p * (1 - p) / of)}
    return {**found, "variant": variant}


def mean(value: float, se: float | None, n: int = 500) -> dict[str, Any]:
    return {"value": value, "se": se, "n": n, "variant": ""}


def measured(said: Iterable[Said]) -> pl.DataFrame:
    rows = [{"subject": who, "kpi": name, "cycles": 1, **numbers} for who, name, numbers in said]
    return pl.DataFrame(rows, schema=VALUES)


def followed(
    now: Iterable[Said], before: Iterable[Said] | None = None, pooled: Iterable[Said] = (), on: Card = AHT
) -> Followed:
    values = measured(now)
    facts = Facts(OCTOBER, values, measured(pooled).drop("subject"), people(*sorted(set(values["subject"]))))
    others = [] if before is None else [("cycle", SEPTEMBER, measured(before))]
    return follow(on, KPIS, facts, UNSCORED, others)  # type: ignore[arg-type]


def flagged(found: Followed) -> list[tuple[Any, ...]]:
    return found.alarms.select("kind", "subject", "kpi", "guardrail").rows()


# ---------------------------------------------------------------- against the cycle before

SLOW, FAST = mean(320, 3), mean(300, 3)
"""z = 20 / sqrt(18) = 4.7."""
HELD, LOST = share(410, 500), share(340, 500)
"""z = 0.14 / sqrt(0.75 x 0.25 / 250) = 5.1."""


def test_faster_and_more_come_back() -> None:
    found = followed([("A", "aht", FAST), ("A", "fcr", LOST)], [("A", "aht", SLOW), ("A", "fcr", HELD)])
    assert flagged(found) == [("change", "A", "aht", "fcr")]
    row = found.alarms.row(0, named=True)
    assert (row["value_before"], row["value"]) == (320, 300)
    assert (row["guardrail_variant"], row["guardrail_before"], row["guardrail_value"]) == ("window", 0.82, 0.68)
    assert 2e-6 < row["p"] < 4e-6  # of 4.714, the smaller of the two


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ((FAST, LOST), (SLOW, HELD)),  # slower and better
        ((SLOW, LOST), (FAST, HELD)),  # faster and better
        ((FAST, HELD), (SLOW, LOST)),  # slower and worse
        ((SLOW, HELD), (FAST, share(400, 500))),  # worse, but by chance: z 0.82
        ((SLOW, HELD), (mean(311, 3), LOST)),  # z = 2.12: beyond 95%, not beyond 99%
        ((SLOW, HELD), (FAST, share(10, 12))),
        ((mean(320, None), HELD), (FAST, LOST)),  # without an error nothing can be told
    ],
)
def test_no_alarm(before: tuple[Any, Any], now: tuple[Any, Any]) -> None:
    found = followed(
        [("A", name, side) for name, side in zip(("aht", "fcr"), now, strict=True)],
        [("A", name, side) for name, side in zip(("aht", "fcr"), before, strict=True)],
    )
    assert flagged(found) == []


def test_the_guardrail_is_the_variant_on_the_card() -> None:
    survey = {"variant": "survey"}
    before = [("A", "aht", SLOW), ("A", "fcr", HELD), ("A", "fcr", HELD | survey)]
    now = [("A", "aht", FAST), ("A", "fcr", HELD), ("A", "fcr", LOST | survey)]
    assert flagged(followed(now, before)) == []
    assert flagged(followed(now, before, on=card([LINE], watch=["fcr.survey"]))) == [("change", "A", "aht", "fcr")]


@pytest.mark.parametrize(("value", "fires"), [(400, True), (330, False), (470, False)])
def test_of_a_range_nearer_to_the_ideal_is_better(value: int, fires: bool) -> None:
    """From 0.68 to 0.8 is into the band, to 0.66 away from it, to 0.94 farther above it than it was below."""
    line = {"kpi": "occupancy", "weight": 100, "ideal": [0.75, 0.85], "limits": [0.5, 0.95]}
    busy = {name: share(hits, 500, "") for name, hits in (("before", 340), ("now", value))}
    found = followed(
        [("A", "occupancy", busy["now"]), ("A", "fcr", LOST)],
        [("A", "occupancy", busy["before"]), ("A", "fcr", HELD)],
        on=card([line]),
    )
    assert bool(flagged(found)) is fires


def test_without_a_cycle_before_it_is_said() -> None:
    found = followed([("A", "aht", FAST), ("A", "fcr", LOST)])
    assert (flagged(found), len(found.notices)) == ([], 1)
    assert "no cycle before" in found.notices[0]
    assert found.unwatched
    unguarded = card([{"kpi": "fcr", "weight": 100, "floor": 0, "target": 1}])
    assert followed([("A", "fcr", LOST)], on=unguarded).notices == ()


# ---------------------------------------------------------------- many subjects


def test_of_many_subjects_the_false_discovery_rate_is_kept() -> None:
    """Benjamini and Hochberg's rule by hand: the k smallest p of m are called, k being the last with p < 0.05 k / m. Of
    25 the bounds are 0.002, 0.004, 0.006, 0.008: the second is above its own, but the third is not."""
    p = [0.001, 0.0041, 0.0058, 0.0095]
    z = [NormalDist().inv_cdf(1 - each / 2) for each in p]
    rows = pl.concat([_beside(f"S{at:02d}", z[at] if at < len(p) else 0.1) for at in range(25)])
    watched = pl.DataFrame(
        {"pair": [0], "kpi": ["aht"], "variant": [""], "guardrail": ["cost"], "guardrail_variant": [""]}
    )
    assert raised(watched, rows, many=False)["subject"].to_list() == ["S00", "S01", "S02", "S03"]
    found = raised(watched, rows, many=True)
    assert found["subject"].to_list() == ["S00", "S01", "S02"]
    assert found["p"].to_list() == pytest.approx(p[:3], rel=1e-9)


def _beside(who: str, z: float) -> pl.DataFrame:
    """The KPI far better, the guardrail worse by z."""
    one = {"subject": who, "variant": "", "better": "lower", "counted": False, "low_ideal": None, "high_ideal": None,
           "numerator": None, "denominator": None, "n": None, "numerator_before": None, "denominator_before": None,
           "n_before": None}  # fmt: skip
    sides = [
        {**one, "kpi": "aht", "value": 0.0, "value_before": 9.0, "se": 0.6, "se_before": 0.8},
        {**one, "kpi": "cost", "value": z, "value_before": 0.0, "se": 0.6, "se_before": 0.8},
    ]
    texts = ("subject", "variant", "better", "kpi")
    kinds = {name: pl.String if name in texts else pl.Float64 for name in sides[0]} | {"counted": pl.Boolean}
    return pl.DataFrame(sides, schema=kinds)


# ---------------------------------------------------------------- against the others

HONEST = [(who, name, side) for who in "BCD" for name, side in (("aht", mean(300, 4)), ("fcr", share(410, 500)))]
A = [("A", "aht", mean(180, 4)), ("A", "fcr", share(250, 500))]
ALL = [("", "aht", mean(270, 2.5, 2000)), ("", "fcr", share(1480, 2000))]


def test_a_habit_of_long_standing_shows_no_change_but_stands_out() -> None:
    found = followed([*A, *HONEST], [*A, *HONEST], ALL)
    assert flagged(found) == [("level", "A", "aht", "fcr")]
    row = found.alarms.row(0, named=True)
    # Of the others alone: (270 x 2000 - 180 x 500) / 1500, (1480 - 250) / 1500.
    assert (row["value_before"], row["guardrail_before"]) == (pytest.approx(300), pytest.approx(0.82))


def test_of_two_neither_is_the_measure_of_the_other() -> None:
    pooled = [("", "aht", mean(240, 2.5, 1000)), ("", "fcr", share(660, 1000))]
    assert flagged(followed([*A, *HONEST[:2]], [*A, *HONEST[:2]], pooled)) == []


@cache
def of_the_sample() -> pl.DataFrame:
    (found,) = run.score([SAMPLE], period="2026-10", cards=["agent"]).scorecards
    return found.alarms


def test_the_agent_of_the_sample_with_the_short_calls_and_the_many_that_come_back() -> None:
    """Told in the sample's README; nobody else of 54 is flagged."""
    assert of_the_sample().select("kind", "subject", "kpi", "guardrail").rows() == [("level", "A017", "aht", "fcr")]
    row = of_the_sample().row(0, named=True)
    assert row["value"] < 200 < 270 < row["value_before"]
    assert row["guardrail_value"] == pytest.approx(0.5, abs=0.03)
