"""How often intervals hold the truth: python tests/bench/coverage.py [AGENTS], with 10,000 made-up agents by default.

In: agents whose truth is known, what would be measured of them by chance. Out: share of intervals that hold the truth.
Refuses to know: how an interval is made; it is the program's.
"""

from __future__ import annotations

import random
import sys
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import accumulate
from math import comb, exp, log, sqrt

import polars as pl

from ccmetrics import formula
from ccmetrics.catalogue.models import Card, Kpi
from ccmetrics.formula.tree import Node
from ccmetrics.period import Period
from ccmetrics.plan import Ask
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.measure.intervals import interval, shape, spread
from ccmetrics.stages.score import score

OCTOBER = Period("2026-10", date(2026, 10, 1), date(2026, 11, 1), "month")
Draw = Callable[[random.Random], float]


# ---------------------------------------------------------------- what is measured of an agent


def proportions(dice: random.Random, truths: Sequence[float], n: int) -> pl.DataFrame:
    """Of n answers each, those that are good."""
    good = [bisect(_cumulated(truth, n), dice.random()) for truth in truths]
    counted = pl.DataFrame({"truth": truths, "a": good}).with_columns(n=pl.lit(n), denominator=pl.lit(float(n)))
    return _with_interval(counted.with_columns(value=pl.col("a") / n), "a / n", "proportion")


@cache
def _cumulated(p: float, n: int) -> list[float]:
    return list(accumulate(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n)))


def nets(dice: random.Random, above: float, below: float, n: int, agents: int) -> pl.DataFrame:
    """Of n answers each, promoters and detractors."""
    rows = []
    for _ in range(agents):
        drawn = [dice.random() for _ in range(n)]
        rows.append((sum(d < above for d in drawn), sum(d >= 1 - below for d in drawn)))
    counted = pl.DataFrame(rows, schema=["a", "b"], orient="row").with_columns(
        truth=100 * (above - below), n=pl.lit(n), denominator=pl.lit(float(n))
    )
    value = 100 * (pl.col("a") - pl.col("b")) / n
    return _with_interval(counted.with_columns(value=value), "100 * (a - b) / n", "trinomial")


def means(truths: Sequence[float], n: int, draws: Sequence[Draw]) -> pl.DataFrame:
    """Of n rows each, their mean: every agent's by a draw of its own."""
    rows = pl.DataFrame(
        {
            "agent": [at for at, _ in enumerate(draws) for _ in range(n)],
            "x": [each() for each in draws for _ in range(n)],
        }
    )
    found = rows.group_by("agent", maintain_order=True).agg(value=pl.col("x").mean(), spread=pl.col("x").var())
    found = found.with_columns(n=pl.lit(n), denominator=pl.lit(float(n)), truth=pl.Series(truths))
    return _with_interval(found, "a / n", "mean")


def _with_interval(frame: pl.DataFrame, text: str, kind: str) -> pl.DataFrame:
    def number(node: Node) -> pl.Expr:
        return pl.col(str(node.value[0]))

    ask = Ask("kpi", formula.parse(text), interval=kind)
    told = dict(zip(("@interval", "@divided", "@factor"), map(pl.lit, shape(ask)), strict=True))
    return frame.with_columns(**told, **spread(ask, number, "spread")).with_columns(**interval())


def covered(frame: pl.DataFrame) -> float:
    """Share of the intervals that hold the truth; an interval that is not there holds nothing."""
    return float(frame.select(pl.col("truth").is_between("low", "high").fill_null(False).mean()).item())


# ---------------------------------------------------------------- what a score says of it


def scored(curves: Mapping[str, Mapping[str, object]], measured: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every agent's score with its interval, beside the score of the true values."""
    seen = _scores(curves, {kpi: frame.select("value", "low", "high") for kpi, frame in measured.items()})
    known = _scores(
        curves, {kpi: frame.select(value="truth", low="truth", high="truth") for kpi, frame in measured.items()}
    )
    return seen.join(known.select("subject", truth="score"), on="subject").sort("subject")


def _scores(curves: Mapping[str, Mapping[str, object]], measured: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    lines = [{"kpi": kpi, "weight": 100 / len(curves), **curve} for kpi, curve in curves.items()]
    card = Card.model_validate({"card": "agent", "title": "Agent", "subject": "agent_id", "kpis": lines})
    blank = dict.fromkeys(("numerator", "denominator", "se"), pl.lit(None, pl.Float64))
    values = pl.concat(
        frame.with_row_index("at").select(
            subject=pl.col("at").cast(pl.String).str.zfill(6), period=pl.lit("2026-10"), cycles=pl.lit(1, pl.Int32),
            kpi=pl.lit(kpi), variant=pl.lit(""), value="value", n=pl.lit(100, pl.Int64), **blank,
            low="low", high="high", reason=pl.lit(None, pl.String),
        )
        for kpi, frame in measured.items()
    )  # fmt: skip
    who = values.select(pl.col("subject").unique().sort()).with_columns(
        name=pl.lit(None, pl.String), team=pl.lit(None, pl.String), presence=pl.lit(None, pl.Float64)
    )
    pooled = values.clear().drop("subject")
    return score(card, {kpi: _kpi(kpi) for kpi in curves}, Facts(OCTOBER, values, pooled, who)).scores


def _kpi(name: str) -> Kpi:
    better = {"aht": "lower", "occupancy": "range"}.get(name, "higher")
    plain = {"category": "operational", "nature": "quality", "timing": "leading", "level": ["agent"], "unit": "points"}
    return Kpi.model_validate({"name": name, "better": better, "formula": "a / b", **plain})


FOUR = {
    "csat": {"floor": 0.70, "target": 0.85, "stretch": 0.95},
    "aht": {"floor": 480, "target": 330, "stretch": 280},
    "quality": {"floor": 75, "target": 90, "stretch": 97},
    "fcr": {"floor": 0.65, "target": 0.80, "stretch": 0.90},
}
"""Goals as an agent's card might state them."""
WIDE = {
    "csat": {"floor": 0.3, "target": 1.2},
    "aht": {"floor": 900, "target": 50},
    "quality": {"floor": 0, "target": 130},
    "fcr": {"floor": 0.3, "target": 1.2},
}
"""So wide that no interval comes near an end."""
Truths = Mapping[str, tuple[float, float]]
USUAL: Truths = {"csat": (0.74, 0.90), "aht": (300, 420), "quality": (80, 93), "fcr": (0.70, 0.86)}
AT_FLOOR: Truths = {"csat": (0.66, 0.72), "aht": (460, 500), "quality": (72, 77), "fcr": (0.63, 0.67)}
AT_STRETCH: Truths = {"csat": (0.93, 0.97), "aht": (265, 290), "quality": (95, 97.5), "fcr": (0.88, 0.92)}
"""From where to where the agents' true values lie."""


def four(dice: random.Random, truths: Truths, agents: int) -> dict[str, pl.DataFrame]:
    """60 surveys, 200 contacts, 8 evaluations, 600 calls. Handle times are lognormal, as wide as two thirds of their
    mean; evaluations normal with a standard deviation of 8."""
    drawn = {kpi: [dice.uniform(*span) for _ in range(agents)] for kpi, span in truths.items()}
    shape = sqrt(log(1 + (2 / 3) ** 2))
    times = [_lognormal(dice, log(mean) - shape**2 / 2, shape) for mean in drawn["aht"]]
    marks = [_normal(dice, mean, 8.0) for mean in drawn["quality"]]
    # Tables of a binomial are kept a truth: to the third decimal there are few.
    shares = {kpi: [round(p, 3) for p in drawn[kpi]] for kpi in ("csat", "fcr")}
    return {
        "csat": proportions(dice, shares["csat"], 60),
        "aht": means(drawn["aht"], 200, times),
        "quality": means(drawn["quality"], 8, marks),
        "fcr": proportions(dice, shares["fcr"], 600),
    }


def _lognormal(dice: random.Random, mu: float, sigma: float) -> Draw:
    return lambda: exp(dice.gauss(mu, sigma))


def _normal(dice: random.Random, mean: float, sigma: float) -> Draw:
    return lambda: dice.gauss(mean, sigma)


# ---------------------------------------------------------------- the report

PROPORTIONS = [(0.83, 18), (0.5, 60), (0.95, 200), (0.82, 60), (0.9, 30), (0.7, 12), (0.98, 600)]
NETS = [(0.5, 0.2, 60), (0.7, 0.1, 20), (0.9, 0.02, 20), (0.97, 0.01, 20), (0.34, 0.33, 12), (0.6, 0.4, 30)]
CARDS = {
    "away from the ends": (WIDE, USUAL),
    "usual": (FOUR, USUAL),
    "near 0": (FOUR, AT_FLOOR),
    "near 120": (FOUR, AT_STRETCH),
}


def main(agents: int) -> None:
    dice = random.Random(20261001)
    share = []
    for p, n in PROPORTIONS:
        share.append(covered(proportions(dice, [p] * agents, n)))
        print(f"proportion {p} of {n:>3}: {share[-1]:.1%}")
    print(f"proportions together: {sum(share) / len(share):.1%}")
    mixed = [proportions(dice, [round(dice.uniform(0.5, 0.98), 3) for _ in range(agents // 10)], n)
             for n in range(15, 215, 20)]  # fmt: skip
    print(f"proportions .5 to .98 of 15 to 195: {covered(pl.concat(mixed)):.1%}")
    for above, below, n in NETS:
        print(f"net of {above} and {below} of {n}: {covered(nets(dice, above, below, n, agents)):.1%}")
    for n in (3, 8, 30, 200):
        normal = means([80.0] * agents, n, [_normal(dice, 80, 8)] * agents)
        print(f"mean of {n} normal: {covered(normal):.1%}")
    for name, (curves, truths) in CARDS.items():
        found = scored(curves, four(dice, truths, agents))
        width = found.select((pl.col("high") - pl.col("low")).mean()).item()
        print(f"score of four KPIs, {name}: {covered(found):.1%}, mean width {width:.1f} points")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
