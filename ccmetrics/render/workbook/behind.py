"""The sheets of what stands behind the numbers: definitions and goals, where every row went, what it was made by.

In: a result, a book. Out: sheets.
Refuses to know: how a sheet is written, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ccmetrics.catalogue.models import Card, Catalogue, Variant
from ccmetrics.render.board import titles
from ccmetrics.render.curves import curves_of, stated, target_of
from ccmetrics.render.in_force import in_force
from ccmetrics.render.named import LINKED, defined, kpi_name
from ccmetrics.render.numbers import exact, shown
from ccmetrics.render.terminal import balance, partial
from ccmetrics.render.words import listed, say, told
from ccmetrics.render.workbook.book import ALARM, Book
from ccmetrics.render.workbook.cells import Column
from ccmetrics.scorecard import Measurement, Outcome, Result, Scorecard, watched

Pair = tuple[str, str]
Row = dict[str, Any]
PROSE = 60


def of_result(result: Result) -> list[Pair]:
    """Every KPI that a sheet shows, with its variant, once."""
    found: dict[Pair, None] = {}
    for card in result.scorecards:
        for frame in (card.lines, watched(card, result.catalogue)):
            found |= dict.fromkeys(frame.select("kpi", "variant").unique(maintain_order=True).rows())
    return [pair for pair in found if not pair[0].startswith(LINKED)]


def of_measurement(measured: Measurement) -> list[Pair]:
    return measured.values.select("kpi", "variant").unique(maintain_order=True).rows()


def definitions(book: Book, pairs: Iterable[Pair], catalogue: Catalogue, cards: Sequence[Card] = ()) -> None:
    lang = book.lang
    rows = [(kpi, variant, catalogue.kpis[kpi], defined(catalogue, kpi, variant)) for kpi, variant in pairs]
    if not rows:
        return
    texts: dict[str, list[str | None]] = {
        "kpi-name": [kpi.name.say(lang) for _, _, kpi, _ in rows],
        "fact-id": [name for name, *_ in rows],
        "fact-variant": [variant or None for _, variant, *_ in rows],
        "fact-formula": [" ".join(own.formula.split()) for *_, own in rows],
        "fact-parameters": [
            "\n".join(in_force((kpi, variant), cards, catalogue, lang)) or None for kpi, variant, *_ in rows
        ],
        "fact-unit": [_unit(own, lang) for *_, own in rows],
        "fact-better": [say(f"better-{kpi.better}", lang) for _, _, kpi, _ in rows],
        "fact-category": [say(f"is-{kpi.category}", lang) for _, _, kpi, _ in rows],
        "fact-n": [own.n for *_, own in rows],
        "fact-guardrails": [_names(catalogue, kpi.guardrails, lang) for _, _, kpi, _ in rows],
        "fact-about": [own.about.say(lang) or None for *_, own in rows],
        "fact-source": [own.source.say(lang) or None for *_, own in rows],
    }
    sheet = book.sheet(say("book-definitions", lang))
    columns = [Column(say(key, lang), column, most=PROSE) for key, column in texts.items() if any(column)]
    sheet.table("definitions", columns, freeze=1)
    sheet.close()


def _unit(own: Variant, lang: str) -> str:
    unit = say(f"is-{own.unit}", lang)
    return f"{unit} (‰)" if own.display == "per_1000" else unit


def _names(catalogue: Catalogue, names: Iterable[str], lang: str) -> str | None:
    """A guardrail may name its variant behind a dot."""
    return listed([kpi_name(catalogue, name.partition(".")[0], lang) for name in names], lang) or None


def goals(book: Book, result: Result) -> None:
    """A row a line of a card: weight, target, and which value earns which points."""
    lang = book.lang
    rows = [row for card in result.scorecards for row in _lines(card, result.catalogue, lang)]
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


def _lines(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Row]:
    named, curves = titles(card, catalogue, lang), curves_of(card.goals)
    for (at, kpi, variant), part in card.lines.group_by(["line", "kpi", "variant"], maintain_order=True):
        own = defined(catalogue, str(kpi), str(variant))
        weights = part["weight"].unique()
        # Stated, as its curve: a total's target in the lines goes by each one's time present.
        target = target_of(curves, int(str(at)))
        yield {
            "card": card.title(lang),
            "name": named[str(kpi), str(variant)],
            "weight": weights.item() if len(weights) == 1 else None,
            "target": target,
            "said": exact(target, own.unit, own.display, lang),
            "curve": stated(card, int(str(at)), own, lang),
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
