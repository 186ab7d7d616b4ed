"""Lines held against data: without values, too thin, weighing other than stated, two that are one.

In: a card over real data. Out: problems, each at its line.
Refuses to know: definitions without data, goals, grades.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import atanh, ceil, sqrt, tanh

import polars as pl

from ccmetrics.catalogue.expanded import tables_of
from ccmetrics.catalogue.models import Line
from ccmetrics.problem import Problem
from ccmetrics.run.against.held import FEWEST, MANY, Check, Held, few, named, told
from ccmetrics.scorecard import watched
from ccmetrics.stages.score.supported import variant_of

FAR = 0.15
"""How far a weight may be from the stated one. With eight like lines and `MANY` subjects, chance alone moves one of
them by about 7 points of 100; this is twice that."""
TIMES = 2.0
THIN = 0.25
"""Share of subjects below min_n that is too many."""
ALIKE = 0.9
PAIRS = 10
"""Subjects below which a correlation says nothing."""
LEVELS = 5
"""Different points on either line below which ranks are mostly ties."""

REASONS = {
    "table-not-supplied": "a table they are read from is not in the data",
    "column-not-supplied": "a column they are read from is not in the data",
    "denominator-zero": "there is nothing to divide by",
    "no-rows": "there are no rows of it",
    "all-null": "its column is empty throughout",
    "not-by-time": "its rows have no time",
}


def no_data(held: Held) -> Iterator[Problem]:
    """A KPI that is scored or watched, and nobody has a value of it."""
    if held.scorecard.scores.is_empty():
        return
    for index, line in enumerate(held.card.kpis):
        rows = held.rows(index)
        if rows["value"].null_count() < rows.height:
            continue
        key = (line.kpi, variant_of(line, held.scope.catalogue.kpis)) if isinstance(line, Line) else None
        text = f"nobody has a value of {named(line)}{_why(held, rows, key)}; {_so(held, rows)}."
        yield held.problem(("kpis", index, "kpi" if line.kpi else "linked_card"), "no-data", text)
    beside = watched(held.scorecard, held.scope.catalogue)
    for at, name in enumerate(held.card.watch):
        rows = beside.filter(pl.col("at") == at)
        if rows["value"].null_count() == rows.height:
            kpi, _, variant = name.partition(".")
            key = (kpi, variant or held.scope.catalogue.kpis[kpi].default or "")
            text = f"nobody has a value of '{name}', which it watches{_why(held, rows, key)}."
            yield held.problem(("watch", at), "no-data", text)


def _why(held: Held, rows: pl.DataFrame, key: tuple[str, str] | None) -> str:
    """The reason most of them have, and the tables that are not there."""
    counted = rows.drop_nulls("reason").group_by("reason").len().sort("len", "reason", descending=[True, False])
    if counted.is_empty():
        return ""
    reason = str(counted["reason"][0])
    if reason == "table-not-supplied" and key:
        lacks = sorted(tables_of(held.scope, key[0], key[1] or None) - held.supplied)
        if lacks:
            return f": the data hold no {', '.join(lacks)}"
    return f": {REASONS.get(reason, reason.replace('-', ' '))}"


def _so(held: Held, rows: pl.DataFrame) -> str:
    """What becomes of the card."""
    if not held.scorecard.scores["status"].is_in(["scored", "provisional"]).any():
        return "nobody has a score"
    status = set(rows["status"])
    if status == {"floor"}:
        return "everybody gets the points of the floor"
    if status == {"redistributed"}:
        return "the scores are without it"
    return "everybody gets the points of all rows together" if status == {"neutral"} else "some have no score"


def below_min_n(held: Held) -> Iterator[Problem]:
    """More than a quarter of those who have a value have too few cases behind it to be scored by it."""
    for index, line in enumerate(held.card.kpis):
        if not isinstance(line, Line) or line.min_n is None:
            continue
        rows = held.rows(index).filter(pl.col("value").is_not_null() & pl.col("n").is_not_null())
        below = rows.filter(pl.col("reason") == "below-min-n").height
        if rows.height < FEWEST or below <= THIN * rows.height:
            continue
        half = rows["n"].sort(descending=True)[ceil(rows.height / 2) - 1]
        over = f", even over {line.window} cycles" if line.window > 1 else ""
        text = (
            f"{below} of the {rows.height} subjects with a value of {named(line)} stay below min_n "
            f"{line.min_n}{over}. Half of them have {half} or more."
        )
        yield held.problem(("kpis", index, "min_n"), "below-min-n", text + few(rows.height))


def effective_weight(held: Held) -> Iterator[Problem]:
    """Lines that make up far more, or far less, of the differences between scores than their weights say: told
    together, since what one takes the others lack, at the one farthest off."""
    who = held.scorecard.scores.filter(pl.col("status") == "scored")["subject"]
    rows = held.scorecard.effective.drop_nulls("effective")
    if who.len() < MANY or rows.is_empty():
        return
    stated, real = pl.col("weight"), pl.col("effective")
    is_far = ((real > TIMES * stated) | (real < stated / TIMES)) & ((real - stated).abs() >= FAR)
    far = rows.filter(is_far).sort((real - stated).abs(), "line", descending=[True, False])
    if far.is_empty():
        return
    said = [f"{named(held.card.kpis[at])} {_hundredths(w)} as stated, {_hundredths(e)} in effect" for at, w, e in
            far.select("line", "weight", "effective").iter_rows()]  # fmt: skip
    first = far["line"][0]
    points = held.rows(first).filter(pl.col("subject").is_in(who.implode()))["points"]
    low, high = (told(round(points.quantile(q, "linear") or 0, 1)) for q in (0.25, 0.75))
    middle = low if low == high else f"{low} to {high}"
    against = " Below 0: who has more points there tends to have fewer in all." if (far["effective"] < 0).any() else ""
    text = (
        f"of the differences between the scores of {who.len()} subjects the lines make up other parts of 100 than "
        f"their weights: {'; '.join(said)}. On {named(held.card.kpis[first])} the middle half of them has {middle} "
        f"points.{against}"
    )
    yield held.problem(("kpis", first, "weight"), "effective-weight", text)


def _hundredths(weight: float) -> str:
    return told(round(100 * weight, 0))


def correlated(held: Held) -> Iterator[Problem]:
    """Two lines that put the subjects in the same order, or in the opposite one."""
    own = [held.own(index).select("subject", "points") for index in range(len(held.card.kpis))]
    for one, other in combinations(range(len(own)), 2):
        both = own[one].join(own[other], on="subject", suffix="_other").drop_nulls()
        if both.height < PAIRS or min(both["points"].n_unique(), both["points_other"].n_unique()) < LEVELS:
            continue
        r = both.select(pl.corr(pl.col("points").rank(), pl.col("points_other").rank())).item()
        if abs(r) < ALIKE:
            continue
        a, b = (named(held.card.kpis[at]) for at in (one, other))
        low, high = _interval(r, both.height)
        what = "put subjects in the same order" if r > 0 else "put subjects in opposite orders"
        text = (
            f"{a} and {b} {what}: rank correlation {told(round(r, 2))} over {both.height} subjects (95% interval "
            f"{told(low)} to {told(high)})."
        )
        key = "kpi" if held.card.kpis[other].kpi else "linked_card"
        yield held.problem(("kpis", other, key), "correlated-kpis", text)


def _interval(r: float, n: int) -> tuple[float, float]:
    """Of a rank correlation, by Fisher's transformation with the variance of Fieller, Hartley and Pearson (1957)."""
    middle, half = atanh(max(-0.9999, min(0.9999, r))), 1.959963984540054 * sqrt(1.06 / (n - 3))
    return round(tanh(middle - half), 2), round(tanh(middle + half), 2)


CHECKS: tuple[Check, ...] = (no_data, below_min_n, effective_weight, correlated)
