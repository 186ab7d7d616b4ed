"""Which definitions a search means: by text, category, table, card.

In: the entries, a kind and what is wished. Out: the names found, or a refusal of a wish that nothing can meet.
Refuses to know: what is said of an entry, how it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from ccmetrics.catalogue.entries import Entries
from ccmetrics.catalogue.models import Catalogue, Category, Model
from ccmetrics.catalogue.uses import Thing
from ccmetrics.problem import Place, Problem, UsageRefused, did_you_mean
from ccmetrics.rules import RULES, family

THINGS = {"kpis": "kpi", "measures": "measure", "cards": "card", "parameters": "parameter", "tables": "table"}
"""Kind of entry to what it is called among uses."""

FILTERS = {
    "category": ("kpis",),
    "table": ("kpis", "measures", "cards", "layouts", "columns"),
    "card": ("kpis", "measures", "parameters", "tables"),
}
"""Filter to the kinds it chooses among."""


@dataclass(frozen=True)
class Wish:
    text: str = ""
    category: str | None = None
    table: str | None = None
    card: str | None = None

    @property
    def filters(self) -> dict[str, str]:
        return {name: value for name in FILTERS if (value := getattr(self, name)) is not None}


def sought(entries: Entries, kind: str, wish: Wish) -> list[str]:
    """The names that meet every part of a wish, those that have the text themselves first; of an exact name that alone.

    Raises:
        UsageRefused: a filter that this kind has not, or a name that is none.
    """
    _held(entries, kind, wish)
    filters = list(wish.filters.items())
    names = [name for name in entries.names(kind) if all(_passes(entries, kind, name, *one) for one in filters)]
    exact = _exact(entries, kind, wish.text)
    if exact is not None:
        # `fcr.survey` is a variant of one of the names, `interactions.wait_s` is one itself.
        return [wish.text] if exact in names else []
    wanted = wish.text.casefold()
    found = [name for name in names if any(wanted in text.casefold() for text in _texts(entries, kind, name))]
    return sorted(found, key=lambda name: wanted not in name.casefold())


def _exact(entries: Entries, kind: str, text: str) -> str | None:
    """The entry of exactly that name, or with a variant of it."""
    if text in entries.names(kind):
        return text
    kpi, _, variant = text.partition(".")
    found = entries.catalogue.kpis.get(kpi) if kind == "kpis" else None
    return kpi if found is not None and variant in found.variants else None


def hint(entries: Entries, kind: str, text: str) -> str:
    """What may have been meant by a text that nothing has."""
    kpi, dot, variant = text.partition(".")
    found = entries.catalogue.kpis.get(kpi) if kind == "kpis" and dot else None
    if _exact(entries, kind, text) is not None:
        return ""  # it is there, and something else leaves it out
    if found is None:
        return did_you_mean(text, entries.names(kind))
    has = f"no variant '{variant}'. It has {', '.join(found.variants)}." if found.variants else "no variants."
    return f" {kpi} has {has}"


def _held(entries: Entries, kind: str, wish: Wish) -> None:
    known: dict[str, Iterable[str]] = {
        "category": get_args(Category),
        "table": entries.catalogue.tables,
        "card": entries.catalogue.cards,
    }
    problems = []
    for name, value in wish.filters.items():
        if kind not in FILTERS[name]:
            text = f"--{name} chooses among {', '.join(FILTERS[name])}, not among {kind}."
            problems.append(Problem(Place(f"--{name}"), "unknown-name", text))
        elif value not in known[name]:
            hint = did_you_mean(value, known[name]) or f" There are: {', '.join(known[name])}."
            problems.append(Problem(Place(f"--{name}"), "unknown-name", f"There is no {name} '{value}'.{hint}"))
    if problems:
        raise UsageRefused(problems)


def _passes(entries: Entries, kind: str, name: str, by: str, value: str) -> bool:
    if by == "category":
        return entries.catalogue.kpis[name].category == value
    if by == "card":
        return any(("card", value) in entries.usage.rests(thing) for thing in _things(entries, kind, name))
    if kind == "columns":
        return name.partition(".")[0] == value
    if kind == "layouts":
        return value in entries.catalogue.layouts[name].tables
    return bool(entries.usage.rests(("table", value)) & set(_things(entries, kind, name)))


def _things(entries: Entries, kind: str, name: str) -> list[Thing]:
    """An entry as uses know it; a KPI with each of its variants."""
    variants = entries.catalogue.kpis[name].variants if kind == "kpis" else ()
    return [(THINGS[kind], name), *((THINGS[kind], f"{name}.{each}") for each in variants)]


def definition(catalogue: Catalogue, kind: str, name: str) -> Model | None:
    """The definition behind an entry, where it is one by itself."""
    if kind == "columns":
        table, _, column = name.partition(".")
        return catalogue.tables[table].columns[column]
    found = getattr(catalogue, kind, {}).get(name.partition(".")[0] if kind == "kpis" else name)
    return found if isinstance(found, Model) else None


def _texts(entries: Entries, kind: str, name: str) -> Iterator[str]:
    """What a definition says, its name first, without the names of its keys."""
    yield name
    if kind == "rules":
        rule = RULES[name]
        yield from (rule.severity, family(name), rule.says, rule.why, rule.mend, rule.source)
        return
    if kind == "parameters":
        yield entries.catalogue.project.parameter_units.get(name, "")
    found = definition(entries.catalogue, kind, name)
    if found is not None:
        yield from _values(found)


def _values(value: object) -> Iterator[str]:
    if isinstance(value, Model):
        for key, field in type(value).model_fields.items():
            inner = getattr(value, key)
            if inner != field.get_default(call_default_factory=True):
                yield from _values(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _values(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _values(inner)
    else:
        yield str(value)
