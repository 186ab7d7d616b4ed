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
from ccmetrics.render.page import LEAST, Column, broken, drawn, line, room, squeezed, table, text, thinned
from ccmetrics.render.plain import plain
from ccmetrics.render.words import after, listed, say

Facts = Mapping[str, Any]

TAGS = ("category", "nature", "timing", "scope", "unit", "better", "severity", "family")
"""Facts that are one word each, and stand together below the name."""
FIRST = ("about", "says")
LAST = ("source", "owner", "serves", "at")
"""Facts about the definition rather than the thing; they come last."""
CODE = ("before", "after")
"""Facts whose lines are kept as they are."""
WORDS = frozenset({*TAGS, "required", "private", "derived", "allow"})
"""Facts that are words, said in the reader's language; what else stands in a definition is shown as it is written."""
ORDER = (
    "part", "by", "parameter", "as", "measure", "table", "type", "required", "private", "derived", "refers", "variant",
    "weight", "floor", "target", "stretch", "curve", "min_n", "window", "missing", "value", "from", "map", "constant",
    "when", "amount", "factor", "score_at_most", "grade_at_most", "cap", "pool", "pay", "of", "on", "to", "due", "for",
    "unit", "what",
)  # fmt: skip
"""Columns of a table of facts, whichever entry it is of; others come behind, by name."""
MOST_LABEL, MOST_COLUMNS = 28, 5


def rows(heads: Sequence[str], found: Sequence[Sequence[str]], look: Look) -> bytes:
    """The entries found, a row each; the last column takes the room left."""
    return drawn(_rows(heads, found, look), look).encode()


def entry(facts: Facts, look: Look) -> bytes:
    """Everything said of one entry."""
    return drawn(_page(facts, look), look).encode()


def _rows(heads: Sequence[str], found: Sequence[Sequence[str]], look: Look) -> Iterator[RenderableType]:
    """The table, and below it what its marks mean and which columns it had no room for."""
    lang = look.lang
    parts = dict(zip(heads, zip(*found, strict=True), strict=True))
    columns = [
        Column(_label(head, lang), [text(_cell(head, cell, lang)) for cell in cells]) for head, cells in parts.items()
    ]
    shown = thinned(columns, look)
    yield table(shown, look)
    if any(cell.endswith("*") for cells in parts.get("variants", ()) for cell in cells.split(", ")):
        yield line(say("default-star", lang), "dim")
    if left := [column.head for column in columns[len(shown) - 1 : -1]]:
        yield _line(say("list-not-shown", lang, width=look.width, names=listed(left, lang)), look)


def _line(content: str, look: Look) -> RenderableType:
    return line(broken(content, look.width), "dim")


def _page(facts: Facts, look: Look) -> Iterator[RenderableType]:
    lang = look.lang
    name = facts.get("name") or facts.get("title") or ""
    words = name if isinstance(name, str) else name.get(lang) or name["en"]
    yield text(f"{facts['id']} · {words}" if words else str(facts["id"]), "bold")
    short_words = TAGS if "category" in facts else tuple(key for key in TAGS if key != "unit")
    tags = [_tag(key, facts[key], lang) for key in short_words if isinstance(facts.get(key), str)]
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
    yield _pairs(_labelled({**first, **_said(single), **short}, lang), look, 2)
    for variant in only if len(only) > 1 else ():
        yield Text()
        head = say("default-variant", lang, variant=variant["variant"])
        yield Padding(text(head if variant.get("is_default") else variant["variant"], "bold"), (0, 0, 0, 2))
        yield _pairs(_labelled(_said(variant), lang), look, 4)
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
    else:
        yield _parts(key, [_mapped(_user(each, look.lang) if key == "used_by" else each) for each in fact], look)


def _parts(block: str, parts: Sequence[Facts], look: Look) -> RenderableType:
    """A table, a row a part; where that is too much for rows, the name of each part and what is said of it behind."""
    inner, lang = Look(look.width - 2, look.lang, look.color), look.lang
    keys = sorted({key for part in parts for key in part}, key=lambda key: (_rank(key), key))
    columns = [
        Column(_label(key, lang, block), [text(_cell(key, part.get(key, ""), lang)) for part in parts], wraps=True)
        for key in keys
    ]
    widest = max(range(len(keys)), key=lambda at: max(cell.cell_len for cell in columns[at].cells))
    is_much = "part" in keys and len(keys) > MOST_COLUMNS
    if is_much or room(columns, widest, inner) < LEAST:
        return _pairs([(_flat(part[keys[0]], lang), _clauses(part, keys[1:], block, lang)) for part in parts], look, 2)
    return Padding(table(squeezed(columns, widest, inner), inner), (0, 0, 0, 2))


def _rank(key: str) -> int:
    return ORDER.index(key) if key in ORDER else len(ORDER)


def _mapped(part: Facts) -> Facts:
    """The codes of a column, of which each is a fact of its own, as one."""
    codes = [f"{key.removeprefix('map.')}→{value}" for key, value in part.items() if key.startswith("map.")]
    rest = {key: fact for key, fact in part.items() if not key.startswith("map.")}
    return {**rest, "map": codes} if codes else rest


def _user(use: Facts, lang: str) -> Facts:
    """A use in the words of a page."""
    how = _word(use["as"], lang)
    rest = {key: use[key] for key in ("weight", "variant", "value") if key in use}
    who = say(f"user-{use['user']}", lang, name=use["name"])
    return {"by": who, **rest, "as": after(how, str(use["of"]), lang) if "of" in use else how}


def _clauses(part: Facts, keys: Sequence[str], block: str, lang: str) -> str:
    said_ = [f"{_label(key, lang, block)} {_cell(key, part[key], lang)}" for key in keys if key in part]
    return listed(said_, lang)


def _test(test: Facts, lang: str) -> str:
    given = listed([f"{name} {_number(value)}" for name, value in test["given"].items()], lang)
    found = say("test-gives", lang, given=given, value=_number(test.get("value")))
    return say("test-of", lang, variant=test["variant"], test=found) if test.get("variant") else found


def _number(value: float | None) -> str:
    return "null" if value is None else f"{value:.10g}"


def _labelled(facts: Facts, lang: str) -> list[tuple[str, str]]:
    return [(_label(key, lang), _cell(key, fact, lang)) for key, fact in facts.items()]


def _pairs(shown: Sequence[tuple[str, str]], look: Look, indent: int) -> RenderableType:
    """A fact a line: what it is, and behind it as many lines as it takes."""
    width = min(max((text(label).cell_len for label, _ in shown), default=0), MOST_LABEL)
    rest = max(20, look.width - indent - width - 4)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=width, overflow="fold")
    grid.add_column(width=rest, overflow="fold")
    for label, fact in shown:
        grid.add_row(Text(broken(plain(label), width), "dim"), Text(broken(plain(fact), rest)))
    return Padding(grid, (0, 0, 0, indent))


def _label(key: str, lang: str, block: str = "") -> str:
    """What stands before a fact; in some blocks a key means something of its own."""
    for known in (f"fact-{block}.{key}", f"fact-{key}"):
        if (found := say(known, lang)) != known:
            return found
    return key


def _word(word: str, lang: str) -> str:
    found = say(f"is-{word}", lang)
    return word if found == f"is-{word}" else found


def _tag(key: str, word: str, lang: str) -> str:
    return say(f"better-{word}", lang) if key == "better" else _word(word, lang)


def _cell(key: str, fact: Any, lang: str) -> str:
    found = _flat(fact, lang)
    return _word(found, lang) if key in WORDS else found


def _flat(fact: Any, lang: str) -> str:
    """A fact on one line."""
    if isinstance(fact, list):
        return listed([_flat(each, lang) for each in fact], lang)
    if isinstance(fact, dict):
        return listed([after(str(key), _flat(value, lang), lang) for key, value in fact.items()], lang)
    return " ".join(said(fact).split())
