"""One subject's score told from the top down: a card is scored as ever, then the way to one score is gone back.

In: paths, a subject, perhaps a card and a KPI. Out: an explanation.
Refuses to know: how anything is drawn. No number in it is another than the official one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from ccmetrics.catalogue.asked import asked_card, asked_kpi
from ccmetrics.catalogue.models import Card, Catalogue, LinkedLine
from ccmetrics.explanation import CardTold, Explanation, Row
from ccmetrics.period import Period
from ccmetrics.plan import card_request
from ccmetrics.problem import Place, Problem, UsageRefused, did_you_mean
from ccmetrics.run.cards import Found, known_subjects, measured, scorecard, scored, unexcluded
from ccmetrics.run.periods import Plan, in_order, wanted
from ccmetrics.run.supply import PLAIN, Loaded, Reading, accounts, catalogue_of, notices, provenance, ready, supply
from ccmetrics.stages.explain import Ground, Rows
from ccmetrics.stages.explain import explain as explaining
from ccmetrics.stages.gather import Book, parameters
from ccmetrics.stages.measure import ends
from ccmetrics.stages.measure.scan import Setting
from ccmetrics.stages.measure.values import values
from ccmetrics.stages.score.linked import worth
from ccmetrics.stages.world import World
from ccmetrics.stages.world.exclude import marked
from ccmetrics.stages.world.people import days_under
from ccmetrics.stages.world.span import asked_period
from ccmetrics.stages.world.subjects import subjects


def explain(
    paths: Sequence[Path],
    *,
    subject: str,
    card: str | None = None,
    kpi: str | None = None,
    period: str | None = None,
    rows: int = 0,
    config: Path | Catalogue | None = None,
    reading: Reading = PLAIN,
) -> Explanation:
    """How a subject's score came about, on the named card or on every card that scores it; `kpi`: one line of it alone.

    `rows`: how many of the rows below each measure are listed.

    Raises:
        Refused: as `score`; no card scores the subject, or none of those that do has the KPI.
    """
    catalogue = catalogue_of(config)
    only = asked_kpi(catalogue, kpi) if kpi else None
    chosen = [asked_card(catalogue, card)] if card else list(catalogue.cards.values())
    loaded = supply(paths, catalogue, [card_request(catalogue, each) for each in in_order(catalogue, chosen)], reading)
    asked = asked_period(loaded.world, period, chosen[0].cycle if chosen else "month")
    chosen = _scoring(loaded.world, chosen, asked, subject)
    plan = wanted(loaded.world, in_order(catalogue, chosen), asked)
    loaded, whole = ready(loaded, plan.requests, asked)
    book, covers = measured(loaded.world, plan.requests)
    without = unexcluded(loaded.world, whole, plan)
    found = scored(loaded.world, book, plan, without)
    told = _told(loaded, whole, plan, book, (found, without), chosen, subject, only, rows)
    return Explanation(
        asked,
        subject,
        kpi,
        told,
        accounts(loaded, covers),
        notices(loaded, covers, asked),
        provenance(catalogue, loaded.inputs),
        catalogue,
        inputs=loaded.inputs,
        rejects=loaded.rejects,
    )


def _scoring(world: World, cards: Sequence[Card], period: Period, subject: str) -> list[Card]:
    """The cards that have the subject, as far as that is known before anything is measured.

    Raises:
        UsageRefused: none has.
    """
    if "roster" not in world.tables:
        return list(cards)
    known = {card.card: set(subjects(world, card, period)["subject"]) for card in cards}
    found = [card for card in cards if subject in known[card.card]]
    if not found:
        raise _nobody(subject, set().union(*known.values()), period)
    return found


def _nobody(subject: str, known: set[str], period: Period) -> UsageRefused:
    text = f"No card has a subject '{subject}' in {period.label}.{did_you_mean(subject, sorted(known))}"
    return UsageRefused([Problem(Place("--subject"), "unknown-subject", text)])


def _told(
    loaded: Loaded,
    whole: World,
    plan: Plan,
    book: Book,
    found: tuple[Found, Found],
    chosen: Sequence[Card],
    subject: str,
    only: tuple[str, str | None] | None,
    rows: int,
) -> tuple[CardTold, ...]:
    world = loaded.world
    cards = [scorecard(world, book, plan, card, *found, None) for card in chosen]
    mine = [card for card in cards if subject in card.scores["subject"]]
    if not mine:
        raise _nobody(subject, {name for card in cards for name in card.scores["subject"]}, plan.period)
    below = _rows(loaded, whole, plan, book, rows)
    told = []
    for card in mine:
        keys = [key for key in book if key[0] == card.card.card and key[2] == card.period]
        long = {key: values(book[key], parameters(world, book[key].request.periods[0])) for key in keys}
        linked = _linked(world, card.card, plan.period, found[0], subject)
        facts = found[0][card.card.card, card.period].facts
        told.append(explaining(Ground(world.catalogue, card, facts, below, long, linked), subject, only))
    there = tuple(card for card in told if card is not None)
    if only and not there:
        names = sorted({line for card in mine for line in (*card.lines["kpi"], *card.card.watch)})
        cards_of = ", ".join(card.card.card for card in mine)
        text = f"'{only[0]}' is neither scored nor watched on {cards_of}.{did_you_mean(only[0], names)}"
        raise UsageRefused([Problem(Place("--kpi"), "unknown-name", f"{text} There are {', '.join(names)}.")])
    return there


def _rows(loaded: Loaded, whole: World, plan: Plan, book: Book, most: int) -> Rows:
    """Where rows are looked up, as measuring saw them; `whole` still has those that were left out."""
    taken = [measured.taken for measured in book.values()]
    last = max(request.periods[0].end for request in plan.requests)
    setting = Setting(loaded.world, (), ends(loaded.world, taken, last), known_subjects(loaded.world, plan.requests))
    return Rows(setting, marked(whole), book, [account.export for account in loaded.accounts], most)


def _linked(world: World, card: Card, period: Period, found: Found, subject: str) -> dict[int, tuple[Row, ...]]:
    """By linked line: whose scores it is the mean of, with their days; a null score is of one who has none."""
    told: dict[int, tuple[Row, ...]] = {}
    for index, line in enumerate(card.kpis):
        if isinstance(line, LinkedLine):
            other = world.catalogue.cards[line.linked_card]
            days = days_under(world, other, line.by, period).filter(pl.col("subject") == subject)
            scores = worth(line, found[other.card, period.label].scores)
            rows = days.join(scores, on="linked_subject", how="left").sort("linked_subject")
            told[index] = tuple(rows.select("linked_subject", "days", "worth").to_dicts())
    return told
