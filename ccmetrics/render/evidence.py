"""What stands behind a list, an action or a goal, in a reader's language: names, units, periods written out.

In: structs of a scorecard's frames, the definitions. Out: short text.
Refuses to know: how it was decided, the texts that files have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from ccmetrics.catalogue.models import Card, Catalogue, Line, Variant
from ccmetrics.plan.ask import meant
from ccmetrics.render import dates
from ccmetrics.render.named import defined, full_name
from ccmetrics.render.numbers import compared, ending, exact, fixed, shown
from ccmetrics.render.words import after, clauses, listed, say
from ccmetrics.stages.score.goals import UNKNOWN

Row = Mapping[str, Any]

APART = {True: "told-apart", False: "not-told-apart", None: "no-interval-to-tell-them-apart-by"}


def of_list(row: Row, decimals: int, lang: str) -> str:
    """`August 2026 A; September 2026 no grade`."""
    return clauses([_placed(part, decimals, lang) for part in row["evidence"]], lang)


def _placed(part: Row, decimals: int, lang: str) -> str:
    return say(
        f"evidence-{part['what']}",
        lang,
        cycle=dates.period(part["period"] or "", lang),
        score=fixed(part["score"], decimals),
        grade=part["grade"] or say("no-grade", lang),
        next=fixed(part["next"], decimals),
        placed=part["placed"],
        apart=say(APART[part["apart"]], lang),
    )


# ---------------------------------------------------------------- the numbers of an action


def of_action(row: Row, card: Card, catalogue: Catalogue, lang: str) -> str:
    """`October 2026: Customer satisfaction 52.2% < 60%, n 23 ≥ 20`; of one cycle, without it."""
    told = []
    for period, numbers in groupby(row["evidence"], key=lambda number: number["period"]):
        text = listed(list(_numbers(numbers, card, catalogue, lang)), lang)
        told.append(text if row["cycles"] == 1 else after(dates.period(period, lang), text, lang))
    return clauses(told, lang)


def _numbers(numbers: Iterable[Row], card: Card, catalogue: Catalogue, lang: str) -> Iterator[str]:
    """Each by name and unit; an n right after its KPI without saying again of what."""
    before = ""
    for number in numbers:
        whose, is_n, unit, display = _called(number["name"], card, catalogue, lang)
        names = [*([] if is_n and whose == before else [whose]), *([say("n", lang)] if is_n else [])]
        said = [shown(number["value"], unit, display, lang)]
        if number["sign"]:
            said = compared(number["value"], number["limit"], unit, display, lang)
            said.insert(1, number["sign"])
        yield " ".join([*names, *said])
        before = whose


def _called(name: str, card: Card, catalogue: Catalogue, lang: str) -> tuple[str, bool, str | None, str | None]:
    """What a name of the condition is called, whether it is an n, unit and display. A measure has no other name."""
    key, *rest = name.split(".")
    if not rest and key in catalogue.measures:
        measure = catalogue.measures[key]
        return key, False, measure.unit or ("count" if measure.kind in ("count", "distinct") else None), None
    kpi = catalogue.kpis[key]
    lines = {line.kpi: line for line in card.kpis if isinstance(line, Line)}
    variant, is_n = meant(kpi, (key, *rest), lines.get(key))
    own = defined(catalogue, key, variant)
    whose = full_name(catalogue, key, rest[0] if rest and rest[0] in kpi.variants else None, lang)
    return (whose, True, "count", None) if is_n else (whose, False, own.unit, own.display)


# ---------------------------------------------------------------- where a goal comes from


def part_of(part: Row, lang: str) -> str:
    """`queue care, 15–31 Oct 2026`; nothing of what is all."""
    by, segments, days = part["by"], part["segments"], part["days"]
    names = [
        say("by-unknown", lang) if name == UNKNOWN else say(f"weekday-{name}", lang) if by == "weekday" else name
        for name in segments or ()
    ]
    told = listed(names, lang) if segments else say("by-other", lang)
    place = say(f"by-{by}", lang, names=told) if by else told if segments else ""
    return listed([text for text in (place, dates.period(days, lang) if days else "") if text], lang)


def goal(why: Row, own: Variant, lang: str) -> str:
    """`in force since 1 Oct 2026`, `last year 81%, +2%`."""
    if why["lacks"] is not None:
        return say(why["lacks"], lang)
    if why["last_year"] is not None:
        return clauses([_held_against(each, own, lang) for each in why["last_year"]], lang)
    return say("x-stated", lang) if why["since"] is None else say("x-since", lang, day=dates.day(why["since"], lang))


def _held_against(year: Row, own: Variant, lang: str) -> str:
    if year["lacks"] is None:
        change = year["change"]
        told = f"{change.removesuffix('pp')}{ending('pp', lang)}" if change.endswith("pp") else change
        return say("goal-of-last-year", lang, value=exact(year["value"], own.unit, own.display, lang), change=told)
    begun = year["amid"] or {"day": "", "table": ""}
    reason = say(year["lacks"], lang, day=dates.period(begun["day"] or "", lang), table=begun["table"])
    return say("goal-else", lang, reason=reason)
