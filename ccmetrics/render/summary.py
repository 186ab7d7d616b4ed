"""A result in one line, for a mail's subject: how many were scored, the middle, grades, what needs a look.

In: a result, a language. Out: one line, whatever names hold.
Refuses to know: how anything was computed; where the line goes.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ccmetrics.render import dates
from ccmetrics.render.named import center_name
from ccmetrics.render.numbers import fixed
from ccmetrics.render.plain import plain
from ccmetrics.render.words import say
from ccmetrics.scorecard import Result, Scorecard, alarmed, held

LONGEST = 24
"""Characters of a title: it is the figures that are looked for."""


def summary(result: Result, lang: str) -> bytes:
    """One card by its title. Several by the center's name, with the middle and the grades of the card that has most
    scores; red lines and alarms are those of all."""
    cards = result.scorecards
    period = dates.period(result.period.label, lang)
    if result.until is not None:
        period = say("line-so-far", lang, period=period, day=dates.day(result.until, lang))
    if len(cards) == 1:
        head, parts = cards[0].title(lang), [counted(cards, lang), *standing(cards[0], result.period.label, lang)]
    else:
        head = center_name(result.catalogue, lang)
        largest = max(cards, key=lambda card: scored(card).height)
        rest = [say("line-on-cards", lang, scored=counted(cards, lang), n=len(cards))]
        middle = joined(list(standing(largest, result.period.label, lang)), lang)
        parts = [*rest, *([say("line-of-card", lang, card=_cut(largest.title(lang)), rest=middle)] if middle else [])]
    line = say("line-card", lang, period=period, card=_cut(head), parts=joined([*parts, *alerts(result, lang)], lang))
    return f"{plain(line)}\n".encode()


def scored(card: Scorecard) -> pl.DataFrame:
    """Those with a full score."""
    return card.scores.filter(pl.col("status") == "scored")


def counted(cards: tuple[Scorecard, ...] | list[Scorecard], lang: str) -> str:
    total = sum(card.scores.height for card in cards)
    n = sum(scored(card).height for card in cards)
    return say("line-scored" if n == total else "line-part-scored", lang, n=f"{n:,}", total=f"{total:,}")


def standing(card: Scorecard, period: str, lang: str) -> Iterator[str]:
    """The median, that of the cycle before, how many have which grade; nothing where nobody was scored. That is of all:
    an agent's line tells the own score, a team's has its counts alone."""
    if card.audience == "agent":
        for row in card.scores.filter(pl.col("score").is_not_null()).iter_rows(named=True):
            yield say("line-own", lang, score=fixed(row["score"], card.card.decimals))
            if row["grade"] is not None:
                yield say("line-own-grade", lang, grade=row["grade"])
    if card.audience != "center":
        return
    medians = card.course["median"].to_list() if "median" in card.course.columns else []
    if medians and medians[-1] is not None and card.course["period"][-1] == period:
        before = dict(zip(card.course["period"], medians, strict=True)).get(card.since)
        key = "line-median" if before is None else "line-median-before"
        yield say(key, lang, value=fixed(medians[-1], 1), before=fixed(before, 1))
    if "grade" in card.grades.columns:
        for grade, n in (
            card.grades.filter((pl.col("period") == period) & (pl.col("n") > 0)).select("grade", "n").rows()
        ):
            yield say("line-grade", lang, grade=grade, n=f"{n:,}")


def alerts(result: Result, lang: str) -> Iterator[str]:
    """What must not be overlooked."""
    for key, counts in (("red", red_lines(result)), ("alarm", alarms(result))):
        n = sum(counts.values())
        if n:
            yield say(f"line-{key}" if n == 1 else f"line-{key}s", lang, n=f"{n:,}")
        open_ = sum(unjudged(result).values()) if key == "red" else 0
        if open_:
            yield say("line-unjudged-too" if n else "line-unjudged", lang, n=f"{open_:,}")
    if result.partial:
        yield say("line-partial", lang)


def red_lines(result: Result) -> dict[str, int]:
    """Card to how many of its subjects a red line holds in the period; cards with none are left out."""
    counts = {card.card.card: held(card).len() for card in result.scorecards}
    return {name: n for name, n in counts.items() if n}


def unjudged(result: Result) -> dict[str, int]:
    """Card to how many of its subjects no red line is known to hold, while of one of them nobody can tell."""
    counts = {}
    for card in result.scorecards:
        lines = card.adjustments.filter(pl.col("kind") == "red_line")
        open_ = lines.filter(~pl.col("judged") & ~pl.col("subject").is_in(held(card).implode()))
        counts[card.card.card] = open_["subject"].n_unique()
    return {name: n for name, n in counts.items() if n}


def alarms(result: Result) -> dict[str, int]:
    """Card to how many of its subjects have a KPI that is better while what guards it is worse."""
    counts = {card.card.card: alarmed(card) for card in result.scorecards}
    return {name: n for name, n in counts.items() if n}


def unwatched(result: Result) -> dict[str, int]:
    """Card to its subjects, where what guards a KPI could not be watched, or alarms are not for the reader."""
    cards = [card for card in result.scorecards if card.unwatched or "alarms" in card.suppressed]
    return {card.card.card: card.scores.height for card in cards}


def joined(parts: list[str], lang: str) -> str:
    """Clauses, where `listed` is for names."""
    return ("，" if lang == "zh" else ", ").join(parts)


def _cut(title: str) -> str:
    title = plain(" ".join(title.split()))
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"
