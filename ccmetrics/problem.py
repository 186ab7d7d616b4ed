"""What is wrong and where: problems with places, and the refusals that carry them.

In: names, places and sentences from every stage. Out: frozen values and their plain text.
Refuses to know: YAML, frames, colors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Place:
    """A spot in a file. Lines and columns count from 1; 0 means the whole file or line."""

    file: str
    line: int = 0
    column: int = 0
    width: int = 1

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: a stable kebab-case name, a place, and a sentence that says what and how to mend it.

    `excerpt` is the physical line at the place, where showing it cannot leak a private value. `mend` is the sentence
    that says how to mend it, where `text` does not say it already. `about` is the definition it is found in:
    ('cards', 'agent'); empty for what is wrong with a file. `path` leads to it in the definitions, where it was found
    without their files at hand.
    """

    place: Place
    name: str
    text: str
    excerpt: str = ""
    mend: str = ""
    about: tuple[str, ...] = ()
    path: tuple[str | int, ...] = ()

    @property
    def said(self) -> str:
        return f"{self.text} {self.mend}" if self.mend else self.text

    def __str__(self) -> str:
        head = f"{self.place}: {self.name}"
        if not self.excerpt:
            return f"{head}\n  {self.said}"
        gutter = f"{self.place.line:>3} | "
        line = f"{gutter}{self.excerpt}"
        if not self.place.column:
            return f"{head}\n{line}\n  {self.said}"
        # Tabs are kept so that the caret stands below its word whatever the terminal's tab width.
        lead = "".join(c if c == "\t" else " " * cells(c) for c in self.excerpt[: self.place.column - 1])
        under = self.excerpt[self.place.column - 1 : self.place.column - 1 + self.place.width]
        caret = "^" * max(1, sum(map(cells, under)))
        return f"{head}\n{line}\n{' ' * (len(gutter) - 2)}| {lead}{caret}\n  {self.said}"


def cells(character: str) -> int:
    """Terminal cells of one character: East Asian wide and full-width ones take two, marks on another none."""
    from unicodedata import category, east_asian_width

    return 2 if east_asian_width(character) in "WF" else int(category(character) not in ("Mn", "Me"))


class Refused(Exception):
    """The run stops here. Carries every problem found, sorted by file and line, and the exit code of its kind.

    `advice`: what to do about all of them together, the last things said.
    """

    exit_code = 70

    def __init__(self, problems: Iterable[Problem], advice: Sequence[str] = ()) -> None:
        self.problems = tuple(sorted(set(problems), key=_in_order))
        self.advice = tuple(advice)
        super().__init__("\n".join([*map(str, self.problems), *self.advice]))


def _in_order(problem: Problem) -> tuple[str, bool, Problem]:
    """By file and line; what is said of a whole file (how many more there are) comes after its lines."""
    return problem.place.file, not problem.place.line, problem


class UsageRefused(Refused):
    """The command line asks for something that does not exist."""

    exit_code = 2


class DataRefused(Refused):
    """An export cannot be read exactly."""

    exit_code = 3


class DefinitionsRefused(Refused):
    """The YAML has problems."""

    exit_code = 4


class FileFailed(Refused):
    """A file could not be read or written."""

    exit_code = 5


def together(refusals: Sequence[Refused]) -> Refused:
    """Several refusals as one: all their problems, of the kind of the gravest. Advice on one alone would be wrong."""
    if len(refusals) == 1:
        return refusals[0]
    kind = max((type(refused) for refused in refusals), key=lambda kind: kind.exit_code)
    return kind(problem for refused in refusals for problem in refused.problems)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?` for the closest known name, or nothing."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean '{close[0]}'?" if close else ""
