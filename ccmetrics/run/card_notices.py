"""What the reader of a card must know of its data beside the numbers.

In: the world, a card, what was measured for it, its facts. Out: sentences.
Refuses to know: scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ccmetrics.catalogue.models import Card, LinkedLine
from ccmetrics.period import Period
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.measure import Measured
from ccmetrics.stages.world import World
from ccmetrics.stages.world.presence import unplanned
from ccmetrics.stages.world.subjects import without_team


def _linked_notice(number: int, line: LinkedLine) -> str:
    what = f"the points of {line.kpi}" if line.take == "kpi" else f"the {line.take}s"
    days = "the days of the period" if line.by == "center" else f"the days under each {line.by}"
    return (
        f"Line {number} is a mean of {what} of those scored on card '{line.linked_card}', weighted by {days}; "
        "it is not recomputed from rows."
    )


def _first(found: Sequence[object]) -> str:
    return ", ".join(map(str, found[:3])) + (" ..." if len(found) > 3 else "")


def _gap_notice(days: Sequence[date], period: Period) -> str:
    return (
        f"The shift plan has no hours on {len(days)} workdays of {period.label} ({_first(days)}): presence is by "
        "workdays x contract instead. Supply the whole plan, or say in `calendar` that these are none."
    )


def aimless_notice(cycles: Sequence[str]) -> tuple[str, ...]:
    """Of earlier cycles, latest first, in which the card, or one it is linked to, has no goal or weight yet."""
    if not cycles:
        return ()
    return (f"Not scored for comparison: {_first(cycles)}, before the first day of a goal or weight.",)


def card_notices(world: World, card: Card, measured: Measured, facts: Facts) -> tuple[str, ...]:
    """In words, in a fixed order."""
    said = []
    if card.subject != "center" and "roster" not in world.tables:
        said.append(f"No roster was supplied: the {facts.subjects.height} subjects are those the data names.")
    said += sorted(measured.taken.passed)
    said += [_linked_notice(index + 1, line) for index, line in enumerate(card.kpis) if isinstance(line, LinkedLine)]
    if facts.subjects["presence"].is_not_null().any() and (days := unplanned(world, facts.period)):
        said.append(_gap_notice(days, facts.period))
    if card.subject == "team" and (homeless := without_team(world, card, facts.period)):
        said.append(
            f"The roster has people without a team on days of {facts.period.label}: {len(homeless)} "
            f"({_first(homeless)}). Their rows of those days count for no team."
        )
    lacking = sorted({missing.what for missing in measured.taken.missing.values()})
    if lacking:
        said.append(f"Not supplied, so not measured: {', '.join(lacking)}.")
    return tuple(said)
