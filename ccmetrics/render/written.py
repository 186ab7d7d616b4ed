"""What stands behind goals, lists and actions as one English text each: so files for programs have always had it.

In: a scorecard. Out: the same with texts for structs: evidence, and why a goal is what it is.
Refuses to know: languages, units, files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from ccmetrics.scorecard import Scorecard
from ccmetrics.stages.score.goals import PART, WHY


def written(card: Scorecard) -> Scorecard:
    """Its frames as they are documented."""
    lists_ = lists(card.lists, card.card.decimals)
    return replace(card, goals=goals(card.goals), lists=lists_, actions=actions(card.actions))


def goals(frame: pl.DataFrame) -> pl.DataFrame:
    return _filled(_filled(frame, "why", _why()), "part", _part())


def lists(frame: pl.DataFrame, decimals: int) -> pl.DataFrame:
    return _filled(frame, "evidence", _of_list(decimals))


def actions(frame: pl.DataFrame) -> pl.DataFrame:
    return _filled(frame, "evidence", _of_action())


def told(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Parts of a curve as rows, each with its text."""
    structs = [{name: part[name] for name in ("part", "why")} for part in parts]
    texts = goals(pl.DataFrame(structs, schema={"part": PART, "why": WHY})).to_dicts()
    return [{**part, **text} for part, text in zip(parts, texts, strict=True)]


def _filled(frame: pl.DataFrame, column: str, text: pl.Expr) -> pl.DataFrame:
    """A frame of nothing has no such column."""
    return frame.with_columns(text.alias(column)) if column in frame.columns else frame


def _said(text: str, *parts: pl.Expr) -> pl.Expr:
    """The text with its parts; null where one is. Polars' own `format` panics at some."""
    first, *rest = text.split("{}")
    return pl.concat_str(pl.lit(first), *(each for pair in zip(parts, map(pl.lit, rest), strict=True) for each in pair))


def _plain(number: pl.Expr) -> pl.Expr:
    """As short as it reads back the same."""
    return number.cast(pl.String).str.strip_suffix(".0")


def _of_action() -> pl.Expr:
    """`csat=0.55 csat.n=24`; of several cycles `2026-10: csat=0.55; 2026-09: csat=0.61`."""
    each = pl.element().struct
    period, number = each["period"], pl.concat_str(each["name"], pl.lit("="), _plain(each["value"]).fill_null("null"))
    goes_on = period == period.shift(1)
    begun = pl.when(goes_on).then(pl.lit(" ")).otherwise(pl.concat_str(pl.lit("; "), period, pl.lit(": ")))
    found = pl.col("evidence").list
    several = found.eval(pl.concat_str(begun, number)).list.join("").str.strip_prefix("; ")
    return pl.when(pl.col("cycles") == 1).then(found.eval(number).list.join(" ")).otherwise(several)


def _of_list(decimals: int) -> pl.Expr:
    """`2026-09 A; 2026-10 B`, `2026-10: 55.00 (C), the next 60.10`, or the sentence of a grade lost by place."""
    each = pl.element().struct
    score, following = (
        each[name].round(decimals).cast(pl.Decimal(18, decimals)).cast(pl.String) for name in ("score", "next")
    )
    graded = _said("{} {}", each["period"], each["grade"].fill_null("no grade"))
    last = _said("{}: {} ({}), the next {}", each["period"], score, each["grade"], following)
    apart = pl.when(each["apart"]).then(pl.lit("told apart")).when(~each["apart"]).then(pl.lit("not told apart"))
    placed = _said(
        "{} by score ({}), {} by place; the last of a better grade has {}, {}",
        each["grade"], score, each["placed"], following, apart.otherwise(pl.lit("no interval to tell them apart by")),
    )  # fmt: skip
    what = each["what"]
    text = pl.when(what == "graded").then(graded).when(what == "last").then(last).otherwise(placed)
    return pl.col("evidence").list.eval(text).list.join("; ", ignore_nulls=False)


def _part() -> pl.Expr:
    """`queue care, 2026-10-15..2026-10-31`, `weekday other`; nothing of what is not parted."""
    part = pl.col("part").struct
    by, segment = part["by"].fill_null(""), part["segments"].list.join(", ")
    place = pl.when(segment.is_not_null() | (by != "")).then(pl.concat_str(by, pl.lit(" "), segment.fill_null("other")))
    return pl.concat_str(place, part["days"], separator=", ", ignore_nulls=True)


def _why() -> pl.Expr:
    """`stated`, `from 2026-07-01`, `last year 0.82 +5%`, `no last year: else`, or the reason why there is no goal."""
    why = pl.col("why").struct
    since = pl.concat_str(pl.lit("from "), why["since"].dt.to_string("%Y-%m-%d"))
    against = why["last_year"].list.eval(_against()).list.join("; ")
    return pl.coalesce(why["lacks"], against, since, pl.lit("stated"))


def _against() -> pl.Expr:
    each = pl.element().struct
    lacks, amid = each["lacks"], each["amid"].struct
    kept = _said("last year {} {}", _plain(each["value"].round(6)), each["change"])
    begun = _said("last year only from {} ({}): else", amid["day"], amid["table"])
    return (
        pl.when(lacks.is_null())
        .then(kept)
        .when(lacks == "last-year-amid")
        .then(begun)
        .otherwise(pl.concat_str(lacks.str.replace_all("-", " ", literal=True), pl.lit(": else")))
    )
