"""What the reader of a card must know of its data beside the numbers.

In: the world, a card, what was measured for it, its facts. Out: sentences.
Refuses to know: scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ccmetrics.catalogue.models import Card, Catalogue, LinkedLine
from ccmetrics.notice import Label, Notice
from ccmetrics.period import Period
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.measure import Measured
from ccmetrics.stages.world import World
from ccmetrics.stages.world.presence import unplanned
from ccmetrics.stages.world.subjects import without_team


def _linked_notice(catalogue: Catalogue, number: int, line: LinkedLine) -> Notice:
    if line.take == "kpi":
        what = Notice("the points of {kpi}", kpi=catalogue.kpi_called(line.kpi or ""))
    else:
        what = Notice("the scores") if line.take == "score" else Notice("the bases")
    whole = line.by == "center"
    days = Notice("the days of the period") if whole else Notice("the days under each {by}", by=line.by)
    return Notice(
        "Line {number} is a mean of {what} of those scored on card '{card}', weighted by {days}; it is not recomputed "
        "from rows.",
        number=number,
        what=what,
        card=catalogue.cards[line.linked_card].called,
        days=days,
    )


def _first(found: Sequence[object]) -> Notice:
    if len(found) > 3:
        return Notice("{first} ...", first=list(found[:3]))
    return Notice("{first}", first=list(found))


def _gap_notice(days: Sequence[date], period: Period) -> Notice:
    return Notice(
        "The shift plan has no hours on {n:workday} of {period} ({days}): presence is by workdays x contract instead. "
        "Supply the whole plan, or say in `calendar` that these are none.",
        n=len(days),
        period=Label(period.label),
        days=_first(days),
    )


def aimless_notice(cycles: Sequence[str]) -> tuple[Notice, ...]:
    """Of earlier cycles, in the order of time, in which the card, or one it is linked to, has no goal or weight yet."""
    if not cycles:
        return ()
    first = _first(list(map(Label, cycles)))
    return (Notice("Not scored for comparison: {cycles}, before the first day of a goal or weight.", cycles=first),)


def card_notices(world: World, card: Card, measured: Measured, facts: Facts) -> tuple[Notice, ...]:
    """In words, in a fixed order."""
    said: list[Notice] = []
    if card.subject != "center" and "roster" not in world.tables:
        said.append(
            Notice(
                "No roster was supplied: the {n:subject} {n:=is the one|are those} the data names.",
                n=facts.subjects.height,
            )
        )
    said += sorted(measured.taken.passed)
    lines = [(at, line) for at, line in enumerate(card.kpis, 1) if isinstance(line, LinkedLine)]
    said += [_linked_notice(world.catalogue, at, line) for at, line in lines]
    if facts.subjects["presence"].is_not_null().any() and (days := unplanned(world, facts.period)):
        said.append(_gap_notice(days, facts.period))
    if card.subject == "team" and (homeless := without_team(world, card, facts.period)):
        said.append(
            Notice(
                "The roster has people without a team on days of {period}: {n} ({subjects}). Their rows of those days "
                "count for no team.",
                period=Label(facts.period.label),
                n=len(homeless),
                subjects=_first(homeless),
            )
        )
    lacking = sorted({missing.what for missing in measured.taken.missing.values()})
    if lacking:
        said.append(Notice("Not supplied, so not measured: {names}.", names=lacking))
    return tuple(said)
