"""The sheets of what stands behind the numbers: definitions and goals, where every row went, what it was made by.

In: a result, a book. Out: sheets.
Refuses to know: how a sheet is written, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial as later
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Card, Catalogue, Variant
from ccmetrics.render.board import titles_of
from ccmetrics.render.curves import curves_for, parts_of, stated, stepped, target_of
from ccmetrics.render.in_force import in_force
from ccmetrics.render.look import Look
from ccmetrics.render.named import LINKED, defined, kpi_name
from ccmetrics.render.numbers import exact, shown
from ccmetrics.render.terminal import balance, partial
from ccmetrics.render.words import listed, say, told
from ccmetrics.render.workbook.book import ALARM, Book
from ccmetrics.render.workbook.cells import Column
from ccmetrics.scorecard import Measurement, Outcome, Result, Scorecard

Pair = tuple[str, str]
Row = dict[str, Any]
PROSE = 60


def of_result(result: Result, look: Look) -> list[Pair]:
    """Every KPI that a sheet shows, with its variant, once."""
    found = dict.fromkeys(pair for card in result.scorecards for pair in titles_of(card, result.catalogue, look))
    return [pair for pair in found if not pair[0].startswith(LINKED)]


def of_measurement(measured: Measurement) -> list[Pair]:
    return measured.values.select("kpi", "variant").unique(maintain_order=True).rows()


def definitions(book: Book, pairs: Iterable[Pair], result: Result | Measurement, look: Look) -> None:
    lang, catalogue = book.lang, result.catalogue
    cards = [card.card for card in result.scorecards] if isinstance(result, Result) else []
    among = tuple(card.card for card in cards)
    rows = [
        look.once(("row of definitions", pair, among), later(_definition, pair, cards, catalogue, lang))
        for pair in pairs
    ]
    if not rows:
        return
    sheet = book.sheet(say("book-definitions", lang))
    texts = {key: [row[key] for row in rows] for key in rows[0]}
    columns = [Column(say(key, lang), column, most=PROSE) for key, column in texts.items() if any(column)]
    sheet.table("definitions", columns, freeze=1)
    sheet.close()


def _definition(pair: Pair, cards: Sequence[Card], catalogue: Catalogue, lang: str) -> dict[str, str | None]:
    name, variant = pair
    kpi, own = catalogue.kpis[name], defined(catalogue, name, variant)
    return {
        "kpi-name": kpi.name.say(lang),
        "fact-id": name,
        "fact-variant": variant or None,
        "fact-formula": " ".join(own.formula.split()),
        "fact-parameters": "\n".join(in_force(pair, cards, catalogue, lang)) or None,
        "fact-unit": _unit(own, lang),
        "fact-better": say(f"better-{kpi.better}", lang),
        "fact-category": say(f"is-{kpi.category}", lang),
        "fact-n": own.n,
        "fact-guardrails": _names(catalogue, kpi.guardrails, lang),
        "fact-about": own.about.say(lang) or None,
        "fact-source": own.source.say(lang) or None,
    }


def _unit(own: Variant, lang: str) -> str:
    unit = say(f"is-{own.unit}", lang)
    return f"{unit} (‰)" if own.display == "per_1000" else unit


def _names(catalogue: Catalogue, names: Iterable[str], lang: str) -> str | None:
    """A guardrail may name its variant behind a dot."""
    return listed([kpi_name(catalogue, name.partition(".")[0], lang) for name in names], lang) or None


def goals(book: Book, result: Result, look: Look) -> None:
    """A row a line of a card: weight, target, and which value earns which points."""
    lang = book.lang
    rows = [row for card in result.scorecards for row in _lines(card, result.catalogue, look)]
    if not rows:
        return
    sheet = book.sheet(say("book-goals", lang))
    sheet.table(
        "goals",
        [
            Column(say("book-card", lang), [row["card"] for row in rows]),
            Column(say("kpi", lang), [row["name"] for row in rows]),
            Column(say("weight", lang), [row["weight"] for row in rows]),
            Column(say("book-target", lang), [row["target"] for row in rows], [row["said"] for row in rows]),
            Column(say("book-curve", lang), [row["curve"] for row in rows], most=PROSE),
        ],
        freeze=2,
    )
    sheet.close()


def _lines(card: Scorecard, catalogue: Catalogue, look: Look) -> Iterator[Row]:
    lang = look.lang
    named, curves, parts = titles_of(card, catalogue, look), curves_for(card, look), parts_of(card.goals)
    each = card.lines.group_by("line", "kpi", "variant", maintain_order=True).agg(pl.col("weight").unique())
    for at, kpi, variant, weights in each.iter_rows():
        own = defined(catalogue, kpi, variant)
        # Stated, as its curve: a total's target in the lines goes by each one's time present.
        target = target_of(curves, at)
        yield {
            "card": card.title(lang),
            "name": named[kpi, variant],
            "weight": weights[0] if len(weights) == 1 else None,
            "target": target,
            "said": exact(target, own.unit, own.display, lang),
            "curve": stated(parts.get(at, ()), stepped(card, at), own, lang),
        }


COUNTS = ("read", "used", "duplicates", "superseded", "folded", "outside", "filtered", "excluded")


def quality(book: Book, result: Outcome, accounts: Iterable[Any]) -> None:
    """Where the rows of every export went; each line adds up."""
    lang, rows = book.lang, list(accounts)
    sheet = book.sheet(say("book-quality", lang))
    sheet.line(balance(rows, lang), bold=True)
    if result.partial:
        sheet.line(partial(result, lang), bold=True, font_color=ALARM)
    sheet.gap()
    if rows:
        sheet.table(
            "rows",
            [
                Column(say("book-export", lang), [row.export for row in rows], most=PROSE),
                Column(say("fact-table", lang), [row.table for row in rows]),
                *(Column(say(f"book-rows-{key}", lang), [getattr(row, key) for row in rows],
                         [shown(getattr(row, key), "count", None, lang) for row in rows]) for key in COUNTS),
                Column(say("book-rows-rejected", lang), [sum(row.rejected.values()) for row in rows]),
                Column(say("book-balances", lang), [say("is-yes" if row.balances else "is-no", lang) for row in rows]),
                Column(say("book-reasons", lang), [_reasons(row.rejected, lang) for row in rows], most=PROSE),
            ],
            freeze=1,
        )  # fmt: skip
    sheet.close()


def _reasons(rejected: Any, lang: str) -> str | None:
    return listed([f"{reason} {n:,}" for reason, n in sorted(rejected.items())], lang) or None


def provenance(book: Book, result: Result | Measurement) -> None:
    """Versions and hashes in full, and every export that was read."""
    lang = book.lang
    sheet = book.sheet(say("book-provenance", lang))
    made = dict(result.provenance)
    sheet.table(
        "made_by",
        [
            Column(say("book-key", lang), [say(f"page-made-{key}", lang) for key in made], most=PROSE),
            Column(say("value", lang), [str(value) for value in made.values()], most=70),
        ],
    )
    if result.inputs:
        sheet.gap()
        inputs = result.inputs
        sheet.table(
            "inputs",
            [
                Column(say("book-export", lang), [each.name for each in inputs], most=PROSE),
                Column("sha256", [each.sha256 for each in inputs], most=72),
                Column(say("book-hashed", lang), [say(f"hashed-{each.hashed}", lang) for each in inputs]),
                Column(say("book-rows-read", lang), [each.rows for each in inputs],
                       [shown(each.rows, "count", None, lang) for each in inputs]),
                Column(say("book-about", lang), [told(each.about, lang) or None for each in inputs], most=PROSE),
            ],
        )  # fmt: skip
    sheet.close()
