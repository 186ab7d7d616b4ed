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
from ccmetrics.catalogue.scope import Path
from ccmetrics.problem import Problem
from ccmetrics.run.against.held import FEWEST, MANY, Check, Held, few, named, told
from ccmetrics.scorecard import watched
from ccmetrics.stages.score.supported import variant_of

Key = tuple[str, str] | None
"""KPI and variant; none of a line linked to another card."""

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

NO_SCORE = "nobody has a score"
LACKING = ("table-not-supplied", "column-not-supplied", "all-null", "not-covered")
"""Reasons that lie in what was delivered."""
STANDS_IN = {
    "floor": "the points of the floor stand in",
    "redistributed": "the other lines take over the weight",
    "neutral": "the points of all rows together stand in",
}
REASONS = {
    "table-not-supplied": "the table it is read from is not in the data",
    "column-not-supplied": "a column it is read from is not in the data",
    "denominator-zero": "there is nothing to divide by",
    "no-rows": "there are no rows of it",
    "all-null": "its column is empty throughout",
    "not-covered": "the table it is read from has no rows in the period",
    "not-by-time": "it has one value a period only",
    "nobody-scored": "none of those it is linked to has a score",
    "undefined": "its formula gives no number",
}


def no_data(held: Held) -> Iterator[Problem]:
    """KPIs that are scored or watched, and nobody has a value of them: told together where the reason is the same."""
    if held.scorecard.scores.is_empty():
        return
    found: dict[tuple[str, str], list[tuple[Path, str]]] = {}
    for path, key, name, so, rows in (*_scored(held), *_watched(held)):
        if rows["value"].null_count() == rows.height and not _is_a_gap(held, key, so, rows):
            found.setdefault((_why(held, rows, key), so), []).append((path, name))
    for (why, so), lacking in found.items():
        names = ", ".join(name for _, name in lacking)
        text = f"nobody has a value of {names}{': ' * bool(why)}{why}{'; ' * bool(so)}{so}."
        yield held.problem(lacking[0][0], "no-data", text)


Values = tuple[Path, Key, str, str, pl.DataFrame]
"""Where a KPI stands on the card, which it is, its name, what becomes of the card without it, everybody's values."""


def _scored(held: Held) -> Iterator[Values]:
    for index, line in enumerate(held.card.kpis):
        rows = held.rows(index)
        key = (line.kpi, variant_of(line, held.scope.catalogue.kpis)) if isinstance(line, Line) else None
        yield ("kpis", index, "kpi" if key else "linked_card"), key, named(line), _so(held, rows), rows


def _watched(held: Held) -> Iterator[Values]:
    beside = watched(held.scorecard, held.scope.catalogue)
    for at, name in enumerate(held.card.watch):
        kpi, _, variant = name.partition(".")
        key = (kpi, variant or held.scope.catalogue.kpis[kpi].default or "")
        yield ("watch", at), key, f"'{name}' (watched)", "", beside.filter(pl.col("at") == at)


def _is_a_gap(held: Held, key: Key, so: str, rows: pl.DataFrame) -> bool:
    """Whether there merely was nothing of it this time: others were scored all the same, and it was there before."""
    if so == NO_SCORE or key is None or rows["reason"].is_in(LACKING).any() or held.scorecard.trends.is_empty():
        return False
    mine = (pl.col("kpi") == key[0]) & (pl.col("variant") == key[1])
    return held.scorecard.trends.filter(mine)["value"].is_not_null().any()


def _why(held: Held, rows: pl.DataFrame, key: Key) -> str:
    """The reason most of them have, with the tables that are not there."""
    counted = rows.drop_nulls("reason").group_by("reason").len().sort("len", "reason", descending=[True, False])
    if counted.is_empty():
        return ""
    reason = str(counted["reason"][0])
    if reason == "table-not-supplied" and key:
        lacks = sorted(tables_of(held.scope, key[0], key[1] or None) - held.supplied)
        if lacks:
            return f"the data hold no {', '.join(lacks)}"
    return REASONS.get(reason, reason.replace("-", " "))


def _so(held: Held, rows: pl.DataFrame) -> str:
    """What becomes of those without a value."""
    if not held.scorecard.scores["status"].is_in(["scored", "provisional"]).any():
        return NO_SCORE
    status = {*rows["status"]}
    return STANDS_IN[status.pop()] if len(status) == 1 and status <= {*STANDS_IN} else "some have no score"


def below_min_n(held: Held) -> Iterator[Problem]:
    """More than a quarter have too few cases, or none at all, to be scored by them."""
    for index, line in enumerate(held.card.kpis):
        if not isinstance(line, Line) or line.min_n is None:
            continue
        rows = held.rows(index)
        none = pl.col("value").is_null() & (pl.col("n").fill_null(0) == 0)
        few_or_none = none | (pl.col("reason") == "below-min-n").fill_null(False)
        below, without = rows.filter(few_or_none).height, rows.filter(none).height
        if rows.height < FEWEST or below <= THIN * rows.height or _all_lack(rows):
            continue
        half = rows["n"].fill_null(0).sort(descending=True)[ceil(rows.height / 2) - 1]
        over = f", even over {line.window} cycles" if line.window > 1 else ""
        with_none = f", {without} of them without any" if without else ""
        text = (
            f"{below} of the {rows.height} subjects have fewer cases of {named(line)} than min_n {line.min_n}{over}"
            f"{with_none}. Half of all have {half or 'none'}{' or more' if half else ''}."
        )
        yield held.problem(("kpis", index, "min_n"), "below-min-n", text + few(rows.height))


def stood_in(held: Held) -> Iterator[Problem]:
    """More than a quarter of those with a score are scored on a line by its policy, for want of any value."""
    who = held.scorecard.scores.drop_nulls("score")["subject"]
    for index, line in enumerate(held.card.kpis):
        rows = held.rows(index).filter(pl.col("subject").is_in(who.implode()))
        lacking = rows.filter(pl.col("value").is_null())
        has_minimum = isinstance(line, Line) and line.min_n is not None
        if has_minimum or rows.height < FEWEST or lacking.height <= THIN * rows.height or _all_lack(rows):
            continue
        text = (
            f"{lacking.height} of the {rows.height} subjects with a score have no value of {named(line)}; "
            f"{_so(held, lacking)}."
        )
        key = "kpi" if isinstance(line, Line) else "linked_card"
        yield held.problem(("kpis", index, key), "stood-in", text + few(rows.height))


def _all_lack(rows: pl.DataFrame) -> bool:
    """That nobody has a value has its own finding."""
    return rows["value"].null_count() == rows.height


def effective_weight(held: Held) -> Iterator[Problem]:
    """Lines that make up far more, or far less, of the differences between scores than their weights say: told
    together, since what one takes the others lack, at the one farthest off."""
    who = held.scorecard.scores.filter(pl.col("status") == "scored")["subject"]
    own = pl.col("status") == "own"
    lines = held.scorecard.lines.filter(pl.col("subject").is_in(who.implode()))
    # What is mostly stood in for has its own finding.
    alive = lines.group_by("line").agg(own=own.mean()).filter(pl.col("own") >= 0.5)["line"]
    rows = held.scorecard.effective.drop_nulls("effective").filter(pl.col("line").is_in(alive.implode()))
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
    points = lines.filter(pl.col("line") == first)["points"]
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


CHECKS: tuple[Check, ...] = (no_data, below_min_n, stood_in, effective_weight, correlated)
