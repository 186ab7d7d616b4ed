"""A sentence that must be said beside numbers, in a form that other languages can be made of.

In: an English template and what goes into it. Out: the English sentence, which remembers both.
Refuses to know: other languages, who says it, where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from string import Formatter
from typing import Protocol

Show = Callable[[object], str]


class Label(str):
    """The label of a period, `2026-10`: pages write it out."""


class Key(str):
    """A word that reports have a phrase for: a reason, the name of a cycle."""


class Words(Protocol):
    """What a definition is called, by language."""

    def say(self, lang: str) -> str: ...


class Called(str):
    """The key of a definition, `fcr`: files for programs have it, and pages what the definition calls itself."""

    words: Words

    def __new__(cls, key: str, words: Words) -> Called:
        found = super().__new__(cls, key)
        found.words = words
        return found


class Clauses(tuple[object, ...]):
    """Parts of a sentence that have commas of their own: other signs stand between them."""


class Notice(str):
    """The English sentence. `template` is its key in other languages; `parts` fill it, notices among them.

    Where a number has a noun as its format, `{n:row}`, it is told with it: `1 row`, `1,204 rows`; `{n:entry|entries}`
    says both, and `{n:=is|are}` the word alone. Ids and names of subjects, or of people, stand in the part `subjects`.
    """

    template: str
    parts: Mapping[str, object]

    def __new__(cls, template: str, /, **parts: object) -> Notice:
        found = super().__new__(cls, filled(template, parts, plainly))
        found.template, found.parts = template, parts
        return found


def of_export(name: str, said: Notice) -> Notice:
    return Notice("{export}: {said}", export=name, said=said)


def all_of(names: Sequence[object]) -> object:
    """`one and other`."""
    return reduce(lambda one, other: Notice("{one} and {other}", one=one, other=other), names)


def plainly(part: object) -> str:
    if isinstance(part, (list, tuple)):
        return ("; " if isinstance(part, Clauses) else ", ").join(map(plainly, part))
    return str(part)


def filled(template: str, parts: Mapping[str, object], show: Show) -> str:
    """The template with its parts: numbers here, whatever else is in them by `show`."""
    return _Filling(show).vformat(template, (), parts)


class _Filling(Formatter):
    def __init__(self, show: Show) -> None:
        self.show = show

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{value:,}" if not format_spec else _counted(value, format_spec)
        if isinstance(value, float):
            return format(value, format_spec)
        return self.show(value)


def _counted(n: int, noun: str) -> str:
    """`1 row`, `1,204 rows`; of `=is|are` the word alone."""
    one, _, many = noun.removeprefix("=").partition("|")
    word = one if n == 1 else many or f"{one}s"
    return word if noun.startswith("=") else f"{n:,} {word}"
