"""The first rows of every measure, below the tree, where there is room for them.

In: a told card. Out: a table a measure.
Refuses to know: how rows were chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ccmetrics.explanation import VALUE, CardTold, MeasureTold, Source, Worth
from ccmetrics.render.numbers import ABSENT, digits
from ccmetrics.render.page import text
from ccmetrics.render.plain import plain
from ccmetrics.render.words import listed, say

EXPORT = "export"


def rows(card: CardTold, lang: str) -> Iterator[RenderableType]:
    """Nothing where none are listed."""
    found = [(m, source) for worth in worths(card) for m in worth.measures for source in m.sources]
    shown = [(measure, source) for measure, source in found if source.listed.height]
    if shown:
        yield Text()
        yield text(say("x-head-rows", lang), "bold")
    for measure, source in shown:
        yield text(_title(measure, source, lang))
        yield _table(source, lang)
        yield Text()


def worths(card: CardTold) -> Iterator[Worth]:
    """Every formula of the card that was followed down, in the order of the tree."""
    for item in card.items:
        yield from filter(None, (item.when, item.amount))
    for line in card.lines:
        yield from filter(None, (line.worth, line.stand_in))


def _title(measure: MeasureTold, source: Source, lang: str) -> str:
    shown = source.listed
    key = "x-rows-all" if shown.height == source.used else "x-rows-of"
    said = [say(key, lang, name=measure.label, n=f"{shown.height:,}", used=f"{source.used:,}", table=source.table)]
    if shown[EXPORT].n_unique() == 1:
        said.append(say("x-rows-from", lang, export=shown[EXPORT][0] or ABSENT))
    if source.hidden and source.kind == "distinct":
        said.append(say("x-rows-hidden", lang))
    return listed(said, lang)


def _table(source: Source, lang: str) -> Table:
    """Every cell whole, on as many lines as it takes."""
    shown = source.listed
    # A count takes every row alike; one export is named above.
    idle = [VALUE] if source.kind == "count" else []
    shown = shown.drop(*idle, *([EXPORT] if shown[EXPORT].n_unique() == 1 else []))
    drawn = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for name, dtype in shown.schema.items():
        head = say("x-export", lang) if name == EXPORT else name
        drawn.add_column(Text(plain(head)), justify="right" if dtype.is_numeric() else "left", overflow="fold")
    for row in shown.iter_rows():
        drawn.add_row(*(Text(_cell(cell)) for cell in row))
    return drawn


def _cell(value: object) -> str:
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return digits(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else plain(str(value))
