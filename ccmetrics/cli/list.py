"""`ccmetrics list`: what the catalogue defines, searchable.

In: the command line. Out: a table of what was found; of one thing alone, everything said of it and who uses it.
Refuses to know: data, values. Imports no polars.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ccmetrics.cli import output
from ccmetrics.cli.options import Config, Lang
from ccmetrics.problem import Place, Problem, UsageRefused
from ccmetrics.render.look import Look

if TYPE_CHECKING:
    from ccmetrics.catalogue.entries import Entries
    from ccmetrics.catalogue.sought import Wish

Row = tuple[str, ...]


def _kpi(entries: Entries, name: str, lang: str) -> Row:
    kpi = entries.catalogue.kpis[name]
    variants = [f"{one}*" if one == kpi.default else one for one in kpi.variants]
    return name, kpi.name.say(lang), kpi.unit, kpi.better, ", ".join(variants)


def _measure(entries: Entries, name: str, lang: str) -> Row:
    measure = entries.catalogue.measures[name]
    return name, measure.table, measure.unit or "", f"{measure.kind} {measure.formula}"


def _card(entries: Entries, name: str, lang: str) -> Row:
    card = entries.catalogue.cards[name]
    lines = [part.kpi or f"card {getattr(part, 'linked_card', '')}" for part in card.kpis]
    return name, card.title.say(lang), card.subject, ", ".join(lines)


def _layout(entries: Entries, name: str, lang: str) -> Row:
    layout = entries.catalogue.layouts[name]
    return name, ", ".join(layout.tables), layout.about


def _table(entries: Entries, name: str, lang: str) -> Row:
    found = entries.catalogue.tables[name]
    return name, str(len(found.columns)), found.about


def _rule(entries: Entries, name: str, lang: str) -> Row:
    from ccmetrics.rules import RULES, family

    return name, RULES[name].severity, family(name), RULES[name].says


def _parameter(entries: Entries, name: str, lang: str) -> Row:
    project = entries.catalogue.project
    users = [use["name"] for use in entries.usage.of_parameter(name)["used_by"]]
    return name, f"{project.parameters[name]:g}", project.parameter_units.get(name, ""), ", ".join(users)


def _column(entries: Entries, name: str, lang: str) -> Row:
    table, _, own = name.partition(".")
    column = entries.catalogue.tables[table].columns[own]
    marks = [mark for mark in ("required", "private", "derived") if getattr(column, mark)]
    return name, column.type, ", ".join(marks), column.about


KINDS: dict[str, tuple[Row, Callable[[Any, str, str], Row]]] = {
    "kpis": (("id", "name", "unit", "better", "variants"), _kpi),
    "measures": (("id", "table", "unit", "what"), _measure),
    "cards": (("id", "title", "subject", "KPIs"), _card),
    "layouts": (("id", "tables", "about"), _layout),
    "tables": (("id", "columns", "about"), _table),
    "rules": (("id", "severity", "family", "says"), _rule),
    "parameters": (("id", "value", "unit", "used_by"), _parameter),
    "columns": (("id", "type", "marks", "about"), _column),
}
"""What can be listed: the heads of its table, and how one entry becomes a row. The last column takes the room left."""

SAID = {"--sheet": "--sheet", "--on": "--sheet --on 2026-10-01"}
"""How each option that asks for a sheet is written."""


def list_(
    kind: Annotated[
        Literal["kpis", "measures", "cards", "layouts", "tables", "columns", "parameters", "rules"],
        typer.Argument(metavar="WHAT", help="kpis, measures, cards, layouts, tables, columns, parameters or rules."),
    ],
    search: Annotated[str, typer.Argument(metavar="TEXT", help="Only what has this text in its definition.")] = "",
    category: Annotated[
        str | None,
        typer.Option("--category", metavar="NAME", help="KPIs: financial, customer, operational or growth."),
    ] = None,
    table: Annotated[
        str | None, typer.Option("--table", metavar="NAME", help="Only what rests on a table, or stands in it.")
    ] = None,
    card: Annotated[str | None, typer.Option("--card", metavar="NAME", help="Only what a card rests on.")] = None,
    sheet: Annotated[
        bool, typer.Option("--sheet", help="Of a card: which value earns which points, grade and pay, before any data.")
    ] = False,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="Goals and weights in force on a day.")] = None,
    form: Annotated[
        Literal["table", "json"] | None, typer.Option("--format", help="json: all that is said of every one found.")
    ] = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """What the catalogue defines, searchable.

    With the id of one entry (fcr, or fcr.survey for a variant), or a text that only one has: everything said of it,
    and who uses it.
    """
    from ccmetrics.catalogue import load_whole
    from ccmetrics.catalogue.entries import Entries
    from ccmetrics.catalogue.sought import Wish, sought

    loaded = load_whole(config)
    look = output.look(lang or loaded.catalogue.project.language)
    entries = Entries(loaded.catalogue, loaded.places, "en" if form == "json" else look.lang)
    wish = Wish(search, category, table, card)
    if sheet or on is not None:
        if wish.filters or form == "json":
            text = "A sheet is one card's page; filters and --format json are for lists."
            raise UsageRefused([Problem(Place("--sheet"), "unknown-name", text)])
        output.send(_sheet(entries, kind, wish, "--sheet" if sheet else "--on", on, look))
        return 0
    found = sought(entries, kind, wish)
    if form == "json":
        output.send(_json(entries, kind, found))
    elif len(found) == 1 and search:
        output.send(_whole(entries, kind, found[0], look))
    elif found:
        output.send(_listed(entries, kind, found, look))
    if not found:
        typer.echo(_nothing(entries, kind, wish), err=True)
    return 0


def _nothing(entries: Entries, kind: str, wish: Wish) -> str:
    from ccmetrics.catalogue.sought import hint

    said = [f"'{wish.text}' in its definition"] if wish.text else []
    said += [f"{name} '{value}'" for name, value in wish.filters.items()]
    if not said:
        return f"There are no {kind}."
    return f"Nothing among the {kind} has {' and '.join(said)}.{hint(entries, kind, wish.text) if wish.text else ''}"


def _sheet(entries: Entries, kind: str, wish: Wish, option: str, on: str | None, look: Look) -> bytes:
    """The sheet of the one card that is meant.

    Raises:
        UsageRefused: no card or several, or no day.
    """
    from ccmetrics.catalogue.sought import sought
    from ccmetrics.render.sheet import sheet as drawn_sheet
    from ccmetrics.sheet import sheet

    if kind != "cards" or not wish.text:
        text = f"{option} is for the sheet of one card: ccmetrics list cards agent {SAID[option]}."
        raise UsageRefused([Problem(Place(option), "unknown-name", text)])
    found = sought(entries, kind, wish)
    if len(found) != 1:
        several = f"A sheet is of one card, these are {len(found)}: {', '.join(found)}."
        text = several if found else _nothing(entries, kind, wish)
        raise UsageRefused([Problem(Place(wish.text), "unknown-name", text)])
    catalogue = entries.catalogue
    try:
        day = None if on is None else date.fromisoformat(on)
    except ValueError:
        text = f"'{on}' is no day. Write 2026-10-01."
        raise UsageRefused([Problem(Place("--on"), "bad-period", text)]) from None
    return drawn_sheet(sheet(catalogue.cards[found[0]], catalogue.kpis, day), catalogue, look)


def _listed(entries: Entries, kind: str, found: list[str], look: Look) -> bytes:
    from ccmetrics.render.listing import rows

    heads, row = KINDS[kind]
    return rows(heads, [row(entries, name, look.lang) for name in found], look)


def _whole(entries: Entries, kind: str, name: str, look: Look) -> bytes:
    from ccmetrics.render.listing import entry

    return entry(entries.facts(kind, name), look)


def _json(entries: Entries, kind: str, found: list[str]) -> bytes:
    """Everything said of every entry, and its definition as the YAML has it."""
    from ccmetrics.catalogue.sought import definition
    from ccmetrics.render.plain import escaped

    told = []
    for name in found:
        own = definition(entries.catalogue, kind, name)
        yaml = own.model_dump(mode="json", by_alias=True, exclude_defaults=True) if own is not None else None
        told.append({**entries.facts(kind, name), **({"definition": yaml} if yaml is not None else {})})
    text = json.dumps({"kind": kind, "entries": told}, ensure_ascii=False, indent=2)
    return (escaped(text) + "\n").encode()
