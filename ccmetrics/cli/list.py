"""`ccmetrics list`: what the catalogue defines, searchable.

In: the command line. Out: a table of what was found; of one thing alone, everything said of it.
Refuses to know: data, values. Imports no polars.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ccmetrics.cli import output
from ccmetrics.cli.options import Config, Lang
from ccmetrics.problem import Place, Problem, UsageRefused
from ccmetrics.render.look import Look

if TYPE_CHECKING:
    from ccmetrics.catalogue.models import Card, Catalogue, Kpi, Layout, Measure, Model, Table

Row = tuple[str, ...]


def _kpi(name: str, kpi: Kpi, lang: str) -> Row:
    variants = [f"{one}*" if one == kpi.default else one for one in kpi.variants]
    return name, kpi.name.say(lang), kpi.unit, kpi.better, ", ".join(variants)


def _measure(name: str, measure: Measure, lang: str) -> Row:
    return name, measure.table, measure.unit or "", f"{measure.kind} {measure.formula}"


def _card(name: str, card: Card, lang: str) -> Row:
    lines = [part.kpi or f"card {getattr(part, 'linked_card', '')}" for part in card.kpis]
    return name, card.title.say(lang), card.subject, ", ".join(lines)


def _layout(name: str, layout: Layout, lang: str) -> Row:
    return name, ", ".join(layout.tables), " ".join(layout.about.split())


def _table(name: str, found: Table, lang: str) -> Row:
    return name, str(len(found.columns)), " ".join(found.about.split())


KINDS: dict[str, tuple[Row, Callable[[str, Any, str], Row]]] = {
    "kpis": (("id", "name", "unit", "better", "variants (* default)"), _kpi),
    "measures": (("id", "table", "unit", "what"), _measure),
    "cards": (("id", "title", "subject", "KPIs"), _card),
    "layouts": (("id", "tables", "about"), _layout),
    "tables": (("id", "columns", "about"), _table),
}
"""What can be listed: the heads of its table, and how one entry becomes a row. The last column takes the room left."""


def list_(
    kind: Annotated[
        Literal["kpis", "measures", "cards", "layouts", "tables"],
        typer.Argument(metavar="WHAT", help="kpis, measures, cards, layouts or tables."),
    ],
    search: Annotated[str, typer.Argument(metavar="TEXT", help="Only what has this text in its definition.")] = "",
    sheet: Annotated[
        bool, typer.Option("--sheet", help="Of a card: which value earns which points, grade and pay, before any data.")
    ] = False,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="Goals and weights in force on a day.")] = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """What the catalogue defines, searchable.

    With the id of one entry, or a text that only one has: everything said of it.
    """
    from ccmetrics.catalogue import load_catalogue

    catalogue = load_catalogue(config)
    if sheet or on is not None:
        output.send(_sheet(kind, search, on, catalogue, output.look(lang or catalogue.project.language)))
        return 0
    found = matching(getattr(catalogue, kind), search)
    look = output.look(lang or catalogue.project.language)
    if search in found or (search and len(found) == 1):
        name = search if search in found else next(iter(found))
        output.send(_whole(name, found[name], look))
    elif found:
        output.send(_listed(kind, found, look))
    else:
        typer.echo(f"Nothing among the {kind} has '{search}' in its definition.", err=True)
    return 0


def matching(entries: Mapping[str, Model], search: str) -> dict[str, Model]:
    """The entries whose name or definition holds the text, whatever the case."""
    wanted = search.casefold()
    return {
        name: entry
        for name, entry in entries.items()
        if wanted in name.casefold() or wanted in entry.model_dump_json(exclude_defaults=True).casefold()
    }


def rows(kind: str, catalogue: Catalogue, lang: str) -> list[Row]:
    """All rows of a kind, as the table shows them."""
    return [KINDS[kind][1](name, entry, lang) for name, entry in getattr(catalogue, kind).items()]


def _sheet(kind: str, name: str, on: str | None, catalogue: Catalogue, look: Look) -> bytes:
    """The sheet of one card.

    Raises:
        UsageRefused: no card of that name, or no day.
    """
    from ccmetrics.catalogue.asked import asked_card
    from ccmetrics.render.sheet import sheet as drawn_sheet
    from ccmetrics.sheet import sheet

    if kind != "cards" or not name:
        text = "A sheet is of one card: ccmetrics list cards agent --sheet."
        raise UsageRefused([Problem(Place("--sheet"), "unknown-name", text)])
    try:
        day = None if on is None else date.fromisoformat(on)
    except ValueError:
        text = f"'{on}' is no day. Write 2026-10-01."
        raise UsageRefused([Problem(Place("--on"), "bad-period", text)]) from None
    return drawn_sheet(sheet(asked_card(catalogue, name), catalogue.kpis, day), catalogue, look)


def _listed(kind: str, found: Mapping[str, Model], look: Look) -> bytes:
    from ccmetrics.render.page import Column, drawn, table, text, thinned

    heads, row = KINDS[kind]
    cells = zip(*(row(name, entry, look.lang) for name, entry in found.items()), strict=True)
    columns = [Column(head, [text(cell) for cell in part]) for head, part in zip(heads, cells, strict=True)]
    return drawn([table(thinned(columns, look), look)], look).encode()


def _whole(name: str, entry: Model, look: Look) -> bytes:
    """Everything said of one entry, a key a line, the parts of a part below it."""
    from ccmetrics.render.page import drawn, line

    parts = [line(name, "bold")]
    for key, value in entry.model_dump(mode="json", by_alias=True, exclude_defaults=True).items():
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, dict) for part in value)):
            parts.append(line(f"{key}:", indent=2))
            inside = (
                ((f"{inner}:", part) for inner, part in value.items())
                if isinstance(value, dict)
                else (("-", part) for part in value)
            )
            parts += [line(f"{mark} {_flat(part)}", indent=4) for mark, part in inside]
        else:
            parts.append(line(f"{key}: {_flat(value)}", indent=2))
    return drawn(parts, look).encode()


def _flat(value: object) -> str:
    """A value on one line, as YAML would have it."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_flat(part)}" for key, part in value.items())
    if isinstance(value, list):
        return f"[{', '.join(map(_flat, value))}]"
    return " ".join(value.split()) if isinstance(value, str) else json.dumps(value)
