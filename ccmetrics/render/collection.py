"""All reports of one result: everybody, each card, each team, in every format asked for.

In: a result, formats. Out: what each report is of; the files by their paths.
Refuses to know: the disk, what else lies in the folder, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ccmetrics.render.audience import by_subject
from ccmetrics.render.audience import by_team as by_team_alone
from ccmetrics.render.file_names import file_names
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.look import Look
from ccmetrics.render.narrow import by_team, to_card
from ccmetrics.scorecard import Audience, Result


@dataclass(frozen=True)
class Report:
    """A result to be drawn under a name, `path` being without the ending that each format has."""

    path: str
    of: Literal["all", "card", "team", "person"]
    name: str
    """Of the card, team or person."""
    result: Result


def reports(result: Result, audience: Audience = "center") -> tuple[Report, ...]:
    """Everything together, then card by card, then team by team; for others than the center, one for each of them."""
    if audience == "team":
        alone = by_team_alone(result)
        return tuple(Report(f"teams/{file}", "team", name, alone[name]) for name, file in file_names(alone).items())
    if audience == "agent":
        alone = by_subject(result)
        return tuple(Report(f"people/{file}", "person", name, alone[name]) for name, file in file_names(alone).items())
    cards = {card.card.card: to_card(result, card) for card in result.scorecards}
    teams = by_team(result)
    found = [Report("report", "all", "", result)]
    found += [Report(f"cards/{file}", "card", name, cards[name]) for name, file in file_names(cards).items()]
    found += [Report(f"teams/{file}", "team", name, teams[name]) for name, file in file_names(teams).items()]
    return tuple(found)


def drawn(found: Sequence[Report], formats: Mapping[str, str], look: Look) -> dict[str, bytes]:
    """Every report in every format; `formats` gives each ending (`.csv`) its format. What is one and the same result
    is drawn once, and so is what reports of parts of the first have in common with it."""
    look = replace(look, whole=next((report.result for report in found if report.of == "all"), None), kept={})
    files: dict[str, bytes] = {}
    known: dict[tuple[int, str], bytes] = {}
    for report in found:
        for ending, form in formats.items():
            # A result lives as long as `found`: no other comes to bear its id.
            key = (id(report.result), form)
            if key not in known:
                known[key] = FORMATS[form].score(report.result, look)
            files[f"{report.path}{ending}"] = known[key]
    return files
