"""A card sheet as a page: goals by points, grades and pay, what a step pays, what is added, the lines not to cross.

In: a sheet and the definitions. Out: UTF-8 text.
Refuses to know: values, how the numbers were found.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from ccmetrics.catalogue.models import Adjustment, Amount, Card, Catalogue, LinkedLine, Variant
from ccmetrics.render import dates
from ccmetrics.render.look import Look
from ccmetrics.render.named import POINTS
from ccmetrics.render.numbers import ABSENT, bare, fixed, moved, shown
from ccmetrics.render.page import Column, drawn, line, squeezed, table, text
from ccmetrics.render.words import after, listed, say
from ccmetrics.sheet import MARKS, Reach, Row, Sheet


def sheet(found: Sheet, catalogue: Catalogue, look: Look) -> bytes:
    return drawn(_page(found, catalogue, look), look).encode()


def _page(found: Sheet, catalogue: Catalogue, look: Look) -> Iterator[RenderableType]:
    card, lang = found.card, look.lang
    when = say("sheet-on", lang, day=dates.day(found.on, lang)) if found.on else say("sheet-latest", lang)
    yield text(f"{card.title.say(lang)} · {when}", "bold")
    yield Text()
    yield _goals(found, catalogue, look)
    yield line(say("sheet-between", lang), "dim")
    for row in found.rows:
        if row.against_last_year:
            what = say("sheet-last-year", lang, change=row.against_last_year)
            yield line(after(_name(card, row, catalogue, lang), what, lang), indent=2)
    yield Text()
    yield text(say("sheet-steps", lang), "bold")
    yield _steps(found, catalogue, look)
    if card.grades:
        yield Text()
        yield text(say("sheet-grades", lang), "bold")
        yield _grades(card, look)
        yield from (line(said, "dim") for said in _beside_bands(card, lang))
    yield from _rules(card, lang)


def _name(card: Card, row: Row, catalogue: Catalogue, lang: str) -> str:
    part = card.kpis[row.line]
    if isinstance(part, LinkedLine):
        return say("linked-line", lang, card=catalogue.cards[part.linked_card].title.say(lang))
    name = catalogue.kpis[part.kpi].name.say(lang)
    return say("bracketed", lang, head=name, more=row.part) if row.part else name


def _unit(card: Card, row: Row, catalogue: Catalogue) -> Variant:
    part = card.kpis[row.line]
    return POINTS if isinstance(part, LinkedLine) else catalogue.kpis[part.kpi].variant(part.variant)


def _goals(found: Sheet, catalogue: Catalogue, look: Look) -> RenderableType:
    card, lang = found.card, look.lang
    names = Column(say("kpi", lang), [text(_name(card, row, catalogue, lang)) for row in found.rows], most=44)
    weights = Column(say("weight", lang), [text(f"{row.weight:g}") for row in found.rows], right=True)
    marks = []
    for mark in MARKS:
        cells = []
        for row in found.rows:
            reach = next((each for each in row.reaches if each.points == mark), None)
            cells.append(text(_reached(reach, _unit(card, row, catalogue), lang)))
        marks.append(Column(say("sheet-points", lang, points=f"{mark:g}"), cells, right=True))
    return table(squeezed([names, weights, *marks], 0, look), look)


def _reached(reach: Reach | None, own: Variant, lang: str) -> str:
    """`375 s` where one side is to be reached, `65..90%` where both are."""
    if reach is None or (reach.low is None and reach.high is None):
        return ABSENT
    if reach.low is not None and reach.high is not None:
        low = bare(reach.low, own.unit, own.display)
        return f"{low}..{shown(reach.high, own.unit, own.display, lang)}"
    return shown(reach.low if reach.low is not None else reach.high, own.unit, own.display, lang)


def _steps(found: Sheet, catalogue: Catalogue, look: Look) -> RenderableType:
    """What a tenth of the way from floor to target pays, the best first."""
    card, lang = found.card, look.lang
    rows = sorted((row for row in found.rows if row.step is not None), key=lambda row: (-row.best, row.line))
    cells = [
        (
            _name(card, row, catalogue, lang),
            moved(row.step, own.unit, own.display, lang),
            _plus(row.below),
            _plus(row.above),
            say("sheet-most", lang) if row.line in found.pays_most else "",
        )
        for row, own in ((row, _unit(card, row, catalogue)) for row in rows)
    ]
    heads = ("kpi", "sheet-step", "sheet-below", "sheet-above")
    columns = [
        Column("" if at == 4 else say(heads[at], lang), [text(cell[at]) for cell in cells], right=0 < at < 4, most=44)
        for at in range(5)
    ]
    return table(squeezed(columns, 0, look), look)


def _plus(score: float | None) -> str:
    return ABSENT if score is None else f"+{fixed(score)}"


def _grades(card: Card, look: Look) -> RenderableType:
    lang = look.lang
    starts = [ABSENT if band.start is None else f"{band.start:g}" for band in card.grades]
    return table(
        [
            Column(say("grade", lang), [text(band.grade) for band in card.grades]),
            Column(say("sheet-from", lang), [text(start) for start in starts], right=True),
            Column(say("pay", lang), [text(f"{band.pay:g}") for band in card.grades], right=True),
        ],
        look,
    )


def _beside_bands(card: Card, lang: str) -> Iterator[str]:
    """What else decides over grade and pay: who reads the bands alone would be misled."""
    places, pay = card.distribution, card.pay
    if places is not None:
        shares = listed([f"{grade} {share:g}%" for grade, share in places.shares.items()], lang)
        by = "sheet-places" if places.by is None else "sheet-places-by"
        yield say(by, lang, by=places.by or "", least=places.min_group, shares=shares)
    if pay is not None and pay.shape == "line" and places is None:
        yield say("sheet-line", lang)
    if pay is not None and pay.budget is not None:
        yield say("sheet-cut" if pay.cut_only else "sheet-budget", lang, budget=f"{pay.budget:,.15g}")


def _when(item: Adjustment, lang: str) -> list[str]:
    """The condition, whose rows and how many cycles it looks at."""
    if item.when is None:
        return []
    whose = [say(f"sheet-of-{item.of}", lang)] if item.of != "subject" else []
    over = [say("sheet-over", lang, cycles=item.over.split()[0])] if item.over is not None else []
    return [say("sheet-when", lang, when=item.when), *whose, *over]


def _rules(card: Card, lang: str) -> Iterator[RenderableType]:
    """What is added and taken, multiplied, and held down."""
    for key, head in (("bonus", "sheet-bonus"), ("deductions", "sheet-deductions"), ("coefficients", "sheet-factors")):
        items = getattr(card.adjust, key)
        if items:
            yield Text()
            yield text(say(head, lang), "bold")
        for item in items:
            if isinstance(item, Amount):
                what = [item.amount, say("sheet-cap", lang, cap=f"{item.cap:g}")]
                pool = "sheet-pool" if item.pool_by is None else "sheet-pool-by"
                what += [say(pool, lang, pool=f"{item.pool:g}", by=item.pool_by or "")] if item.pool is not None else []
            else:
                what = [f"x {item.factor:g}"]
            what += _when(item, lang)
            name = item.name.say(lang)
            named = say("on-pay", lang, name=name) if getattr(item, "on", "") == "pay" else name
            yield line(after(named, listed(what, lang), lang), indent=2)
    if card.adjust.red_lines:
        yield Text()
        yield text(say("sheet-red", lang), "bold red")
    for red in card.adjust.red_lines:
        bites = [say("held-at", lang, score=f"{red.score_at_most:g}")] if red.score_at_most is not None else []
        bites += [say("red-grade", lang, grade=red.grade_at_most)] if red.grade_at_most is not None else []
        bites += [say("red-pay", lang, pay=f"{red.pay:g}")] if red.pay is not None else []
        bites += [say("sheet-year", lang)] if red.lasts == "year" else []
        yield line(after(red.name.say(lang), listed([*bites, *_when(red, lang)], lang), lang), indent=2)
