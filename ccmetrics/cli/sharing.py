"""For whom results are: the center, a team, a person.

In: the command line's words, a result. Out: the result as its readers may see it, or why the words do not go together.
Refuses to know: what may be seen, how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ccmetrics.problem import Place, Problem, UsageRefused

if TYPE_CHECKING:
    from ccmetrics.scorecard import Audience, Result


ALWAYS = ("--seal", "--actions")
ONE_FILE = ("--out", "--format", "--summary")


@dataclass(frozen=True)
class Readers:
    """Who shall read it, and of what they see a part."""

    audience: Audience
    team: str | None
    subject: str | None

    @property
    def are_few(self) -> bool:
        return self.audience != "center"


def readers(
    audience: Audience, team: str | None, subject: str | None, folder: Path | None, said: Mapping[str, object]
) -> Readers:
    """The wish. `said`: by their names, what options say that write what only the center may see.

    Raises:
        UsageRefused: the options do not go together.
    """
    if team is not None and subject is not None:
        _refuse("--team", "needless-option", "--subject says more. Leave one of them out.")
    if folder is not None:
        for option, value in (("--team", team), ("--subject", subject)):
            if value is not None:
                _refuse(option, "needless-option", "--out-dir writes the reports of everybody. Leave one of them out.")
    if audience != "center":
        _narrow(audience, team, subject, folder)
        # Beside a folder of everybody's files these would be of all together.
        for option in (*ALWAYS, *(ONE_FILE if folder is not None else ())):
            if said.get(option):
                text = f"It is of everybody, and --audience {audience} is not. Leave one of them out."
                _refuse(option, "needless-option", text)
    return Readers(audience, team, subject)


def _narrow(audience: Audience, team: str | None, subject: str | None, folder: Path | None) -> None:
    option, said = ("--team", team) if audience == "team" else ("--subject", subject)
    other, wrong = ("--subject", subject) if audience == "team" else ("--team", team)
    if wrong is not None:
        _refuse(other, "needless-option", f"--audience {audience} goes with {option}.")
    if said is None and folder is None:
        text = f"--audience {audience} needs {option} X, or --out-dir DIR for a file each."
        _refuse("--audience", "missing-option", text)


def seen_by(who: Readers, result: Result) -> Result:
    """As its readers may see it; in a folder everything is still together."""
    from ccmetrics.render.audience import for_agent, for_team
    from ccmetrics.render.narrow import to_subject, to_team

    if who.team is not None:
        return for_team(result, who.team) if who.are_few else to_team(result, who.team)
    if who.subject is not None:
        return for_agent(result, who.subject) if who.are_few else to_subject(result, who.subject)
    return result


def _refuse(option: str, name: str, text: str) -> None:
    raise UsageRefused([Problem(Place(option), name, text)])
