"""Which notices anybody may read: those in which no word comes from an export.

In: notices, definitions. Out: those that may be read, and one sentence that counts the others.
Refuses to know: what a notice says; who is in the data, so that nobody has to be looked for in a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.notice import Key, Label, Notice

Said = TypeVar("Said", bound=str)


def public(said: Sequence[Said], words: frozenset[str], counts: bool = True) -> tuple[Said | Notice, ...]:
    """The notices that are made of our own words and those of the definitions, of days and, where they may have
    `counts`, of numbers. All others, where there are any, as one sentence: a file's name may be a person's, and a cell
    may hold anything."""
    kept = [notice for notice in said if isinstance(notice, Notice) and _is_public(notice, words, counts)]
    gone = len(said) - len(kept)
    told = [Notice("{n:notice} {n:=is|are} for the center alone and not shown here.", n=gone)] if gone else []
    return (*kept, *told)


def words_of(catalogue: Catalogue) -> frozenset[str]:
    """Names that are in the definitions, which everybody may read."""
    columns = {column for table in catalogue.tables.values() for column in table.columns}
    return frozenset({*catalogue.kpis, *catalogue.cards, *catalogue.measures, *catalogue.tables, *columns})


def _is_public(part: object, words: frozenset[str], counts: bool) -> bool:
    if isinstance(part, Notice):
        return "subjects" not in part.parts and all(_is_public(each, words, counts) for each in part.parts.values())
    if isinstance(part, (list, tuple)):
        return all(_is_public(each, words, counts) for each in part)
    if isinstance(part, str):
        return isinstance(part, (Key, Label)) or part in words
    if isinstance(part, (int, float)) and not isinstance(part, bool):
        return counts
    return part is None or isinstance(part, (bool, date))
