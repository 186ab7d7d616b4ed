"""The catalogue as pages: a table of what was found, or everything said of one entry.

In: rows, or the facts of an entry. Out: UTF-8 text.
Refuses to know: definitions, how facts were found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ccmetrics.catalogue.facets import said
from ccmetrics.render.look import Look
from ccmetrics.render.page import Column, drawn, table, text, thinned
from ccmetrics.render.words import after, listed, say

Facts = Mapping[str, Any]

TAGS = ("category", "nature", "timing", "scope", "unit", "better", "severity", "family")
"""Facts that are one word each, and stand together below the name."""
FIRST = ("about", "says")
LAST = ("source", "owner", "serves", "at")
"""Facts about the definition rather than the thing; they come last."""
CODE = ("before", "after")
"""Facts whose lines are kept as they are."""
MOST_LABEL, MOST_COLUMNS = 28, 5


def rows(heads: Sequence[str], found: Sequence[Sequence[str]], look: Look) -> bytes:
    """The entries found, a row each; the last column takes the room left."""
    return drawn([_table([_label(head, look.lang) for head in heads], found, look)], look).encode()


def entry(facts: Facts, look: Look) -> bytes:
    """Everything said of one entry."""
    return drawn(_page(facts, look), look).encode()


def _table(heads: Sequence[str], found: Sequence[Sequence[str]], look: Look) -> RenderableType:
    cells = zip(*found, strict=True)
    columns = [Column(head, [text(cell) for cell in part]) for head, part in zip(heads, cells, strict=True)]
    return table(thinned(columns, look), look)


def _page(facts: Facts, look: Look) -> Iterator[RenderableType]:
    lang = look.lang
    name = facts.get("name") or facts.get("title") or ""
    words = name if isinstance(name, str) else name.get(lang) or name["en"]
    yield text(f"{facts['id']} · {words}" if words else str(facts["id"]), "bold")
    short_words = TAGS if "category" in facts else tuple(key for key in TAGS if key != "unit")
    tags = [_word(str(facts[key]), lang) for key in short_words if isinstance(facts.get(key), str)]
    if tags:
        yield Padding(text(" · ".join(tags), "dim"), (0, 0, 0, 2))
    told = {
        "id",
        "name",
        "title",
        "variants",
        *short_words,
        *FIRST,
        *LAST,
        *(("default",) if "variants" in facts else ()),
    }
    rest = [key for key in facts if key not in told]
    order = [*rest, *(key for key in LAST if key in facts)]
    first = {key: facts[key] for key in FIRST if key in facts}
    only = facts.get("variants", [])
    single = only[0] if len(only) == 1 else {}
    short = {key: facts[key] for key in order if not _is_block(key, facts[key])}
    yield _pairs({**first, **_said(single), **short}, look, 2)
    for variant in only if len(only) > 1 else ():
        yield Text()
        head = say("default-variant", lang, variant=variant["variant"])
        yield Padding(text(head if variant.get("is_default") else variant["variant"], "bold"), (0, 0, 0, 2))
        yield _pairs(_said(variant), look, 4)
    for key in order:
        if _is_block(key, facts[key]):
            yield Text()
            yield text(_label(key, lang), "bold")
            yield from _block(key, facts[key], look)


def _said(variant: Facts) -> Facts:
    return {key: fact for key, fact in variant.items() if key not in ("variant", "is_default")}


def _is_block(key: str, fact: Any) -> bool:
    return key in CODE or (isinstance(fact, list) and bool(fact) and isinstance(fact[0], dict))


def _block(key: str, fact: Any, look: Look) -> Iterator[RenderableType]:
    if key in CODE:
        yield from (Padding(text(each), (0, 0, 0, 2)) for each in fact.rstrip("\n").split("\n"))
    elif key == "tests":
        yield from (Padding(text(_test(each, look.lang)), (0, 0, 0, 2)) for each in fact)
    elif "part" in fact[0] and len({name for each in fact for name in each}) > MOST_COLUMNS:
        # Too much for a row: the name of each part, and what is said of it behind.
        yield _pairs({each["part"]: listed(_clauses(each), look.lang) for each in fact}, look, 2)
    else:
        fact = [_user(each, look.lang) for each in fact] if key == "used_by" else fact
        keys = list(dict.fromkeys(name for each in fact for name in each))
        # What takes the most room comes last, where it can have all that is left.
        room = {name: max(len(_flat(each.get(name, ""), look.lang)) for each in fact) for name in keys[1:]}
        keys = [keys[0], *sorted(keys[1:], key=lambda name: room[name] == max(room.values()))]
        heads = [_label(name, look.lang) for name in keys]
        found = [[_flat(each.get(name, ""), look.lang) for name in keys] for each in fact]
        inner = Look(look.width - 2, look.lang, look.color)
        yield Padding(_table(heads, found, inner), (0, 0, 0, 2))


def _user(use: Facts, lang: str) -> Facts:
    """A use in the words of a page."""
    how = _word(use["as"], lang)
    rest = {key: use[key] for key in ("weight", "variant", "value") if key in use}
    who = say(f"user-{use['user']}", lang, name=use["name"])
    return {"by": who, **rest, "as": after(how, str(use["of"]), lang) if "of" in use else how}


def _clauses(part: Facts) -> list[str]:
    return [f"{key} {_flat(value, 'en')}" for key, value in part.items() if key != "part"]


def _test(test: Facts, lang: str) -> str:
    given = listed([f"{name} {_number(value)}" for name, value in test["given"].items()], lang)
    found = say("test-gives", lang, given=given, value=_number(test.get("value")))
    return say("test-of", lang, variant=test["variant"], test=found) if test.get("variant") else found


def _number(value: float | None) -> str:
    return "null" if value is None else f"{value:.10g}"


def _pairs(facts: Facts, look: Look, indent: int) -> RenderableType:
    """A fact a line: what it is, and behind it as many lines as it takes."""
    lang = look.lang
    shown = {_label(key, lang): _flat(fact, lang) for key, fact in facts.items()}
    width = min(max((text(label).cell_len for label in shown), default=0), MOST_LABEL)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=width, overflow="fold")
    grid.add_column(width=max(20, look.width - indent - width - 4), overflow="fold")
    for label, fact in shown.items():
        grid.add_row(text(label, "dim"), text(fact))
    return Padding(grid, (0, 0, 0, indent))


def _label(key: str, lang: str) -> str:
    found = say(f"fact-{key}", lang)
    return key if found == f"fact-{key}" else found


def _word(word: str, lang: str) -> str:
    found = say(f"is-{word}", lang)
    return word if found == f"is-{word}" else found


def _flat(fact: Any, lang: str) -> str:
    """A fact on one line."""
    if isinstance(fact, list):
        return listed([_flat(each, lang) for each in fact], lang)
    if isinstance(fact, dict):
        return listed([after(str(key), _flat(value, lang), lang) for key, value in fact.items()], lang)
    return " ".join(said(fact).split())
