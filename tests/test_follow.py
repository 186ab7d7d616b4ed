"""Values through time: chance against textbook numbers, changes, trends.

In: values as plain numbers. Out: p-values, differences and slopes as reckoned by hand or by the standard library.
Refuses to know: exports.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import erfc as exact
from math import sqrt
from typing import Any

import polars as pl
import pytest

from ccmetrics.period import Period, of, parse
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.follow import Followed, Values, follow
from ccmetrics.stages.follow.chance import chance, two_sided
from ccmetrics.stages.score import Scores
from ccmetrics.stages.score.goals import GOALS
from tests.scoring_frames import OCTOBER, VALUES, card, kpi, people

# ---------------------------------------------------------------- chance


def test_normal_quantiles() -> None:
    z = pl.DataFrame({"z": [1.959963984540054, -2.5758293035489004, 0.0, None]})
    found = z.select(two_sided(pl.col("z"))).to_series().to_list()
    assert found == [pytest.approx(0.05, abs=1e-12), pytest.approx(0.01, abs=1e-12), 1.0, None]


def p_of(one: dict[str, Any], other: dict[str, Any], counted: bool) -> float | None:
    blank = dict.fromkeys(["value", "n", "numerator", "denominator", "se"])
    sides = (("", {**blank, **one}), ("_before", {**blank, **other}))
    row = {f"{name}{suffix}": side[name] for suffix, side in sides for name in blank}
    frame = pl.DataFrame([row], schema={name: pl.Int64 if name[:2] in ("n", "n_") else pl.Float64 for name in row})
    found: float | None = frame.select(chance(pl.lit(counted))).item()
    return found


def share(hits: float, of: int) -> dict[str, Any]:
    p = hits / of
    found = {"value": p, "n": of, "numerator": float(hits), "denominator": float(of), "se": sqrt(p * (1 - p) / of)}
    # Wilson's interval of all of them.
    return {**found, "low": of / (of + 1.959964**2), "high": 1.0} if hits == of else found


def mean(value: float, se: float | None, n: int | None = None) -> dict[str, Any]:
    return {"value": value, "se": se, "n": n}


def test_two_shares_by_the_pooled_z() -> None:
    """30 of 60 against 18 of 60: pooled 0.4, z = 0.2 / sqrt(0.24 / 30), chi-squared 5.0, p 0.025347."""
    assert p_of(share(30, 60), share(18, 60), True) == pytest.approx(exact(sqrt(5.0 / 2)), rel=1e-12)
    assert p_of(share(30, 60), share(18, 60), True) == pytest.approx(0.025347, abs=1e-6)


def test_shares_of_too_few_tell_nothing() -> None:
    assert p_of(share(3, 3), share(0, 3), True) is None
    # Ten of 20 and none of 20 are 5 expected in every cell; one fewer is not enough.
    assert p_of(share(10, 20), share(0, 20), True) is not None
    assert p_of(share(9, 20), share(0, 20), True) is None
    assert p_of(share(20, 20), share(20, 20), True) is None


def test_seconds_are_no_observations() -> None:
    assert p_of({**share(3000, 6000), "n": 7}, share(1800, 6000), True) is None


def test_two_means_by_welch() -> None:
    """t = 2.776 with 4 degrees of freedom is p 0.05 in every table; Wallace's turn of it is off by 0.001."""
    large = 10**9
    assert p_of(mean(2.776445, 1, 5), mean(0, 1e-12, large), False) == pytest.approx(0.05, abs=0.001)
    # Of many rows it is z.
    assert p_of(mean(1.959964, 1, large), mean(0, 1e-12, large), False) == pytest.approx(0.05, abs=1e-6)
    # Two of 10 rows with the same error have 18: t 2.101 for p 0.05.
    assert p_of(mean(2.100922 * sqrt(2), 1, 10), mean(0, 1, 10), False) == pytest.approx(0.05, abs=0.0005)


def test_means_without_an_error_tell_nothing() -> None:
    assert p_of(mean(300, None, 50), mean(200, 3, 50), False) is None
    assert p_of(mean(300, 0, 50), mean(200, 0, 50), False) is None
    assert p_of(mean(300, 5, 1), mean(200, 5, 50), False) is None
    assert p_of(mean(10, 3), mean(0, 4), False) == pytest.approx(exact(2 / sqrt(2)), rel=1e-12)


# ---------------------------------------------------------------- frames

KPIS = {
    "csat": kpi("csat", interval="proportion"),
    "aht": kpi("aht", interval="mean"),
    "occupancy": kpi("occupancy"),
    "revenue": kpi("revenue", cumulative=True),
}
CARD = card(
    [
        {"kpi": "csat", "weight": 50, "floor": 0, "target": 1},
        {"kpi": "occupancy", "weight": 20, "ideal": [0.7, 0.8], "limits": [0.5, 0.9]},
        {"kpi": "revenue", "weight": 30, "floor": 0, "target": 1},
    ],
    watch=["aht"],
)
NONE = pl.DataFrame()
UNSCORED = Scores(NONE, NONE, NONE, NONE, goals=pl.DataFrame(schema=GOALS))
Said = tuple[str, str, dict[str, Any]]


def measured(*said: Said) -> pl.DataFrame:
    rows = [{"subject": who, "kpi": name, "variant": "", "cycles": 1, **numbers} for who, name, numbers in said]
    return pl.DataFrame(rows, schema=VALUES)


def followed(
    now: pl.DataFrame, others: list[Values], period: Period = OCTOBER, behind: tuple[date, float] | None = None
) -> Followed:
    facts = Facts(period, now, now.drop("subject").clear(), people(*sorted(set(now["subject"]))))
    return follow(CARD, KPIS, facts, UNSCORED, others, behind)


def rows(frame: pl.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    return frame.select(names).rows()


BEFORE = parse("2026-08-27..2026-09-26")


def test_what_changed_and_whether_it_is_better() -> None:
    now = measured(
        ("A", "csat", share(30, 60)), ("A", "aht", mean(300, 5, 100)), ("A", "occupancy", mean(0.75, None)),
        ("A", "revenue", mean(90.0, None)), ("B", "csat", share(10, 60)),
    )  # fmt: skip
    before = measured(
        ("A", "csat", share(18, 60)), ("A", "aht", mean(310, 5, 100)), ("A", "occupancy", mean(0.6, None)),
        ("A", "revenue", mean(100.0, None)),
    )  # fmt: skip
    found = followed(now, [("previous", BEFORE, before)]).changes
    assert set(found["against"]) == {"previous"}
    assert set(found["period"]) == {BEFORE.label}
    assert rows(found, "subject", "kpi", "value_before", "value", "difference", "better", "beyond") == [
        ("A", "csat", 0.3, 0.5, pytest.approx(0.2), True, True),
        ("A", "occupancy", 0.6, 0.75, pytest.approx(0.15), None, None),
        ("A", "revenue", 100.0, 90.0, -10.0, False, None),
        # z = 10 / sqrt(50) = 1.41
        ("A", "aht", 310.0, 300.0, -10.0, True, False),
    ]


def test_a_total_of_a_period_that_is_not_over_is_not_compared() -> None:
    now = measured(("A", "csat", share(30, 60)), ("A", "revenue", mean(10.0, None)))
    before = measured(("A", "csat", share(18, 60)), ("A", "revenue", mean(100.0, None)))
    found = followed(now, [("previous", BEFORE, before)], behind=(date(2026, 10, 8), 0.25)).changes
    assert rows(found, "kpi") == [("csat",)]


def cycle(month: int) -> Period:
    return of(date(2026, month, 1), "month")


def test_a_trend_is_the_weighted_slope() -> None:
    """Values 10, 12, 20 with errors 1, 1, 2: weights 1, 1, 1/4; by hand in fractions."""
    at, value, weight = (0, 1, 2), (10, 12, 20), (Fraction(1), Fraction(1), Fraction(1, 4))
    middle = sum(w * x for w, x in zip(weight, at, strict=True)) / sum(weight)
    spread = sum(w * (x - middle) ** 2 for w, x in zip(weight, at, strict=True))
    slope = sum(w * (x - middle) * y for w, x, y in zip(weight, at, value, strict=True)) / spread
    found = followed(
        measured(("A", "aht", mean(20, 2, 50))),
        [("cycle", cycle(9), measured(("A", "aht", mean(12, 1, 50)))),
         ("cycle", cycle(8), measured(("A", "aht", mean(10, 1, 50))))],
    ).trends.filter(pl.col("kpi") == "aht")  # fmt: skip
    assert rows(found, "period", "value") == [("2026-08", 10.0), ("2026-09", 12.0), ("2026-10", 20.0)]
    assert found["slope"].to_list() == [pytest.approx(float(slope), rel=1e-12)] * 3
    z = float(slope) * sqrt(float(spread))
    assert found["p"].to_list() == [pytest.approx(exact(z / sqrt(2)), rel=1e-9)] * 3
    assert found["trend"].to_list() == ["rising"] * 3


def trend_of(*hits: int | None) -> tuple[list[str | None], pl.DataFrame]:
    """Of shares of 50 in the months up to October."""
    months = list(range(10 - len(hits) + 1, 11))
    by_month = {
        cycle(month): measured(("A", "csat", share(hit, 50))) if hit is not None else measured()
        for month, hit in zip(months, hits, strict=True)
    }
    before: list[Values] = [("cycle", p, by_month[p]) for p in sorted(by_month, key=lambda p: p.start, reverse=True)]
    found = followed(by_month[cycle(10)], before[1:]).trends.filter(pl.col("kpi") == "csat")
    return found["trend"].unique().to_list(), found


@pytest.mark.parametrize(
    ("hits", "trend"),
    [
        ((40, 32, 24), "falling"),
        ((24, 32, 40), "rising"),
        ((32, 30, 32), None),
        ((10, 40), None),  # two are no trend
        ((10, None, 40), None),
        ((30, 50, 50), "rising"),  # all of them have no error, but an interval
    ],
)
def test_rising_falling_or_nothing(hits: tuple[int | None, ...], trend: str | None) -> None:
    found, frame = trend_of(*hits)
    assert frame.height == len(hits)
    assert found == [trend]


def test_a_cycle_that_is_not_over_is_no_part_of_a_trend() -> None:
    found = followed(
        measured(("A", "csat", share(5, 10))),
        [("cycle", cycle(9), measured(("A", "csat", share(5, 10))))],
        behind=(date(2026, 10, 8), 0.25),
    ).trends
    assert set(found["period"]) == {"2026-09"}


def test_days_that_are_no_cycle_have_no_trend() -> None:
    period = parse("2026-10-01..2026-10-10")
    assert followed(measured(("A", "csat", share(5, 10))), [], period).trends.is_empty()
